-- Purpose:  drops an attribute, and its values, step by step: the first call ends the declaration, so that no value is
--           added, and each call removes those of some players. Call it again until it returns false.
-- Args:     p_name.
-- Returns:  whether there is more to do.
-- Errors:   LB001 when there is no such attribute, or a board is split by it.
-- Locks:    the boards lock: exclusive for the first call, which does nothing else, then shared; up to 2,500 players,
--           by id. Writes: attribute_keys, users, rank_delta.
CREATE OR REPLACE FUNCTION api.drop_attribute(p_name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    c_step  CONSTANT integer := 2500;
    v_key   public.attribute_keys;
    v_board text;
    v_ids   integer[];
BEGIN
    SELECT k.* INTO v_key FROM public.attribute_keys AS k WHERE k.name = p_name;
    IF v_key.dropped_to IS NULL THEN
        PERFORM internal.lock_boards();
        SELECT b.name INTO v_board FROM public.boards AS b WHERE b.split_by = p_name ORDER BY b.id LIMIT 1;
        IF v_board IS NOT NULL THEN
            RAISE EXCEPTION 'board % is split by the attribute %: end that first (api.alter_board)', v_board, p_name
                USING ERRCODE = 'LB001';
        END IF;
        UPDATE public.attribute_keys AS k SET dropped_to = 0 WHERE k.name = p_name AND k.dropped_to IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no attribute %', coalesce(left(p_name, 80), 'NULL') USING ERRCODE = 'LB001';
        END IF;
        RETURN true;
    END IF;
    PERFORM internal.lock_boards_shared();
    SELECT k.* INTO v_key FROM public.attribute_keys AS k WHERE k.name = p_name FOR UPDATE;
    IF NOT FOUND THEN  -- by another session, a moment ago
        RETURN false;
    END IF;
    v_ids := ARRAY(SELECT u.id FROM public.users AS u WHERE u.id > v_key.dropped_to ORDER BY u.id LIMIT c_step);
    IF v_ids = '{}' THEN
        DELETE FROM public.attribute_keys AS k WHERE k.name = p_name;
        RETURN false;
    END IF;
    UPDATE public.attribute_keys AS k
    SET dropped_to = (SELECT max(i.id) FROM unnest(v_ids) AS i(id))
    WHERE k.name = p_name;
    v_ids := ARRAY(
        SELECT u.id
        FROM public.users AS u
        WHERE u.id = ANY (v_ids) AND u.attributes ? p_name
        ORDER BY u.id
        FOR NO KEY UPDATE
    );
    UPDATE public.users AS u SET attributes = u.attributes - p_name WHERE u.id = ANY (v_ids);
    RETURN true;
END
$$;

COMMENT ON FUNCTION api.drop_attribute(text) IS 'One step of dropping an attribute; true: call again.';
