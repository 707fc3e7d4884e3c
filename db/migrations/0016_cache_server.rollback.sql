DROP FUNCTION IF EXISTS api.cache_status(), api.set_cache_server(text, text, text);

ALTER TABLE public.cache_warnings DROP COLUMN server;
