-- Purpose:  checks that totals stay in the range of exact integers, -(2^53 - 1) to 2^53 - 1, one item after the other:
--           each that fits counts for the next ones of its player. Needed only where scores or totals are large.
-- Args:     p_items  items whose keys are new; p_now  time of the call.
-- Returns:  the outcomes of the items that do not fit (LB023): a total of the player on a board that adds scores up, or
--           the sum of the player's scores in this call, would leave the range. An item whose key fitted earlier in the
--           call is not checked: it will be a replay.
-- Locks:    the caller holds the boards lock and the players.
CREATE OR REPLACE FUNCTION submission.totals_in_range(p_items submission.item[], p_now timestamptz)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_largest  CONSTANT bigint := 9007199254740991;
    v_row      record;
    v_item     submission.item;
    v_player   integer;
    v_rankings integer[];  -- to which this call adds scores of the player so far
    v_added    bigint[];   -- what it adds to each
    v_keys     text[];     -- of the player's items that fit
    v_fits     boolean;
    v_added_to integer;
    v_outcomes submission.outcome[] := '{}';
BEGIN
    FOR v_row IN
        SELECT i AS item, array_agg(m.id) FILTER (WHERE m.aggregate = 'sum') AS rankings,
               array_agg(m.sign * i.score) FILTER (WHERE m.aggregate = 'sum') AS scores,
               array_agg(coalesce(submission.total(m.id, i.user_id), 0)) FILTER (WHERE m.aggregate = 'sum') AS totals
        FROM unnest(p_items) AS i
        LEFT JOIN LATERAL board.matching(
            i.game_mode, i.score, i.score, coalesce(i.played_at, i.counted_at, p_now), coalesce(i.counted_at, p_now)
        ) AS m ON true
        GROUP BY i, i.user_id, i.position
        ORDER BY i.user_id, i.position
    LOOP
        v_item := v_row.item;
        IF v_item.user_id IS DISTINCT FROM v_player THEN
            v_player := v_item.user_id;
            v_rankings := '{}';
            v_added := '{}';
            v_keys := '{}';
        END IF;
        CONTINUE WHEN v_item.key = ANY (v_keys);
        v_fits := true;
        FOR k IN 1 .. coalesce(cardinality(v_row.rankings), 0) LOOP
            IF v_row.rankings[k] <> ALL (v_rankings) THEN
                v_rankings := v_rankings || v_row.rankings[k];
                v_added := v_added || 0::bigint;
            END IF;
            v_added_to := array_position(v_rankings, v_row.rankings[k]);
            v_fits := v_fits AND abs(v_added[v_added_to] + v_row.scores[k]) <= v_largest
                AND abs(v_row.totals[k] + v_added[v_added_to] + v_row.scores[k]) <= v_largest;
        END LOOP;
        IF NOT v_fits THEN
            v_outcomes := v_outcomes || submission.rejected(v_item, 'LB023', format(
                'the total of player %s would leave the range -9007199254740991 to 9007199254740991', v_player
            ));
            CONTINUE;
        END IF;
        FOR k IN 1 .. coalesce(cardinality(v_row.rankings), 0) LOOP
            v_added_to := array_position(v_rankings, v_row.rankings[k]);
            v_added[v_added_to] := v_added[v_added_to] + v_row.scores[k];
        END LOOP;
        v_keys := v_keys || v_item.key;
    END LOOP;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.totals_in_range(submission.item[], timestamptz) IS
    'The outcomes of items that would take a total out of the range of exact integers.';
