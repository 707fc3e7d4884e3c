-- Purpose:  waits, for half a second at most, until every transaction has ended that was writing when it was called:
--           then the ledger shows all sessions that were recorded before.
-- Returns:  whether they have. A transaction counts that is open in any database of the cluster.
-- Note:     each statement sees what has ended before it. This transaction gets an id, since the end of a snapshot may
--           be below those of transactions that run.
CREATE OR REPLACE FUNCTION past.all_ended() RETURNS boolean
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    c_tries CONSTANT integer := 50;
    v_own   CONSTANT xid8 := pg_current_xact_id();
BEGIN
    FOR i IN 1 .. c_tries LOOP
        IF pg_snapshot_xmin(pg_current_snapshot()) >= v_own THEN
            RETURN true;
        END IF;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN false;
END
$$;

COMMENT ON FUNCTION past.all_ended() IS 'Whether all transactions have ended that were writing when it was called.';
