-- Purpose:  deletes copies that are too old or whose ranking is gone, by one step: up to 50 of them, with the blocks
--           that no other copy uses.
-- Args:     p_before  copies of earlier moments are too old.
-- Returns:  whether there were some.
-- Note:     it goes from one ranking to the next in the index, so the number of copies does not matter.
-- Writes:   rank_copies, rank_copy_blocks.
CREATE OR REPLACE FUNCTION past.delete_copies(p_before timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off
AS $$
DECLARE
    c_copies CONSTANT integer := 50;
    v_gone   integer;
    v_blocks bigint[];
BEGIN
    WITH RECURSIVE copied AS (
        SELECT min(c.ranking_id) AS id FROM public.rank_copies AS c
        UNION ALL
        SELECT (SELECT min(n.ranking_id) FROM public.rank_copies AS n WHERE n.ranking_id > c.id)
        FROM copied AS c
        WHERE c.id IS NOT NULL
    )
    SELECT c.id INTO v_gone
    FROM copied AS c
    WHERE c.id IS NOT NULL AND NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.id = c.id)
    LIMIT 1;
    WITH gone AS (
        DELETE FROM public.rank_copies AS c
        WHERE c.id = ANY (ARRAY(
            SELECT o.id
            FROM (
                (SELECT a.id FROM public.rank_copies AS a WHERE a.at < p_before ORDER BY a.at LIMIT c_copies)
                UNION ALL
                (SELECT a.id FROM public.rank_copies AS a WHERE a.ranking_id = v_gone LIMIT c_copies)
            ) AS o
            LIMIT c_copies
        ))
        RETURNING c.same_as
    )
    SELECT array_agg(DISTINCT g.same_as) INTO v_blocks FROM gone AS g;
    IF v_blocks IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM public.rank_copy_blocks AS b
    WHERE b.copy_id = ANY (ARRAY(
        SELECT d.id
        FROM unnest(v_blocks) AS d(id)
        WHERE NOT EXISTS (SELECT FROM public.rank_copies AS c WHERE c.same_as = d.id)
    ));
    RETURN true;
END
$$;

COMMENT ON FUNCTION past.delete_copies(timestamptz) IS
    'Deletes copies that are too old or whose ranking is gone, by one step.';
