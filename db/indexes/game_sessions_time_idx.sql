-- Finds the sessions of a window of time: by when they were recorded, and by when they were played. Neighbours in the
-- table are neighbours in time, so it has one entry for every 32 pages.
CREATE INDEX CONCURRENTLY game_sessions_time_idx ON public.game_sessions
    USING brin ("timestamp", (coalesce(played_at, "timestamp"))) WITH (pages_per_range = 32, autosummarize = on);
