-- Names of players: up to 255 characters, in Unicode's normal form C. What else a new name must be is held by the triggers of
-- lib.guard_usernames. Names that are there already stay, but for their normal form. And a bound of what is kept of refused submissions.
-- depends: 0005_score_rules

-- The scan comes before the lock, so that nobody waits for it. (A name that is registered meanwhile stays as it is.)
CREATE TEMPORARY TABLE other_form (id integer, username text) ON COMMIT DROP;

DO $$
BEGIN
    IF pg_catalog.getdatabaseencoding() = 'UTF8' THEN  -- others have no normal forms
        INSERT INTO pg_temp.other_form (id, username)
        SELECT min(u.id), pg_catalog.normalize(u.username, 'NFC')
        FROM public.users AS u
        WHERE u.username ~ '[^ -~]' AND u.username IS NOT NFC NORMALIZED
        GROUP BY pg_catalog.normalize(u.username, 'NFC');
        ANALYZE pg_temp.other_form;
    END IF;
END
$$;

-- NOT VALID: all rows kept the old rule, which is narrower, so they need not be read again.
ALTER TABLE public.users
    DROP CONSTRAINT users_username_check,
    ADD CONSTRAINT users_username_check CHECK (char_length(username) BETWEEN 1 AND 255) NOT VALID;

-- Where two players have one name in two forms, both keep theirs.
UPDATE public.users AS u
SET username = f.username
FROM pg_temp.other_form AS f
WHERE u.id = f.id AND pg_catalog.char_length(f.username) <= 255
    AND NOT EXISTS (SELECT FROM public.users AS t WHERE t.username = f.username);

-- How many were kept this minute, of all and of players that nobody knows: lib.note_rejection. Sequences, since they count what others have
-- not committed yet, and nobody waits for them.
CREATE SEQUENCE public.rejections_kept_seq;

CREATE SEQUENCE public.rejections_of_unknown_seq;

COMMENT ON SEQUENCE public.rejections_kept_seq IS 'Minute times 1000000, plus the refused submissions that were kept in it.';

COMMENT ON SEQUENCE public.rejections_of_unknown_seq IS 'The same of players that nobody knows.';
