-- API keys have three more scopes: moderate, play and keys. A key with the scope keys issues and revokes others.
-- depends: 0026_splits

ALTER TABLE public.api_keys
    DROP CONSTRAINT api_keys_scopes_check,
    ADD CONSTRAINT api_keys_scopes_check CHECK (
        scopes <@ ARRAY['submit', 'read', 'admin', 'moderate', 'play', 'keys'] AND cardinality(scopes) > 0
    );
