-- Purpose:  for the service: records that keys were used just now, so that the list shows which ones are no longer
--           needed.
-- Args:     p_ids  ids of keys; unknown ones are ignored.
-- Returns:  the number of keys recorded.
-- Locks:    the rows of the keys, by id; rows that another session holds are skipped. Writes: api_keys.
CREATE OR REPLACE FUNCTION api.note_api_keys_used(p_ids text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_noted bigint;
BEGIN
    UPDATE public.api_keys AS k SET last_used_at = now()
    FROM (
        SELECT h.id FROM public.api_keys AS h WHERE h.id = ANY (p_ids) ORDER BY h.id FOR NO KEY UPDATE SKIP LOCKED
    ) AS held
    WHERE k.id = held.id;
    GET DIAGNOSTICS v_noted = ROW_COUNT;
    RETURN v_noted;
END
$$;

COMMENT ON FUNCTION api.note_api_keys_used(text[]) IS 'Records that keys were used just now.';
