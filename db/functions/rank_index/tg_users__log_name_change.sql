-- Purpose:  trigger function: makes a change of names, attributes or external ids visible. Reads return them with
--           totals, so it must change the change_marker of api.rank_index_status() too. It is logged as a delta without
--           totals, which counts no player; a fold removes it.
-- Locks:    none. Writes: rank_delta; rank_state if its horizon comes from another cluster
--           (rank_index.reset_foreign_horizons).
CREATE OR REPLACE FUNCTION rank_index.tg_users__log_name_change() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM rank_index.reset_foreign_horizons();
    INSERT INTO public.rank_delta (xid, board_id, old_total, new_total) VALUES (pg_current_xact_id(), 1, NULL, NULL);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION rank_index.tg_users__log_name_change() IS
    'Trigger: a change of names, attributes or external ids changes the change marker.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'name_change'
    ) THEN
        CREATE TRIGGER name_change AFTER UPDATE OF username, attributes ON public.users
            FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_users__log_name_change();
    END IF;
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.player_ids'::regclass AND t.tgname = 'id_change'
    ) THEN
        -- Not within another trigger: with their player they are deleted one by one.
        CREATE TRIGGER id_change AFTER INSERT OR UPDATE OR DELETE ON public.player_ids
            FOR EACH STATEMENT WHEN (pg_catalog.pg_trigger_depth() = 0)
            EXECUTE FUNCTION rank_index.tg_users__log_name_change();
    END IF;
END
$$;
