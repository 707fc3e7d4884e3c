-- The keys that were revoked stay revoked. The older release creates its functions again.
DROP FUNCTION IF EXISTS api.create_api_key(text, text[], timestamptz), api.list_api_keys();

ALTER TABLE public.api_keys ADD COLUMN signed boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN public.api_keys.signed IS
    'Whether requests with this key have to be signed, so that the secret is never sent.';
