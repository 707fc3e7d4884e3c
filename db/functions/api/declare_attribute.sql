-- Purpose:  declares an attribute that players can have, or changes what its values may be. Values that are there
--           already stay.
-- Args:     p_name  1 to 40 characters: a small letter, then small letters, digits and underscores
--           p_kind  text, url (https:// or http://) or country (two capital letters of ISO 3166-1)
--           p_max_length  1 to 1000: of a value, in characters.
-- Errors:   LB001 for an invalid argument, a 33rd attribute, or one that is being dropped.
-- Locks:    the boards lock, exclusive, for a moment. Writes: attribute_keys.
CREATE OR REPLACE FUNCTION api.declare_attribute(p_name text, p_kind text, p_max_length integer DEFAULT 100)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_max_keys CONSTANT integer := 32;
    v_problem  text;
BEGIN
    PERFORM internal.lock_boards();
    v_problem := CASE
        WHEN (p_name ~ '^[a-z][a-z0-9_]*$' AND char_length(p_name) <= 40) IS NOT TRUE
            THEN 'an attribute must be 1 to 40 characters: a small letter, then small letters, digits and _'
        WHEN (p_kind IN ('text', 'url', 'country')) IS NOT TRUE THEN 'kind must be text, url or country'
        WHEN (p_max_length BETWEEN 1 AND 1000) IS NOT TRUE THEN 'max_length must be 1 to 1000'
        WHEN EXISTS (SELECT FROM public.attribute_keys AS k WHERE k.name = p_name AND k.dropped_to IS NOT NULL)
            THEN format('attribute %s is being dropped: call api.drop_attribute until it returns false', p_name)
        WHEN (SELECT count(*) FROM public.attribute_keys AS k WHERE k.name <> p_name) >= c_max_keys
            THEN format('there are %s attributes already: drop one first', c_max_keys)
    END;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
    INSERT INTO public.attribute_keys AS k (name, kind, max_length)
    VALUES (p_name, p_kind, p_max_length)
    ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, max_length = excluded.max_length;
END
$$;

COMMENT ON FUNCTION api.declare_attribute(text, text, integer) IS 'Declares an attribute that players can have.';
