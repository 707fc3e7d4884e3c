-- Purpose:  the percentage of a board's players that a player is at least as good as.
-- Args:     p_rank  RANK() of the player; p_players  players on the board.
-- Returns:  100 for the first player, 100 / p_players for the last one without ties; two decimals.
CREATE OR REPLACE FUNCTION internal.percentile(p_rank bigint, p_players bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(10000 * (p_players - p_rank + 1)::double precision / p_players) / 100;

COMMENT ON FUNCTION internal.percentile(bigint, bigint) IS
    'The percentage of players that one of this rank is at least as good as.';
