-- The older release would show a board that is not filled as if it were.
DO $$
DECLARE
    v_boards text;
BEGIN
    SELECT string_agg(b.name, ', ' ORDER BY b.id) INTO v_boards
    FROM public.boards AS b
    WHERE b.id IN (SELECT r.board_id FROM public.rankings AS r WHERE r.filled_to IS NOT NULL);
    IF v_boards IS NOT NULL THEN
        RAISE EXCEPTION 'boards are being filled from the ledger: %', v_boards
            USING HINT = 'Call api.fill_boards() until it returns false, or delete them, and roll back then.';
    END IF;
END
$$;

DROP FUNCTION IF EXISTS
    api.fill_boards(), board.fill(integer[]), board.fill_step(integer), board.matching(text, bigint, bigint),
    board.ranking_id(text), internal.try_lock_fill(), rank_index.dirty_boards(),
    submission.fill_players(submission.item[]);

DROP INDEX public.boards_counts_idx;

DROP TABLE public.rankings;

COMMENT ON COLUMN public.leaderboard.board_id IS NULL;

COMMENT ON COLUMN public.rank_state.board_id IS NULL;

COMMENT ON COLUMN public.rank_node.board_id IS NULL;

COMMENT ON COLUMN public.rank_delta.board_id IS NULL;
