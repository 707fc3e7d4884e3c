"""Loads a deterministic data set of any size, with exact ranks, in one transaction.

One connection computes the rows on the server (rows.py) while another copies them into the tables. That takes half as
long as INSERT ... SELECT, which alternates between the two and writes a WAL record per row. Keys and indexes are built
from the full tables (definitions.py), and so is the rank index.
"""

import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import uvloop

from seed import definitions, rows
from seed.copying import copy, copy_in
from seed.definitions import Connection, Definition
from seed.progress import Progress, shown
from service.database.connect import connect
from service.errors import OperatorError

_TABLES = ("public.users", "public.game_sessions", "public.leaderboard")
_VACUUMED = (*_TABLES, "public.submission_keys", "public.rank_node", "public.rank_delta", "public.rank_state")
_MAX_ROWS = 2_000_000_000

_LOCK_WAIT_SECONDS = 60.0
#: Less than the second after which PostgreSQL checks for deadlocks: this load gives way before a caller has to.
_LOCK_TIMEOUT = "300ms"

_SESSION_SETTINGS = {
    "application_name": "leaderboard seed",
    # A role's timeouts are meant for short statements.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
    # If this process is killed, the server ends a running statement within a second and rolls back.
    "client_connection_check_interval": "1s",
    # Compiling integer expressions takes longer than it saves.
    "jit": "off",
}

#: The last week by days, the last four by weeks and split by country, and the best scores of the last three months by
#: months: 16 seasons, each with at most a month's sessions.
_ADD_BOARDS = """
    SELECT api.create_board(
        b.name, p_aggregate => b.aggregate, p_period => b.period,
        p_opens_at => date_trunc(b.unit, $1::timestamptz, 'UTC') - b.past, p_split_by => b.split_by
    )
    FROM (VALUES
        ('daily', 'sum', 'daily', 'day', interval '7 days', NULL),
        ('weekly', 'sum', 'weekly', 'week', interval '28 days', 'country'),
        ('best', 'best', 'monthly', 'month', interval '2 months', NULL)
    ) AS b(name, aggregate, period, unit, past, split_by)
    WHERE NOT EXISTS (SELECT FROM public.boards AS o WHERE o.name = b.name)"""

_LIVE_RANKINGS = """
    UPDATE public.rankings AS r SET filled_to = NULL, splits_to = NULL
    WHERE r.closing_xid IS NULL AND r.closed_at IS NULL AND r.split = ''
    RETURNING r.id"""

#: The splits that the players of a ranking need.
_ADD_SPLITS = """
    SELECT board.add_splits(array_agg(v.id), array_agg(v.split))
    FROM (
        SELECT DISTINCT l.board_id AS id, board.split_of(b.split_by, u.attributes) AS split
        FROM public.leaderboard AS l
        JOIN public.rankings AS r ON r.id = l.board_id
        JOIN public.boards AS b ON b.id = r.board_id AND b.split_by IS NOT NULL
        JOIN public.users AS u ON u.id = l.user_id
    ) AS v
    WHERE v.split IS NOT NULL"""

_FILL_SPLITS = """
    INSERT INTO public.leaderboard (board_id, user_id, total_score, tie, rank)
    SELECT s.id, l.user_id, l.total_score, l.tie, rank() OVER (PARTITION BY s.id ORDER BY l.total_score DESC)
    FROM public.leaderboard AS l
    JOIN public.rankings AS r ON r.id = l.board_id
    JOIN public.users AS u ON u.id = l.user_id
    JOIN public.rankings AS s
        ON s.board_id = r.board_id AND s.starts_at = r.starts_at AND s.split > ''
        AND s.split = board.split_of(s.split_by, u.attributes)"""

# Microseconds per player and per session in each phase, measured at 1 and 5 million.
_COSTS = {
    "players": (0.8, 0.0),
    "sessions": (0.0, 0.85),
    "statistics": (0.1, 0.05),
    "totals": (1.5, 0.5),
    "keys and indexes": (2.0, 0.8),
    "foreign keys": (0.5, 0.2),
    "rank index": (0.3, 0.0),
    "vacuum": (0.1, 0.02),
}


class SeedError(OperatorError):
    """The data set was not loaded and the database is unchanged."""


class NotEmptyError(SeedError):
    """The database holds players already."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to load. Raises ValueError for numbers out of range."""

    users: int
    sessions: int
    random_seed: int
    replace: bool
    end: datetime = rows.END
    with_boards: bool = False

    def __post_init__(self) -> None:
        for name, number, low in (("users", self.users, 1), ("sessions", self.sessions, 0)):
            if not low <= number <= _MAX_ROWS:
                raise ValueError(f"{name} must be from {low} to {_MAX_ROWS:,}, not {number:,}")

    def share(self, phase: str) -> float:
        """The approximate share of a phase in the time of the whole load."""
        times = {name: self.users * user + self.sessions * game for name, (user, game) in _COSTS.items()}
        return times[phase] / sum(times.values())


def generate(
    database_url: str,
    *,
    users: int,
    sessions: int,
    random_seed: int = 1,
    replace: bool = False,
    progress: bool = False,
    end: datetime = rows.END,
    with_boards: bool = False,
) -> None:
    """Loads `users` players and `sessions` sessions of a year, up to `end`, with exact totals and ranks on every board.

    `with_boards` adds boards with seasons, of which the past ones are left to `api.close_seasons`. The same arguments
    give the same rows. `database_url` is the owner's. An interrupted load leaves the database
    unchanged. Concurrent reads and submits wait for its end. `replace` deletes all players with their sessions, totals
    and submission keys; without it, raises NotEmptyError if there are any. `progress` reports on stderr.

    Raises ValueError for numbers out of range, SeedError if other sessions hold the tables for a minute, and asyncpg's
    errors and OSError for failures of the database or the connection. Runs its own event loop: from a coroutine, call
    it in a thread.
    """
    plan = Plan(
        users=users, sessions=sessions, random_seed=random_seed, replace=replace, end=end, with_boards=with_boards
    )
    reporter = shown() if progress else Progress()
    try:
        uvloop.run(_generate(database_url, plan, reporter))
    finally:
        reporter.close()


async def _generate(database_url: str, plan: Plan, reporter: Progress) -> None:
    refreshing = asyncio.create_task(reporter.refresh_forever())
    try:
        await _run(database_url, plan, reporter)
    finally:
        refreshing.cancel()


async def _run(database_url: str, plan: Plan, reporter: Progress) -> None:
    async with _connected(database_url) as writer:
        if not plan.replace:
            await _refuse_players(writer)
        async with _connected(database_url) as computer:
            await _load_when_free(writer, computer, plan, reporter)
        # The data set is complete now. If this fails, autovacuum makes up for it.
        with reporter.phase("vacuum", plan.share("vacuum")), contextlib.suppress(asyncpg.PostgresError):
            await writer.execute(f"VACUUM {', '.join(_VACUUMED)}")


@contextlib.asynccontextmanager
async def _connected(database_url: str) -> AsyncIterator[Connection]:
    connection = await connect(database_url)
    try:
        # Joined with pg_settings, because not every version has all of them.
        await connection.execute(
            "SELECT set_config(s.name, v.value, false)"
            " FROM unnest($1::text[], $2::text[]) AS v(name, value) JOIN pg_settings AS s ON s.name = v.name",
            list(_SESSION_SETTINGS),
            list(_SESSION_SETTINGS.values()),
        )
        yield connection
        with contextlib.suppress(OSError, asyncpg.PostgresError):  # the work is done
            await connection.close(timeout=10)
    finally:
        connection.terminate()


async def _load_when_free(writer: Connection, computer: Connection, plan: Plan, reporter: Progress) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_SECONDS
    while True:
        try:
            async with writer.transaction(isolation="read_committed"):
                await _lock(writer)
                await _load(writer, computer, plan, reporter)
            return
        except asyncpg.LockNotAvailableError as error:
            if time.monotonic() > deadline:
                raise SeedError(
                    f"other sessions held locks on the tables for {_LOCK_WAIT_SECONDS:.0f} s, and nothing was changed."
                    " Find them (SELECT pid, application_name, query FROM pg_stat_activity"
                    " WHERE xact_start IS NOT NULL), end them and start again."
                ) from error
        await asyncio.sleep(random.uniform(0.1, 0.5))


async def _lock(writer: Connection) -> None:
    """Locks out other sessions until the end of the transaction. Raises LockNotAvailableError after a short wait."""
    await writer.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
    # The boards lock waits for submits in progress and blocks new ones. The fold lock, which the end of the load needs,
    # does the same for folds, which could otherwise hold it and wait for a table. Other sessions may take it after
    # their rows: on a conflict, the short timeout makes this load give way.
    await writer.execute("SELECT internal.lock_boards()")
    await writer.execute("SELECT internal.lock_fold()")
    await writer.execute(f"LOCK TABLE {', '.join(_TABLES)}, public.submission_keys IN ACCESS EXCLUSIVE MODE")


async def _refuse_players(connection: Connection) -> None:
    """Raises NotEmptyError if there is a player. Without players there are no sessions and totals."""
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM public.users)"):
        return
    count = await connection.fetchval("SELECT count(*) FROM public.users")
    raise NotEmptyError(
        f"the database holds {count:,} player{'' if count == 1 else 's'} already, and nothing was changed."
        " To delete all players with their sessions, totals and submission keys and to load the data set"
        " instead, run `make seed REPLACE=1` (`python -m seed --replace`)."
    )


async def _load(writer: Connection, computer: Connection, plan: Plan, reporter: Progress) -> None:
    if not plan.replace:
        await _refuse_players(writer)  # again, now that no one can add a player
    triggers = [
        statement
        for table in ("public.game_sessions", "public.leaderboard")
        for statement in await definitions.drop_triggers(writer, table)
    ]
    if plan.replace:
        # Rejected submissions go with their players: TRUNCATE fires no row triggers.
        await writer.execute("TRUNCATE public.users, public.rejected_submissions CASCADE")
    triggers += await definitions.drop_triggers(writer, "public.users")
    dropped = await definitions.drop(writer, _TABLES)
    await writer.execute("SET LOCAL lock_timeout = 0")
    # Rows copied into a table that the same transaction truncated can be written frozen.
    await writer.execute(f"TRUNCATE {', '.join(_TABLES)}")
    if plan.with_boards:
        await writer.execute(_ADD_BOARDS, plan.end)
    await _tune(writer)

    with reporter.phase("players", plan.share("players")):
        query = rows.users_query(plan.users, plan.random_seed, plan.end)
        columns: tuple[str, ...] = ("id", "username", "join_date", "attributes")
        await copy(computer, query, writer, "users", columns, 85 * plan.users, reporter)
    with reporter.phase("sessions", plan.share("sessions")):
        query = rows.sessions_query(plan.users, plan.sessions, plan.random_seed, plan.end)
        columns = ("id", "user_id", "score", "game_mode", "timestamp")
        await copy(computer, query, writer, "game_sessions", columns, 54 * plan.sessions, reporter)
    with reporter.phase("statistics", plan.share("statistics")):
        await writer.execute("ANALYZE public.users, public.game_sessions")
    boards = [row["id"] for row in await writer.fetch(_LIVE_RANKINGS)]
    with reporter.phase("totals", plan.share("totals")):
        for done, board_id in enumerate(boards, start=1):
            await _fill_board(writer, board_id)
            reporter.advance(done / len(boards))
        await writer.execute(_ADD_SPLITS)
        await writer.execute(_FILL_SPLITS)
        await writer.execute("ANALYZE public.leaderboard")
    with reporter.phase("keys and indexes", plan.share("keys and indexes")):
        await _restore(writer, [one for one in dropped if not one.is_reference], reporter)
    with reporter.phase("foreign keys", plan.share("foreign keys")):
        # A merge join on the new indexes takes a quarter of the time of the hash join that the planner prefers.
        await writer.execute("SET LOCAL enable_hashjoin = off")
        await _restore(writer, [one for one in dropped if one.is_reference], reporter)
    with reporter.phase("rank index", plan.share("rank index")):
        for statement in triggers:
            await writer.execute(statement)
        splits = [row["id"] for row in await writer.fetch("SELECT s.id FROM board.live_splits(NULL) AS s")]
        for board_id in boards + splits:
            await writer.execute("SELECT rank_index.rebuild($1)", board_id)
    # Unlike setval, these are part of the transaction.
    await writer.execute(f"ALTER SEQUENCE public.users_id_seq RESTART WITH {plan.users + 1}")
    await writer.execute(f"ALTER TABLE public.game_sessions ALTER COLUMN id RESTART WITH {plan.sessions + 1}")


async def _tune(writer: Connection) -> None:
    """Settings for the rest of the transaction."""
    # Memory for sorting millions of rows, used only as needed.
    await writer.execute("SET LOCAL maintenance_work_mem = '512MB'")
    await writer.execute("SET LOCAL work_mem = '256MB'")
    # Compressing the pages of new indexes for the WAL takes three times as long as building them.
    await writer.execute(
        "SELECT set_config('wal_compression', 'off', true) WHERE has_parameter_privilege('wal_compression', 'SET')"
    )


async def _fill_board(writer: Connection, board_id: int) -> None:
    """Totals and ranks of a board, from the ledger.

    The rows go through a file because COPY writes them faster than INSERT. They are not frozen: a reader that waited
    for this load with an older snapshot would see them without their rank index.
    """
    query = """
        SELECT $1::integer, t.user_id, t.total_score, t.tie, (rank() OVER (ORDER BY t.total_score DESC))::integer
        FROM ledger.totals($1, NULL) AS t
        ORDER BY t.total_score DESC, t.user_id"""
    with tempfile.TemporaryFile() as file:
        await writer.copy_from_query(query, board_id, output=file, format="binary")
        file.seek(0)
        await copy_in(writer, "leaderboard", ("board_id", "user_id", "total_score", "tie", "rank"), file)


async def _restore(writer: Connection, todo: list[Definition], reporter: Progress) -> None:
    for done, definition in enumerate(todo, start=1):
        await writer.execute(definition.create)
        reporter.advance(done / len(todo))
