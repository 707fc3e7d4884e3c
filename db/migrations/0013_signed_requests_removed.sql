-- Removes signed requests. Keys that required them are revoked: without signatures they would be plain bearer keys,
-- weaker than their owner asked for. The result of api.usable_api_keys keeps its column signed, always false, because
-- services of the release before read it.
-- It locks the table first: a revocation at the same moment waits, instead of a deadlock with the ALTER TABLE below.
-- depends: 0012_schemas_by_subject

LOCK TABLE public.api_keys IN ACCESS EXCLUSIVE MODE;

DO $$
DECLARE
    v_revoked text;
BEGIN
    WITH revoked AS (
        UPDATE public.api_keys AS k SET revoked_at = now()
        WHERE k.signed AND k.revoked_at IS NULL AND (k.expires_at > now()) IS NOT FALSE
        RETURNING k.id
    )
    SELECT string_agg(r.id, ', ' ORDER BY r.id) INTO v_revoked FROM revoked AS r;
    IF v_revoked IS NOT NULL THEN
        RAISE WARNING 'signed requests were removed, so these API keys are revoked: %. Create new ones (make api-key)',
            v_revoked;
    END IF;
END
$$;

-- Their arguments or columns change. The deploy creates them again.
DROP FUNCTION IF EXISTS api.create_api_key(text, text[], boolean, timestamptz), api.list_api_keys();

ALTER TABLE public.api_keys DROP COLUMN signed;
