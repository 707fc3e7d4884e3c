"""Whether a commit really waited for the synchronous standby.

A commit that waits for a standby cannot be undone any more. If the wait is cancelled (pg_cancel_backend, a cancel
request; not statement_timeout, which does not apply to it), PostgreSQL reports success, preceded by a warning: the
transaction is committed here and may be missing on the standby. After a failover it would be lost.
"""

from typing import Any

import asyncpg

#: PostgreSQL's source file that waits for standbys. The warning's text is translated, and its SQLSTATE is that of any
#: warning.
_SOURCE = "syncrep.c"


class ReplicationWait:
    """Listens on a connection until `end`. Set `cancelled` to False before a statement and read it afterwards."""

    __slots__ = ("_connection", "cancelled")

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.cancelled = False
        connection.add_log_listener(self._listen)

    def end(self) -> None:
        self._connection.remove_log_listener(self._listen)

    def _listen(self, _: object, message: Any) -> None:
        if message.server_source_filename == _SOURCE:
            self.cancelled = True
