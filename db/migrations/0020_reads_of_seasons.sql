-- Reads of seasons by number; functions of the rank index whose results or arguments change. The deploy creates them
-- again.
-- depends: 0019_season_archives

DROP FUNCTION IF EXISTS
    rank_index.player_totals(integer, integer[]), rank_index.ranked_rows(integer, integer[]);

CREATE INDEX rankings_number_idx ON public.rankings (board_id, number);
