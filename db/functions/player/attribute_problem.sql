-- Purpose:  checks a value of an attribute.
-- Args:     p_name; p_value  a JSON value.
-- Returns:  NULL when it is valid; otherwise a sentence that says what to change.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION player.attribute_problem(p_name text, p_value jsonb) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_key  public.attribute_keys;
    v_text text := p_value #>> '{}';
BEGIN
    SELECT k.* INTO v_key FROM public.attribute_keys AS k WHERE k.name = p_name AND k.dropped_to IS NULL;
    RETURN CASE
        WHEN v_key.name IS NULL THEN format(
            'there is no attribute %s: those declared are %s', left(to_json(p_name)::text, 80),
            coalesce(
                (
                    SELECT string_agg(k.name, ', ' ORDER BY k.name)
                    FROM public.attribute_keys AS k
                    WHERE k.dropped_to IS NULL
                ),
                'none'
            )
        )
        WHEN jsonb_typeof(p_value) <> 'string' THEN format('attribute %s must be a text, or null to remove it', p_name)
        WHEN v_key.kind = 'country' AND v_text !~ '^[A-Z][A-Z]$'
            THEN format('attribute %s must be two capital letters of ISO 3166-1, such as DE', p_name)
        WHEN char_length(v_text) NOT BETWEEN 1 AND v_key.max_length
            THEN format('attribute %s must be 1 to %s characters, or null to remove it', p_name, v_key.max_length)
        WHEN v_key.kind = 'url' AND v_text !~ '^https?://[!-~]+$'
            THEN format('attribute %s must be a URL that begins with https:// or http://', p_name)
        WHEN internal.text_problem(v_text) IS NOT NULL
            THEN format('attribute %s %s', p_name, internal.text_problem(v_text))
        WHEN v_text ~ '^\s|\s$' THEN format('attribute %s must not begin or end with a space', p_name)
    END;
END
$$;

COMMENT ON FUNCTION player.attribute_problem(text, jsonb) IS
    'Why a value of an attribute is invalid; NULL: it is valid.';
