"""Several processes that serve one port, and the one above them that keeps them going.

    python -m service.process.workers        a worker; what it needs comes through its standard input

Each worker is a whole service: own pool, own batches, own place in the cache's protocol, which all of it is
made for (docs/cache.md, docs/rank-index.md). The process above serves nothing. It holds the sockets, so a
connection that is made while a worker is away waits for the next one; it starts a worker again that ended,
restarts them one after the other on SIGUSR1, and stops them at the end. A worker whose parent is gone stops.
"""

import asyncio
import contextlib
import dataclasses
import logging
import os
import pickle
import signal
import socket
import sys
import threading
from collections.abc import Callable

import uvloop

from service.database.pool import DatabaseUnreachableError
from service.observability import logs, new_relic
from service.process.server import AppFactory, Signals, Stop, serve
from service.process.sockets import ListenError
from service.settings import Settings

logger = logging.getLogger("service")

_READY = b"ready\n"
#: How long a worker may take until it serves; it may have to wait for the database.
_START_SECONDS = 60.0
#: A worker is started again at once if it lived this long, and after a pause if not.
_HEALTHY_SECONDS = 10.0
_PAUSE_SECONDS = 1.0
#: How much longer than SHUTDOWN_TIMEOUT_SECONDS a worker may take to stop: it also closes its pool.
_STOP_GRACE_SECONDS = 10.0


class WorkerError(Exception):
    """A worker did not start; why stands in the log above."""


async def supervise(
    create_app: AppFactory,
    settings: Settings,
    sockets: list[list[socket.socket]],
    signals: Signals,
    stop: Stop,
    ready: Callable[[], None],
) -> None:
    """Keeps a worker on each of the lists of sockets until `stop` is asked for, and calls `ready` when all of
    them serve. Raises WorkerError if one does not start in the first place.
    """
    workers = [_Worker(number, create_app, settings, mine) for number, mine in enumerate(sockets, start=1)]
    asked = asyncio.create_task(stop.asked.wait())
    work = asyncio.create_task(_work(workers, signals, ready))
    try:
        await asyncio.wait([asked, work], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        logger.info("stopping: requests under way are finished first")
    finally:
        asked.cancel()
        work.cancel()
        await asyncio.gather(asked, work, return_exceptions=True)
        await asyncio.gather(*(worker.stop(stop.hurry) for worker in workers))


async def _work(workers: list["_Worker"], signals: Signals, ready: Callable[[], None]) -> None:
    await asyncio.gather(*(worker.start() for worker in workers))
    restart = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        loop.call_soon_threadsafe(restart.set)

    signals.restart = on_signal
    ready()
    async with asyncio.TaskGroup() as group:
        for worker in workers:
            group.create_task(worker.keep())
        while True:
            await restart.wait()
            restart.clear()
            logger.info("restarting the workers one after the other")
            for worker in workers:
                await worker.restart()
            logger.info("all workers are new")


class _Worker:
    """A place for a worker: its sockets, and the process that serves them at the moment."""

    def __init__(self, number: int, create_app: AppFactory, settings: Settings, sockets: list[socket.socket]) -> None:
        self._number = number
        self._create_app = create_app
        self._settings = settings
        self._sockets = sockets
        self._process: asyncio.subprocess.Process | None = None
        self._serves = asyncio.Event()
        self._leaving = False
        self._patience = settings.shutdown_timeout_seconds + _STOP_GRACE_SECONDS

    async def start(self) -> None:
        """Starts the process and returns when it serves. Raises WorkerError."""
        files = [one.fileno() for one in self._sockets]
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "service.process.workers"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=files,
            # Ctrl-C in a terminal reaches the process above only, which then stops its workers in order.
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None
        settings = self._settings
        if settings.metrics_port:
            # The figures of a process are its own, so each has a port where it tells them.
            settings = dataclasses.replace(settings, metrics_port=settings.metrics_port + self._number - 1)
        # Through a pipe: an argument or a variable of the environment would show passwords to others.
        # A pickled function is its module and name, so `create_app` has to be one of a module's own.
        order = pickle.dumps((self._create_app, settings, files, [one.family for one in self._sockets]))
        try:
            async with asyncio.timeout(_START_SECONDS):
                process.stdin.write(len(order).to_bytes(4, "big") + order)
                await process.stdin.drain()
                said = await process.stdout.readline()
        except (TimeoutError, ConnectionError):
            said = b""
        if said != _READY:
            await self._kill()
            raise WorkerError(f"worker {self._number} did not start (exit status {process.returncode})")
        self._leaving = False
        self._serves.set()
        logger.info("worker %d serves", self._number, extra={"pid": process.pid})

    async def keep(self) -> None:
        """Starts the worker again whenever it ends. Never returns."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            if self._process is not None:
                await self._process.wait()
                if not self._leaving:
                    status = self._process.returncode
                    logger.error("worker %d ended (exit status %s), starting another", self._number, status)
            self._serves.clear()
            if not self._leaving and loop.time() - began < _HEALTHY_SECONDS:
                await asyncio.sleep(_PAUSE_SECONDS)
            try:
                await self.start()
            except (WorkerError, OSError) as error:
                logger.error("%s", error)
                self._process, self._leaving = None, False

    async def restart(self) -> None:
        """Lets the worker finish its requests and returns when its successor serves. One that does not end in
        time is killed.
        """
        process = self._process
        if process is not None and self._serves.is_set():
            self._leaving = True
            self._serves.clear()
            self._signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(self._patience):
                    await process.wait()
            except TimeoutError:
                logger.error("worker %d did not stop in time and is killed", self._number)
                process.kill()
        await self._serves.wait()

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ends the process: asks it to finish, once more in a `hurry`, and kills it if it takes too long."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        ended, hurried = asyncio.create_task(process.wait()), asyncio.create_task(hurry.wait())
        await asyncio.wait([ended, hurried], timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done() and hurried.done():
            self._signal(signal.SIGTERM)
            await asyncio.wait([ended], timeout=_STOP_GRACE_SECONDS)
        hurried.cancel()
        ended.cancel()
        await self._kill()

    async def _kill(self) -> None:
        self._signal(signal.SIGKILL)
        if self._process is not None:
            await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


def main() -> int:
    """A worker; returns its exit status. Says `ready` on its standard output when it serves."""
    signals = Signals()
    orders = sys.stdin.buffer
    size = int.from_bytes(orders.read(4), "big")
    create_app, settings, files, families = pickle.loads(orders.read(size))
    threading.Thread(target=_follow_parent, args=[orders.fileno()], name="parent", daemon=True).start()
    logs.configure(settings)
    new_relic.start(settings)
    sockets = [socket.socket(family, fileno=file) for file, family in zip(files, families, strict=True)]

    def ready() -> None:
        sys.stdout.buffer.write(_READY)
        sys.stdout.buffer.flush()

    async def run() -> None:
        await serve(create_app, settings, sockets, Stop(signals), ready)

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run())
    except KeyboardInterrupt:
        return 0
    except (ListenError, DatabaseUnreachableError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _follow_parent(orders: int) -> None:
    """Stops this process when the one above is gone: then the pipe from it has an end."""
    while os.read(orders, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
