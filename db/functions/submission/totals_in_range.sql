-- Purpose:  checks that totals stay in the range of exact integers, -(2^53 - 1) to 2^53 - 1, one item after the other:
--           each that fits counts for the next ones of its player. Needed only where scores or totals are large.
-- Args:     p_items  items whose keys are new.
-- Returns:  the outcomes of the items that do not fit (LB023): a total of the player on a board that adds scores up, or
--           the sum of the player's scores in this call, would leave the range. An item whose key fitted earlier in the
--           call is not checked: it will be a replay.
-- Locks:    the caller holds the boards lock and the players.
CREATE OR REPLACE FUNCTION submission.totals_in_range(p_items submission.item[]) RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_largest  CONSTANT bigint := 9007199254740991;
    v_boards   public.boards[] := ARRAY(
        SELECT b
        FROM public.boards AS b
        WHERE b.aggregate = 'sum' AND b.id IN (
            SELECT m.board_id
            FROM unnest(p_items) AS i
            CROSS JOIN LATERAL board.matching(i.game_mode, i.score, i.score) AS m
        )
    );
    v_row      record;
    v_item     submission.item;
    v_player   integer;
    v_totals   bigint[];  -- of the player so far, an element per board
    v_sums     bigint[];  -- what this call adds to them
    v_keys     text[];    -- of the player's items that fit
    v_fits     boolean;
    v_outcomes submission.outcome[] := '{}';
BEGIN
    FOR v_row IN
        SELECT i AS item, ARRAY(
            SELECT coalesce((
                SELECT l.total_score FROM public.leaderboard AS l WHERE l.user_id = i.user_id AND l.board_id = b.id
            ), 0)
            FROM unnest(v_boards) AS b
        ) AS totals
        FROM unnest(p_items) AS i
        ORDER BY i.user_id, i.position
    LOOP
        v_item := v_row.item;
        IF v_item.user_id IS DISTINCT FROM v_player THEN
            v_player := v_item.user_id;
            v_totals := v_row.totals;
            v_sums := array_fill(0::bigint, ARRAY[cardinality(v_boards)]);
            v_keys := '{}';
        END IF;
        CONTINUE WHEN v_item.key = ANY (v_keys);
        v_fits := true;
        FOR k IN 1 .. cardinality(v_boards) LOOP
            CONTINUE WHEN NOT board.counts(v_boards[k], v_item.game_mode, v_item.score);
            v_fits := abs(v_totals[k] + v_item.score) <= v_largest AND abs(v_sums[k] + v_item.score) <= v_largest;
            EXIT WHEN NOT v_fits;
        END LOOP;
        IF NOT v_fits THEN
            v_outcomes := v_outcomes || submission.rejected(v_item, 'LB023', format(
                'the total of player %s would leave the range -9007199254740991 to 9007199254740991', v_player
            ));
            CONTINUE;
        END IF;
        FOR k IN 1 .. cardinality(v_boards) LOOP
            CONTINUE WHEN NOT board.counts(v_boards[k], v_item.game_mode, v_item.score);
            v_totals[k] := v_totals[k] + v_item.score;
            v_sums[k] := v_sums[k] + v_item.score;
        END LOOP;
        v_keys := v_keys || v_item.key;
    END LOOP;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.totals_in_range(submission.item[]) IS
    'The outcomes of items that would take a total out of the range of exact integers.';
