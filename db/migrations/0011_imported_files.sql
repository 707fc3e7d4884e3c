-- Which files of old scores were imported, so that none counts twice.
-- depends: 0005_score_rules

CREATE TABLE public.imported_files (
    sha256      bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    name        text NOT NULL,
    size_bytes  bigint NOT NULL,
    lines       bigint NOT NULL,
    counted     bigint NOT NULL,
    rejected    bigint NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE public.imported_files IS
    'Files of scores that `make import` has counted: a row commits with the sessions of its file, so none counts twice.';
