"""The cost of single database calls in microseconds: a rank, the look-up of a total, submits, their fold."""

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields

import psycopg
from psycopg import sql

#: Loops of so many reads each: the median loop is not the one that something else on the machine interrupted.
_LOOPS = 10
_READS = 200
_SUBMITS = 300
_BATCHES = 60
_BATCH = 64
#: The service folds as often while scores come in this fast.
_SUBMITS_A_FOLD = 300

# Microseconds a call of a loop that runs inside of the server, so that no round trip is part of it. Each call
# is a statement with a snapshot of its own, as it would be from a client.
_TIMED_LOOPS = """
    CREATE OR REPLACE FUNCTION pg_temp.time_ranks(p_user_ids bigint[]) RETURNS double precision
    LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
        v_started timestamptz := clock_timestamp();
        v_user_id bigint;
    BEGIN
        FOREACH v_user_id IN ARRAY p_user_ids LOOP
            PERFORM r.rank FROM api.player_rank(v_user_id) AS r;
        END LOOP;
        RETURN extract(epoch FROM clock_timestamp() - v_started) * 1e6 / cardinality(p_user_ids);
    END $$;
    CREATE OR REPLACE FUNCTION pg_temp.time_lookups(p_user_ids bigint[]) RETURNS double precision
    LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
        v_started timestamptz := clock_timestamp();
        v_user_id bigint;
    BEGIN
        FOREACH v_user_id IN ARRAY p_user_ids LOOP
            PERFORM l.total_score FROM public.leaderboard AS l
            WHERE l.user_id = v_user_id::integer AND l.board_id = 1;
        END LOOP;
        RETURN extract(epoch FROM clock_timestamp() - v_started) * 1e6 / cardinality(p_user_ids);
    END $$"""
_SUBMIT = "SELECT s.status FROM api.submit_scores(%s::bigint[], %s::bigint[]) AS s"


@dataclass(frozen=True, slots=True)
class Costs:
    """Microseconds: a call of each, and of the fold for each submission that it moved."""

    lookup_us: float
    rank_us: float
    submit_1_us: float
    submit_64_us: float
    fold_us: float


def costs(database_url: str, players: int) -> Costs:
    """Measures with random players; no rank change is pending when ranks are read. The URL is the owner's."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET plan_cache_mode = force_generic_plan")
        connection.execute(_TIMED_LOOPS)
        folds: list[float] = []
        ones = _submits(connection, players, 1, _SUBMITS, folds)
        batches = _submits(connection, players, _BATCH, _BATCHES, folds)
        _fold(connection)
        return Costs(
            lookup_us=_loop(connection, "time_lookups", players),
            rank_us=_loop(connection, "time_ranks", players),
            submit_1_us=statistics.median(ones),
            submit_64_us=statistics.median(batches),
            fold_us=statistics.median(folds),
        )


def cost_medians(measured: Sequence[Costs]) -> Costs:
    """The medians of several measurements, one by one."""
    names = [field.name for field in fields(Costs)]
    return Costs(**{name: statistics.median(getattr(one, name) for one in measured) for name in names})


def _loop(connection: psycopg.Connection, function: str, players: int) -> float:
    statement = sql.SQL("SELECT {}(%s)").format(sql.Identifier("pg_temp", function))
    times = []
    for _ in range(_LOOPS):
        row = connection.execute(statement, [_players(players, _READS)]).fetchone()
        times.append(float(row[0]) if row else 0.0)
    return statistics.median(times)


def _submits(connection: psycopg.Connection, players: int, size: int, calls: int, folds: list[float]) -> list[float]:
    """Microseconds of each call. Between calls their changes are folded; what that took goes to `folds`."""
    times = []
    for number in range(1, calls + 1):
        arguments = [_players(players, size), [random.randint(1, 10_000) for _ in range(size)]]
        started = time.perf_counter()
        connection.execute(_SUBMIT, arguments, prepare=True)
        times.append((time.perf_counter() - started) * 1e6)
        if number * size % _SUBMITS_A_FOLD < size:
            microseconds, moved = _fold(connection)
            if moved:
                folds.append(microseconds / moved)
    return times


def _fold(connection: psycopg.Connection) -> tuple[float, int]:
    """Folds; gives the microseconds it took and the number of changes it moved."""
    started = time.perf_counter()
    row = connection.execute("SELECT api.fold_ranks()").fetchone()
    return (time.perf_counter() - started) * 1e6, int(row[0]) if row else 0


def _players(players: int, count: int) -> list[int]:
    return [random.randint(1, players) for _ in range(count)]
