-- Plain SQL on game_sessions changes totals in the same transaction from here on: by triggers, which stand with their functions in db/functions.
-- An older shard.submit_scores that is under way would be counted once by itself and once by the trigger. So no submission may be under way
-- while the triggers come; those that wait here call the new function. And a release without this migration must not put its functions
-- beside the triggers: it refuses a database that has it.
-- depends: 0005_score_rules

SELECT pg_catalog.pg_advisory_xact_lock(7201, 1);  -- the boards lock, exclusive, until the deployment ends

COMMENT ON TABLE public.game_sessions IS
    'The ledger: one row an accepted submission. Every total and rank can be rebuilt from it. Whatever plain SQL writes it, triggers bring the totals to it in the same transaction.';

COMMENT ON TABLE public.leaderboard IS
    'Totals: one row a player and board, kept by api.submit_scores and by triggers of game_sessions and boards. Whatever writes it, triggers keep the rank index exact.';
