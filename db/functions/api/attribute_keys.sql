-- Purpose:  the attributes that players can have.
-- Returns:  one row per attribute, by name. kind: text, url (https:// or http://) or country (two capital letters of
--           ISO 3166-1). max_length: of a value, in characters.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.attribute_keys()
RETURNS TABLE (name text, kind text, max_length integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT k.name, k.kind, k.max_length
    FROM public.attribute_keys AS k
    WHERE k.dropped_to IS NULL
    ORDER BY k.name;
END
$$;

COMMENT ON FUNCTION api.attribute_keys() IS 'The attributes that players can have.';
