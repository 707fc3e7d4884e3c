"""The service's calls into PostgreSQL: one coroutine an `api` function. No other module of the service holds
SQL.

Every call is one statement that commits by itself. Failures come out as `ApiError`s (see errors.py).
"""

import asyncio
import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self

import asyncpg
import msgspec

from service import errors
from service.errors import ApiError
from service.model import Board, Bucket, Outcome, PlayerAmong, PlayerRank, RejectedSubmission, Standing, Submission
from service.observability import metrics
from service.settings import Settings, urls

log = logging.getLogger(__name__)

#: How long a starting service waits for a database that does not answer yet.
START_PATIENCE_SECONDS = 15.0
#: The server gives a statement up at its timeout; the client waits this much longer before it thinks the
#: server gone.
CLIENT_GRACE_SECONDS = 1.0
#: What asyncpg raises where no connection can be made; the last one where the server ends it half way.
_CONNECTION_FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_SUBMISSION = """api.submit_scores(
        $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text, $7::boolean
    )"""
#: The same without waiting: items of players whom somebody else holds come back as 'busy'. The setting lasts
#: as long as the statement; it is made while the arguments are worked out, so before the call.
_SUBMISSION_WITHOUT_WAITING = """api.submit_scores(
        $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[],
        CASE WHEN pg_catalog.set_config('leaderboard.busy_players', 'skip', true) = 'skip' THEN $6::text END,
        $7::boolean
    )"""
_OUTCOMES = """
    SELECT s.status, s.user_id, s.score, s.total_score, s.previous_rank, s.rank, s.error, s.message
    FROM {submission} AS s
    ORDER BY s.item"""
#: The same with the players' names as they stand, for submissions that bring some. The look-up needs the
#: outcomes, so it comes after them, and in the same transaction.
_OUTCOMES_AND_NAMES = """
    WITH outcome AS MATERIALIZED (
        SELECT s.* FROM {submission} AS s
    ), name AS MATERIALIZED (
        SELECT n.user_id, n.username
        FROM api.submitted_names(
            ARRAY(SELECT DISTINCT o.user_id FROM outcome AS o WHERE o.status IN ('accepted', 'replayed'))
        ) AS n
    )
    SELECT o.status, o.user_id, o.score, o.total_score, o.previous_rank, o.rank, o.error, o.message,
        n.username
    FROM outcome AS o
    LEFT JOIN name AS n ON n.user_id = o.user_id
    ORDER BY o.item"""
SUBMIT_SCORES = _OUTCOMES.format(submission=_SUBMISSION)
SUBMIT_WITHOUT_WAITING = _OUTCOMES.format(submission=_SUBMISSION_WITHOUT_WAITING)
SUBMIT_SCORES_AND_NAME = _OUTCOMES_AND_NAMES.format(submission=_SUBMISSION)
SUBMIT_AND_NAME_WITHOUT_WAITING = _OUTCOMES_AND_NAMES.format(submission=_SUBMISSION_WITHOUT_WAITING)
TOP_PLAYERS = """
    SELECT t.rank, t.user_id, t.username, t.total_score
    FROM api.top_players($1::integer, $2::bigint, $3::integer, $4::text) AS t"""
PLAYER_RANK = """
    SELECT r.user_id, r.username, r.total_score, r.rank, r.players, r.percentile
    FROM api.player_rank($1::bigint, $2::text) AS r"""
PLAYER_RANKS = """
    SELECT r.user_id, r.username, r.total_score, r.rank, r.rank_among, r.players, r.percentile
    FROM api.player_ranks($1::bigint[], $2::text) AS r"""
PLAYERS_AROUND = """
    SELECT a.rank, a.user_id, a.username, a.total_score
    FROM api.players_around($1::bigint, $2::integer, $3::text) AS a"""
SCORE_DISTRIBUTION = """
    SELECT d.from_score, d.to_score, d.players FROM api.score_distribution($1::integer, $2::text) AS d"""
LIST_BOARDS = """
    SELECT b.board, b.game_mode, b.aggregate, b.min_score, b.max_score, b.players
    FROM api.list_boards() AS b"""
FOLD_RANKS = "SELECT f.deltas FROM api.fold_ranks() AS f(deltas)"
RANK_INDEX_STATUS = """
    SELECT i.pending, i.horizon_age, i.change_marker FROM api.rank_index_status() AS i"""
HORIZON_HOLDER = """
    SELECT h.pid, h.database, h.username, h.application_name, h.state, h.seconds
    FROM api.horizon_holder() AS h"""
USABLE_API_KEYS = """
    SELECT k.id, k.name, k.scopes, k.signed, k.secret_hash,
        extract(epoch FROM clock_timestamp())::double precision
    FROM api.usable_api_keys() AS k"""
NOTE_API_KEYS_USED = "SELECT n.noted FROM api.note_api_keys_used($1::text[]) AS n(noted)"
CACHE_WARNINGS = "SELECT w.latest::text, w.stand FROM api.cache_warnings() AS w"
SET_CACHE_WARNING = """
    SELECT w.token::text, w.renewed FROM api.set_cache_warning($1::text, $2::text::uuid) AS w"""
CLEAR_CACHE_WARNING = "SELECT w.stood FROM api.clear_cache_warning($1::text, $2::text::uuid) AS w(stood)"
REJECTED_SUBMISSIONS = """
    SELECT r.error, r.reason, r.id, r.rejected_at, r.user_id, r.score, r.game_mode, r.board, r.submission_key
    FROM api.rejected_submissions($1::integer, $2::bigint, $3::bigint, $4::text) AS r"""
ERROR_CODES = "SELECT e.sqlstate, e.code, e.meaning FROM api.error_codes() AS e"
VERIFY_SAMPLE = """
    SELECT v.board, v.check_name, v.subject, v.expected, v.found FROM api.verify_sample($1::integer) AS v"""

STATEMENTS = (
    SUBMIT_SCORES,
    SUBMIT_WITHOUT_WAITING,
    SUBMIT_SCORES_AND_NAME,
    SUBMIT_AND_NAME_WITHOUT_WAITING,
    TOP_PLAYERS,
    PLAYER_RANK,
    PLAYER_RANKS,
    PLAYERS_AROUND,
    SCORE_DISTRIBUTION,
    LIST_BOARDS,
    FOLD_RANKS,
    RANK_INDEX_STATUS,
    HORIZON_HOLDER,
    USABLE_API_KEYS,
    NOTE_API_KEYS_USED,
    CACHE_WARNINGS,
    SET_CACHE_WARNING,
    CLEAR_CACHE_WARNING,
    REJECTED_SUBMISSIONS,
    ERROR_CODES,
    VERIFY_SAMPLE,
)

#: Seconds of the calls of each statement, by its function's name.
_CALLS = {
    statement: metrics.DATABASE[found[1],]
    for statement in STATEMENTS
    if (found := re.search(r"api\.(\w+)\(", statement))
}


@dataclass(frozen=True, slots=True)
class RankIndexStatus:
    """`pending` deltas wait for a fold; `horizon_age` is in transactions; `change_marker` differs after every
    change.
    """

    pending: int
    horizon_age: int
    change_marker: str

    @classmethod
    def from_row(cls, row: Any) -> Self:
        return cls(*row)


@dataclass(frozen=True, slots=True)
class HorizonHolder:
    """The session with the oldest open transaction of the cluster. `pid` is None for a prepared transaction;
    `state` and `seconds` are None where the database's owner may not see them.
    """

    pid: int | None
    database: str | None
    username: str | None
    application_name: str | None
    state: str | None
    seconds: float | None

    @classmethod
    def from_row(cls, row: Any) -> Self:
        return cls(*row)


@dataclass(frozen=True, slots=True)
class CacheWarnings:
    """`stand`: each process whose writes Redis does not know of, and the token of its warning. `latest`: the
    token of the warning that was set or renewed last, None if none ever was.
    """

    latest: str | None
    stand: dict[str, str]


@dataclass(frozen=True, slots=True)
class ErrorCode:
    sqlstate: str
    code: str
    meaning: str

    @classmethod
    def from_row(cls, row: Any) -> Self:
        return cls(*row)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as the database knows it. `signed`: its requests have to be signed with it."""

    id: str
    name: str
    scopes: frozenset[str]
    signed: bool
    secret_hash: bytes = field(repr=False)

    @classmethod
    def from_row(cls, row: Any) -> Self:
        key_id, name, scopes, signed, secret_hash, _ = row
        return cls(key_id, name, frozenset(scopes), signed, secret_hash)


@dataclass(frozen=True, slots=True)
class UsableApiKeys:
    """The keys that are good, and the time by PostgreSQL's clock, in seconds since 1970."""

    keys: list[ApiKey]
    time: float


class DatabaseUnreachableError(Exception):
    """The database did not answer while the service was starting. The message says why, without secrets."""


async def connect(settings: Settings) -> "Database":
    """Opens the pool. Waits up to START_PATIENCE_SECONDS for a server that is still starting, then raises
    DatabaseUnreachableError."""
    deadline = asyncio.get_running_loop().time() + START_PATIENCE_SECONDS
    complained = False
    while True:
        try:
            return Database(await _open_pool(settings), settings)
        except (OSError, TimeoutError, *_CONNECTION_FAULTS) as error:
            hopeless = isinstance(error, UnfitSessionError) or (
                isinstance(error, asyncpg.PostgresError) and error.sqlstate not in errors.SQLSTATES
            )
            if hopeless or asyncio.get_running_loop().time() > deadline:
                raise DatabaseUnreachableError(
                    f"the database cannot be used: {error or type(error).__name__}"
                ) from error
            if not complained:
                log.warning("waiting for the database", extra={"reason": str(error) or type(error).__name__})
                complained = True
            await asyncio.sleep(0.25)
        except ValueError:
            # Not chained: what a driver says of an address that it cannot read may quote the password.
            raise DatabaseUnreachableError(urls.UNREADABLE) from None


async def _open_pool(settings: Settings) -> "asyncpg.Pool[asyncpg.Record]":
    session = _Session(settings)
    return await asyncpg.create_pool(
        settings.service_url,
        # One connection at the start, so that a database that cannot be used shows at once; no more are held
        # open than are used, or asyncpg would complain about the missing ones all through an outage.
        init_size=1,
        min_size=0,
        max_size=settings.pool_size,
        timeout=settings.pool_timeout_ms / 1000,
        command_timeout=settings.statement_timeout_ms / 1000 + CLIENT_GRACE_SECONDS,
        server_settings={"application_name": "leaderboard", **session.sent},
        init=session.hold,
        reset=_keep_session,
    )


#: What a new connection has: the settings that are to be looked at, and those that the login's own role
#: brings and may change by itself.
SESSION_SETTINGS = """
    SELECT s.name, s.setting, s.boot_val, s.source IN ('user', 'database user') AND s.context = 'user'
    FROM pg_catalog.pg_settings AS s
    WHERE s.name = ANY ($1::text[]) OR s.source IN ('user', 'database user') AND s.context = 'user'
    UNION ALL
    SELECT p.name, coalesce(pg_catalog.current_setting(p.name, true), ''), '', false
    FROM unnest($2::text[]) AS p(name)"""
SET_SESSION = """
    SELECT pg_catalog.set_config(p.name, p.value, false)
    FROM unnest($1::text[], $2::text[]) AS p(name, value)"""


class UnfitSessionError(asyncpg.InterfaceError):
    """A new connection does not get the settings that the service relies on. It must not be used."""


class _Session:
    """The settings of every session, whatever the role, the database or a pooler between says.

    They are sent as the connection is made, which beats what ALTER ROLE and ALTER DATABASE say, and looked at
    once it stands, since a pooler may drop them. The service's role can alter itself: of the settings that
    any role may change, what ours says of itself does not count (synchronous_commit = off would lose scores
    that were acknowledged). What the server's configuration and the database say is the operator's: it stays.
    """

    def __init__(self, settings: Settings) -> None:
        self.sent = {
            "statement_timeout": str(settings.statement_timeout_ms),
            # A statement may wait for locks as long as it may run; pooled connections are idle for long.
            "lock_timeout": "0",
            "idle_session_timeout": "0",
            "idle_in_transaction_session_timeout": "0",
            # Every name in a statement is qualified; nothing may be found by chance.
            "search_path": "pg_catalog",
            # What the functions are written for.
            "default_transaction_isolation": "read committed",
            "default_transaction_read_only": "off",
            "default_transaction_deferrable": "off",
            "transform_null_equals": "off",
            "row_security": "on",
            # Compiling a plan takes a hundred times as long as a short call.
            "jit": "off",
            "role": settings.service_role or "none",
        }
        # Triggers keep ranks exact. This cannot be sent: only a superuser may change it, to any value.
        self._wanted = {**self.sent, "session_replication_role": "origin", "leaderboard.busy_players": ""}
        # A role that was taken on the connection brings no settings: then the login is the owner's.
        self._own_login = settings.service_role is None
        self._told: set[str] = set()
        self._refused = ""

    async def hold(self, connection: asyncpg.Connection) -> None:
        """Brings a new connection's settings to what they must be. Raises UnfitSessionError if it cannot."""
        wrong = await self._wrong(connection)
        if wrong:
            try:
                await connection.fetch(SET_SESSION, list(wrong), list(wrong.values()))
                wrong = await self._wrong(connection)
            except asyncpg.PostgresError as error:
                if error.sqlstate in errors.SQLSTATES:
                    raise
                self._refuse(wrong, str(error))
            if wrong:
                self._refuse(wrong, "the change did not last")
        self._refused = ""

    async def _wrong(self, connection: asyncpg.Connection) -> dict[str, str]:
        """The settings that are not as they must be, each with the right value."""
        hidden = ["role", "leaderboard.busy_players"]  # not in pg_settings
        wrong = {}
        of_role = []
        for name, value, default, set_by_role in await connection.fetch(
            SESSION_SETTINGS, [*self._wanted, "synchronous_commit"], hidden
        ):
            wanted = self._wanted.get(name)
            if wanted is None and set_by_role and self._own_login:
                of_role.append(name)
                wanted = default
            if wanted is not None and value != wanted:
                wrong[name] = wanted
            elif name == "synchronous_commit" and value == "off":
                self._tell("the server's synchronous_commit is off: a crash can lose acknowledged scores")
        if of_role:
            self._tell(
                f"the service's role sets {', '.join(sorted(of_role))} for itself, which does not count:"
                " set it in the server's configuration or with ALTER DATABASE"
            )
        return wrong

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            log.warning(message)

    def _refuse(self, wrong: Mapping[str, str], reason: str) -> NoReturn:
        settings = ", ".join(f"{name} = {value or 'empty'}" for name, value in sorted(wrong.items()))
        message = f"a database session does not get the settings it must have ({settings}): {reason}"
        if message != self._refused:  # each call tries anew: once until it gets better
            self._refused = message
            log.error("a database connection is refused", extra={"reason": message})
        raise UnfitSessionError(message)


async def _keep_session(connection: object) -> None:
    """Replaces asyncpg's reset query, a round trip at every release. There is nothing to reset: each call is
    one statement on a function that pins its own settings, so no transaction, cursor, LISTEN, session lock or
    SET is left.
    """


class Database:
    """A pool of connections that may execute `api` functions and nothing else.

    A connection that breaks is dropped and the next call opens another, so a restarted server is picked up by
    itself.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", settings: Settings) -> None:
        self._pool = pool
        self._acquire_timeout = settings.pool_timeout_ms / 1000

    async def close(self, patience: float = 5.0) -> None:
        """Waits up to `patience` seconds for running calls, then cuts them off."""
        try:
            async with asyncio.timeout(patience):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    # --- api functions --------------------------------------------------------------------------------------

    async def submit_scores(
        self, submissions: Sequence[Submission], board: str, with_rank: bool, *, wait: bool = True
    ) -> list[Outcome]:
        """Counts up to 1000 submissions in one transaction; one outcome each, in order. Returns after the
        commit. Unless it is to `wait` for players whom somebody else holds, theirs are 'busy'.

        Raises ApiError: OUTCOME_UNKNOWN when the connection broke, so that it may have committed or not.
        """
        if any(submission.username is not None for submission in submissions):
            statement = SUBMIT_SCORES_AND_NAME if wait else SUBMIT_AND_NAME_WITHOUT_WAITING
        else:
            statement = SUBMIT_SCORES if wait else SUBMIT_WITHOUT_WAITING
        rows = await self._call(
            statement,
            [s.user_id for s in submissions],
            [s.score for s in submissions],
            [s.game_mode for s in submissions],
            [s.username for s in submissions],
            [s.key for s in submissions],
            board,
            with_rank,
            writes=True,
        )
        if len(rows) != len(submissions):
            # Never seen; should it happen, nobody may be told an outcome that is another's.
            log.error("submissions without an outcome", extra={"sent": len(submissions), "got": len(rows)})
            raise ApiError(errors.OUTCOME_UNKNOWN)
        return [Outcome.from_row(row) for row in rows]

    async def top_players(
        self, limit: int, after_total: int | None, after_user_id: int | None, board: str
    ) -> list[Standing]:
        rows = await self._call(TOP_PLAYERS, limit, after_total, after_user_id, board)
        return [Standing.from_row(row) for row in rows]

    async def player_rank(self, user_id: int, board: str) -> PlayerRank:
        (row,) = await self._call(PLAYER_RANK, user_id, board)
        return PlayerRank.from_row(row)

    async def player_ranks(self, user_ids: Sequence[int], board: str) -> list[PlayerAmong]:
        return [PlayerAmong.from_row(row) for row in await self._call(PLAYER_RANKS, user_ids, board)]

    async def players_around(self, user_id: int, span: int, board: str) -> list[Standing]:
        return [Standing.from_row(row) for row in await self._call(PLAYERS_AROUND, user_id, span, board)]

    async def score_distribution(self, buckets: int, board: str) -> list[Bucket]:
        return [Bucket.from_row(row) for row in await self._call(SCORE_DISTRIBUTION, buckets, board)]

    async def list_boards(self) -> list[Board]:
        return [Board.from_row(row) for row in await self._call(LIST_BOARDS)]

    async def fold_ranks(self) -> int:
        """Moves pending rank changes into the index; returns how many. Never waits for another fold."""
        (row,) = await self._call(FOLD_RANKS)
        return int(row["deltas"])

    async def rank_index_status(self) -> RankIndexStatus:
        (row,) = await self._call(RANK_INDEX_STATUS)
        return RankIndexStatus.from_row(row)

    async def horizon_holder(self) -> HorizonHolder | None:
        """Who keeps the oldest transaction open; None when none that writes is open."""
        rows = await self._call(HORIZON_HOLDER)
        return HorizonHolder.from_row(rows[0]) if rows else None

    async def usable_api_keys(self) -> UsableApiKeys | None:
        """The API keys that are good now; None if none was ever made."""
        rows = await self._call(USABLE_API_KEYS)
        if not rows:
            return None
        keys = [ApiKey.from_row(row) for row in rows if row["id"] is not None]
        return UsableApiKeys(keys, rows[0][-1])

    async def note_api_keys_used(self, ids: Sequence[str]) -> None:
        await self._call(NOTE_API_KEYS_USED, ids)

    async def cache_warnings(self) -> CacheWarnings:
        (row,) = await self._call(CACHE_WARNINGS)
        latest, stand = row
        return CacheWarnings(latest, msgspec.json.decode(stand, type=dict[str, str]))

    async def set_cache_warning(self, process: str, token: str | None) -> tuple[str, bool]:
        """Sets the warning of a process. Returns its token, and whether the one with `token` stood until
        now. Committed when it returns.
        """
        ((new, renewed),) = await self._call(SET_CACHE_WARNING, process, token, writes=True)
        return new, renewed

    async def clear_cache_warning(self, process: str, token: str) -> None:
        """Ends the warning with that token, if it still stands. Committed when it returns."""
        await self._call(CLEAR_CACHE_WARNING, process, token, writes=True)

    async def rejected_submissions(
        self, limit: int, before: int | None, user_id: int | None, board: str | None
    ) -> list[RejectedSubmission]:
        rows = await self._call(REJECTED_SUBMISSIONS, limit, before, user_id, board)
        return [
            RejectedSubmission.from_row((*values, errors.SQLSTATES[sqlstate].code, reason))
            for sqlstate, reason, *values in rows
        ]

    async def error_codes(self) -> list[ErrorCode]:
        return [ErrorCode.from_row(row) for row in await self._call(ERROR_CODES)]

    async def verify_sample(self, players: int) -> list[str]:
        """What differs along the chain of truth for some players, drawn anew each time; none is healthy."""
        rows = await self._call(VERIFY_SAMPLE, players)
        return [" ".join(str(value) for value in row) for row in rows]

    def update_gauges(self) -> None:
        """Brings the gauges of the pool up to date."""
        opened = self._pool.get_size()
        metrics.POOL["used",].set(opened - self._pool.get_idle_size())
        metrics.POOL["open",].set(opened)
        metrics.POOL["most",].set(self._pool.get_max_size())

    # --- health ---------------------------------------------------------------------------------------------

    async def schema_faults(self) -> list[str]:
        """What the service calls and the database does not have, as PostgreSQL's own complaints; empty when
        current.

        Has the server parse every statement, so a missing function, argument or column shows.
        """
        faults = []
        async with self._connection() as connection:
            for statement in STATEMENTS:
                try:
                    await connection.prepare(statement)
                except asyncpg.PostgresError as error:
                    if error.sqlstate in errors.SQLSTATES:
                        raise errors.from_sqlstate(error.sqlstate, None) from error
                    faults.append(str(error))
                except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
                    connection.terminate()
                    raise ApiError(errors.DATABASE_UNAVAILABLE) from error
        return faults

    # --- the one way to call --------------------------------------------------------------------------------

    def _connection(self) -> "_Borrowed":
        return _Borrowed(self._pool, self._acquire_timeout)

    async def _call(self, statement: str, *args: object, writes: bool = False) -> list[asyncpg.Record]:
        """Runs one statement and returns its rows. A certain rollback is tried once more; nothing else is."""
        started = time.perf_counter()
        try:
            return await self._call_once(statement, *args, writes=writes)
        except _RolledBack:
            pass
        finally:
            _CALLS[statement].observe(time.perf_counter() - started)
        started = time.perf_counter()
        try:
            return await self._call_once(statement, *args, writes=writes)
        except _RolledBack as error:
            raise errors.from_sqlstate(error.sqlstate, None) from error.__cause__
        finally:
            _CALLS[statement].observe(time.perf_counter() - started)

    async def _call_once(self, statement: str, *args: object, writes: bool) -> list[asyncpg.Record]:
        lost = errors.OUTCOME_UNKNOWN if writes else errors.DATABASE_UNAVAILABLE
        late = errors.OUTCOME_UNKNOWN if writes else errors.DATABASE_TIMEOUT
        async with self._connection() as connection:
            try:
                rows: list[asyncpg.Record] = await connection.fetch(statement, *args)
                return rows
            except asyncpg.PostgresError as error:
                if error.sqlstate in errors.CERTAIN_ROLLBACK:
                    raise _RolledBack(error.sqlstate) from error
                if error.sqlstate in errors.BROKEN_CONNECTION:
                    raise ApiError(lost) from error
                raise errors.from_sqlstate(error.sqlstate, error.args[0] if error.args else None) from error
            except TimeoutError as error:
                raise ApiError(late) from error
            except asyncpg.InterfaceError as error:
                if not connection.is_closed():
                    # The driver refused the call before it sent anything, such as a text it cannot encode.
                    raise ApiError(errors.INTERNAL_ERROR) from error
                raise ApiError(lost) from error
            except asyncpg.InternalClientError as error:
                # A server that dies in the middle of an answer leaves asyncpg's protocol in a state that it
                # does not expect. The connection is of no use any more.
                connection.terminate()
                raise ApiError(lost) from error
            except OSError as error:
                raise ApiError(lost) from error


class _RolledBack(Exception):
    """The database undid the statement and the connection is still good."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


class _Borrowed:
    """A connection of the pool for one statement. Failing to get one means that nothing was sent."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout
        self._connection: Any = None

    async def __aenter__(self) -> Any:
        try:
            # With a timeout asyncpg starts a task and a timer, which an idle connection needs neither of.
            timeout = None if self._pool.get_idle_size() else self._timeout
            self._connection = await self._pool.acquire(timeout=timeout)
        except TimeoutError as error:
            raise ApiError(
                errors.DATABASE_UNAVAILABLE,
                "no database connection became free in time; nothing was changed, try again",
            ) from error
        except (OSError, *_CONNECTION_FAULTS) as error:
            raise ApiError(errors.DATABASE_UNAVAILABLE) from error
        return self._connection

    async def __aexit__(self, *exc_info: object) -> None:
        try:
            await self._pool.release(self._connection)
        except Exception as error:
            # asyncpg has dropped the connection. What the statement did is known already and must not be
            # covered up.
            log.warning("a database connection could not be given back", extra={"reason": repr(error)})
