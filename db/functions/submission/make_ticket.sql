-- Purpose:  makes a play ticket. The key that signs it is made with the first one.
-- Args:     p_user_id; p_game_mode; p_now  the time of issue.
-- Returns:  the ticket, see submission.read_ticket.
-- Locks:    none. Writes: ticket_key, once.
CREATE OR REPLACE FUNCTION submission.make_ticket(p_user_id integer, p_game_mode text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_key   bytea;
    v_inner bytea;
    v_outer bytea;
    v_bytes bytea := int4send(p_user_id)
        || int8send((extract(epoch FROM p_now) * 1000000)::bigint)
        || substr(uuid_send(gen_random_uuid()), 9, 8)
        || substr(submission.mode_digest(p_game_mode), 1, 8);
BEGIN
    IF NOT EXISTS (SELECT FROM public.ticket_key) THEN
        -- Four random UUIDs have 488 bits of PostgreSQL's strong random source.
        v_key := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
            || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
        v_inner := v_key;
        v_outer := v_key;
        FOR i IN 0 .. 63 LOOP
            v_inner := set_byte(v_inner, i, get_byte(v_key, i) # 54);   -- ipad: 0x36
            v_outer := set_byte(v_outer, i, get_byte(v_key, i) # 92);   -- opad: 0x5C
        END LOOP;
        INSERT INTO public.ticket_key (inner_pad, outer_pad) VALUES (v_inner, v_outer) ON CONFLICT DO NOTHING;
    END IF;
    RETURN 'play1' || encode(v_bytes || submission.ticket_code(v_bytes), 'hex');
END
$$;

COMMENT ON FUNCTION submission.make_ticket(integer, text, timestamptz) IS 'Makes a play ticket.';
