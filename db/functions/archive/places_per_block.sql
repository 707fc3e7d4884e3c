-- Purpose:  how many places a row of season_places has: as many that three rows fill a page of 8 kB even if no total
--           can be compressed. Readers do not depend on it.
CREATE OR REPLACE FUNCTION archive.places_per_block() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 216;

COMMENT ON FUNCTION archive.places_per_block() IS 'How many places a row of season_places has.';
