-- api.rejected_submissions of a board with few of them read those of all boards. And plainer comments on tables.
-- depends: 0014_rights_of_others

CREATE INDEX rejected_submissions_board_idx ON public.rejected_submissions (board, id);

COMMENT ON TABLE public.users IS 'A player. The id may be given, since a game has its own, or left to its default.';

COMMENT ON TABLE public.game_sessions IS
    'The ledger: an accepted submission. Totals and ranks can be recomputed from it. If plain SQL writes it,'
    ' triggers correct the totals in the same transaction.';

COMMENT ON TABLE public.leaderboard IS
    'The total of a player on a board. It is kept up to date by api.submit_scores and by triggers of game_sessions and'
    ' boards. Whatever writes it, triggers keep the rank index exact.';

COMMENT ON TABLE public.submission_keys IS
    'The key of a submission with its outcome, which a retry gets again. Kept for internal.submission_key_lifetime().';

COMMENT ON TABLE public.rank_node IS
    'A node of the tree: players[k + 1] counts the players of the board with total_score >> shift = parent * 64 + k,'
    ' for k = 0..63; players[65 + g] is the sum of the slots 8g .. 8g + 7, so that a read adds up 14 numbers at most.';

COMMENT ON TABLE public.rank_delta IS
    'A change of a total that is not in the tree yet. NULL: the player was not on the board before, or is not now.';

COMMENT ON TABLE public.rank_state IS
    'A board: the players in its tree, the shift of the top level, the horizon and the transactions in flight when it'
    ' was set, and the number of changes made to the tree.';

COMMENT ON TABLE public.api_keys IS
    'An API key. Revoked and expired ones stay, so that keys remain required.';

COMMENT ON TABLE public.rejected_submissions IS
    'A submission that a score rule rejected. Kept for internal.rejection_lifetime(), and deleted with its player.';

COMMENT ON TABLE public.cache_warnings IS
    'One row at most: the processes of the service that cannot invalidate Redis. While there is one, reads do not use'
    ' Redis.';

COMMENT ON TABLE public.imported_files IS
    'A file of scores that make import has counted. Committed with its sessions, so that it counts once.';
