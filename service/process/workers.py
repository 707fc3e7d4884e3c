"""Several worker processes that serve one port, and the parent process that keeps them running.

    python -m service.process.workers        a worker; its settings come through its standard input

Each worker is a complete service with its own pool, batches and cache connection; cache and rank index are made for
several (docs/cache.md, docs/rank-index.md). The parent serves no requests. It holds the sockets, so a connection made
while a worker restarts waits for it. It replaces workers that end, restarts them one after the other on SIGUSR1, and
stops them at the end. A worker whose parent is gone stops.
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

from service.errors import OperatorError
from service.observability import logs, new_relic
from service.process.server import AppFactory, Signals, Stop, serve
from service.process.sockets import refuse_new
from service.settings import Settings

logger = logging.getLogger("service")

_READY = b"ready\n"
#: How long a worker may take to start; it may have to wait for the database.
_START_SECONDS = 60.0
#: A worker that ran this long is replaced at once, any other after a pause.
_HEALTHY_SECONDS = 10.0
_PAUSE_SECONDS = 1.0
#: How much longer than SHUTDOWN_TIMEOUT_SECONDS a worker may take to stop: it also closes its pool.
_STOP_GRACE_SECONDS = 10.0


class WorkerError(OperatorError):
    """A worker did not start; the log says why."""


async def supervise(
    create_app: AppFactory,
    settings: Settings,
    sockets: list[list[socket.socket]],
    signals: Signals,
    stop: Stop,
    ready: Callable[[], None],
) -> None:
    """Keeps one worker running for each list of sockets until `stop` is requested. Calls `ready` once all of them
    serve. Raises WorkerError if one of the first workers does not start.
    """
    workers = [_Worker(number, create_app, settings, own) for number, own in enumerate(sockets, start=1)]
    requested = asyncio.create_task(stop.requested.wait())
    work = asyncio.create_task(_work(workers, signals, ready))
    try:
        await asyncio.wait([requested, work], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        logger.info("stopping: requests in progress are finished first")
    finally:
        requested.cancel()
        work.cancel()
        await asyncio.gather(requested, work, return_exceptions=True)
        await asyncio.gather(_refuse_new(sockets, stop), *(worker.stop(stop.hurry) for worker in workers))


async def _refuse_new(sockets: list[list[socket.socket]], stop: Stop) -> None:
    if stop.requested.is_set():
        await stop.delay()
    for own in sockets:
        refuse_new(own)


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
            logger.info("all workers are restarted")


class _Worker:
    """A list of sockets, and the process that currently serves them."""

    def __init__(self, number: int, create_app: AppFactory, settings: Settings, sockets: list[socket.socket]) -> None:
        self._number = number
        self._create_app = create_app
        self._settings = settings
        self._sockets = sockets
        self._process: asyncio.subprocess.Process | None = None
        self._serves = asyncio.Event()
        self._leaving = False
        self._restart_seconds = settings.shutdown_timeout_seconds + _STOP_GRACE_SECONDS
        self._stop_seconds = settings.shutdown_delay_seconds + self._restart_seconds

    async def start(self) -> None:
        """Starts the process and returns once it serves. Raises WorkerError."""
        files = [one.fileno() for one in self._sockets]
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "service.process.workers"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=files,
            # Ctrl-C in a terminal reaches the parent only, which then stops its workers gracefully.
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None
        settings = self._settings
        if settings.metrics_port:
            # Each process has its own metrics, so each has its own port for them.
            settings = dataclasses.replace(settings, metrics_port=settings.metrics_port + self._number - 1)
        # Through a pipe: other users can see arguments and environment variables, with passwords in them.
        # A function is pickled by name, so `create_app` must be at the top level of a module.
        message = pickle.dumps((self._create_app, settings, files, [one.family for one in self._sockets]))
        try:
            async with asyncio.timeout(_START_SECONDS):
                process.stdin.write(len(message).to_bytes(4, "big") + message)
                await process.stdin.drain()
                line = await process.stdout.readline()
        except (TimeoutError, ConnectionError):
            line = b""
        if line != _READY:
            await self._kill()
            raise WorkerError(f"worker {self._number} did not start (exit status {process.returncode})")
        self._leaving = False
        self._serves.set()
        logger.info("worker %d is serving", self._number, extra={"pid": process.pid})

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
        """Lets the worker finish its requests and returns once its successor serves. A worker that does not stop in
        time is killed.
        """
        process = self._process
        if process is not None and self._serves.is_set():
            self._leaving = True
            self._serves.clear()
            self._signal(signal.SIGUSR1)
            try:
                async with asyncio.timeout(self._restart_seconds):
                    await process.wait()
            except TimeoutError:
                logger.error("worker %d did not stop in time and is killed", self._number)
                process.kill()
        await self._serves.wait()

    async def stop(self, hurry: asyncio.Event) -> None:
        """Stops the process: asks it to finish, to stop at once on `hurry`, and kills it if it takes too long."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        ended, hurried = asyncio.create_task(process.wait()), asyncio.create_task(hurry.wait())
        await asyncio.wait([ended, hurried], timeout=self._stop_seconds, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done() and hurried.done():
            self._signal(signal.SIGUSR2)
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


class _WorkerStop(Stop):
    """Stop requests to a worker, which also gets those to all processes of a service: SIGTERM requests a stop, however
    often it comes, SIGUSR1 (to restart it) one without delay, and only SIGUSR2 is a hurry.
    """

    def __init__(self, signals: Signals, delay_seconds: float) -> None:
        super().__init__(signals, delay_seconds)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._restart)
        loop.add_signal_handler(signal.SIGUSR2, self.hurry.set)

    def _advance(self) -> None:
        self.requested.set()

    def _restart(self) -> None:
        self.delay_seconds = 0
        self.requested.set()


def main() -> int:
    """Runs a worker; returns its exit status. Writes `ready` to its standard output once it serves."""
    signals = Signals()
    pipe = sys.stdin.buffer
    size = int.from_bytes(pipe.read(4), "big")
    create_app, settings, files, families = pickle.loads(pipe.read(size))
    threading.Thread(target=_follow_parent, args=[pipe.fileno()], name="parent", daemon=True).start()
    logs.configure(settings)
    new_relic.start(settings)
    sockets = [socket.socket(family, fileno=file) for file, family in zip(files, families, strict=True)]

    def ready() -> None:
        sys.stdout.buffer.write(_READY)
        sys.stdout.buffer.flush()

    async def run() -> None:
        stop = _WorkerStop(signals, settings.shutdown_delay_seconds)
        await serve(create_app, settings, sockets, stop, ready, shared=True)

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run())
    except KeyboardInterrupt:
        return 0
    except OperatorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _follow_parent(pipe: int) -> None:
    """Stops this process when its parent is gone, which closes the pipe."""
    while os.read(pipe, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
