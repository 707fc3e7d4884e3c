"""Opens connections to the one server that takes writes, out of the hosts that DATABASE_URL names.

asyncpg tries hosts one after the other and spends its whole timeout on the first that is silent
(MagicStack/asyncpg#1155). Here each host, and each address of a host, gets its turn within one timeout: the last good
one begins, and the next one a little later or as soon as one before it has failed. The first connection that passes the
checks wins, and the others are given up.
"""

import asyncio
import contextlib
import functools
import socket
import ssl
import struct
import time
import weakref
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from service import errors
from service.database import tls
from service.database.sqlstates import SQLSTATES
from service.errors import OperatorError
from service.settings import database_url
from service.settings.database_url import DatabaseUrl, Host

#: How long an address is tried alone before the next one is tried too; also how long after a failure it is tried
#: again, while others have not answered yet.
HEAD_START_SECONDS = 0.25
#: How long after a refusal, such as a standby's, a server is tried again, once for all connections that wait.
REFUSED_SECONDS = 0.5
#: asyncpg closes a refused connection with TLS in later turns of the loop. If the loop ended before, uvloop would raise
#: an OSError that hides the refusal, so it goes on for this long.
CLOSING_SECONDS = 0.5
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
#: libpq's names of the options of a TCP socket.
_TCP_OPTIONS = {
    "keepalives_idle": "TCP_KEEPIDLE",
    "keepalives_interval": "TCP_KEEPINTVL",
    "keepalives_count": "TCP_KEEPCNT",
    "tcp_user_timeout": "TCP_USER_TIMEOUT",
}

#: An IP address or the folder of a Unix socket, and the port.
Address = tuple[str, int]
#: Looks at a new connection. Raises UnfitServerError if its server must not be used.
Check = Callable[["Connection"], Awaitable[None]]


class UnfitServerError(asyncpg.InterfaceError):
    """A check refuses a new connection's server. The other hosts are tried. Subclasses set `permanent` if the same
    server will not pass later either, so that a starting service does not wait for it.
    """

    permanent = False


class ReadOnlyServerError(UnfitServerError):
    """The server is a standby."""

    def __init__(self) -> None:
        super().__init__("it is a standby, which takes no writes")


class NoServerError(OperatorError):
    """No host can be used. `failures` has each host with its error."""

    def __init__(self, failures: Mapping[str, Exception]) -> None:
        reasons = "; ".join(f"{host}: {errors.reason(error)}" for host, error in failures.items())
        super().__init__(f"the database cannot be used: {reasons}")
        self.failures = failures

    @property
    def permanent(self) -> bool:
        """Whether waiting is in vain, because every host answered and refused what the settings say."""
        return all(_is_permanent(error) for error in self.failures.values())

    @property
    def read_only(self) -> bool:
        """Whether there is a server, but only a standby."""
        return any(isinstance(error, ReadOnlyServerError) for error in self.failures.values())


class Connection(asyncpg.Connection):
    """A connection that knows its server."""

    __slots__ = ("backend_pid", "log_in_again", "target")

    target: "Target"
    #: Opens another connection to the same address, without the checks.
    log_in_again: "Callable[[], Awaitable[Connection]]"
    #: The server's process that belongs to this connection alone; None behind a pooler in transaction mode.
    backend_pid: int | None
    _transport: asyncio.Transport

    @property
    def itself(self) -> "Connection":
        """The connection also if it is asked of the proxy that a pool gives, which passes on what it does not know."""
        return self

    def set_tcp_options(self, parameters: Mapping[str, str]) -> None:
        """Applies libpq's parameters keepalives* and tcp_user_timeout."""
        tcp = self._transport.get_extra_info("socket")
        if tcp is None or tcp.family == socket.AF_UNIX:
            return
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, parameters.get("keepalives", "1") != "0")
        for name, option in _TCP_OPTIONS.items():
            if int(parameters.get(name, "0")) > 0 and hasattr(socket, option):
                tcp.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), int(parameters[name]))


@dataclass(frozen=True)
class Target:
    """What an attempt connects to. Without an address it looks the host's name up."""

    host: Host
    address: Address | None

    def __str__(self) -> str:
        if self.address is None or self.host.is_socket or self.address[0] == self.host.name:
            return str(self.host)
        return f"{self.host} ({self.address[0]})"


async def connect(url: str, *, timeout: float = 10) -> "Connection":
    """One connection for a command, with the settings of its login. Raises NoServerError, TlsError and UrlError."""
    try:
        return await Connector(database_url.parse(url), timeout=timeout)()
    except NoServerError:
        await asyncio.sleep(CLOSING_SECONDS)
        raise


class Connector:
    """Connects to the server that takes writes; for `connect` of asyncpg.create_pool."""

    def __init__(
        self,
        url: DatabaseUrl,
        *,
        timeout: float,
        checks: Sequence[Check] = (),
        server_settings: Mapping[str, str] | None = None,
    ) -> None:
        """`timeout`: of all hosts together, in seconds. `checks`: run in this order on each new connection; one that
        raises has the connection closed and the next host tried. `server_settings`: for the startup packet.

        Raises TlsError.
        """
        self._url = url
        self._timeout = timeout
        self._checks = (_require_primary, *checks)
        #: With TLS, without, or first the one and then the other.
        self._encryptions: dict[Host, list[ssl.SSLContext | None]] = {
            host: [None] if host.is_socket else tls.attempts(url.parameters, host.name) for host in url.hosts
        }
        self._arguments: dict[str, Any] = {
            "user": url.user,
            "database": url.database,
            "server_settings": {**(server_settings or {}), **_startup(url.parameters)},
            # All of them, or asyncpg would read the environment.
            "target_session_attrs": "any",
            "direct_tls": url.parameters["sslnegotiation"] == "direct",
            "krbsrvname": url.parameters["krbsrvname"],
            "gsslib": "gssapi",
        }
        #: What is left of the settings at hosts that refuse the others.
        self._own_settings = {
            "server_settings": {
                **{name: value for name, value in (server_settings or {}).items() if name == "application_name"},
                **_startup(url.parameters),
            }
        }
        self._pooled: set[Host] = set()
        self._last_good: Target | None = None
        #: Those that did not answer the last time. They are tried last.
        self._silent: set[Target] = set()
        #: Those that answered and refused the last time, and when to try them again while another one is silent. Many
        #: connections may wait for the silent one, and each attempt is a login.
        self._retry_at: dict[Target, float] = {}
        self._open: weakref.WeakSet[Connection] = weakref.WeakSet()

    @property
    def database(self) -> str:
        """The name of the database."""
        return self._url.database

    async def __call__(self, _dsn: None = None, **arguments: Any) -> Connection:
        """A new connection that has passed the checks. `arguments` are further ones of asyncpg.connect; a pool also
        passes the address that it does not have.

        Raises NoServerError.
        """
        arguments = {**self._arguments, **arguments, "connection_class": Connection, "timeout": None}
        deadline = time.monotonic() + self._timeout
        failures: dict[str, Exception] = {}
        queue = deque(self._in_order(Target(host, _known_address(host)) for host in self._url.hosts))
        running: dict[asyncio.Task[Connection | list[Target]], Target] = {}
        failed: list[Target] = []
        next_start = 0.0
        try:
            while True:
                now = time.monotonic()
                if queue and (now >= next_start or not running):
                    target = queue.popleft()
                    running[asyncio.create_task(self._attempt(target, arguments))] = target
                    next_start = now + self._head_start(queue, deadline - now)
                elif not running:
                    raise NoServerError(failures)
                wait = min(next_start if queue else now + HEAD_START_SECONDS, deadline) - now
                done, _ = await asyncio.wait(running, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    target = running[task]
                    try:
                        result = task.result()
                    except (TimeoutError, UnicodeError, *ATTEMPT_ERRORS) as error:
                        failures[str(target)] = error
                        failed.append(target)
                        next_start = 0.0
                        del running[task]
                        continue
                    del running[task]
                    if isinstance(result, Connection):
                        self._last_good = target
                        return result
                    found = self._in_order(result)
                    queue.extend(target for target in found if target in self._silent)
                    queue.extendleft(target for target in reversed(found) if target not in self._silent)
                    next_start = 0.0 if queue[0] in found and queue[0] not in self._silent else next_start
                if not done and not queue:
                    queue.extend(due := list(filter(self._takes_retry, failed)))
                    failed = [target for target in failed if target not in due]
                if time.monotonic() >= deadline:
                    silent = TimeoutError(f"no answer within {self._timeout:g} s")
                    raise NoServerError(failures | {str(target): silent for target in running.values()})
        finally:
            for task in running:
                task.cancel()
                task.add_done_callback(_discard)

    async def visit_others(self, timeout: float) -> None:
        """Runs the checks on the hosts that are not in use, for what the checks learn from them, such as that one of
        them has become the primary. Failures do not matter.
        """
        arguments = {**self._arguments, "connection_class": Connection, "timeout": None}
        good = self._last_good

        async def visit(target: Target) -> None:
            result = await self._attempt(target, arguments)
            if isinstance(result, Connection):
                result.terminate()
            else:
                await asyncio.gather(*map(visit, result), return_exceptions=True)

        others = [Target(host, _known_address(host)) for host in self._url.hosts if good is None or host != good.host]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await asyncio.gather(*map(visit, others), return_exceptions=True)

    async def answers(self, target: Target, timeout: float) -> bool:
        """Whether the server says anything within `timeout` seconds. Nothing logs in to it."""
        assert target.address is not None
        host, port = target.address
        # Any other server, and any pooler, answers a request for TLS with one letter.
        direct = self._encryptions[target.host][0] if self._arguments["direct_tls"] else None
        try:
            async with asyncio.timeout(timeout):
                if target.host.is_socket:
                    reader, writer = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
                else:
                    reader, writer = await asyncio.open_connection(host, port, ssl=direct)
                with contextlib.closing(writer):
                    if direct is None:
                        writer.write(_SSL_REQUEST)
                        await reader.read(1)
        except (ConnectionError, ssl.SSLError):
            return True  # TCP itself ends the other connections to a server that is gone
        except OSError:
            return False
        return True

    def drop(self, target: Target) -> None:
        """Aborts all connections to a server that no longer answers, with the statements that run on them."""
        self._silent.add(target)
        for connection in [one for one in self._open if one.target == target]:
            abort(connection)

    def _takes_retry(self, target: Target) -> bool:
        """Whether the caller is to try a host again that has failed."""
        now = time.monotonic()
        if now < self._retry_at.get(target, now):
            return False
        if target in self._retry_at:
            self._retry_at[target] = now + REFUSED_SECONDS
        return True

    def _head_start(self, queue: Sequence[Target], remaining: float) -> float:
        """How long the next one in the queue waits for those before it, so that each gets its turn."""
        share = remaining / (len(queue) + 1)
        return share if queue and queue[0] in self._silent else min(share, HEAD_START_SECONDS)

    def _in_order(self, targets: Iterable[Target]) -> list[Target]:
        """The last good one first, those without an answer last."""
        good = self._last_good
        return sorted(
            targets,
            key=lambda target: (
                target in self._silent,
                good is None or target.host != good.host,
                good is None or target.address != good.address,
            ),
        )

    async def _attempt(self, target: Target, arguments: Mapping[str, Any]) -> Connection | list[Target]:
        """A connection, or the targets that the host's name stands for."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._url.number("connect_timeout") or None):
                if target.address is None:
                    result: Connection | list[Target] = await _look_up(target.host)
                else:
                    result = await self._connect(target, target.address, arguments)
        except (TimeoutError, asyncio.CancelledError):
            if time.monotonic() - started >= HEAD_START_SECONDS:
                self._silent.add(target)
            raise
        except Exception as error:
            self._silent.discard(target)
            if isinstance(error, UnfitServerError) or _is_permanent(error):
                self._retry_at[target] = time.monotonic() + REFUSED_SECONDS
            else:
                self._retry_at.pop(target, None)
            raise
        self._silent.discard(target)
        self._retry_at.pop(target, None)
        return result

    async def _connect(self, target: Target, address: Address, arguments: Mapping[str, Any]) -> Connection:
        connection = await self._log_in(target.host, address, arguments)
        try:
            connection.target = target
            connection.log_in_again = functools.partial(self._log_in, target.host, address, arguments)
            connection.set_tcp_options(self._url.parameters)
            for check in self._checks:
                await check(connection)
        except BaseException:
            connection.terminate()
            raise
        self._open.add(connection)
        return connection

    async def _log_in(self, host: Host, address: Address, arguments: Mapping[str, Any]) -> Connection:
        """With and without TLS as sslmode says. libpq tries the second way, too, only if a server refused the first."""
        first, *second = self._encryptions[host]

        async def log_in(context: ssl.SSLContext | None) -> Connection:
            login = {"host": address[0], "port": address[1], "password": host.password, "ssl": context or False}
            settings = self._own_settings if host in self._pooled else {}
            try:
                connection: Connection = await asyncpg.connect(**{**arguments, **login, **settings})
                return connection
            except asyncpg.ProtocolViolationError as error:
                # PgBouncer without ignore_startup_parameters. The checks set or refuse what the login did not.
                if settings or "startup parameter" not in str(error):
                    raise
                self._pooled.add(host)
                return await log_in(context)

        try:
            return await log_in(first)
        except (ConnectionRefusedError, TimeoutError):
            raise
        except (ssl.SSLError, ConnectionError, asyncpg.InvalidAuthorizationSpecificationError) as error:
            if not second:
                raise
            try:
                return await log_in(second[0])
            except asyncpg.InvalidAuthorizationSpecificationError as other:
                # A wrong password says more than that the server wants TLS.
                if isinstance(error, asyncpg.InvalidPasswordError) > isinstance(other, asyncpg.InvalidPasswordError):
                    raise error from None
                raise


def abort(connection: Any) -> None:
    """Ends a connection on which a statement may be under way. (asyncpg's terminate() takes its protocol away at once,
    which a statement between two of its messages does not survive: AttributeError.)
    """
    transport: asyncio.Transport | None = connection._transport
    if transport is not None:
        transport.abort()


#: What an attempt raises if its server cannot be used.
ATTEMPT_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def _startup(parameters: Mapping[str, str]) -> dict[str, str]:
    """What an address tells the server."""
    name = parameters.get("application_name") or parameters.get("fallback_application_name")
    told = {"application_name": name, "options": parameters.get("options")}
    return {key: value for key, value in told.items() if value}


def _known_address(host: Host) -> Address | None:
    return (host.address or host.name, host.port) if host.address or host.is_socket else None


async def _look_up(host: Host) -> list[Target]:
    found = await asyncio.get_running_loop().getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
    addresses = dict.fromkeys(str(address[0]) for *_, address in found)
    return [Target(host, (address, host.port)) for address in addresses]


async def _require_primary(connection: Connection) -> None:
    if getattr(connection.get_settings(), "in_hot_standby", None) == "off":
        return
    # A pooler keeps it to itself, or repeats what the server said when it was a standby.
    if await connection.fetchval("SELECT pg_catalog.pg_is_in_recovery()"):
        raise ReadOnlyServerError


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, UnfitServerError):
        return error.permanent
    if isinstance(error, asyncpg.PostgresError):
        return error.sqlstate not in SQLSTATES
    return isinstance(error, (ssl.SSLCertVerificationError, UnicodeError))


def _discard(task: "asyncio.Task[Connection | list[Target]]") -> None:
    """Ends what an attempt that came too late has made."""
    if not task.cancelled() and task.exception() is None and isinstance(result := task.result(), Connection):
        result.terminate()
