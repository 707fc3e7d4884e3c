-- Before the table goes, so must the trigger on users that needs it.
DROP TRIGGER IF EXISTS rejections_of_player ON public.users;

DROP TABLE public.rejected_submissions;

ALTER TABLE public.boards DROP COLUMN max_submissions_per_minute, DROP COLUMN max_gain_per_hour;
