-- Purpose:  the season that a read of a board is about, and how long it still lasts.
-- Args:     p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  one row: board, its name without season and split; season, starts_at and ends_at, NULL on a board without
--           seasons; ends_in_ms, the milliseconds until ends_at, negative once the season is over, NULL if it has no
--           end.
-- Errors:   LB010 when the board does not exist, LB014 when the season does not.
-- Locks:    none. STABLE: the same season as in other reads of the same statement.
CREATE OR REPLACE FUNCTION api.season_of(p_board text DEFAULT 'overall')
RETURNS TABLE (board text, season integer, starts_at timestamptz, ends_at timestamptz, ends_in_ms bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_name   CONSTANT text := split_part(p_board, '/', 1);
    v_board  public.boards;
    v_season public.rankings;
BEGIN
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = split_part(v_name, '@', 1);
    IF NOT FOUND THEN
        PERFORM board.board_id(p_board);
    END IF;
    v_season := board.season_of(v_board, substring(v_name FROM '@(.*)'));
    IF v_board.period IS NULL AND NOT v_board.manual_seasons THEN
        RETURN QUERY SELECT v_board.name, NULL::integer, NULL::timestamptz, NULL::timestamptz, NULL::bigint;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT v_board.name, v_season.number, v_season.starts_at, v_season.ends_at,
           CASE WHEN isfinite(v_season.ends_at)
               THEN ceil(extract(epoch FROM v_season.ends_at - clock_timestamp()) * 1000)::bigint END;
END
$$;

COMMENT ON FUNCTION api.season_of(text) IS 'The season that a read of a board is about, and how long it still lasts.';
