-- Purpose:  adds to the slots of one node of the rank index.
-- Args:     p_counts  the array of the node (64 slots, then 8 sums of eight slots each), or NULL for an empty node
--           p_slots   slots 0..63; p_changes  what to add to each (same length).
-- Returns:  the new array.
CREATE OR REPLACE FUNCTION rank_index.add_to_node(p_counts integer[], p_slots integer[], p_changes integer[])
RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_counts integer[] := coalesce(p_counts, array_fill(0, ARRAY[72]));
    v_slot   integer;
    v_change integer;
BEGIN
    FOR v_i IN 1 .. cardinality(p_slots) LOOP
        v_slot := p_slots[v_i];
        v_change := p_changes[v_i];
        v_counts[v_slot + 1] := v_counts[v_slot + 1] + v_change;
        v_counts[v_slot / 8 + 65] := v_counts[v_slot / 8 + 65] + v_change;
    END LOOP;
    RETURN v_counts;
END
$$;

COMMENT ON FUNCTION rank_index.add_to_node(integer[], integer[], integer[]) IS
    'The counts of a rank index node with changes added.';
