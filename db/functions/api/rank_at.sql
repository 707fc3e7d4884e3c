-- Purpose:  the rank that a player had at a past moment: by all scores that were recorded before it and count today.
-- Args:     p_user_id; p_at  the moment, not in the future
--           p_board  a board, or a season or split of one. Of a board with seasons: the season that ran at p_at, if
--                    none is named.
-- Returns:  one row as of api.player_rank. From the deadline of a season on, its rank is the final one. Void sessions,
--           banned players and splits are those of today.
-- Errors:   LB001 for a moment in the future, LB011 when the player was not on the board then, LB010 when the board
--           does not exist, LB014 when the season does not, LB018 when the split does not, LB032 while it is being
--           filled from the ledger.
-- Locks:    none. STABLE. Reads the sessions since p_at (of a closed season those up to p_at): a day of 14,000 in some
--           70 ms. docs/history.md
CREATE OR REPLACE FUNCTION api.rank_at(p_user_id bigint, p_at timestamptz, p_board text DEFAULT 'overall')
RETURNS TABLE (
    user_id integer, username text, total_score bigint, rank bigint, players bigint, percentile double precision,
    display text, season integer, hidden boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_ranking record;
    v_total   bigint;
    v_above   bigint;
    v_players bigint;
    v_hidden  boolean;
BEGIN
    IF p_at IS NULL OR p_at > clock_timestamp() THEN
        RAISE EXCEPTION 'at must be a moment in the past, not %', coalesce(internal.utc(p_at), 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    v_ranking := board.ranking_of(past.board_at(p_board, p_at));
    IF p_user_id BETWEEN 1 AND 2147483647 AND v_ranking.id IS NOT NULL THEN
        SELECT f.total_score, f.above, f.players, f.hidden INTO v_total, v_above, v_players, v_hidden
        FROM past.rank_at(v_ranking.id, p_user_id::integer, p_at) AS f;
    END IF;
    IF v_total IS NULL THEN
        RAISE EXCEPTION 'player % was not on board % at %', coalesce(p_user_id::text, 'NULL'), p_board,
            internal.utc(p_at)
            USING ERRCODE = 'LB011';
    END IF;
    RETURN QUERY
    SELECT u.id, u.username, v_ranking.sign * v_total, 1 + v_above, v_players,
           internal.percentile(1 + v_above, v_players),
           CASE WHEN v_ranking.displays THEN internal.display_score(
               v_ranking.sign * v_total, v_ranking.unit, v_ranking.decimals) END,
           v_ranking.season, v_hidden
    FROM public.users AS u
    WHERE u.id = p_user_id::integer;
END
$$;

COMMENT ON FUNCTION api.rank_at(bigint, timestamptz, text) IS
    'The rank that a player had at a past moment.';
