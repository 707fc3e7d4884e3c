-- Purpose:  locks players as submits do, all at once and by id. A transaction that then changes several of their rows,
--           on any boards and in any order, cannot deadlock with submits. To be called once per transaction.
-- Args:     p_user_ids.
-- Locks:    the users rows of the players, until the transaction ends: their submits wait.
CREATE OR REPLACE FUNCTION internal.lock_users(p_user_ids integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM (
        SELECT u.id FROM public.users AS u WHERE u.id = ANY (p_user_ids) ORDER BY u.id FOR NO KEY UPDATE
    ) AS locked;
END
$$;

COMMENT ON FUNCTION internal.lock_users(integer[]) IS 'Locks players by id, as submits do.';
