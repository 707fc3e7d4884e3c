"""Refuses a former primary: a server on an older timeline than one that this process has seen.

Each promotion of a standby begins a new timeline (1, 2, 3 ...) of the same cluster. A primary on an older one was
replaced: what it accepts is lost when it is rebuilt. What this guard can and cannot do: docs/failover.md.
"""

import asyncio
import logging
import weakref
from collections.abc import Awaitable, Callable

import asyncpg

from service.database.connect import UnfitServerError, abort
from service.database.sqlstates import SQLSTATES

logger = logging.getLogger(__name__)

#: How long a timeline is known to processes that start after the last one that has seen it has ended.
LIFETIME_SECONDS = 10

#: The cluster and its timeline; NULL on a standby, which has none of its own. Both are right at once after a promotion,
#: unlike pg_control_checkpoint(), and any role may ask for them unless the operator took that away.
_TIMELINE = """
    SELECT c.system_identifier, CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN
        substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8) END
    FROM pg_catalog.pg_control_system() AS c"""


class FormerPrimaryError(UnfitServerError):
    """The server is on an older timeline than one already seen."""


class Timelines:
    """The newest timeline of each cluster, and the open connections with theirs."""

    def __init__(self) -> None:
        #: By system identifier. A database that was restored from a dump is another cluster.
        self._newest: dict[int, int] = {}
        #: The cluster of the latest connection.
        self._system: int | None = None
        self._connections: weakref.WeakKeyDictionary[asyncpg.Connection, tuple[int, int]] = weakref.WeakKeyDictionary()
        self._logged: set[str] = set()
        #: Called when the cluster has another primary than before, before a connection to it is used. Must not raise.
        self.on_change: Callable[[], Awaitable[None]] | None = None
        self._changes: set[asyncio.Future[None]] = set()

    @property
    def current(self) -> str:
        """The cluster in use and its newest timeline. What is read from now on comes from there, or from a timeline
        that is newer still. Empty if the server does not say.
        """
        return "" if self._system is None else f"{self._system}/{self._newest[self._system]}"

    async def check(self, connection: asyncpg.Connection) -> None:
        """Checks a new connection. Raises FormerPrimaryError.

        At the first connection to a newer timeline, terminates those to older ones: a write that is under way there
        ends with an unknown outcome.
        """
        try:
            ((system, name),) = await connection.fetch(_TIMELINE)
        except asyncpg.PostgresError as error:
            if error.sqlstate in SQLSTATES:
                raise
            self._log(
                logging.WARNING,
                "cannot see the timeline of the database server, so a former primary that returns after a failover is"
                " not refused",
                str(error),
            )
            return
        timeline = int(name, 16) if name else 0
        self.learn(system, timeline)
        if self._changes:
            await asyncio.wait(self._changes)
        newest = self._newest[system]
        if 0 < timeline < newest:
            reason = (
                f"the server is on timeline {timeline} of its cluster, but timeline {newest} was seen before: it is a"
                " former primary, and what it accepts would be lost. Stop it, or make it a standby (pg_rewind). If"
                " you went back to an older timeline on purpose, stop all processes of the service for"
                f" {LIFETIME_SECONDS} s"
            )
            self._log(logging.ERROR, "refused a database server", reason)
            raise FormerPrimaryError(reason)
        self._connections[connection] = (system, timeline)
        self._system = system

    async def share(self, largest: Callable[[str, int, int], Awaitable[int]]) -> None:
        """Tells other processes the newest timelines and learns theirs. `largest` returns the largest number that one
        of them has passed for a name within so many seconds.
        """
        for system, timeline in list(self._newest.items()):
            if timeline:
                self.learn(system, await largest(f"timeline:{system}", timeline, LIFETIME_SECONDS))

    def learn(self, system: int, timeline: int) -> None:
        """Notes that the cluster has reached this timeline, as a connection or another process found."""
        if timeline <= self._newest.get(system, -1):
            return
        is_first = not self._newest
        self._newest[system] = timeline
        if is_first:
            return
        for connection, (of_system, of_timeline) in list(self._connections.items()):
            if of_system == system and of_timeline < timeline:
                abort(connection)
        logger.warning(
            "the database has another primary than before", extra={"system_identifier": system, "timeline": timeline}
        )
        if self.on_change is not None:
            # A task, because the attempt to connect may be cancelled.
            change = asyncio.ensure_future(self.on_change())
            self._changes.add(change)
            change.add_done_callback(self._changes.discard)

    def _log(self, level: int, message: str, reason: str) -> None:
        if reason not in self._logged:  # every call connects again
            self._logged.add(reason)
            logger.log(level, message, extra={"reason": reason})
