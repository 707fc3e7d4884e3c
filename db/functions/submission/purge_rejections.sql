-- Purpose:  deletes rejected submissions older than their lifetime, and the oldest beyond internal.max_rejections().
--           Folds call it, and now and then a call that adds one.
-- Args:     p_limit  at most this many.
-- Returns:  the number deleted.
-- Locks:    the deleted rows; rows that another session holds are skipped. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.purge_rejections(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_deleted bigint;
    v_excess  bigint;
BEGIN
    DELETE FROM public.rejected_submissions AS r
    USING (
        SELECT e.id
        FROM public.rejected_submissions AS e
        WHERE e.rejected_at < now() - internal.rejection_lifetime()
        ORDER BY e.rejected_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    ) AS expired
    WHERE r.id = expired.id;
    GET DIAGNOSTICS v_deleted = ROW_COUNT;
    -- By id, which needs no scan to count them.
    DELETE FROM public.rejected_submissions AS r
    USING (
        SELECT e.id
        FROM public.rejected_submissions AS e
        WHERE e.id <= (SELECT max(n.id) FROM public.rejected_submissions AS n) - internal.max_rejections()
        ORDER BY e.id
        LIMIT p_limit - v_deleted
        FOR UPDATE SKIP LOCKED
    ) AS excess
    WHERE r.id = excess.id;
    GET DIAGNOSTICS v_excess = ROW_COUNT;
    RETURN v_deleted + v_excess;
END
$$;

COMMENT ON FUNCTION submission.purge_rejections(integer) IS
    'Deletes up to p_limit rejections that are too old or too many.';
