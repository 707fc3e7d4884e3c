DROP FUNCTION IF EXISTS
    api.copy_ranks(integer), api.player_history(bigint, timestamptz, timestamptz, text),
    api.rank_at(bigint, timestamptz, text), api.season_of(text),
    api.top_between(timestamptz, timestamptz, integer, text),
    internal.try_lock_copies();

DROP INDEX IF EXISTS public.game_sessions_time_idx;

DROP TABLE public.rank_copy_blocks, public.rank_copies;

DROP SCHEMA past CASCADE;
