-- API keys: who may call the service. As long as the table has no row at all, everybody may.
-- depends: 0003_roles

CREATE TABLE public.api_keys (
    id           text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{12}$'),
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    scopes       text[] NOT NULL CHECK (scopes <@ ARRAY['submit', 'read', 'admin'] AND cardinality(scopes) > 0),
    signed       boolean NOT NULL DEFAULT false,
    secret_hash  bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);

COMMENT ON TABLE public.api_keys IS
    'API keys. A revoked or expired one stays: the doors that the first key closed do not open again by themselves.';

COMMENT ON COLUMN public.api_keys.secret_hash IS
    'SHA-256 of the secret, 256 random bits that were shown once: nobody can go back from here to the secret.';

COMMENT ON COLUMN public.api_keys.signed IS 'Whether requests with this key have to be signed, so that the secret is never sent.';
