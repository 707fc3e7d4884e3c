-- Purpose:  the names of players whose submissions the same statement counted: api.submit_scores does not return them, and a name that
--           it was given for a known player is not taken.
-- Args:     p_user_ids  up to 1000.
-- Returns:  a row a player there is: user_id, username.
-- Errors:   LB001 for more than 1000 ids, or NULL.
-- Note:     VOLATILE, unlike other reads: the snapshot of a statement is older than what a function in it has written, so as a STABLE one it
--           would not see the players whom api.submit_scores registered. The players' locks hold until the end of the transaction, so
--           these names are the ones that stand when it commits.
-- Locks, writes: none.
CREATE OR REPLACE FUNCTION api.submitted_names(p_user_ids bigint[])
RETURNS TABLE (user_id integer, username text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    IF cardinality(p_user_ids) IS NULL OR cardinality(p_user_ids) > 1000 THEN
        RAISE EXCEPTION 'give 0 to 1000 user ids, not %', coalesce(cardinality(p_user_ids)::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    RETURN QUERY
    SELECT u.id, u.username::text
    FROM public.users AS u
    WHERE u.id = ANY (p_user_ids);
END
$$;

COMMENT ON FUNCTION api.submitted_names(bigint[]) IS
    'The names of players, as they stand after what the same statement has submitted.';
