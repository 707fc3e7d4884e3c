-- Attributes of players: which there are, and what their values may be.
-- depends: 0024_moderation

CREATE SCHEMA player;

COMMENT ON SCHEMA player IS 'Profiles of players, and what exports and erases them. No grants.';

CREATE TABLE public.attribute_keys (
    name       text COLLATE "C" PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
    kind       text NOT NULL CHECK (kind IN ('text', 'url', 'country')),
    max_length integer NOT NULL DEFAULT 100 CHECK (max_length BETWEEN 1 AND 1000),
    dropped_to integer
);

COMMENT ON TABLE public.attribute_keys IS 'The attributes that players can have (users.attributes).';

COMMENT ON COLUMN public.attribute_keys.max_length IS 'The largest number of characters of a value.';

COMMENT ON COLUMN public.attribute_keys.dropped_to IS
    'NULL: in use. Otherwise it is being dropped, and players up to this id have no value any more.';

INSERT INTO public.attribute_keys (name, kind, max_length)
VALUES ('avatar', 'url', 500), ('country', 'country', 2), ('platform', 'text', 40);

-- The deploy creates it again, for more columns.
DROP TRIGGER IF EXISTS name_change ON public.users;

-- The table is new or small.
ALTER TABLE public.moderation
    DROP CONSTRAINT moderation_action_check,
    ADD CONSTRAINT moderation_action_check
        CHECK (action IN ('void', 'restore', 'ban', 'hide', 'unban', 'undo', 'recompute', 'erase'));
