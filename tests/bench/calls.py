"""The cost of single database calls in microseconds of processor time: a rank, the look-up of a total, submits, their
fold. It is the time of the session's process, so neither the disk nor other jobs of the machine are in it.
"""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, fields

import psycopg
from psycopg import sql

from tests.bench import machine

#: Loops of so many reads each: the median loop is not the one that something else on the machine interrupted.
_LOOPS = 10
_READS = 200
_SUBMITS = 900
_BATCHES = 60
_BATCH = 64
#: The service folds as often while scores come in this fast.
_SUBMITS_A_FOLD = 300

# Loops inside of the server, so that no round trip is part of a call. Each call is a statement with a snapshot of its
# own, as it would be from a client.
_LOOPED = """
    CREATE OR REPLACE FUNCTION pg_temp.read_ranks(p_user_ids bigint[]) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
        v_user_id bigint;
    BEGIN
        FOREACH v_user_id IN ARRAY p_user_ids LOOP
            PERFORM r.rank FROM api.player_rank(v_user_id) AS r;
        END LOOP;
    END $$;
    CREATE OR REPLACE FUNCTION pg_temp.read_totals(p_user_ids bigint[]) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
        v_user_id bigint;
    BEGIN
        FOREACH v_user_id IN ARRAY p_user_ids LOOP
            PERFORM l.total_score FROM public.leaderboard AS l
            WHERE l.user_id = v_user_id::integer AND l.board_id = 1;
        END LOOP;
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
        connection.execute(_LOOPED)
        folds: list[float] = []
        ones = _submits(connection, players, 1, _SUBMITS, folds)
        batches = _submits(connection, players, _BATCH, _BATCHES, folds)
        _fold(connection)
        return Costs(
            lookup_us=_loop(connection, "read_totals", players),
            rank_us=_loop(connection, "read_ranks", players),
            submit_1_us=ones,
            submit_64_us=batches,
            fold_us=statistics.median(folds),
        )


def cost_medians(measured: Sequence[Costs]) -> Costs:
    """The medians of several measurements, one by one."""
    names = [field.name for field in fields(Costs)]
    return Costs(**{name: statistics.median(getattr(one, name) for one in measured) for name in names})


def _loop(connection: psycopg.Connection, function: str, players: int) -> float:
    statement = sql.SQL("SELECT {}(%s)").format(sql.Identifier("pg_temp", function))
    pid = connection.info.backend_pid
    times = []
    for _ in range(_LOOPS):
        before = machine.session_cpu_seconds(pid)
        connection.execute(statement, [_players(players, _READS)])
        times.append((machine.session_cpu_seconds(pid) - before) * 1e6 / _READS)
    return statistics.median(times)


def _submits(connection: psycopg.Connection, players: int, size: int, calls: int, folds: list[float]) -> float:
    """Microseconds of a call, the median over the stretches between folds. What folds took goes to `folds`."""
    pid = connection.info.backend_pid
    calls_a_fold = max(1, _SUBMITS_A_FOLD // size)
    times = []
    for _ in range(calls // calls_a_fold):
        before = machine.session_cpu_seconds(pid)
        for _ in range(calls_a_fold):
            arguments = [_players(players, size), [random.randint(1, 10_000) for _ in range(size)]]
            connection.execute(_SUBMIT, arguments, prepare=True)
        times.append((machine.session_cpu_seconds(pid) - before) * 1e6 / calls_a_fold)
        microseconds, moved = _fold(connection)
        if moved:
            folds.append(microseconds / moved)
    return statistics.median(times)


def _fold(connection: psycopg.Connection) -> tuple[float, int]:
    """Folds; gives the microseconds it took and the number of changes it moved."""
    pid = connection.info.backend_pid
    before = machine.session_cpu_seconds(pid)
    row = connection.execute("SELECT api.fold_ranks()").fetchone()
    return (machine.session_cpu_seconds(pid) - before) * 1e6, int(row[0]) if row else 0


def _players(players: int, count: int) -> list[int]:
    return [random.randint(1, players) for _ in range(count)]
