-- Purpose:  splits the rankings of a board by another attribute, or not any more, after boards.split_by has changed:
--           drops the splits there are, and fills the new ones: at once if players and sessions are few, otherwise in
--           steps that follow later (board.fill_splits_step). Closed seasons keep their splits.
-- Args:     p_old, p_new  the row before and after.
-- Locks:    the caller holds the boards lock exclusively; the fold lock if there are splits. Writes: rankings,
--           rank_state, leaderboard, rank index; see board.drop_rankings.
CREATE OR REPLACE FUNCTION board.change_splits(p_old public.boards, p_new public.boards) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_rankings integer[];
BEGIN
    IF p_old.split_by IS NOT DISTINCT FROM p_new.split_by THEN
        RETURN;
    END IF;
    PERFORM internal.require_read_committed();
    UPDATE public.rankings AS r SET splits_to = NULL WHERE r.board_id = p_new.id AND r.splits_to IS NOT NULL;
    -- The splits are no rankings of this board any more, nor of any other.
    UPDATE public.rankings AS r
    SET board_id = -r.id
    WHERE r.board_id = p_new.id AND r.split <> '' AND r.closed_at IS NULL;
    IF FOUND THEN
        PERFORM board.drop_rankings();
    END IF;
    IF p_new.split_by IS NULL THEN
        RETURN;
    END IF;
    v_rankings := ARRAY(SELECT l.id FROM board.live_rankings(p_new.name) AS l ORDER BY l.id);
    IF board.fills_at_once(cardinality(v_rankings)) THEN
        PERFORM board.copy_to_splits(v_rankings, ARRAY(
            SELECT DISTINCT l.user_id FROM public.leaderboard AS l WHERE l.board_id = ANY (v_rankings)
        ));
        RETURN;
    END IF;
    UPDATE public.rankings AS r SET splits_to = 0 WHERE r.id = ANY (v_rankings);
    RAISE NOTICE 'board % is being split by %; until then reads of a split fail with LB032', p_new.name, p_new.split_by
        USING HINT = board.fill_hint();
END
$$;

COMMENT ON FUNCTION board.change_splits(public.boards, public.boards) IS
    'Splits the rankings of a board by another attribute, or not any more.';
