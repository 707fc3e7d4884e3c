-- Purpose:  takes the names of a player out of the reasons for acts of moderation, which stay: they become [erased].
--           What says that an act covers the player goes with the player.
-- Args:     p_player; p_players  their external ids.
-- Returns:  the number of acts that named them.
-- Locks:    these acts, and those about the player, by id. Writes: moderation.
CREATE OR REPLACE FUNCTION player.erase_from_acts(p_player public.users, p_players text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    -- Whole words: "ada" is not in "Canada".
    c_names CONSTANT text := '(?<![[:alnum:]])(' || (
        SELECT string_agg(regexp_replace(n.name, '([^[:alnum:]])', '\\\1', 'g'), '|' ORDER BY char_length(n.name) DESC)
        FROM unnest(p_players || p_player.username) AS n(name)
    ) || ')(?![[:alnum:]])';
    c_id    CONSTANT text := '(?<![[:alnum:]])' || p_player.id || '(?![[:alnum:]])';
    v_acts  bigint;
BEGIN
    WITH act AS MATERIALIZED (
        SELECT h.id, h.reason,
               left(regexp_replace(
                   -- A number is the player only in an act about them.
                   CASE WHEN h.user_id = p_player.id OR EXISTS (
                       SELECT FROM public.moderation_players AS p WHERE p.user_id = p_player.id AND p.act_id = h.id
                   ) THEN regexp_replace(h.reason, c_id, '[erased]', 'g') ELSE h.reason END,
                   c_names, '[erased]', 'gi'
               ), 500) AS erased
        FROM public.moderation AS h
    ), locked AS MATERIALIZED (
        -- Those about the player too, which lose their user_id when the player is deleted: so that erasures lock acts
        -- in one order.
        SELECT m.id
        FROM public.moderation AS m
        JOIN act AS a ON a.id = m.id
        WHERE a.erased <> a.reason OR m.user_id = p_player.id
        ORDER BY m.id
        FOR NO KEY UPDATE OF m
    )
    UPDATE public.moderation AS m
    SET reason = a.erased
    FROM locked AS l
    JOIN act AS a ON a.id = l.id
    WHERE m.id = l.id AND a.erased <> a.reason;
    GET DIAGNOSTICS v_acts = ROW_COUNT;
    RETURN v_acts;
END
$$;

COMMENT ON FUNCTION player.erase_from_acts(public.users, text[]) IS
    'Takes the names of a player out of the reasons for acts of moderation.';
