-- Purpose:  how long a rejected submission is kept at least; submission.purge_rejections deletes older ones.
-- Returns:  an interval.
CREATE OR REPLACE FUNCTION internal.rejection_lifetime() RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN interval '30 days';

COMMENT ON FUNCTION internal.rejection_lifetime() IS 'How long a rejected submission is kept at least.';
