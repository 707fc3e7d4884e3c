-- Purpose:  finds the submissions that would take a total out of the range of exact integers, one after the other: each that fits counts for those
--           behind it. Asked only where scores or totals are large enough for that (submission.count_submissions).
-- Args:     arrays of one length, an element a submission: p_items  positions, ascending; p_user_ids, p_scores, p_game_modes; p_keys, NULL: none.
-- Returns:  an element a submission: false when a total of its player, on any board that adds scores up, would leave -(2^53 - 1) .. 2^53 - 1, or
--           when the scores of its player in this one call add up to more than that. Replays fit: they are not counted.
-- Locks:    the caller holds the boards lock and the players.
CREATE OR REPLACE FUNCTION submission.totals_in_range(
    p_items integer[], p_user_ids integer[], p_scores bigint[], p_game_modes text[], p_keys text[]
)
RETURNS boolean[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_most   CONSTANT bigint := 9007199254740991;
    v_fits   boolean[] := array_fill(true, ARRAY[cardinality(p_items)]);
    v_item   record;
    v_player integer;
    v_totals bigint[];  -- of the player, on each board that adds up; so far
    v_sums   bigint[];  -- what this call adds to them
    v_keys   text[];
BEGIN
    FOR v_item IN
        SELECT i.position, i.user_id, i.score, i.key, b.counts, b.totals
        FROM unnest(p_items, p_user_ids, p_scores, p_game_modes, p_keys)
            WITH ORDINALITY AS i(item, user_id, score, game_mode, key, position)
        CROSS JOIN LATERAL (
            SELECT array_agg((o.game_mode IS NULL OR o.game_mode = i.game_mode) AND i.score BETWEEN o.min_score AND o.max_score ORDER BY o.id) AS counts,
                   array_agg(coalesce(l.total_score, 0) ORDER BY o.id) AS totals
            FROM public.boards AS o
            LEFT JOIN LATERAL (
                SELECT t.total_score FROM public.leaderboard AS t WHERE t.user_id = i.user_id AND t.board_id = o.id OFFSET 0
            ) AS l ON true
            WHERE o.aggregate = 'sum'
        ) AS b
        -- A scalar, so that it stays a look-up a key.
        WHERE (SELECT k.key FROM public.submission_keys AS k WHERE k.user_id = i.user_id AND k.key = i.key) IS NULL
        ORDER BY i.user_id, i.position
    LOOP
        IF v_item.user_id IS DISTINCT FROM v_player THEN
            v_player := v_item.user_id;
            v_totals := v_item.totals;
            v_sums := array_fill(0::bigint, ARRAY[cardinality(v_totals)]);
            v_keys := '{}';
        END IF;
        CONTINUE WHEN v_item.key = ANY (v_keys);
        FOR k IN 1 .. coalesce(cardinality(v_totals), 0) LOOP
            IF v_item.counts[k] AND (abs(v_totals[k] + v_item.score) > v_most OR abs(v_sums[k] + v_item.score) > v_most) THEN
                v_fits[v_item.position] := false;
                EXIT;
            END IF;
        END LOOP;
        CONTINUE WHEN NOT v_fits[v_item.position];
        FOR k IN 1 .. coalesce(cardinality(v_totals), 0) LOOP
            CONTINUE WHEN NOT v_item.counts[k];
            v_totals[k] := v_totals[k] + v_item.score;
            v_sums[k] := v_sums[k] + v_item.score;
        END LOOP;
        v_keys := v_keys || v_item.key;
    END LOOP;
    RETURN v_fits;
END
$$;

COMMENT ON FUNCTION submission.totals_in_range(integer[], integer[], bigint[], text[], text[]) IS
    'Which submissions leave the totals of their players within the range of exact integers.';
