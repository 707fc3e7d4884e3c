-- Purpose:  makes a change visible that changes no total, but what reads return, such as a name: the change_marker of
--           api.rank_index_status() must change too. It is logged as a delta without totals, which counts no player; a
--           fold removes it.
-- Locks:    none. Writes: rank_delta; rank_state if its horizon comes from another cluster
--           (rank_index.reset_foreign_horizons).
CREATE OR REPLACE FUNCTION rank_index.log_change() RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM rank_index.reset_foreign_horizons();
    INSERT INTO public.rank_delta (xid, board_id, old_total, new_total) VALUES (pg_current_xact_id(), 1, NULL, NULL);
END
$$;

COMMENT ON FUNCTION rank_index.log_change() IS 'Makes a change visible that changes no total, but what reads return.';
