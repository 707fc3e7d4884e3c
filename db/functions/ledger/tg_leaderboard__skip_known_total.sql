-- Purpose:  trigger function for plain SQL that inserts totals with their ranks, as a bulk load does after it has
--           filled game_sessions:
--           INSERT INTO leaderboard (user_id, total_score, rank) SELECT user_id, sum(score), rank() OVER ...
--           The triggers of game_sessions have counted these totals already. A row that exists with the same total is
--           skipped, and only its rank is written. (Not if another session holds the row: waiting in the order of ranks
--           could deadlock.)
-- Errors:   23505 for another total: the same error as without this trigger, but with a hint.
-- Writes:   leaderboard.rank.
CREATE OR REPLACE FUNCTION ledger.tg_leaderboard__skip_known_total() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_total bigint;
    v_rank  integer;
BEGIN
    SELECT l.total_score, l.rank INTO v_total, v_rank
    FROM public.leaderboard AS l
    WHERE l.user_id = NEW.user_id AND l.board_id = NEW.board_id;
    -- INSERT ... ON CONFLICT itself says what happens to existing rows.
    IF v_total IS NULL OR current_query() ILIKE '%conflict%' THEN
        RETURN NEW;
    END IF;
    IF v_total <> NEW.total_score THEN
        -- Inside a function the statement is not visible; then PostgreSQL's own error follows, if there is one.
        IF current_query() ILIKE '%insert%leaderboard%' THEN
            RAISE EXCEPTION 'player % has a total of % on board %, from game_sessions: a total of % cannot be inserted',
                NEW.user_id, v_total, (
                    SELECT b.name FROM public.rankings AS r JOIN public.boards AS b ON b.id = r.board_id
                    WHERE r.id = NEW.board_id
                ), NEW.total_score
                USING ERRCODE = 'unique_violation',
                    HINT = 'Totals are counted as sessions are inserted into game_sessions.'
                        ' To fill in ranks, run: SELECT api.materialize_ranks()';
        END IF;
        RETURN NEW;
    END IF;
    IF v_rank IS DISTINCT FROM NEW.rank THEN
        UPDATE public.leaderboard AS l
        SET rank = NEW.rank
        FROM (
            SELECT f.ctid AS row
            FROM public.leaderboard AS f
            WHERE f.user_id = NEW.user_id AND f.board_id = NEW.board_id
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS free
        WHERE l.ctid = free.row;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION ledger.tg_leaderboard__skip_known_total() IS
    'Trigger: skips an inserted total that the ledger has counted already, but takes its rank.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.leaderboard'::regclass AND t.tgname = 'known_total'
    ) THEN
        CREATE TRIGGER known_total BEFORE INSERT ON public.leaderboard
            FOR EACH ROW
            WHEN (
                NEW.rank IS NOT NULL AND pg_catalog.current_setting('leaderboard.counted', true) IS DISTINCT FROM 'on'
            )
            EXECUTE FUNCTION ledger.tg_leaderboard__skip_known_total();
    END IF;
END
$$;
