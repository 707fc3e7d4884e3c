-- Purpose:  what every act of moderation needs before it begins.
-- Args:     p_operator  who does it, 1 to 100 characters; p_reason  why, 1 to 500 characters.
-- Errors:   LB001 when one is missing, too long or has characters that cannot be read; LB030 when the transaction is
--           not READ COMMITTED; insufficient_privilege (42501) for the service while there is no API key with the scope
--           moderate or admin.
CREATE OR REPLACE FUNCTION moderation.require_author(p_operator text, p_reason text) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_problem text;
BEGIN
    PERFORM internal.require_key(ARRAY['moderate', 'admin']);
    PERFORM internal.require_read_committed();
    v_problem := CASE
        WHEN char_length(p_operator) BETWEEN 1 AND 100 THEN 'the operator ' || internal.text_problem(p_operator)
        ELSE 'give the operator, who does this, in 1 to 100 characters'
    END;
    v_problem := coalesce(v_problem, CASE
        WHEN char_length(p_reason) BETWEEN 1 AND 500
            THEN 'the reason ' || internal.text_problem(regexp_replace(p_reason, '[\n\r\t]', ' ', 'g'))
        ELSE 'give a reason, in 1 to 500 characters'
    END);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
END
$$;

COMMENT ON FUNCTION moderation.require_author(text, text) IS 'What every act of moderation needs before it begins.';
