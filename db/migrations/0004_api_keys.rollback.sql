-- The functions of this migration's release do not work without the table; those of the older one do not need it.
DROP TABLE public.api_keys;
