-- This trigger needs a function of this release, which the older release does not keep up.
DROP TRIGGER IF EXISTS name_change ON public.users;

-- The older functions know the horizon alone. From 0 on they read every delta there is, also those of transactions in flight.
UPDATE public.rank_state SET horizon = '0';

ALTER TABLE public.rank_state DROP COLUMN in_flight;

COMMENT ON TABLE public.rank_state IS
    'One row a board: the players in its tree, the shift of the top level, the horizon below which every delta is in the tree, and a count of the changes made to the tree other than by folding.';

ALTER TABLE public.rank_delta REPLICA IDENTITY DEFAULT;
