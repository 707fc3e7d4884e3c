-- Purpose:  recounts a board that counts differently now, and says in a NOTICE what changed and how to undo it.
-- Args:     p_old, p_new  the row before and after.
-- Errors, locks, writes: see board.fill.
CREATE OR REPLACE FUNCTION board.refill(p_old public.boards, p_new public.boards) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rankings  integer[] := ARRAY(SELECT l.id FROM board.live_rankings(p_new.name) AS l ORDER BY l.id);
    v_corrected bigint;
    -- The rows without what a rule of scores changes.
    v_bounds    boolean := (p_old.game_mode, p_old.aggregate, p_old.lowest_wins, p_old.ties, p_old.opens_at)
        IS NOT DISTINCT FROM (p_new.game_mode, p_new.aggregate, p_new.lowest_wins, p_new.ties, p_new.opens_at)
        AND (p_old.min_score, p_old.max_score) <> (p_new.min_score, p_new.max_score);
    v_counts    text := 'differently';
    v_undo      text := '';
BEGIN
    IF v_rankings = '{}' THEN
        RETURN;
    END IF;
    IF v_bounds THEN
        v_counts := format('scores from %s to %s', p_new.min_score, p_new.max_score);
        v_undo := format('. To undo this, set the bounds %s to %s', p_old.min_score, p_old.max_score);
    END IF;
    v_corrected := board.fill(v_rankings);
    IF v_corrected IS NULL THEN
        RAISE NOTICE 'board % now counts %, past ones included, once they are recounted; until then reads of it'
            ' fail with LB032%', p_new.name, v_counts, v_undo USING HINT = board.fill_hint();
        RETURN;
    END IF;
    PERFORM board.write_ranks(r.id, NULL) FROM unnest(v_rankings) AS r(id);
    RAISE NOTICE 'board % now counts %, past % included: % totals changed%', p_new.name, v_counts,
        CASE v_undo WHEN '' THEN 'scores' ELSE 'ones' END, v_corrected, v_undo;
END
$$;

COMMENT ON FUNCTION board.refill(public.boards, public.boards) IS 'Recounts a board that counts differently now.';
