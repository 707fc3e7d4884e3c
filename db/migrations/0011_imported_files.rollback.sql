DROP TABLE public.imported_files;
