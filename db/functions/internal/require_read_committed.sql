-- Purpose:  rejects a call in a transaction whose snapshot may be older than the locks it takes: it would count players
--           that other transactions have already moved. READ COMMITTED takes a new snapshot for each statement.
-- Errors:   LB030 at REPEATABLE READ or SERIALIZABLE.
CREATE OR REPLACE FUNCTION internal.require_read_committed() RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'this call needs the isolation level READ COMMITTED, not %',
            upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'LB030';
    END IF;
END
$$;

COMMENT ON FUNCTION internal.require_read_committed() IS 'Raises LB030 unless the transaction is READ COMMITTED.';
