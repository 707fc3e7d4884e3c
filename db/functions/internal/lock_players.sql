-- Purpose:  locks players as submits lock them, all at once and by id, so that whoever changes several of their rows afterwards
--           (on whichever boards, in whichever order) cannot deadlock with submits. To be called once a transaction.
-- Args:     p_user_ids.
-- Locks:    the players' users rows, until the transaction ends: their submits wait.
CREATE OR REPLACE FUNCTION internal.lock_players(p_user_ids integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM (
        SELECT u.id FROM public.users AS u WHERE u.id = ANY (p_user_ids) ORDER BY u.id FOR NO KEY UPDATE
    ) AS locked;
END
$$;

COMMENT ON FUNCTION internal.lock_players(integer[]) IS 'Locks players by id, as submits do.';
