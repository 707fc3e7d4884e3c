"""`python -m service`: everything from the settings to the last request, in this order.

settings - port - embedded servers, where no own ones are named - migrations - demo data on the very first
start - requests, until SIGINT or SIGTERM - and all of that back again.

Exit status: 0 after a signal, 1 when the service could not start, 2 when a setting is wrong.
"""

import asyncio
import contextlib
import dataclasses
import errno
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from types import FrameType
from typing import Any

import uvloop
from aiohttp import web

from seed import generate
from service import logs, migrate
from service.app import create_app
from service.database import DatabaseUnreachableError
from service.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, Supervisor, locked
from service.settings import SERVICE_ROLE, Settings, SettingsError, load

logger = logging.getLogger("service")

_DEMO_USERS = 1_000
_DEMO_SESSIONS = 5_000
#: How long an own database may take to come up, as when it is started together with the service.
_DATABASE_PATIENCE_SECONDS = 15.0


class _StartError(Exception):
    """The service cannot start; the message is for the operator."""


class _Signals:
    """What SIGINT, SIGTERM and SIGHUP do: cut the start short, or end serving, or nothing while stopping."""

    def __init__(self) -> None:
        self.action: Callable[[], None] = self._interrupt
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup SIGHUP is ignored, and stays so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.action()

    def ignore(self) -> None:
        """From now on a signal changes nothing: what was started is being stopped."""
        self.action = lambda: None

    def _interrupt(self) -> None:
        self.ignore()
        raise KeyboardInterrupt


def main() -> int:
    """Runs the service; returns its exit status."""
    signals = _Signals()
    try:
        settings = load()
    except SettingsError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        return 2
    logs.configure(settings)
    try:
        with _bound(settings) as sockets, _servers(settings, signals) as complete:
            _migrate(complete)
            _load_demo(settings, complete)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve(complete, sockets, signals))
    except KeyboardInterrupt:
        return 0
    except (_StartError, EmbeddedServerError, migrate.MigrationError, DatabaseUnreachableError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _bound(settings: Settings) -> Iterator[list[socket.socket]]:
    """The sockets of HOST and PORT, bound but not listening yet: what is not ready refuses connections."""
    try:
        found = socket.getaddrinfo(
            settings.host,
            settings.port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV,
        )
    except (socket.gaierror, UnicodeError):
        raise _StartError(
            f"HOST={settings.host!r} is not a known address. Use 127.0.0.1, or 0.0.0.0 for all."
        ) from None
    with contextlib.ExitStack() as stack:
        sockets: list[socket.socket] = []
        for family, kind, protocol, _, address in dict.fromkeys(found):
            bound = stack.enter_context(socket.socket(family, kind, protocol))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if sockets and settings.port == 0:
                # HOST has several addresses: all of them get the port that the first one was given.
                address = (address[0], sockets[0].getsockname()[1], *address[2:])
            try:
                bound.bind(address)
            except OSError as error:
                raise _port_error(settings, error) from error
            sockets.append(bound)
        yield sockets


def _port_error(settings: Settings, error: OSError) -> _StartError:
    if error.errno == errno.EADDRINUSE:
        other = settings.port + 1 if settings.port < 65535 else 8000
        return _StartError(
            f"port {settings.port} is in use by another program. Stop that, or use another port:"
            f" PORT={other} make run"
        )
    if error.errno == errno.EACCES:
        return _StartError(
            f"port {settings.port} may not be used by this user. Use one above 1023: PORT=8000 make run"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return _StartError(
            f"HOST={settings.host!r} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
        )
    return _StartError(
        f"HOST={settings.host!r} PORT={settings.port} cannot be used: {os.strerror(error.errno or 0)}."
    )


@contextlib.contextmanager
def _servers(settings: Settings, signals: _Signals) -> Iterator[Settings]:
    """Starts the servers that the settings do not name, and gives the settings with the addresses of all."""
    with contextlib.ExitStack() as stack:
        if settings.embedded_database or settings.embedded_cache:
            stack.enter_context(locked(settings.data_dir, "the leaderboard service"))
        complete = settings
        servers: list[EmbeddedPostgres | EmbeddedValkey] = []
        if settings.embedded_database:
            connections = max(100, settings.pool_size + 50)
            postgres = EmbeddedPostgres(settings.data_dir, conf={"max_connections": str(connections)})
            _start(postgres, stack, signals)
            servers.append(postgres)
            complete = dataclasses.replace(
                complete, database_url=postgres.url(), service_database_url=postgres.url(SERVICE_ROLE)
            )
        if settings.embedded_cache:
            valkey = EmbeddedValkey(settings.data_dir)
            _start(valkey, stack, signals)
            servers.append(valkey)
            complete = dataclasses.replace(complete, redis_url=valkey.url)
        stack.enter_context(Supervisor(servers))
        yield complete


def _start(server: EmbeddedPostgres | EmbeddedValkey, stack: contextlib.ExitStack, signals: _Signals) -> None:
    started = time.monotonic()
    stack.callback(server.stop)
    stack.callback(signals.ignore)  # called before the stop, which must not be cut short
    server.start()
    logger.info("the embedded %s runs", server.title, extra={"pid": server.pid, "seconds": _since(started)})


def _migrate(settings: Settings) -> None:
    if not settings.migrate_on_start or settings.database_url is None:
        return
    deadline = time.monotonic() + _DATABASE_PATIENCE_SECONDS
    while True:
        try:
            applied = migrate.apply(settings.database_url)
        except migrate.DatabaseUnreachableError as error:
            if time.monotonic() > deadline:
                raise
            logger.warning("%s; trying again", error)
            time.sleep(1)
        else:
            logger.info("the database is up to date", extra={"migrations_applied": applied})
            return


def _load_demo(settings: Settings, complete: Settings) -> None:
    """Fills a new embedded database with demo players, unless DEMO=0.

    Only the first start of a database decides on that: one that was emptied later, for its opening say, stays
    empty.
    """
    if not settings.embedded_database or not settings.migrate_on_start or complete.database_url is None:
        return
    decided = EmbeddedPostgres(settings.data_dir).folder / "leaderboard-first-start-done"
    if decided.exists():
        return
    if settings.demo:
        started = time.monotonic()
        try:
            generate.generate(complete.database_url, users=_DEMO_USERS, sessions=_DEMO_SESSIONS)
        except generate.NotEmptyError:
            logger.info("there are players already, so no demo players are loaded")
        except generate.SeedError as error:
            raise _StartError(f"the demo players cannot be loaded: {error}") from error
        else:
            logger.info("loaded demo players (DEMO=0 starts empty)", extra={"seconds": _since(started)})
    decided.touch()


async def _serve(settings: Settings, sockets: list[socket.socket], signals: _Signals) -> None:
    """Answers requests until a signal, then lets those under way finish. A second signal cuts that short."""
    loop = asyncio.get_running_loop()
    stop, hurry = asyncio.Event(), asyncio.Event()

    def end() -> None:
        (hurry if stop.is_set() else stop).set()

    def on_signal() -> None:
        loop.call_soon_threadsafe(end)

    signals.action = on_signal
    runner = web.AppRunner(
        create_app(settings), access_log=None, shutdown_timeout=settings.shutdown_timeout_seconds
    )
    try:
        if await _finished(runner.setup(), stop):
            await _listen(settings, runner, sockets)
            await stop.wait()
            logger.info("stopping: requests under way are finished first")
    finally:
        await _finished(runner.cleanup(), hurry)
        signals.ignore()


async def _listen(settings: Settings, runner: web.AppRunner, sockets: list[socket.socket]) -> None:
    for bound in sockets:
        try:
            await web.SockSite(runner, bound, backlog=1024).start()
        except OSError as error:
            raise _port_error(settings, error) from error
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{sockets[0].getsockname()[1]}"
    print(f"The leaderboard runs on {address} - stop it with Ctrl-C", flush=True)
    logger.info("ready", extra={"address": address})


async def _finished(work: Coroutine[Any, Any, None], event: asyncio.Event) -> bool:
    """Awaits `work`, but gives it up when `event` comes first. Whether it was finished."""
    working, waiting = asyncio.ensure_future(work), asyncio.ensure_future(event.wait())
    await asyncio.wait([working, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if working.done():
        working.result()
        return True
    working.cancel()
    await asyncio.wait([working])
    return False


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


if __name__ == "__main__":
    sys.exit(main())
