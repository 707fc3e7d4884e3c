-- Purpose:  deletes refused submissions older than their lifetime. Folds call it, and now and then whoever adds one.
-- Args:     p_limit  at most this many.
-- Returns:  the number deleted.
-- Locks:    the deleted rows; rows that somebody else holds are skipped. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION lib.purge_rejections(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_deleted bigint;
BEGIN
    DELETE FROM public.rejected_submissions AS r
    USING (
        SELECT e.id
        FROM public.rejected_submissions AS e
        WHERE e.rejected_at < now() - lib.rejection_lifetime()
        ORDER BY e.rejected_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    ) AS expired
    WHERE r.id = expired.id;
    GET DIAGNOSTICS v_deleted = ROW_COUNT;
    RETURN v_deleted;
END
$$;

COMMENT ON FUNCTION lib.purge_rejections(integer) IS 'Deletes up to p_limit expired rejections.';
