-- Moderation: what was done to sessions and players, so that it can be undone. Its functions are in a schema of their
-- own. Submits and reads go on, but new players wait for the index on users, some tenths of a second with a million.
-- depends: 0023_players_and_moderation

-- Their results change, or others take their place. The deploy creates them again.
DROP FUNCTION IF EXISTS
    api.player_rank(bigint, text), api.player_ranks(bigint[], text), api.players_around(bigint, integer, text),
    archive.write(integer), internal.require_admin_key();

CREATE SCHEMA moderation;

COMMENT ON SCHEMA moderation IS 'Void sessions, bans, and undoing them. No grants.';

CREATE INDEX users_banned_idx ON public.users (id) WHERE ban_id IS NOT NULL;

ALTER TABLE public.rankings ADD COLUMN revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1);

COMMENT ON COLUMN public.rankings.revision IS
    'Of a closed season: how often its archive was written. api.recompute_season writes it anew.';

CREATE TABLE public.moderation (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    operator text NOT NULL CHECK (char_length(operator) BETWEEN 1 AND 100),
    action   text NOT NULL CHECK (action IN ('void', 'restore', 'ban', 'hide', 'unban', 'undo', 'recompute')),
    user_id  integer REFERENCES public.users (id) ON DELETE SET NULL,
    reason   text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
    filter   jsonb,
    sessions bigint NOT NULL DEFAULT 0,
    players  bigint NOT NULL DEFAULT 0,
    until    timestamptz,
    undoes   bigint UNIQUE REFERENCES public.moderation (id),
    standing boolean NOT NULL DEFAULT true,
    lifted   boolean NOT NULL DEFAULT false
);

CREATE INDEX moderation_user_idx ON public.moderation (user_id) WHERE user_id IS NOT NULL;

CREATE INDEX moderation_until_idx ON public.moderation (until) WHERE until IS NOT NULL AND NOT lifted;

COMMENT ON TABLE public.moderation IS
    'What moderators did (acts): one row each, in the order in which they took effect.';

COMMENT ON COLUMN public.moderation.user_id IS
    'The player whom the act is about, if it is one; NULL after the player was deleted.';

COMMENT ON COLUMN public.moderation.filter IS 'Which sessions it is about, besides user_id: the arguments of the call.';

COMMENT ON COLUMN public.moderation.sessions IS 'How many sessions became void or count again.';

COMMENT ON COLUMN public.moderation.until IS 'When the ban ends; NULL: by a call only.';

COMMENT ON COLUMN public.moderation.standing IS 'Whether the act is in effect: false while it is undone.';

COMMENT ON COLUMN public.moderation.lifted IS 'Of a ban with an end: whether all its players are through with it.';

-- Whatever an act covers, changed by it or not: the last act in effect that covers a session or player decides.
CREATE TABLE public.moderation_players (
    user_id     integer NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    act_id      bigint NOT NULL REFERENCES public.moderation (id) ON DELETE CASCADE,
    session_ids bigint[],
    PRIMARY KEY (user_id, act_id)
);

CREATE INDEX moderation_players_act_idx ON public.moderation_players (act_id);

COMMENT ON TABLE public.moderation_players IS 'The players that an act of moderation covers.';

COMMENT ON COLUMN public.moderation_players.session_ids IS
    'The sessions that it covers, ascending; NULL: it covers the player (ban, hide, unban).';
