-- Purpose:  how many refused submissions are kept at most; older ones are deleted by lib.purge_rejections.
-- Returns:  a number of rows, of about 300 bytes with their indexes.
CREATE OR REPLACE FUNCTION lib.most_rejections() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1000000;

COMMENT ON FUNCTION lib.most_rejections() IS 'How many refused submissions are kept at most.';
