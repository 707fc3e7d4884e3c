-- Purpose:  how many values of its attribute a board, or a season of it, has rankings for.
CREATE OR REPLACE FUNCTION board.max_splits() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1000;

COMMENT ON FUNCTION board.max_splits() IS 'How many splits a board, or a season of it, has at most.';
