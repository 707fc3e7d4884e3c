-- The older release would not know these. (That no session is void and no player banned, the rollback of 0024 has
-- checked.)
DO $$
BEGIN
    IF EXISTS (SELECT FROM public.boards AS b WHERE b.split_by IS NOT NULL OR b.require_ticket) THEN
        RAISE EXCEPTION 'boards are split or demand tickets, which the older release does not know'
            USING HINT = 'Change these boards (api.alter_board), and roll back then.';
    END IF;
    IF EXISTS (SELECT FROM public.player_ids) THEN
        RAISE EXCEPTION 'players have external ids, which would be lost'
            USING HINT = 'Keep a copy of public.player_ids, delete its rows, and roll back then.';
    END IF;
END
$$;

-- What is new or has other arguments or results. The older release creates its own again.
DROP FUNCTION IF EXISTS
    api.find_player(text), api.list_boards(text),
    api.set_score_rules(
        text, bigint, bigint, integer, bigint, boolean, integer, integer, bigint
    ),
    api.start_play(bigint, text, text, text),
    api.submit_score(bigint, bigint, text, text, text, text, boolean, timestamptz, boolean, text, text),
    api.submit_scores(
        bigint[], bigint[], text[], text[], text[], text, boolean, timestamptz[], boolean, text[], text[]
    ),
    internal.metadata_of(text), internal.player_problem(text),
    submission.apply_rules(submission.item[], boolean, boolean, timestamptz),
    submission.apply_ticket_rules(submission.item[], timestamptz), submission.call_needs(submission.item[], integer),
    submission.count_hidden(
        submission.outcome[], submission.item[], integer[], public.boards, boolean, timestamptz
    ),
    submission.item_problem(
        bigint, text, bigint, bigint, text, text, text, timestamptz, text, jsonb, public.boards
    ),
    submission.lock_players(integer[]), submission.make_ticket(integer, text, timestamptz),
    submission.mode_digest(text), submission.number_players(submission.item[], submission.item[]),
    submission.rank_of_total(integer, bigint), submission.read_ticket(text),
    submission.register_new_players(submission.item[], boolean, boolean), submission.ticket_code(bytea),
    submission.ticket_problem(text, bigint, text), submission.total(integer, integer);

DROP TABLE public.ticket_key;

DROP TABLE public.player_ids;

ALTER TABLE public.users DROP COLUMN attributes, DROP COLUMN ban_id;

ALTER TABLE public.game_sessions DROP COLUMN metadata, DROP COLUMN void_id;

ALTER TABLE public.boards
    DROP COLUMN max_score_per_second, DROP COLUMN max_play_seconds, DROP COLUMN min_play_seconds,
    DROP COLUMN require_ticket, DROP COLUMN split_by;

ALTER TYPE submission.item DROP ATTRIBUTE metadata, DROP ATTRIBUTE player;

ALTER TYPE submission.outcome DROP ATTRIBUTE hidden;
