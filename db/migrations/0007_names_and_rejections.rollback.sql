-- The triggers of this release need its functions, which the older release does not keep up.
DROP TRIGGER IF EXISTS username_of_new_player ON public.users;

DROP TRIGGER IF EXISTS username_changed ON public.users;

-- NOT VALID: longer names that were chosen meanwhile stay.
ALTER TABLE public.users
    DROP CONSTRAINT users_username_check,
    ADD CONSTRAINT users_username_check CHECK (char_length(username) BETWEEN 1 AND 64) NOT VALID;

DROP SEQUENCE public.rejections_kept_seq;

DROP SEQUENCE public.rejections_of_unknown_seq;
