"""yoyo's backend, on a connection that migrate.py controls."""

import contextlib
import logging
import socket
import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri

logger = logging.getLogger(__name__)


class Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo has no types
    """yoyo's tables on a connection of ours. Within `transaction()`, yoyo's transactions are savepoints."""

    def __init__(self, database_url: str, table: str) -> None:
        self._database_url = database_url
        # yoyo's parser knows only part of what libpq accepts, so `connect` gives the address to libpq itself.
        super().__init__(parse_uri("postgresql+psycopg://"), table)

    def connect(self, dburi: object) -> psycopg.Connection[Any]:
        timeout = {} if "connect_timeout" in conninfo_to_dict(self._database_url) else {"connect_timeout": 10}
        conninfo = make_conninfo(self._database_url, application_name="leaderboard-migrate", **timeout)
        connection = psycopg.connect(conninfo, autocommit=True)
        connection.add_notice_handler(_log_warning)
        # Settings of the role or the database must not change what a deployment does.
        for setting in (
            "search_path = public",
            "default_transaction_isolation = 'read committed'",
            "default_transaction_read_only = off",
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
        ):
            connection.execute(f"SET {setting}")
        with contextlib.suppress(psycopg.errors.InvalidParameterValue):  # not supported by a server on Windows
            # Ends the statement of a killed run within seconds, and with it the lock that the next run waits for.
            connection.execute("SET client_connection_check_interval = '1s'")
        return connection

    def execute(self, sql: str, params: Any = None) -> Any:
        return super().execute(sql, params) if params else self.connection.execute(sql)

    def tables(self) -> list[str]:
        """The tables that yoyo creates."""
        return [self.migration_table, self.log_table, self.version_table]

    def scalar(self, sql: str) -> Any:
        return self.execute(sql).fetchone()[0]

    def get_log_data(self, migration: Any = None, operation: str = "apply") -> dict[str, Any]:
        # yoyo's own method looks the host up, which can take many seconds without a name server.
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration.id,
            "migration_hash": migration.hash,
            "username": self.connection.info.user,
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }


def _log_warning(notice: psycopg.errors.Diagnostic) -> None:
    """Passes a migration's warnings on to the operator."""
    if notice.severity_nonlocalized == "WARNING":
        logger.warning("%s", notice.message_primary)
