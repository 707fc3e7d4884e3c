-- Purpose:  the items that have no outcome yet.
-- Args:     p_items; p_outcomes  of some of them.
-- Returns:  the others, in the same order.
CREATE OR REPLACE FUNCTION submission.pending_items(p_items submission.item[], p_outcomes submission.outcome[])
RETURNS submission.item[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF p_outcomes = '{}' THEN  -- nearly always
        RETURN p_items;
    END IF;
    RETURN ARRAY(
        SELECT i FROM unnest(p_items) AS i WHERE i.position NOT IN (SELECT o.position FROM unnest(p_outcomes) AS o)
    );
END
$$;

COMMENT ON FUNCTION submission.pending_items(submission.item[], submission.outcome[]) IS
    'The items that have no outcome yet.';
