-- Purpose:  the sessions that a call of moderation names.
-- Args:     p_filter    JSON object of the arguments that were given: user_id; session_id; from and to, the time when
--                       it was played, from inclusive; above, a score, on a board one that is better than this;
--                       board, its name or one of its seasons, which counts the session if it is not void; act, the act
--                       that made it void
--           p_void      whether only void sessions match
--           p_user_ids  only sessions of these players; NULL: of all.
-- Returns:  one row per player, by id: the ids of the sessions, ascending.
-- Errors:   LB010 when the board does not exist, LB014 when the season does not.
-- Note:     EXECUTE plans it for what was given. Without user_id, session_id, act or p_user_ids it scans the ledger.
CREATE OR REPLACE FUNCTION moderation.matching(p_filter jsonb, p_void boolean, p_user_ids integer[])
RETURNS TABLE (user_id integer, session_ids bigint[])
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    c_played  CONSTANT text := 'coalesce(g.played_at, g."timestamp")';
    v_name    CONSTANT text := p_filter ->> 'board';
    v_where   text := 'true';
    v_board   public.boards;
    v_ranking public.rankings;
BEGIN
    IF v_name IS NOT NULL THEN
        SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = board.board_id(split_part(v_name, '@', 1));
        v_where := v_where || ' AND board.counts($4, g.game_mode, g.score)';
        IF v_name LIKE '%@%' OR v_board.period IS NULL AND NOT v_board.manual_seasons THEN
            v_ranking := board.season_of(v_board, substring(v_name FROM '@(.*)'));
            v_where := v_where || format(
                ' AND %1$s >= ($5).starts_at AND %1$s < ($5).ends_at AND g."timestamp" < ($5).deadline', c_played
            );
        END IF;
    END IF;
    IF p_filter ? 'above' THEN
        v_where := v_where || format(
            ' AND g.score %s ($1 ->> ''above'')::bigint', CASE WHEN v_board.lowest_wins THEN '<' ELSE '>' END
        );
    END IF;
    IF p_filter ? 'act' THEN
        v_where := v_where || ' AND g.void_id = ($1 ->> ''act'')::bigint AND g.id = ANY (ARRAY(SELECT unnest('
            'p.session_ids) FROM public.moderation_players AS p WHERE p.act_id = ($1 ->> ''act'')::bigint))';
    END IF;
    v_where := concat_ws(
        ' AND ', v_where,
        CASE WHEN p_filter ? 'user_id' THEN 'g.user_id = ($1 ->> ''user_id'')::integer' END,
        CASE WHEN p_filter ? 'session_id' THEN 'g.id = ($1 ->> ''session_id'')::bigint' END,
        CASE WHEN p_filter ? 'from' THEN c_played || ' >= ($1 ->> ''from'')::timestamptz' END,
        CASE WHEN p_filter ? 'to' THEN c_played || ' < ($1 ->> ''to'')::timestamptz' END,
        CASE WHEN p_void THEN 'g.void_id IS NOT NULL' END,
        CASE WHEN p_user_ids IS NOT NULL THEN 'g.user_id = ANY ($3)' END
    );
    RETURN QUERY EXECUTE
        'SELECT g.user_id, array_agg(g.id ORDER BY g.id) FROM public.game_sessions AS g WHERE ' || v_where
        || ' GROUP BY g.user_id ORDER BY g.user_id'
    USING p_filter, p_void, p_user_ids, v_board, v_ranking;
END
$$;

COMMENT ON FUNCTION moderation.matching(jsonb, boolean, integer[]) IS 'The sessions that a call of moderation names.';
