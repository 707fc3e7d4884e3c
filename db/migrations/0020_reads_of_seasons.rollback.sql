-- The older release creates its own again.
DROP FUNCTION IF EXISTS
    api.list_boards(text), api.top_players(integer, bigint, integer, text, bigint), api.player_rank(bigint, text),
    api.player_ranks(bigint[], text), api.players_around(bigint, integer, text),
    api.players_from_place(bigint, integer, text), api.rank_of_score(bigint, text),
    api.threshold(bigint, double precision, text), api.display_score(bigint, text, integer),
    board.ranking_of(text), board.season_of(public.boards, text), board.players(integer, boolean, bigint),
    board.ranks(integer, boolean, bigint, integer[]), board.archived_rows(integer, bigint, integer),
    rank_index.player_totals(integer, integer[]), rank_index.ranked_rows(integer, boolean, integer[]),
    rank_index.players_near(integer, boolean, integer, integer, bigint, bigint, integer),
    rank_index.rows_above_by_tie(integer, integer, bigint, bigint, integer),
    rank_index.rows_below_by_tie(integer, integer, bigint, bigint, integer), rank_index.total_at(integer, bigint),
    internal.display_score(bigint, text, integer);

DROP INDEX public.rankings_number_idx;
