-- Purpose:  how long a refused submission is kept at least; expired ones are deleted by submission.purge_rejections.
-- Returns:  an interval.
CREATE OR REPLACE FUNCTION internal.rejection_lifetime() RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN interval '30 days';

COMMENT ON FUNCTION internal.rejection_lifetime() IS 'How long a refused submission is kept at least.';
