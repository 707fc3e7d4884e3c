-- Purpose:  how long a submission key is remembered at least; folds delete expired ones (submission.purge_keys).
-- Returns:  an interval.
CREATE OR REPLACE FUNCTION internal.submission_key_lifetime() RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN interval '7 days';

COMMENT ON FUNCTION internal.submission_key_lifetime() IS 'How long a submission key is remembered at least.';
