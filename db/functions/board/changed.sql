-- Purpose:  a board with changes.
-- Args:     p_board  the row; p_changes  JSON object: the keys are the arguments of api.create_board without p_, and
--           the score rules of api.set_score_rules, where 0 means no limit.
-- Returns:  the changed row, not checked by board.problem.
-- Errors:   LB001 for an unknown key and for a value of the wrong type.
CREATE OR REPLACE FUNCTION board.changed(p_board public.boards, p_changes jsonb) RETURNS public.boards
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_types CONSTANT jsonb := '{
        "name": "string", "game_mode": "string", "aggregate": "string", "min_score": "number", "max_score": "number",
        "lowest_wins": "boolean", "unit": "string", "decimals": "number", "ties": "string", "opens_at": "string",
        "closes_at": "string", "period": "string", "anchor": "string", "time_zone": "string", "grace": "string",
        "manual_seasons": "boolean", "keep_seasons": "number", "max_submissions_per_minute": "number",
        "max_gain_per_hour": "number", "require_ticket": "boolean", "min_play_seconds": "number",
        "max_play_seconds": "number", "max_score_per_second": "number", "split_by": "string"
    }';
    v_board public.boards := p_board;
    v_key   text;
    v_value jsonb;
BEGIN
    IF p_changes IS NULL OR jsonb_typeof(p_changes) <> 'object' THEN
        RAISE EXCEPTION 'the changes must be a JSON object, such as {"max_score": 100}' USING ERRCODE = 'LB001';
    END IF;
    FOR v_key, v_value IN SELECT c.key, c.value FROM jsonb_each(p_changes) AS c LOOP
        IF c_types ->> v_key IS NULL THEN
            RAISE EXCEPTION 'a board has no option %', quote_literal(left(v_key, 60)) USING ERRCODE = 'LB001',
                HINT = 'Options: ' || (SELECT string_agg(o.name, ', ') FROM jsonb_object_keys(c_types) AS o(name));
        END IF;
        IF jsonb_typeof(v_value) NOT IN ('null', c_types ->> v_key)
            OR c_types ->> v_key = 'number' AND v_value <> 'null' AND (v_value #>> '{}')::numeric % 1 <> 0
        THEN
            RAISE EXCEPTION '% must be %, not %', v_key, CASE c_types ->> v_key
                WHEN 'number' THEN 'an integer' WHEN 'boolean' THEN 'true or false' ELSE 'a text'
            END, left(v_value::text, 60) USING ERRCODE = 'LB001';
        END IF;
        IF v_key = 'period' THEN
            v_board.period := board.period_of(v_value #>> '{}');
            CONTINUE;
        ELSIF v_value = '0' AND v_key IN (
            'max_submissions_per_minute', 'max_gain_per_hour', 'min_play_seconds', 'max_play_seconds',
            'max_score_per_second'
        ) THEN
            v_value := 'null';
        ELSIF c_types ->> v_key = 'number' AND v_value <> 'null' THEN
            v_value := to_jsonb(trunc((v_value #>> '{}')::numeric));
        END IF;
        BEGIN
            v_board := jsonb_populate_record(v_board, jsonb_build_object(v_key, v_value));
        EXCEPTION
            WHEN data_exception THEN
                RAISE EXCEPTION '% cannot be %', v_key, left(v_value::text, 60) USING ERRCODE = 'LB001';
        END;
    END LOOP;
    v_board.grace := board.grace_of(v_board.grace);
    RETURN v_board;
END
$$;

COMMENT ON FUNCTION board.changed(public.boards, jsonb) IS 'A board with changes, which are not checked yet.';
