-- Purpose:  closes the next season on which nothing counts any more: archives its final ranks, and those of its splits,
--           and drops their trees. board.clear_season deletes their leaderboard rows later.
-- Returns:  whether there was one. The setting leaderboard.closed_seasons, for this transaction, then says which, as a
--           JSON array of objects with board, season, players.
-- Locks:    its rankings row, so a change of its board waits; see archive.write; then the fold lock. Writes: see
--           archive.write; rankings, rank_node, rank_delta, rank_state.
CREATE OR REPLACE FUNCTION board.close_season() RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ranking public.rankings;
    v_board   public.boards;
    v_first   timestamptz;
    v_closed  integer[];
    v_players bigint;
    v_said    jsonb;
BEGIN
    SELECT r.* INTO v_ranking
    FROM public.rankings AS r
    WHERE r.closing_xid <> '0' AND r.closing_xid <= pg_snapshot_xmin(pg_current_snapshot())
        AND NOT r.cleared AND r.closed_at IS NULL
    ORDER BY r.ends_at, r.id
    LIMIT 1
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT b.* INTO STRICT v_board FROM public.boards AS b WHERE b.id = v_ranking.board_id;
    v_closed := ARRAY[v_ranking.id];
    IF v_ranking.filled_to IS NOT NULL THEN
        -- From the ledger. One scan finds all seasons before the next session: they have no players.
        SELECT min(coalesce(g.played_at, g."timestamp")) INTO v_first
        FROM public.game_sessions AS g
        WHERE board.counts(v_board, g.game_mode, g.score)
            AND coalesce(g.played_at, g."timestamp") >= v_ranking.starts_at;
        v_closed := v_closed || ARRAY(
            SELECT r.id
            FROM public.rankings AS r
            WHERE r.board_id = v_board.id AND r.id <> v_ranking.id AND r.filled_to IS NOT NULL
                AND r.closing_xid <> '0' AND r.closing_xid <= pg_snapshot_xmin(pg_current_snapshot())
                AND NOT r.cleared AND r.closed_at IS NULL
                AND r.starts_at >= v_ranking.starts_at AND r.ends_at <= coalesce(v_first, 'infinity')
            ORDER BY r.id
            FOR UPDATE
        );
    END IF;
    IF v_ranking.filled_to IS NULL OR v_first < v_ranking.ends_at THEN
        v_players := archive.write(v_ranking.id);
        v_closed := v_closed || archive.write_splits(v_ranking, v_board.split_by);
    END IF;
    PERFORM internal.lock_fold();
    DELETE FROM public.rank_node AS n WHERE n.board_id = ANY (v_closed);
    DELETE FROM public.rank_delta AS d WHERE d.board_id = ANY (v_closed);
    DELETE FROM public.rank_state AS s WHERE s.board_id = ANY (v_closed);
    WITH closed AS (
        UPDATE public.rankings AS r
        SET closing_xid = coalesce(r.closing_xid, v_ranking.closing_xid), closed_at = clock_timestamp(),
            filled_to = NULL, splits_to = NULL,
            players = CASE r.id WHEN v_ranking.id THEN coalesce(v_players, 0) ELSE (
                SELECT coalesce(sum(cardinality(s.user_ids)), 0)
                FROM public.season_places AS s
                WHERE s.ranking_id = r.id
            ) END,
            cleared = NOT EXISTS (SELECT FROM public.leaderboard AS l WHERE l.board_id = r.id)
        WHERE r.id = ANY (v_closed) AND r.board_id = v_board.id  -- a split may be dropped meanwhile
        RETURNING r.number, r.players, r.split
    )
    SELECT jsonb_agg(
        jsonb_build_object('board', v_board.name, 'season', c.number, 'players', c.players) ORDER BY c.number
    ) INTO v_said
    FROM closed AS c
    WHERE c.split = '';
    PERFORM set_config('leaderboard.closed_seasons', v_said::text, true);
    RETURN true;
END
$$;

COMMENT ON FUNCTION board.close_season() IS 'Closes the next season on which nothing counts any more.';
