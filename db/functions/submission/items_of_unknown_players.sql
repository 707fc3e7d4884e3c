-- Purpose:  the items whose players do not exist.
-- Args:     p_items.
-- Returns:  those items, in the same order.
CREATE OR REPLACE FUNCTION submission.items_of_unknown_players(p_items submission.item[]) RETURNS submission.item[]
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT i
        FROM unnest(p_items) AS i
        -- A scalar stays one look-up per player; NOT EXISTS may read all users.
        WHERE (SELECT u.id FROM public.users AS u WHERE u.id = i.user_id) IS NULL
    );
END
$$;

COMMENT ON FUNCTION submission.items_of_unknown_players(submission.item[]) IS 'The items whose players do not exist.';
