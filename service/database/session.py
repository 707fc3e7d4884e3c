"""The settings that every database session must have, whatever the role, the database or a pooler sets."""

import logging
from collections.abc import Mapping
from typing import NoReturn

import asyncpg

from service.database.connect import UnfitServerError
from service.database.sqlstates import SQLSTATES
from service.settings import Settings

logger = logging.getLogger(__name__)

#: What a new connection has: the settings to check, and those that the login's own role brings and may change itself.
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
#: Settings that pg_settings does not list.
_UNLISTED = ["role", "leaderboard.busy_players"]


class UnfitSessionError(UnfitServerError):
    """A new connection does not get the settings that the service relies on. It must not be used."""

    permanent = True


class Session:
    """Sets and checks the settings of each new connection.

    They are sent in the startup packet, which overrides ALTER ROLE and ALTER DATABASE, and checked afterwards because
    a pooler may drop them. The service's role can alter itself, so settings that come from the role are reset to
    their defaults (synchronous_commit = off would lose acknowledged scores). Settings that come from the server's
    configuration or the database are the operator's and stay.
    """

    def __init__(self, settings: Settings) -> None:
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
            "default_transaction_read_only": "off",
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
        self._warned: set[str] = set()
        self._refused = ""

    async def apply(self, connection: asyncpg.Connection) -> None:
        """Gives a new connection the settings it must have. Raises UnfitSessionError if that fails."""
        wrong = await self._wrong(connection)
        if wrong:
            try:
                await connection.fetch(SET_SESSION, list(wrong), list(wrong.values()))
                wrong = await self._wrong(connection)
            except asyncpg.PostgresError as error:
                if error.sqlstate in SQLSTATES:
                    raise
                self._refuse(wrong, str(error))
            if wrong:
                self._refuse(wrong, "the change did not last")
        self._refused = ""

    async def _wrong(self, connection: asyncpg.Connection) -> dict[str, str]:
        """The settings that are not what they must be, each with the right value."""
        wrong = {}
        of_role = []
        for name, value, default, set_by_role in await connection.fetch(
            SESSION_SETTINGS, [*self._required, "synchronous_commit"], _UNLISTED
        ):
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
        return wrong

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
