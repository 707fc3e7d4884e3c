"""The settings that every database session must have, whatever the role, the database or a pooler sets."""

import asyncio
import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import asyncpg

from service.database import pooler
from service.database.connect import Connection, ReadOnlyServerError, Target, UnfitServerError
from service.database.sqlstates import SQLSTATES
from service.settings import SERVICE_ROLE, Settings

logger = logging.getLogger(__name__)

#: What a new connection has: the settings to check, and those that the login's own role brings and may change itself.
#: Each row also says where the connection ended up, which behind a pooler is not what the login says.
SESSION_SETTINGS = """
    SELECT
        pg_catalog.pg_backend_pid(), pg_catalog.pg_is_in_recovery(), current_user::text,
        pg_catalog.format('ALTER ROLE %I IN DATABASE %I', current_user, pg_catalog.current_database()), p.*
    FROM (
        SELECT s.name, s.setting, s.boot_val, s.source IN ('user', 'database user') AND s.context = 'user'
        FROM pg_catalog.pg_settings AS s
        WHERE s.name = ANY ($1::text[]) OR s.source IN ('user', 'database user') AND s.context = 'user'
        UNION ALL
        SELECT u.name, coalesce(pg_catalog.current_setting(u.name, true), ''), '', false
        FROM pg_catalog.unnest($2::text[]) AS u(name)
    ) AS p"""
SET_SESSION = """
    SELECT pg_catalog.set_config(p.name, p.value, false)
    FROM unnest($1::text[], $2::text[]) AS p(name, value)"""
#: How long the mode that was found of a pooler holds for other new connections.
_REUSE_SECONDS = 1.0
#: Settings that pg_settings does not list.
_UNLISTED = ["role", "leaderboard.busy_players"]


class UnfitSessionError(UnfitServerError):
    """A new connection does not get the settings that the service relies on. It must not be used."""

    permanent = True


@dataclass(frozen=True)
class _Found:
    """Where a connection ended up, and what is wrong with it."""

    backend_pid: int
    is_standby: bool
    user: str
    #: The beginning of a statement that changes a setting of the user's sessions.
    alter: str
    #: The settings that are not what they must be, each with the right value.
    wrong: dict[str, str]


_ONE_LOGIN = (
    "the pooler is in transaction mode, where SET ROLE does not last: set SERVICE_DATABASE_URL with the login"
    f" {SERVICE_ROLE}, or use pool_mode = session (see docs/poolers.md)"
)


def _statements(found: _Found) -> str:
    """What to run where the pooler's transaction mode keeps the service from making the settings."""
    statements = "; ".join(f"{found.alter} SET {name} = '{value}'" for name, value in sorted(found.wrong.items()))
    return (
        f"the pooler is in transaction mode, where SET does not last: run {statements}; as {found.user} itself (psql"
        " with SERVICE_DATABASE_URL), then RECONNECT on the pooler's console (see docs/poolers.md)"
    )


class Session:
    """Sets and checks the settings of each new connection.

    They are sent in the startup packet, which overrides ALTER ROLE and ALTER DATABASE, and checked afterwards because
    a pooler may drop them. Behind a pooler in transaction mode they are only checked: what SET does there is lost for
    this client and stays for others.

    The service's role can alter itself, so settings that come from the role are reset to their defaults
    (synchronous_commit = off would lose acknowledged scores). Settings that come from the server's configuration or
    the database are the operator's and stay, such as default_transaction_read_only, with which hosted services protect
    a disk that is nearly full.
    """

    def __init__(self, settings: Settings, user: str | None = None) -> None:
        """`user`: who the address says to log in as."""
        #: Sent in the startup packet.
        self.startup = {
            "statement_timeout": str(settings.statement_timeout_ms),
            # A statement may wait for locks as long as it may run; pooled connections are idle for long.
            "lock_timeout": "0",
            "idle_session_timeout": "0",
            "idle_in_transaction_session_timeout": "0",
            # Every name in a statement is qualified, so nothing is found by search path.
            "search_path": "pg_catalog",
            # What the functions are written for.
            "default_transaction_isolation": "read committed",
            "default_transaction_deferrable": "off",
            "transform_null_equals": "off",
            "row_security": "on",
            # Compiling a plan takes a hundred times as long as a short call.
            "jit": "off",
            "role": settings.service_role or "none",
        }
        # Triggers keep ranks exact. session_replication_role is only checked: a superuser alone may change it.
        self._required = {**self.startup, "session_replication_role": "origin", "leaderboard.busy_players": ""}
        # SET ROLE does not apply that role's settings, so the settings found here belong to the owner's login and stay.
        self._own_login = settings.service_role is None
        self._users = {user, SERVICE_ROLE}
        self._examining = asyncio.Lock()
        #: Whether a pooler is in transaction mode, and when that was found.
        self._modes: dict[Target, tuple[float, bool]] = {}
        self._warned: set[str] = set()
        self._refused = ""

    async def apply(self, connection: Connection) -> None:
        """Gives a new connection the settings it must have. Raises UnfitServerError if that fails."""
        try:
            found = await self._look(connection)
        except asyncpg.PostgresError as error:
            reason = pooler.reason_of(error)
            if reason is None:
                raise
            raise pooler.UnfitPoolerError(reason) from error
        if found.is_standby:
            raise ReadOnlyServerError
        if self._own_login and found.user not in self._users:
            self._refuse({"current_user": SERVICE_ROLE}, f"the pooler logs in as {found.user}")
        transaction_mode = False
        if pooler.is_between(connection, found.backend_pid):
            transaction_mode = await self._is_in_transaction_mode(connection)
        connection.backend_pid = None if transaction_mode else found.backend_pid
        if transaction_mode and not self._own_login:
            # Even if the role is right here: a client of a session mode before may have left it.
            self._refuse({"role": SERVICE_ROLE}, _ONE_LOGIN)
        if transaction_mode and found.wrong:
            self._refuse(found.wrong, _statements(found))
        if found.wrong:
            try:
                await connection.fetch(SET_SESSION, list(found.wrong), list(found.wrong.values()))
                found = await self._look(connection)
            except asyncpg.PostgresError as error:
                if error.sqlstate in SQLSTATES:
                    raise
                self._refuse(found.wrong, str(error))
            if found.wrong:
                self._refuse(found.wrong, "the change did not last")
        self._refused = ""

    async def _is_in_transaction_mode(self, connection: Connection) -> bool:
        """Examines the pooler, once for all connections that are made at the same time."""
        async with self._examining:
            examined, found = self._modes.get(connection.target, (-math.inf, False))
            if time.monotonic() - examined > _REUSE_SECONDS:
                found = await pooler.is_in_transaction_mode(connection)
                self._modes[connection.target] = time.monotonic(), found
            return found

    async def _look(self, connection: Connection) -> _Found:
        wrong = {}
        of_role = []
        rows = await connection.fetch(SESSION_SETTINGS, [*self._required, "synchronous_commit"], _UNLISTED)
        for *_, name, value, default, set_by_role in rows:
            required = self._required.get(name)
            if required is None and set_by_role and self._own_login:
                of_role.append(name)
                required = default
            if required is not None and value != required:
                wrong[name] = required
            elif name == "synchronous_commit" and value == "off":
                self._warn("the server's synchronous_commit is off: a crash can lose acknowledged scores")
        if of_role:
            self._warn(
                f"the database role of the service sets {', '.join(sorted(of_role))}, which the service ignores: use"
                " the server's configuration or ALTER DATABASE instead"
            )
        backend_pid, is_standby, user, alter, *_ = rows[0]
        return _Found(backend_pid, is_standby, user, alter, wrong)

    def _warn(self, message: str) -> None:
        if message not in self._warned:
            self._warned.add(message)
            logger.warning(message)

    def _refuse(self, wrong: Mapping[str, str], reason: str) -> NoReturn:
        settings = ", ".join(f"{name} = {value or 'empty'}" for name, value in sorted(wrong.items()))
        message = f"a database session does not get the settings it must have ({settings}): {reason}"
        if message != self._refused:  # every call tries again: logged once until one succeeds
            self._refused = message
            logger.error("closed a database connection whose session settings are wrong", extra={"reason": message})
        raise UnfitSessionError(message)
