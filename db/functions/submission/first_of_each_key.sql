-- Purpose:  leaves out the items whose key came earlier in the same call: the first item of a key is counted, the
--           others are replays of it.
-- Args:     p_items.
-- Returns:  the items without a key and the first item of each key, in the same order.
CREATE OR REPLACE FUNCTION submission.first_of_each_key(p_items submission.item[]) RETURNS submission.item[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT n.item
        FROM (
            SELECT i AS item, row_number() OVER (PARTITION BY i.user_id, i.key ORDER BY i.position) AS number
            FROM unnest(p_items) AS i
        ) AS n
        WHERE n.number = 1 OR (n.item).key IS NULL
        ORDER BY (n.item).position
    );
END
$$;

COMMENT ON FUNCTION submission.first_of_each_key(submission.item[]) IS
    'The items without a key and the first of each key.';
