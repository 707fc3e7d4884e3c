-- Finds the rankings that count, however many closed seasons there are: for plain SQL on sessions, rebuilds and checks.
-- depends: 0021_season_upkeep

CREATE INDEX rankings_live_idx ON public.rankings (board_id) WHERE closing_xid IS NULL;
