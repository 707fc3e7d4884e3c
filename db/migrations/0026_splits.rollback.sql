-- The older release would take splits for rankings of their own.
DO $$
BEGIN
    IF EXISTS (SELECT FROM public.boards AS b WHERE b.split_by IS NOT NULL)
        OR EXISTS (SELECT FROM public.rankings AS r WHERE r.split <> '')
    THEN
        RAISE EXCEPTION 'boards are split, or were, which the older release does not know'
            USING HINT = 'Set split_by of these boards to null (api.alter_board), call api.fill_boards() until it is'
                ' false, delete boards with closed seasons that are split, and roll back then.';
    END IF;
END
$$;

DROP TRIGGER IF EXISTS splits ON public.users;

-- What is new or has other arguments. The older release creates its own again.
DROP FUNCTION IF EXISTS
    api.board_splits(text),
    api.create_board(
        text, text, text, bigint, bigint, boolean, text, integer, text, timestamptz, timestamptz, text, timestamp, text,
        interval, boolean, integer, text
    ),
    api.row_details(text, integer[], boolean, boolean, boolean),
    archive.places_per_block(), archive.write_players(integer[]), archive.write_splits(public.rankings, text),
    board.add_splits(integer[], text[]), board.change_splits(public.boards, public.boards),
    board.copy_to_splits(integer[], integer[]), board.correct_splits(integer[], integer[]),
    board.fill_splits_step(integer), board.live_splits(text), board.max_splits(),
    board.ranking_of_all(public.rankings),
    board.split_differences(integer, integer[]), board.split_of(text, jsonb),
    board.split_ranking(public.boards, public.rankings, text), board.tg_users__move(),
    ledger.metadata_of_total(public.boards, public.rankings, integer, bigint, bigint),
    submission.call_needs(submission.item[], integer), submission.copy_to_splits(submission.outcome[]);

DROP INDEX public.boards_split_idx;

DROP INDEX public.rankings_numbers_idx;

CREATE INDEX rankings_number_idx ON public.rankings (board_id, number);

DROP INDEX public.rankings_counting_idx;

CREATE INDEX rankings_live_idx ON public.rankings (board_id) WHERE closing_xid IS NULL;

ALTER TABLE public.rankings DROP COLUMN split_by, DROP COLUMN splits_to;
