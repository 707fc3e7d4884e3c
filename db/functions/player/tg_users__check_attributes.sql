-- Purpose:  trigger function: checks attributes, whatever writes them: each value that is new is one of a declared
--           attribute. Stores texts in normal form C, and NULL for none.
-- Errors:   LB017 for attributes that are invalid, or take more than 4,096 bytes.
-- Locks:    none.
CREATE OR REPLACE FUNCTION player.tg_users__check_attributes() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_max_bytes CONSTANT integer := 4096;
    v_problem   text;
BEGIN
    IF jsonb_typeof(NEW.attributes) <> 'object' THEN
        RAISE EXCEPTION 'attributes must be an object such as {"country": "DE"}' USING ERRCODE = 'LB017';
    END IF;
    SELECT player.attribute_problem(a.key, a.value) INTO v_problem
    FROM jsonb_each(NEW.attributes) AS a
    WHERE a.value <> 'null'
        AND (TG_OP = 'INSERT' OR a.value IS DISTINCT FROM OLD.attributes -> a.key)
        AND player.attribute_problem(a.key, a.value) IS NOT NULL
    ORDER BY a.key
    LIMIT 1;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB017';
    END IF;
    SELECT jsonb_object_agg(a.key, internal.to_nfc(a.value #>> '{}')) INTO NEW.attributes
    FROM jsonb_each(NEW.attributes) AS a
    WHERE a.value <> 'null';
    IF octet_length(NEW.attributes::text) > c_max_bytes THEN
        RAISE EXCEPTION 'the attributes of a player may take % bytes in all', c_max_bytes USING ERRCODE = 'LB017';
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION player.tg_users__check_attributes() IS
    'Trigger: rejects attributes that are not declared or invalid.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'attributes_of_player'
    ) THEN
        CREATE TRIGGER attributes_of_player BEFORE INSERT OR UPDATE OF attributes ON public.users
            FOR EACH ROW WHEN (NEW.attributes IS NOT NULL) EXECUTE FUNCTION player.tg_users__check_attributes();
    END IF;
END
$$;
