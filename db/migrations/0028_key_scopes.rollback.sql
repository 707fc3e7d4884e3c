-- The older release knows no key with the new scopes: such keys lose them, and those that have no other are revoked and
-- stay in the list.
DROP FUNCTION IF EXISTS
    api.issue_api_key(text, text, text[], timestamptz), api.listed_api_keys(text),
    api.withdraw_api_key(text, text), internal.require_own_key(text);

LOCK TABLE public.api_keys IN ACCESS EXCLUSIVE MODE;

UPDATE public.api_keys AS k
SET scopes = CASE
        WHEN k.scopes && ARRAY['submit', 'read', 'admin']
            THEN ARRAY(
                SELECT s.scope FROM unnest(k.scopes) AS s(scope) WHERE s.scope IN ('submit', 'read', 'admin')
                ORDER BY s.scope
            )
        ELSE ARRAY['read']
    END,
    revoked_at = CASE WHEN k.scopes && ARRAY['submit', 'read', 'admin'] THEN k.revoked_at
                      ELSE coalesce(k.revoked_at, now()) END
WHERE k.scopes && ARRAY['moderate', 'play', 'keys'];

ALTER TABLE public.api_keys
    DROP CONSTRAINT api_keys_scopes_check,
    ADD CONSTRAINT api_keys_scopes_check CHECK (
        scopes <@ ARRAY['submit', 'read', 'admin'] AND cardinality(scopes) > 0
    );
