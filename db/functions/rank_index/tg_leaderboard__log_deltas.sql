-- Purpose:  trigger function: keeps the rank index in step with leaderboard, whatever writes it. It appends the changes
--           of a statement to rank_delta. A statement that changes more than 10,000 totals adds them to the tree
--           itself, because so many deltas would slow down every read until they are folded. What leaves a ranking that
--           has no tree (a deleted board, a closed season) needs none: it is passed over.
-- Errors:   LB010 when an inserted row names a ranking that does not exist.
-- Locks:    none up to 10,000 changes; above, the fold lock until the transaction ends (row locks come first, then this
--           one).
-- Writes:   rank_delta or rank_node; rank_state if its horizon comes from another cluster (a restored dump).
CREATE OR REPLACE FUNCTION rank_index.tg_leaderboard__log_deltas() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rows    bigint;
    v_logged  bigint;
    v_boards  integer[];
    v_totals  bigint[];
    v_changes integer[];
BEGIN
    -- The usual case in one statement, because each costs time: an UPDATE of at most 10,000 totals of known rankings.
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO public.rank_delta (xid, board_id, old_total, new_total)
        SELECT pg_current_xact_id(), board_id, o.total_score, n.total_score
        FROM old_rows AS o
        FULL JOIN new_rows AS n USING (user_id, board_id)
        WHERE o.total_score IS DISTINCT FROM n.total_score
            AND (SELECT count(*) FROM old_rows) <= 10000
            AND NOT EXISTS (
                SELECT FROM old_rows AS r  -- what moves to another ranking: see board.tg_leaderboard__check_board
                LEFT JOIN LATERAL (
                    SELECT s.horizon, s.in_flight FROM public.rank_state AS s WHERE s.board_id = r.board_id OFFSET 0
                ) AS s ON true
                WHERE s.horizon IS NULL
                    OR s.horizon > pg_current_xact_id() AND pg_current_xact_id() <> ALL (s.in_flight)
            );
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT count(*), array_agg(DISTINCT n.board_id) INTO v_rows, v_boards FROM new_rows AS n;
    ELSE
        SELECT count(*), array_agg(DISTINCT o.board_id) INTO v_rows, v_boards FROM old_rows AS o;
    END IF;
    IF v_rows = 0 THEN
        RETURN NULL;
    END IF;

    IF EXISTS (
        SELECT FROM public.rank_state AS s
        WHERE s.board_id = ANY (v_boards)
            AND s.horizon > pg_current_xact_id() AND pg_current_xact_id() <> ALL (s.in_flight)
    ) THEN
        PERFORM rank_index.reset_foreign_horizons();
    END IF;

    IF v_rows <= 10000 THEN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO public.rank_delta (xid, board_id, old_total, new_total)
            SELECT pg_current_xact_id(), n.board_id, NULL, n.total_score
            FROM new_rows AS n
            WHERE EXISTS (SELECT FROM public.rank_state AS s WHERE s.board_id = n.board_id);
            GET DIAGNOSTICS v_logged = ROW_COUNT;
            IF v_logged < v_rows THEN
                RAISE EXCEPTION 'a leaderboard row names a board that does not exist' USING ERRCODE = 'LB010';
            END IF;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO public.rank_delta (xid, board_id, old_total, new_total)
            SELECT pg_current_xact_id(), o.board_id, o.total_score, NULL
            FROM old_rows AS o
            WHERE EXISTS (SELECT FROM public.rank_state AS s WHERE s.board_id = o.board_id);
        ELSE
            -- An UPDATE may change the key too: rows are paired by it, and a row without a partner left or joined.
            INSERT INTO public.rank_delta (xid, board_id, old_total, new_total)
            SELECT pg_current_xact_id(), board_id, o.total_score, n.total_score
            FROM old_rows AS o
            FULL JOIN new_rows AS n USING (user_id, board_id)
            WHERE o.total_score IS DISTINCT FROM n.total_score
                AND EXISTS (
                    SELECT FROM public.rank_state AS s WHERE s.board_id = coalesce(o.board_id, n.board_id)
                );
        END IF;
        RETURN NULL;
    END IF;

    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(t.board_id), array_agg(t.total_score), array_agg(t.players)
        INTO v_boards, v_totals, v_changes
        FROM (
            SELECT n.board_id, n.total_score, count(*)::integer AS players
            FROM new_rows AS n
            GROUP BY n.board_id, n.total_score
        ) AS t;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(t.board_id), array_agg(t.total_score), array_agg(-t.players)
        INTO v_boards, v_totals, v_changes
        FROM (
            SELECT o.board_id, o.total_score, count(*)::integer AS players
            FROM old_rows AS o
            WHERE EXISTS (SELECT FROM public.rank_state AS s WHERE s.board_id = o.board_id)
            GROUP BY o.board_id, o.total_score
        ) AS t;
    ELSE
        SELECT array_agg(t.board_id), array_agg(t.total_score), array_agg(t.players)
        INTO v_boards, v_totals, v_changes
        FROM (
            SELECT r.board_id, r.total_score, sum(r.players)::integer AS players
            FROM (
                SELECT n.board_id, n.total_score, 1 AS players FROM new_rows AS n
                UNION ALL
                SELECT o.board_id, o.total_score, -1 FROM old_rows AS o
            ) AS r
            WHERE EXISTS (SELECT FROM public.rank_state AS s WHERE s.board_id = r.board_id)
            GROUP BY r.board_id, r.total_score  -- also where the sum is 0: players may have swapped totals
        ) AS t;
    END IF;
    IF v_boards IS NOT NULL THEN
        PERFORM rank_index.add_in_bulk(v_boards, v_totals, v_changes);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION rank_index.tg_leaderboard__log_deltas() IS
    'Trigger: keeps the rank index in step with every statement that writes leaderboard.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.leaderboard'::regclass AND t.tgname = 'rank_index_insert'
    ) THEN
        CREATE TRIGGER rank_index_insert AFTER INSERT ON public.leaderboard
            REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_leaderboard__log_deltas();
        CREATE TRIGGER rank_index_update AFTER UPDATE ON public.leaderboard
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_leaderboard__log_deltas();
        CREATE TRIGGER rank_index_delete AFTER DELETE ON public.leaderboard
            REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_leaderboard__log_deltas();
    END IF;
END
$$;
