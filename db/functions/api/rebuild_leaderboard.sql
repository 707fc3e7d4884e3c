-- Purpose:  rebuilds everything from the ledger: totals, leaderboard.rank and the rank index. Safe beside running
--           submits: none is lost or counted twice, and ranks are exact at every moment. It repairs every row that
--           api.verify_leaderboard returns, also an index that was emptied, and fills a board that is being filled; for
--           all boards it deletes the rows of boards that do not exist, too.
-- Args:     p_board  name of the board; NULL for all.
-- Returns:  one row per ranking: the board's name, with that of the season if it has some ('daily@12'); its players;
--           the number of totals that were corrected, those of its splits included. Seasons that are closed or closing
--           stay as they are.
-- Errors:   LB010 when the board does not exist, LB023 when a total of the ledger is out of range (22003 beyond
--           bigint), LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, shared; the users rows of players with a wrong total or rank, by id: their submits wait;
--           their leaderboard rows; then the fold lock.
-- Writes:   leaderboard, rank_node, rank_delta, rank_state, rankings.
CREATE OR REPLACE FUNCTION api.rebuild_leaderboard(p_board text DEFAULT NULL)
RETURNS TABLE (board text, players bigint, corrected bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ids       integer[];
    v_splits    integer[];
    v_corrected bigint[];
    v_user_ids  integer[];
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_boards_shared();
    IF p_board IS NOT NULL THEN
        PERFORM board.board_id(p_board);
    END IF;
    -- With a transaction id, before it looks: a season that closes from here on waits for this transaction.
    PERFORM pg_current_xact_id();
    -- A board without a ranking and rank_state cannot be written.
    INSERT INTO public.rankings (id, board_id, starts_at, ends_at, deadline)
    SELECT CASE WHEN b.manual_seasons THEN nextval('public.boards_id_seq') ELSE b.id END, b.id,
           coalesce(b.opens_at, '-infinity'), coalesce(b.closes_at, 'infinity'),
           coalesce(b.closes_at, 'infinity') + b.grace
    FROM public.boards AS b
    WHERE (p_board IS NULL OR b.name = p_board) AND b.period IS NULL
        AND NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.board_id = b.id)
    ORDER BY b.id
    ON CONFLICT DO NOTHING;
    SELECT coalesce(array_agg(r.id ORDER BY r.id), '{}') INTO v_ids FROM board.live_rankings(p_board) AS r;
    INSERT INTO public.rank_state (board_id)
    SELECT i.id FROM unnest(v_ids) AS i(id) ORDER BY i.id
    ON CONFLICT DO NOTHING;

    -- The players whose total or rank differs from the ledger on any of the boards: locked at once, so in one order.
    SELECT coalesce(array_agg(DISTINCT coalesce(t.user_id, l.user_id)), '{}') INTO v_user_ids
    FROM (
        SELECT i.id AS board_id, e.user_id, e.total_score, e.tie,
               rank() OVER (PARTITION BY i.id ORDER BY e.total_score DESC) AS rank
        FROM unnest(v_ids) AS i(id)
        CROSS JOIN LATERAL ledger.totals(i.id, NULL) AS e
    ) AS t
    FULL JOIN (
        SELECT b.board_id, b.user_id, b.total_score, b.tie, b.rank
        FROM public.leaderboard AS b
        WHERE b.board_id = ANY (v_ids)
    ) AS l ON l.board_id = t.board_id AND l.user_id = t.user_id
    WHERE (t.total_score, t.tie, t.rank) IS DISTINCT FROM (l.total_score, l.tie, l.rank);
    v_user_ids := ARRAY(
        SELECT unnest(v_user_ids)
        UNION
        SELECT d.user_id FROM unnest(v_ids) AS i(id) CROSS JOIN LATERAL board.split_differences(i.id) AS d
    );
    PERFORM internal.lock_users(v_user_ids);

    SELECT array_agg(c.board_id), array_agg(c.corrected) INTO v_ids, v_corrected
    FROM ledger.correct_totals(v_ids, v_user_ids) AS c;
    SELECT array_agg(i.corrected + d.wrong ORDER BY i.position) INTO v_corrected
    FROM unnest(v_ids, v_corrected) WITH ORDINALITY AS i(id, corrected, position)
    CROSS JOIN LATERAL (SELECT count(*) AS wrong FROM board.split_differences(i.id)) AS d;
    PERFORM board.correct_splits(v_ids, v_user_ids);
    v_splits := ARRAY(SELECT s.id FROM board.live_splits(p_board) AS s ORDER BY s.id);
    INSERT INTO public.rank_state (board_id) SELECT i.id FROM unnest(v_splits) AS i(id) ON CONFLICT DO NOTHING;
    PERFORM board.write_ranks(i.id, v_user_ids) FROM unnest(v_ids) AS i(id);
    PERFORM rank_index.rebuild(i.id) FROM unnest(v_ids || v_splits) AS i(id);

    IF p_board IS NULL THEN
        -- At most as many at once as are logged as deltas, because these boards have no tree.
        LOOP
            DELETE FROM public.leaderboard AS l
            WHERE l.ctid = ANY (ARRAY(
                SELECT o.ctid
                FROM public.leaderboard AS o
                WHERE NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.id = o.board_id)
                LIMIT 10000
            ));
            EXIT WHEN NOT FOUND;
        END LOOP;
        DELETE FROM public.rank_delta AS d WHERE NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.id = d.board_id);
        DELETE FROM public.rank_node AS n WHERE NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.id = n.board_id);
        DELETE FROM public.rank_state AS s WHERE NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.id = s.board_id);
    END IF;

    UPDATE public.rankings AS r SET filled_to = NULL WHERE r.id = ANY (v_ids) AND r.filled_to IS NOT NULL;

    RETURN QUERY
    SELECT r.label, c.players, i.corrected
    FROM unnest(v_ids, v_corrected) AS i(id, corrected)
    JOIN board.live_rankings(p_board) AS r ON r.id = i.id
    CROSS JOIN LATERAL rank_index.count_above_one(i.id, 0) AS c
    ORDER BY i.id;
END
$$;

COMMENT ON FUNCTION api.rebuild_leaderboard(text) IS
    'Rebuilds totals, leaderboard.rank and the rank index from the ledger, beside running submits.';
