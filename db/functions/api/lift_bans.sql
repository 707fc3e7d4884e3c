-- Purpose:  ends bans whose time is over, by one step of at most 500 players, each logged as an unban. Call it every
--           second, each time in a transaction of its own, and again at once while it returns true. A running service
--           does so by itself. If calls stop half-way, later ones go on from there.
-- Returns:  true if it did something and there may be more to do at once; false if not, or if another session is at it.
-- Errors:   LB023 when a total would leave its range and no other ban is left: make the sessions void that cause it.
--           LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, shared; the bans lock if it is free; the players by id. Writes: moderation,
--           moderation_players, users, leaderboard.
CREATE OR REPLACE FUNCTION api.lift_bans() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_act     bigint;
    v_problem text;
BEGIN
    PERFORM internal.require_read_committed();
    IF NOT EXISTS (SELECT FROM public.moderation AS m WHERE m.until <= clock_timestamp() AND NOT m.lifted) THEN
        RETURN false;
    END IF;
    PERFORM internal.lock_boards_shared();
    IF NOT internal.try_lock_bans() THEN
        RETURN false;
    END IF;
    FOR v_act IN
        SELECT m.id
        FROM public.moderation AS m
        WHERE m.until <= clock_timestamp() AND NOT m.lifted
        ORDER BY m.until, m.id
    LOOP
        BEGIN
            PERFORM moderation.lift_step(v_act);
            RETURN true;
        EXCEPTION
            WHEN SQLSTATE 'LB023' THEN
                v_problem := format('the ban of act %s cannot end: %s', v_act, SQLERRM);
        END;
    END LOOP;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem
            USING ERRCODE = 'LB023', HINT = 'Make the sessions void that cause it (api.void_sessions).';
    END IF;
    RETURN false;
END
$$;

COMMENT ON FUNCTION api.lift_bans() IS
    'Ends bans whose time is over by one step; call it again at once while it returns true.';
