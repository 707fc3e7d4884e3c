-- Purpose:  the course of a player's total and rank: one row a day, from the daily copies of the ranking
--           (api.copy_ranks), and one for now.
-- Args:     p_user_id
--           p_from, p_to  from p_from up to p_to, both included. NULL: 30 days before p_to, and now
--           p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  the rows, oldest first: the moment (the beginning of a day in the board's time zone), the rank, how many
--           players there were, the total, and its display as in api.top_players. Days without a copy, and those before
--           the player's first score, are left out. The last row is what api.player_rank returns: of a closed season
--           the final rank, at its end. The totals are those of the ledger as it counts today; the ranks say how many
--           had a higher total when the copy was made. hidden as in api.player_rank.
-- Errors:   LB001 when p_from is after p_to, LB011 when the player is not on the board, LB010 when the board does not
--           exist, LB014 when the season does not, LB018 when the split does not, LB032 while it is being filled.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.player_history(
    p_user_id bigint, p_from timestamptz DEFAULT NULL, p_to timestamptz DEFAULT NULL, p_board text DEFAULT 'overall'
)
RETURNS TABLE (
    at timestamptz, rank bigint, players bigint, total_score bigint, display text, hidden boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $$
DECLARE
    v_now     timestamptz := statement_timestamp();
    v_to      timestamptz := coalesce(p_to, v_now);
    v_from    timestamptz := coalesce(
        p_from, CASE WHEN v_to > '2000-01-01' THEN v_to - interval '30 days' ELSE '-infinity' END
    );
    v_asked   record;
    v_current record;
    v_ranking public.rankings;
    v_all     public.rankings;
    v_board   public.boards;
    v_ats     timestamptz[];
    v_since   timestamptz;  -- copies from then on do not count the player, who is not to notice
BEGIN
    IF v_from > v_to THEN
        RAISE EXCEPTION 'from must not be after to: % is after %', internal.utc(v_from), internal.utc(v_to)
            USING ERRCODE = 'LB001';
    END IF;
    SELECT r.* INTO v_current FROM api.player_rank(p_user_id, p_board) AS r;
    v_asked := board.ranking_of(p_board);
    SELECT r.* INTO v_ranking FROM public.rankings AS r WHERE r.id = v_asked.id;
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = v_ranking.board_id;
    v_all := board.ranking_of_all(v_ranking);
    v_now := least(v_now, v_all.ends_at);
    v_ats := ARRAY(
        SELECT c.at
        FROM public.rank_copies AS c
        WHERE c.ranking_id = v_ranking.id AND c.at BETWEEN v_from AND v_to AND c.at < v_now
            AND c.counts = past.options_of(v_board)
        ORDER BY c.at
    );
    IF v_ats <> '{}' THEN
        SELECT m.at INTO v_since
        FROM public.users AS u
        JOIN public.moderation AS m ON m.id = u.ban_id
        WHERE u.id = p_user_id AND v_current.hidden IS NULL;
        RETURN QUERY
        SELECT c.at, 1 + a.above,
               greatest(
                   c.players + (v_current.hidden IS TRUE)::integer + coalesce(c.at >= v_since, false)::integer,
                   1 + a.above
               ),
               s.shown,
               CASE WHEN v_asked.displays
                   THEN internal.display_score(s.shown, v_asked.unit, v_asked.decimals) END,
               v_current.hidden
        FROM past.player_totals(v_board, v_all, p_user_id::integer, v_ats) AS t
        JOIN public.rank_copies AS c
            ON c.ranking_id = v_ranking.id AND c.at = t.at AND c.counts = past.options_of(v_board)
        CROSS JOIN LATERAL past.count_above(c.same_as, c.players, t.total_score) AS a(above)
        CROSS JOIN LATERAL (SELECT v_asked.sign * t.total_score AS shown) AS s
        ORDER BY c.at;
    END IF;
    IF v_now BETWEEN v_from AND v_to THEN
        RETURN QUERY
        SELECT v_now, v_current.rank, v_current.players, v_current.total_score, v_current.display, v_current.hidden;
    END IF;
END
$$;

COMMENT ON FUNCTION api.player_history(bigint, timestamptz, timestamptz, text) IS
    'The course of a player''s total and rank, one row a day.';
