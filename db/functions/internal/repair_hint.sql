-- Purpose:  how to repair what api.verify_leaderboard and api.verify_sample find, for their hints.
-- Returns:  the hint.
CREATE OR REPLACE FUNCTION internal.repair_hint() RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
    SELECT 'If game_sessions is correct, run SELECT * FROM api.rebuild_leaderboard() as the owner: it rebuilds totals, '
        || 'ranks and the rank index from it. If sessions are missing there, restore them first. Then find out what '
        || 'bypassed the triggers (docs/sql.md, What keeps ranks exact).'
$$;

COMMENT ON FUNCTION internal.repair_hint() IS 'How to repair what verify_leaderboard and verify_sample find.';
