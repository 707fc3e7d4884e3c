"""`make bench-moderation`: what acts of moderation cost among 1M players with 5M sessions.

    PLAYERS=1000000, SESSIONS=5000000, ROUNDS=30

Each act is a transaction of its own. CPU is that of its server process, with other processes beside it as far as the
machine has any; the wall time depends on them.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from service.embedded import EmbeddedPostgres
from tests.bench import command, report
from tests.bench.command import Say
from tests.bench.options import number
from tests.bench.servers import fill_database, running, warm

Connection = psycopg.Connection[Any]
_LONGEST_SECONDS = 3600

_VOID = "SELECT * FROM api.void_sessions('bench', 'cost', {})"
_BAN = "SELECT * FROM api.ban_players('bench', 'cost', %s)"
_UNBAN = "SELECT * FROM api.unban_players('bench', 'cost', %s)"
_UNDO = "SELECT * FROM api.undo_act('bench', 'cost', %s)"
#: The boards besides the one that every database has.
_BOARDS = "SELECT api.create_board('best', p_aggregate => 'best'), api.create_board('last', p_aggregate => 'last')"
_SESSION = "SELECT id FROM game_sessions WHERE user_id = %s LIMIT 1"
#: A time in which some thousands of sessions were played.
_SPAN = """
    SELECT min(g.timestamp), max(g.timestamp)
    FROM (SELECT * FROM game_sessions ORDER BY "timestamp" OFFSET %s LIMIT 4650) AS g"""


def main(folder: Path, say: Say) -> int:
    players, sessions = number(os.environ, "PLAYERS", 1_000_000), number(os.environ, "SESSIONS", 5_000_000)
    with running(EmbeddedPostgres(folder / "postgres")) as postgres:
        say(f"loading {players:,} players and {sessions:,} sessions")
        fill_database(postgres.url(), players, sessions)
        with psycopg.connect(postgres.url(), autocommit=True) as connection:
            connection.execute(_BOARDS)
            while _one(connection, "SELECT api.fill_boards()")[0]:
                pass
            warm(postgres.url())
            (boards,) = _one(connection, "SELECT count(*) FROM rankings WHERE closing_xid IS NULL")
            say(f"acts on {boards} boards")
            print(report.table(("what", "CPU", "wall", "target"), costs(connection, players)))
    return 0


def costs(connection: Connection, players: int) -> list[list[str]]:
    """The lines of the table."""
    rounds = number(os.environ, "ROUNDS", 30)
    rng = random.Random(1)
    few, many = max(2, rounds // 10), min(10_000, players // 10)

    def one() -> int:
        return rng.randint(1, players)

    def measure(what: str, target: str, times: int, call: Callable[[], tuple[str, tuple[Any, ...]]]) -> list[str]:
        cpu, wall = [], []
        for _ in range(times):
            statement, values = call()
            began, before = time.perf_counter(), _cpu(connection)
            _one(connection, statement, *values)
            cpu.append((_cpu(connection) - before) * 1e3)
            wall.append((time.perf_counter() - began) * 1e3)
            _one(connection, "SELECT api.fold_ranks()")
        if times > 2:  # the first one also loads functions and plans
            del cpu[0], wall[0]
        return [
            what,
            f"{statistics.median(cpu):.1f} ms",
            f"{statistics.median(wall):.1f} ms",
            target,
        ]

    span = _one(connection, _SPAN, rng.randint(0, max(1, players - 4650)))
    chosen = [rng.sample(range(1, players + 1), many) for _ in range(few)]
    banned, freed = iter(chosen), iter(chosen)
    single = [one() for _ in range(rounds)]
    one_banned, one_freed = iter(single), iter(single)
    last = "SELECT max(id) FROM moderation WHERE undoes IS NULL"
    return [
        measure("void one session", "5 ms", rounds, lambda: (
            _VOID.format("p_session_id => %s"), _one(connection, _SESSION, one()) or (1,))),
        measure("dry run of it", "", rounds, lambda: (
            _VOID.format("p_session_id => %s, p_dry_run => true"), _one(connection, _SESSION, one()) or (1,))),
        measure("void a player's sessions", "", rounds, lambda: (_VOID.format("p_user_id => %s"), (one(),))),
        measure("void some 4,650 sessions by their time", "", 1, lambda: (
            _VOID.format("p_from => %s, p_to => %s"), span)),
        measure("undo that", "", 1, lambda: (_UNDO, _one(connection, last))),
        measure("ban a player", "5 ms", rounds, lambda: (_BAN, ([next(one_banned)],))),
        measure("unban a player", "", rounds, lambda: (_UNBAN, ([next(one_freed)],))),
        measure(f"ban {many:,} players", "1 s", few, lambda: (_BAN, (next(banned),))),
        measure(f"unban {many:,} players", "10 s", few, lambda: (_UNBAN, (next(freed),))),
    ]  # fmt: skip


def _cpu(connection: Connection) -> float:
    """The CPU seconds that the server process of the connection has had."""
    return int(Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9


def _one(connection: Connection, statement: str, *values: Any) -> tuple[Any, ...]:
    return connection.execute(statement, values).fetchone() or ()


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
