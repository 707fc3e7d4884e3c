-- Purpose:  what to do about rows of api.verify_leaderboard and api.verify_sample, in one sentence for their hints.
-- Returns:  the sentence.
CREATE OR REPLACE FUNCTION internal.repair_hint() RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
    SELECT 'If game_sessions is right, the owner runs SELECT * FROM api.rebuild_leaderboard(): it makes totals, ranks and rank index anew from it. '
        || 'If sessions are missing there, restore them first. Then look for what wrote past the triggers (docs/sql.md, What keeps ranks exact).'
$$;

COMMENT ON FUNCTION internal.repair_hint() IS 'What to do about rows of verify_leaderboard and verify_sample.';
