DROP TABLE public.cache_warnings;
