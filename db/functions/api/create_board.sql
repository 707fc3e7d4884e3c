-- Purpose:  adds a board, which triggers on boards (board.tg_boards__fill) fill from the ledger: at once if that has
--           few players and sessions, otherwise in steps while submits go on (api.fill_boards). Submits count on it
--           from now on; none is lost or counted twice. Until it is filled its reads fail with LB032. Seasons that are
--           over already are computed from the ledger, too, and closed (api.close_seasons).
-- Args:     p_name       1 to 50 of A-Z a-z 0-9 _ . -, starting with a letter or digit
--           p_game_mode  the game mode it counts; NULL: any
--           p_aggregate  of a player's scores: 'sum', 'best', 'last', 'first', or 'count', their number
--           p_min_score, p_max_score  scores outside do not count on it, and are rejected when submitted to it by name
--           p_lowest_wins  whether the lowest total is best
--           p_unit, p_decimals  describe the scores, which are integers: 'ms', 's', 'points' ...; 0 to 9
--           p_ties       'shared', or 'earliest': among equal totals the player who got there first comes first. Ranks
--                        are equal in any case.
--           p_opens_at, p_closes_at  sessions count from the one time on, up to before the other; NULL: always
--           p_period     'daily', 'weekly', 'monthly', or an interval of months, days or time; NULL: no periods
--           p_anchor     a local time at which some period begins; NULL: 2001-01-01, a Monday. With a period,
--                        p_opens_at is when the first season begins, by default with the period of now.
--           p_time_zone  a name of pg_timezone_names, such as Europe/Berlin
--           p_grace      how long a season that has ended counts sessions that were played in it (a day is 24 hours)
--           p_manual_seasons  whether seasons end by a call of api.end_season
--           p_keep_seasons    how many closed seasons are kept; NULL: all
--           p_split_by   an attribute of players, such as 'country': each of its values also has a ranking of its own,
--                        up to board.max_splits() of them; NULL: none.
-- Returns:  the id of the board.
-- Errors:   LB001 for an invalid argument, LB012 when the name is taken, LB023 when a total would leave its range,
--           LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, exclusive, until the transaction ends. Writes: boards, rankings, leaderboard, rank index.
CREATE OR REPLACE FUNCTION api.create_board(
    p_name text, p_game_mode text DEFAULT NULL, p_aggregate text DEFAULT 'sum',
    p_min_score bigint DEFAULT 0, p_max_score bigint DEFAULT 2147483647, p_lowest_wins boolean DEFAULT false,
    p_unit text DEFAULT NULL, p_decimals integer DEFAULT 0, p_ties text DEFAULT 'shared',
    p_opens_at timestamptz DEFAULT NULL, p_closes_at timestamptz DEFAULT NULL, p_period text DEFAULT NULL,
    p_anchor timestamp DEFAULT NULL, p_time_zone text DEFAULT 'UTC', p_grace interval DEFAULT '0',
    p_manual_seasons boolean DEFAULT false, p_keep_seasons integer DEFAULT NULL, p_split_by text DEFAULT NULL
)
RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board    public.boards;
    v_board_id integer;
    v_problem  text;
BEGIN
    PERFORM internal.require_key(ARRAY['admin']);
    PERFORM internal.require_read_committed();
    v_board.name := p_name;
    v_board.game_mode := p_game_mode;
    v_board.aggregate := p_aggregate;
    v_board.min_score := p_min_score;
    v_board.max_score := p_max_score;
    v_board.lowest_wins := p_lowest_wins;
    v_board.unit := p_unit;
    v_board.decimals := CASE WHEN p_decimals BETWEEN 0 AND 9 THEN p_decimals ELSE -1 END;
    v_board.ties := p_ties;
    v_board.opens_at := p_opens_at;
    v_board.closes_at := p_closes_at;
    v_board.period := board.period_of(p_period);
    v_board.anchor := coalesce(p_anchor, CASE WHEN v_board.period IS NOT NULL THEN timestamp '2001-01-01' END);
    v_board.time_zone := p_time_zone;
    v_board.grace := board.grace_of(p_grace);
    v_board.manual_seasons := p_manual_seasons;
    v_board.keep_seasons := p_keep_seasons;
    v_board.split_by := p_split_by;
    v_board.require_ticket := false;
    IF v_board.period IS NOT NULL AND p_opens_at IS NULL THEN
        v_board.opens_at := clock_timestamp();
    END IF;
    v_problem := board.problem(v_board);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
    IF v_board.period IS NOT NULL AND p_opens_at IS NULL THEN
        SELECT p.starts_at INTO v_board.opens_at
        FROM board.period_at(v_board.period, v_board.anchor, v_board.time_zone, v_board.opens_at) AS p;
    END IF;
    INSERT INTO public.boards (
        name, game_mode, aggregate, min_score, max_score, lowest_wins, unit, decimals, ties, opens_at, closes_at,
        period, anchor, time_zone, grace, manual_seasons, keep_seasons, split_by
    )
    VALUES (
        v_board.name, v_board.game_mode, v_board.aggregate, v_board.min_score, v_board.max_score, v_board.lowest_wins,
        v_board.unit, v_board.decimals, v_board.ties, v_board.opens_at, v_board.closes_at, v_board.period,
        v_board.anchor, v_board.time_zone, v_board.grace, v_board.manual_seasons, v_board.keep_seasons,
        v_board.split_by
    )
    ON CONFLICT (name) DO NOTHING
    RETURNING id INTO v_board_id;
    IF v_board_id IS NULL THEN
        RAISE EXCEPTION 'a board named % already exists', quote_literal(p_name) USING ERRCODE = 'LB012';
    END IF;
    RETURN v_board_id;
END
$$;

COMMENT ON FUNCTION api.create_board(
    text, text, text, bigint, bigint, boolean, text, integer, text, timestamptz, timestamptz, text, timestamp, text,
    interval, boolean, integer, text
) IS 'Adds a board, which is filled from the ledger.';
