-- Purpose:  whether rankings are filled from the ledger at once: not if that would keep submits waiting.
-- Args:     p_rankings  how many.
-- Returns:  true if players and sessions are so few that it takes a few tenths of a second.
CREATE OR REPLACE FUNCTION board.fills_at_once(p_rankings integer) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_few CONSTANT bigint := 50000;
BEGIN
    RETURN p_rankings * (
        SELECT count(*)
        FROM (
            (SELECT FROM public.users LIMIT c_few + 1)
            UNION ALL
            (SELECT FROM public.game_sessions LIMIT c_few + 1)
        ) AS r
    ) <= c_few;
END
$$;

COMMENT ON FUNCTION board.fills_at_once(integer) IS 'Whether rankings are filled from the ledger at once, or in steps.';
