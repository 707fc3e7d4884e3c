-- The older release would not know what the acts did, and could not undo them.
DO $$
BEGIN
    IF EXISTS (SELECT FROM public.game_sessions AS g WHERE g.void_id IS NOT NULL)
        OR EXISTS (SELECT FROM public.users AS u WHERE u.ban_id IS NOT NULL)
    THEN
        RAISE EXCEPTION 'sessions are void or players are banned, and the older release would count them'
            USING HINT = 'Undo these acts (api.moderation_log, api.undo_act), and roll back then.';
    END IF;
END
$$;

-- What is new or has other arguments or results. The older release creates its own again.
DROP FUNCTION IF EXISTS
    api.ban_players(text, text, bigint[], timestamptz, boolean, boolean), api.lift_bans(),
    api.moderation_log(integer, bigint, bigint), api.player_rank(bigint, text), api.player_ranks(bigint[], text),
    api.players_around(bigint, integer, text), api.recompute_season(text, text, text),
    api.restore_sessions(text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, bigint, boolean),
    api.test_score_rules(text, integer, bigint, bigint, integer, bigint, bigint, integer),
    api.undo_act(text, text, bigint, boolean), api.unban_players(text, text, bigint[], boolean),
    api.void_sessions(text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, boolean),
    archive.write(integer, bigint[]), internal.require_key(text[]), internal.try_lock_bans(),
    ledger.hidden_total(integer, integer), ledger.hidden_totals(integer, integer[]),
    ledger.totals_with_banned(public.boards, public.rankings, integer[]),
    moderation.add_act(text, text, text, integer, jsonb, timestamptz, bigint),
    moderation.change_players(text, text, text, bigint[], timestamptz),
    moderation.change_sessions(
        text, text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, bigint
    ),
    moderation.decide_players(bigint, integer[]), moderation.decide_sessions(bigint, integer[]),
    moderation.hidden_around(integer, boolean, boolean, integer, integer),
    moderation.hidden_ranks(integer, boolean, integer[]),
    moderation.judged_sessions(public.boards, timestamptz), moderation.lift_step(bigint),
    moderation.matching(jsonb, boolean, integer[]),
    moderation.perform(
        text, text, text, boolean, bigint[], timestamptz, bigint, bigint, timestamptz, timestamptz, bigint, text, bigint
    ),
    moderation.ranks_among(integer, boolean, bigint, integer[]), moderation.recount(integer[], bigint[]),
    moderation.require_author(text, text), moderation.undo(text, text, bigint), rank_index.log_change();

DROP TABLE public.moderation_players;

DROP TABLE public.moderation;

ALTER TABLE public.rankings DROP COLUMN revision;

DROP INDEX public.users_banned_idx;

DROP SCHEMA moderation;
