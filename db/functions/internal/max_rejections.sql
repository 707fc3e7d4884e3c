-- Purpose:  how many rejected submissions are kept at most; submission.purge_rejections deletes older ones.
-- Returns:  a number of rows, of about 300 bytes with their indexes.
CREATE OR REPLACE FUNCTION internal.max_rejections() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1000000;

COMMENT ON FUNCTION internal.max_rejections() IS 'How many rejected submissions are kept at most.';
