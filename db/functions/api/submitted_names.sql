-- Purpose:  the names of players whose submissions the same statement counted. api.submit_scores does not return names,
--           and ignores the name given for a known player.
-- Args:     p_user_ids  up to 1000.
-- Returns:  one row per player that exists: user_id, username.
-- Errors:   LB001 for more than 1000 ids, or NULL.
-- Note:     VOLATILE, unlike other reads: a STABLE function would not see the players that api.submit_scores
--           registered, because the snapshot of the statement is older. The players stay locked until the transaction
--           ends, so these names are the ones that it commits.
-- Locks, writes: none.
CREATE OR REPLACE FUNCTION api.submitted_names(p_user_ids bigint[])
RETURNS TABLE (user_id integer, username text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    IF cardinality(p_user_ids) IS NULL OR cardinality(p_user_ids) > 1000 THEN
        RAISE EXCEPTION 'give 0 to 1000 user ids, not %', coalesce(cardinality(p_user_ids)::text, 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    RETURN QUERY
    SELECT u.id, u.username::text
    FROM public.users AS u
    WHERE u.id = ANY (p_user_ids);
END
$$;

COMMENT ON FUNCTION api.submitted_names(bigint[]) IS
    'The names of players, as they are after the submissions of the same statement.';
