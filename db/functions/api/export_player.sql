-- Purpose:  everything that is kept of a player, as one JSON document. It is in memory as a whole; api.export_lines
--           returns the same line by line.
-- Args:     p_user_id.
-- Returns:  see api.export_lines.
-- Errors:   LB011 when there is no such player; 42501 for the service while there is no key with the scope admin.
-- Locks:    none. STABLE: one snapshot.
CREATE OR REPLACE FUNCTION api.export_player(p_user_id bigint) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT string_agg(e.line, chr(10) ORDER BY e.number)
        FROM api.export_lines(p_user_id) WITH ORDINALITY AS e(line, number)
    );
END
$$;

COMMENT ON FUNCTION api.export_player(bigint) IS 'Everything that is kept of a player, as one JSON document.';
