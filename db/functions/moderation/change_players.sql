-- Purpose:  bans or hides players, or ends that.
-- Args:     p_action  ban, hide or unban; p_operator, p_reason  checked by moderation.require_author
--           p_user_ids  1 to 100,000 players; p_until  when the ban ends, NULL: by a call only.
-- Returns:  one row, as api.ban_players. An unban covers the players who are banned.
-- Errors:   LB001 for no or too many players, or when p_until is over; LB002 for an invalid user id, LB011 when a
--           player does not exist, LB023 when a total would leave its range.
-- Locks:    the boards lock, shared; the players by id; see moderation.recount.
-- Writes:   moderation, moderation_players, users; leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION moderation.change_players(
    p_action text, p_operator text, p_reason text, p_user_ids bigint[], p_until timestamptz,
    OUT act bigint, OUT sessions bigint, OUT players bigint, OUT ranks bigint
)
RETURNS record
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    c_most     CONSTANT integer := 100000;
    v_user_ids integer[];
    v_unknown  text;
BEGIN
    IF coalesce(cardinality(p_user_ids), 0) NOT BETWEEN 1 AND c_most THEN
        RAISE EXCEPTION 'give 1 to % user ids, not %', c_most, coalesce(cardinality(p_user_ids)::text, 'NULL')
            USING ERRCODE = 'LB001';
    ELSIF EXISTS (SELECT FROM unnest(p_user_ids) AS i(id) WHERE (i.id BETWEEN 1 AND 2147483647) IS NOT TRUE) THEN
        RAISE EXCEPTION 'user_id must be an integer from 1 to 2147483647' USING ERRCODE = 'LB002';
    ELSIF p_until <= clock_timestamp() THEN
        RAISE EXCEPTION 'a ban must end in the future, not at %', internal.utc(p_until) USING ERRCODE = 'LB001';
    END IF;
    v_user_ids := ARRAY(SELECT DISTINCT i.id::integer FROM unnest(p_user_ids) AS i(id) ORDER BY 1);
    PERFORM internal.lock_boards_shared();
    PERFORM internal.lock_users(v_user_ids);
    SELECT string_agg(i.id::text, ', ' ORDER BY i.id) FILTER (WHERE i.number <= 10) INTO v_unknown
    FROM (
        SELECT u.id, row_number() OVER (ORDER BY u.id) AS number
        FROM unnest(v_user_ids) AS u(id)
        WHERE NOT EXISTS (SELECT FROM public.users AS k WHERE k.id = u.id)
    ) AS i;
    IF v_unknown IS NOT NULL THEN
        RAISE EXCEPTION 'there is no player %', v_unknown USING ERRCODE = 'LB011';
    END IF;
    sessions := 0;
    players := 0;
    ranks := 0;
    IF p_action = 'unban' THEN
        v_user_ids := ARRAY(
            SELECT u.id FROM public.users AS u WHERE u.id = ANY (v_user_ids) AND u.ban_id IS NOT NULL ORDER BY u.id
        );
        IF v_user_ids = '{}' THEN
            RETURN;
        END IF;
    END IF;
    act := moderation.add_act(
        p_operator, p_reason, p_action, CASE WHEN cardinality(v_user_ids) = 1 THEN v_user_ids[1] END,
        p_until => p_until
    );
    INSERT INTO public.moderation_players (act_id, user_id) SELECT act, i.id FROM unnest(v_user_ids) AS i(id);
    SELECT d.players, d.ranks INTO players, ranks FROM moderation.decide_players(act, v_user_ids) AS d;
    UPDATE public.moderation AS m SET players = change_players.players WHERE m.id = act;
END
$$;

COMMENT ON FUNCTION moderation.change_players(text, text, text, bigint[], timestamptz) IS
    'Bans or hides players, or ends that.';
