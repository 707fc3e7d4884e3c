DELETE FROM public.boards WHERE name = 'overall';

DROP TABLE public.rank_state;

DROP TABLE public.rank_delta;

DROP TABLE public.rank_node;
