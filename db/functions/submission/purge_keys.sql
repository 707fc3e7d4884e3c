-- Purpose:  deletes expired submission keys. Folds call it, so no scheduler is needed: where submits add keys, folds
--           run. Each call deletes more keys than the folded submits can have added.
-- Args:     p_limit  at most this many keys.
-- Returns:  the number deleted.
-- Locks:    the deleted rows; rows that another session holds are skipped. Writes: submission_keys.
CREATE OR REPLACE FUNCTION submission.purge_keys(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_deleted bigint;
BEGIN
    DELETE FROM public.submission_keys AS k
    USING (
        SELECT e.user_id, e.key
        FROM public.submission_keys AS e
        WHERE e.created_at < now() - internal.submission_key_lifetime()
        ORDER BY e.created_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    ) AS expired
    WHERE k.user_id = expired.user_id AND k.key = expired.key;
    GET DIAGNOSTICS v_deleted = ROW_COUNT;
    RETURN v_deleted;
END
$$;

COMMENT ON FUNCTION submission.purge_keys(integer) IS 'Deletes up to p_limit expired submission keys.';
