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
    api.player_rank(bigint, text), api.player_ranks(bigint[], text), api.players_around(bigint, integer, text),
    internal.require_key(text[]), ledger.hidden_total(integer, integer), ledger.hidden_totals(integer, integer[]),
    ledger.totals_with_banned(public.boards, public.rankings, integer[]);

DROP TABLE public.moderation_players;

DROP TABLE public.moderation;

ALTER TABLE public.rankings DROP COLUMN revision;

DROP INDEX public.users_banned_idx;

DROP SCHEMA moderation;
