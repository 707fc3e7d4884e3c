-- Purpose:  the total that a player had on a ranking at a past moment, and how many had a higher one: for a live
--           ranking what the rank index says now, corrected by the players who have played since; for a closed one from
--           the ledger.
-- Args:     p_ranking_id  filled; p_user_id; p_at.
-- Returns:  total_score  as leaderboard would have held it; NULL: the player had none
--           above, players  those with a higher total, and all
--           hidden  true for a banned player, whom the ranks of others do not count; NULL for others, and for a player
--                   who is not to notice. players includes them.
CREATE OR REPLACE FUNCTION past.rank_at(
    p_ranking_id integer, p_user_id integer, p_at timestamptz, OUT total_score bigint, OUT above bigint,
    OUT players bigint, OUT hidden boolean
)
RETURNS record
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_ranking public.rankings;
    v_all     public.rankings;
    v_board   public.boards;
    v_action  text;
    v_apart   boolean;
BEGIN
    SELECT r.* INTO v_ranking FROM public.rankings AS r WHERE r.id = p_ranking_id;
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = v_ranking.board_id;
    v_all := board.ranking_of_all(v_ranking);
    IF v_ranking.closed_at IS NOT NULL AND p_at >= v_all.deadline THEN
        SELECT e.total_score, e.rank - 1, v_ranking.players INTO total_score, above, players
        FROM archive.entries(p_ranking_id, ARRAY[p_user_id]) AS e;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;
    SELECT t.total_score INTO total_score
    FROM past.player_totals(v_board, v_all, p_user_id, ARRAY[p_at]) AS t
    JOIN public.users AS u ON u.id = p_user_id
    WHERE v_ranking.split = '' OR board.split_of(v_ranking.split_by, u.attributes) = v_ranking.split;
    IF total_score IS NULL THEN
        RETURN;
    END IF;
    SELECT m.action INTO v_action
    FROM public.users AS u
    JOIN public.moderation AS m ON m.id = u.ban_id
    WHERE u.id = p_user_id;
    v_apart := v_action IS NOT NULL;
    hidden := CASE v_action WHEN 'ban' THEN true END;
    IF v_ranking.closed_at IS NOT NULL THEN
        v_all.deadline := least(v_all.deadline, p_at);
        v_all.split := v_ranking.split;
        v_all.split_by := v_ranking.split_by;
        SELECT count(*) FILTER (WHERE t.total_score > rank_at.total_score), count(*) INTO above, players
        FROM past.totals_between(v_board, v_all) AS t;
    ELSE
        EXECUTE $query$
            SELECT c.above + s.above, c.players + s.players
            FROM (
                SELECT coalesce(sum(coalesce((p.total_before > $5)::integer, 0) - (p.total_now > $5)::integer), 0)
                           AS above,
                       count(p.total_before) - count(*) AS players
                -- OFFSET 0: total_before is computed once, and not at each place where it stands.
                FROM (SELECT c.* FROM past.changed_totals($1, $2, $3, $4) AS c OFFSET 0) AS p
            ) AS s
            CROSS JOIN rank_index.count_above_one(($2).id, $5) AS c
            $query$
        INTO above, players
        USING v_board, v_ranking, v_all, p_at, total_score;
    END IF;
    players := players + v_apart::integer;
END
$$;

COMMENT ON FUNCTION past.rank_at(integer, integer, timestamptz) IS
    'The total that a player had on a ranking at a past moment, and how many had a higher one.';
