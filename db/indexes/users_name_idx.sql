-- Finds players by the beginning of their name (api.players_by_name). "C": byte by byte, so that names with the same
-- beginning are neighbours. upper() and not lower(), which in some locales depends on where in a word a letter is.
CREATE INDEX CONCURRENTLY users_name_idx ON public.users (upper(username) COLLATE "C", id);
