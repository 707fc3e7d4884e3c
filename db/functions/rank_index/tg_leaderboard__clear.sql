-- Purpose:  trigger function for TRUNCATE leaderboard: empties the rank index. TRUNCATE locks the table exclusively, so
--           no transaction has deltas in flight. It deletes rows instead of truncating: readers hold these tables too,
--           and a second exclusive lock could deadlock with them.
-- Locks:    the fold lock. Writes: rank_node, rank_delta, rank_state.
CREATE OR REPLACE FUNCTION rank_index.tg_leaderboard__clear() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_fold();
    DELETE FROM public.rank_node;
    DELETE FROM public.rank_delta;
    UPDATE public.rank_state AS s SET players = 0, top_shift = 0, version = s.version + 1;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION rank_index.tg_leaderboard__clear() IS
    'Trigger: empties the rank index when leaderboard is truncated.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.leaderboard'::regclass AND t.tgname = 'rank_index_truncate'
    ) THEN
        CREATE TRIGGER rank_index_truncate AFTER TRUNCATE ON public.leaderboard
            FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_leaderboard__clear();
    END IF;
END
$$;
