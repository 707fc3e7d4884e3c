-- A fold takes what its snapshot shows instead of what lies below the oldest running transaction, so that a transaction somewhere in
-- the cluster that stays open cannot stop folds. And every table has a replica identity, so that a publication FOR ALL TABLES breaks nothing.
-- depends: 0005_score_rules

ALTER TABLE public.rank_state ADD COLUMN in_flight xid8[] NOT NULL DEFAULT '{}';

COMMENT ON TABLE public.rank_state IS
    'One row a board: the players in its tree, the shift of the top level, the horizon and the transactions in flight when it was set, and a count of the changes made to the tree.';

COMMENT ON COLUMN public.rank_state.in_flight IS
    'Transactions below the horizon that were still running when the last fold took its snapshot: their deltas are not in the tree yet.';

-- It has no key, and needs none: only folds delete from it. Costs nothing until a publication names the table.
ALTER TABLE public.rank_delta REPLICA IDENTITY FULL;
