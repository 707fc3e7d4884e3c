-- Purpose:  checks the options of a board: what api functions and plain SQL on boards alike must not set.
-- Args:     p_board  the row as it would be.
-- Returns:  NULL when they are valid; otherwise a sentence that says what to change. game_mode, aggregate and bounds
--           have checks of their own (board.problem).
-- Note:     seasons of months or days are days of a calendar, those of a time are not, so a period is one of them. The
--           range of times keeps calculations with them from overflowing.
CREATE OR REPLACE FUNCTION board.option_problem(p_board public.boards) RETURNS text
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_months  numeric := extract(year FROM p_board.period) * 12 + extract(month FROM p_board.period);
    v_days    numeric := extract(day FROM p_board.period);
    v_seconds numeric := extract(hour FROM p_board.period) * 3600 + extract(minute FROM p_board.period) * 60
        + extract(second FROM p_board.period);
BEGIN
    RETURN CASE
        WHEN p_board.lowest_wins IS NULL THEN 'lowest_wins must be true or false'
        WHEN char_length(p_board.unit) NOT BETWEEN 1 AND 20 OR p_board.unit ~ '^\s|\s$'
            OR internal.text_problem(p_board.unit) IS NOT NULL
            THEN 'unit must be 1 to 20 printable characters, such as points or ms (NULL for none)'
        WHEN p_board.decimals IS NULL OR p_board.decimals NOT BETWEEN 0 AND 9 THEN 'decimals must be 0 to 9'
        WHEN p_board.ties IS NULL OR p_board.ties NOT IN ('shared', 'earliest') THEN 'ties must be shared or earliest'
        WHEN p_board.split_by IS NOT NULL AND NOT EXISTS (
            SELECT FROM public.attribute_keys AS k
            WHERE k.name = p_board.split_by AND k.kind <> 'url' AND k.dropped_to IS NULL
        )
            THEN 'split_by must be an attribute of players that is a text or a country (NULL for none);'
                ' api.attribute_keys() lists them'
        WHEN p_board.opens_at NOT BETWEEN '1900-01-01 00:00Z' AND '2999-12-31 00:00Z'
            THEN 'opens_at must be between the years 1900 and 2999 (NULL for no opening)'
        WHEN p_board.closes_at NOT BETWEEN '1900-01-01 00:00Z' AND '2999-12-31 00:00Z'
            THEN 'closes_at must be between the years 1900 and 2999 (NULL for no closing)'
        WHEN p_board.opens_at >= p_board.closes_at THEN 'opens_at must be before closes_at'
        WHEN p_board.grace IS NULL OR extract(epoch FROM p_board.grace) NOT BETWEEN 0 AND 366 * 86400
            OR extract(day FROM p_board.grace) <> 0 OR extract(month FROM p_board.grace) <> 0
            OR extract(year FROM p_board.grace) <> 0
            THEN 'grace must be a time of at most 366 days, in hours, such as 48:00'
        WHEN p_board.manual_seasons IS NULL THEN 'manual_seasons must be true or false'
        WHEN p_board.manual_seasons AND p_board.period IS NOT NULL
            THEN 'seasons end by a call (manual_seasons) or by a period, not both: leave one of them out'
        WHEN p_board.keep_seasons < 1 THEN 'keep_seasons must be 1 or more (NULL for all)'
        WHEN p_board.keep_seasons IS NOT NULL AND p_board.period IS NULL AND NOT p_board.manual_seasons
            THEN 'keep_seasons needs seasons: set a period or manual_seasons'
        WHEN p_board.period IS NULL AND (p_board.anchor IS NOT NULL OR p_board.time_zone IS DISTINCT FROM 'UTC')
            THEN 'anchor and time_zone need a period, such as daily'
        WHEN p_board.period IS NULL THEN NULL
        WHEN (v_months <> 0)::integer + (v_days <> 0)::integer + (v_seconds <> 0)::integer <> 1
            THEN 'period must be whole months, whole days or a time, such as 1 month, 7 days or 36 hours, and not a mix'
        WHEN v_months NOT BETWEEN 0 AND 1200 OR v_days NOT BETWEEN 0 AND 36525
            OR v_seconds <> 0 AND v_seconds NOT BETWEEN 1 AND 36525 * 86400.0
            THEN 'period must be between 1 second and 100 years'
        WHEN p_board.anchor IS NULL OR p_board.anchor NOT BETWEEN '1900-01-01' AND '2999-12-31'
            THEN 'anchor must be a local time between the years 1900 and 2999 at which some period begins'
        WHEN p_board.opens_at IS NULL THEN 'a board with a period needs opens_at: when its first season begins'
        WHEN p_board.time_zone IS NULL
            OR p_board.time_zone <> 'UTC'
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_timezone_names AS z WHERE z.name = p_board.time_zone)
            THEN format('there is no time zone %s; pg_timezone_names lists them, such as Europe/Berlin',
                coalesce(quote_literal(left(p_board.time_zone, 60)), 'NULL'))
    END;
END
$$;

COMMENT ON FUNCTION board.option_problem(public.boards) IS
    'Why the options of a board are invalid; NULL: they are valid.';
