"""`python -m service`: starts, in this order, settings, port, embedded servers (unless the settings name others),
migrations, demo data (first start only), and then serves requests until SIGINT or SIGTERM. Stops in reverse order.

Exit status: 0 after a signal, 1 if the service could not start, 2 if a setting is wrong.
"""

import asyncio
import contextlib
import dataclasses
import logging
import resource
import socket
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import uvloop

from seed import generate
from service.app import create_app
from service.database import migrate
from service.database.connect import NoServerError, connect
from service.embedded import EmbeddedPostgres, EmbeddedValkey, Supervisor, locked
from service.errors import OperatorError
from service.observability import logs, new_relic
from service.process import sockets, systemd, workers
from service.process.server import Signals, Stop, serve
from service.settings import SERVICE_ROLE, Settings, SettingsError, exposed_secrets, load, misspelt

logger = logging.getLogger("service")

_DEMO_USERS = 1_000
_DEMO_SESSIONS = 5_000
#: How long to wait for a database that is started together with the service.
_DATABASE_WAIT_SECONDS = 15.0


def main() -> int:
    """Runs the service; returns its exit status."""
    signals = Signals()
    try:
        settings = load()
    except SettingsError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        return 2
    logs.configure(settings)
    if exposed := exposed_secrets():
        logger.warning("other users can read the secrets in .env: chmod 600 .env", extra={"secrets": exposed})
    for name, setting in misspelt().items():
        logger.warning("%s in .env is not a setting; did you mean %s?", name, setting)
    try:
        with sockets.bound(settings) as bound, _servers(settings, signals) as complete:
            _migrate(complete)
            _load_demo(settings, complete)
            _serve(complete, bound, signals)
    except KeyboardInterrupt:
        return 0
    except OperatorError as error:
        if _was_interrupted(error):
            logger.info("stopped while starting", extra={"reason": str(error)})
            return 0
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether a signal caused the error: a driver that is interrupted in a query raises an error of its own."""
    if error is None or isinstance(error, KeyboardInterrupt):
        return error is not None
    return _was_interrupted(error.__cause__) or _was_interrupted(error.__context__)


@contextlib.contextmanager
def _servers(settings: Settings, signals: Signals) -> Iterator[Settings]:
    """Starts the embedded servers that are needed; yields the settings with the addresses of all servers."""
    with contextlib.ExitStack() as stack:
        if settings.embedded_database or settings.embedded_cache:
            stack.enter_context(locked(settings.data_dir, "the leaderboard service"))
        complete = settings
        servers: list[EmbeddedPostgres | EmbeddedValkey] = []
        if settings.embedded_database:
            connections = max(100, settings.workers * settings.pool_size + 50)
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


def _start(server: EmbeddedPostgres | EmbeddedValkey, stack: contextlib.ExitStack, signals: Signals) -> None:
    started = time.monotonic()
    stack.callback(server.stop)
    stack.callback(signals.ignore)  # called before the stop, which must not be interrupted
    server.start()
    logger.info("the embedded %s is running", server.title, extra={"pid": server.pid, "seconds": _since(started)})


def _migrate(settings: Settings) -> None:
    if not settings.migrate_on_start or settings.database_url is None:
        return
    deadline = time.monotonic() + _DATABASE_WAIT_SECONDS
    while True:
        try:
            applied = migrate.apply(settings.database_url, service_has_login=settings.service_has_login)
        except migrate.DatabaseUnreachableError as error:
            if time.monotonic() > deadline or asyncio.run(_refused(settings.database_url)):
                raise
            logger.warning("%s; trying again", error)
            time.sleep(1)
        else:
            logger.info("the database is up to date", extra={"migrations_applied": applied})
            return


async def _refused(database_url: str) -> bool:
    """Whether the database can be reached, but refuses the login for good. libpq does not say why a login failed."""
    try:
        (await connect(database_url)).terminate()
    except NoServerError as error:
        return error.permanent
    return False


def _load_demo(settings: Settings, complete: Settings) -> None:
    """Fills a new embedded database with demo players, unless DEMO=0. Only at the first start of a database: one that
    was emptied later stays empty.
    """
    if not settings.embedded_database or not settings.migrate_on_start or complete.database_url is None:
        return
    marker = EmbeddedPostgres(settings.data_dir).folder / "leaderboard-first-start-done"
    if marker.exists():
        return
    if settings.demo:
        started = time.monotonic()
        try:
            generate.generate(
                complete.database_url,
                users=_DEMO_USERS,
                sessions=_DEMO_SESSIONS,
                end=datetime.now(UTC),
                with_boards=True,
            )
        except generate.NotEmptyError:
            logger.info("there are players already, so no demo players are loaded")
        else:
            logger.info("loaded demo players (DEMO=0 starts empty)", extra={"seconds": _since(started)})
    marker.touch()


def _serve(settings: Settings, bound: list[list[socket.socket]], signals: Signals) -> None:
    """Serves in this process or, with several WORKERS, in child processes, until a signal."""

    def ready() -> None:
        address = sockets.address(settings, bound[0])
        others = sockets.others(settings)
        print(f"The leaderboard runs on {address} {others}- stop it with Ctrl-C", flush=True)
        logger.info("ready", extra={"address": address, "workers": settings.workers})
        systemd.notify_ready()

    async def run() -> None:
        stop = Stop(signals, settings.shutdown_delay_seconds)
        try:
            if settings.workers == 1:
                await serve(create_app, settings, bound[0], stop, ready)
            else:
                await workers.supervise(create_app, settings, bound, signals, stop, ready)
        finally:
            signals.ignore()

    # Each stream takes a file, and the usual limit is 1,024, far below what the system allows.
    with contextlib.suppress(OSError, ValueError):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if settings.workers == 1:
        new_relic.start(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if settings.workers == 1 else None) as runner:
        runner.run(run())


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


if __name__ == "__main__":
    sys.exit(main())
