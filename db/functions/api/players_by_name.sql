-- Purpose:  players whose names begin with a text, page by page. Upper and lower case are the same, as far as the
--           locale of the database knows them.
-- Args:     p_prefix  at most 255 characters, all of which stand for themselves; '' finds everybody
--           p_limit   1 to 1000
--           p_after_name, p_after_user_id  the last row of the previous page; both NULL for the first page.
-- Returns:  one row per player, ordered by name in upper case, byte by byte, then by id. player is the first of their
--           external ids that were linked, or NULL.
-- Errors:   LB001 for an argument out of range, or half a place.
-- Locks:    none. STABLE. Cost: one look-up in users_name_idx, however many names begin so.
CREATE OR REPLACE FUNCTION api.players_by_name(
    p_prefix text, p_limit integer DEFAULT 20, p_after_name text DEFAULT NULL, p_after_user_id bigint DEFAULT NULL
)
RETURNS TABLE (user_id integer, username text, player text, attributes jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_prefix  text := upper(internal.to_nfc(p_prefix));
    v_name    text := upper(p_after_name);
    v_user_id bigint := p_after_user_id;
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit must be 1 to 1000, not %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF p_prefix IS NULL OR char_length(p_prefix) > 255 THEN
        RAISE EXCEPTION 'the beginning of a name must be 0 to 255 characters' USING ERRCODE = 'LB001';
    END IF;
    IF (p_after_name IS NULL) <> (p_after_user_id IS NULL) THEN
        RAISE EXCEPTION 'a place in the order is a name and a user id: give both or neither' USING ERRCODE = 'LB001';
    END IF;
    IF v_name IS NULL OR v_name COLLATE "C" < v_prefix COLLATE "C" THEN
        v_name := v_prefix;
        v_user_id := 0;
    END IF;
    RETURN QUERY
    SELECT f.id, f.username, i.external_id, f.attributes
    FROM (
        SELECT u.id, u.username, u.attributes, upper(u.username) AS name
        FROM public.users AS u
        WHERE (upper(u.username) COLLATE "C", u.id) > (v_name, v_user_id)
        ORDER BY upper(u.username) COLLATE "C", u.id
        LIMIT p_limit
    ) AS f
    LEFT JOIN LATERAL (
        SELECT p.external_id
        FROM public.player_ids AS p
        WHERE p.user_id = f.id
        ORDER BY p.linked_at, p.external_id
        LIMIT 1
    ) AS i ON true
    -- Names that begin so are neighbours, so those after them are the end of the page.
    WHERE starts_with(f.name, v_prefix)
    ORDER BY f.name COLLATE "C", f.id;
END
$$;

COMMENT ON FUNCTION api.players_by_name(text, integer, text, bigint) IS
    'Players whose names begin with a text, page by page.';
