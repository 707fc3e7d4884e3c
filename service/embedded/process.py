"""Processes: starting one whose life is tied to ours, finding and ending one that an earlier run left."""

import contextlib
import functools
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import psutil

from service.embedded.errors import EmbeddedServerError
from service.embedded.os_user import Account

#: All that a server sees of the environment: no secret of the service, and no PG* variable to redirect it.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}

_LAUNCHER = Path(__file__).with_name("launch.py")


class _Forker:
    """Starts processes from one thread that lives as long as this process.

    The signal that a child asks for at its parent's death (`launch.py`) comes when the *thread* that forked
    it ends, so a server started from a short-lived thread would not outlive that thread.
    """

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[tuple[Callable[[], subprocess.Popen[bytes]], Future[subprocess.Popen[bytes]]]]
        self._orders = queue.SimpleQueue()
        threading.Thread(target=self._work, name="embedded-forker", daemon=True).start()

    def run(self, start: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        future: Future[subprocess.Popen[bytes]] = Future()
        self._orders.put((start, future))
        try:
            return future.result()
        except BaseException:
            # Interrupted while waiting: nobody will know the process that comes of it.
            future.add_done_callback(_terminate)
            raise

    def _work(self) -> None:
        while True:
            start, future = self._orders.get()
            try:
                future.set_result(start())
            except BaseException as error:
                future.set_exception(error)


def _terminate(started: Future[subprocess.Popen[bytes]]) -> None:
    if started.exception() is None:
        started.result().terminate()


@functools.cache
def _forker(pid: int) -> _Forker:
    """The forker of process `pid`: a forked process has none of its parent's threads and needs its own."""
    return _Forker()


def launch(
    command: list[str], *, account: Account, folder: Path, log: Path, death_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    """Starts a server as `account` in `folder`, its output going to the end of `log`.

    It gets a session of its own, so that Ctrl-C in a terminal reaches the service only and requests are
    drained before their database goes, and on Linux it gets `death_signal` as soon as this process is gone.
    """
    full = [
        *account.wrapper,
        *(sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(int(death_signal))),
        *(str(account.uid), str(account.gid)),
        *command,
    ]

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                full,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                env=_ENVIRONMENT,
                start_new_session=True,
            )

    return _forker(os.getpid()).run(start)


def processes_in(folder: Path, program: str) -> Iterator[psutil.Process]:
    """Every running process of the executable `program` that works in `folder`, wherever it came from.

    By file identity, not by name: the folder may have been moved while the process ran.
    """
    try:
        wanted = folder.stat()
    except FileNotFoundError:
        return
    # Not process_iter(): its objects remember the program that a process was before it became this one.
    for pid in psutil.pids():
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            if Path(process.exe()).name != program:
                continue
            found = os.stat(process.cwd())
            if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
                yield process


def end_processes(processes: list[psutil.Process], signals: tuple[tuple[signal.Signals, float], ...]) -> None:
    """Ends processes that are not our children: each signal in turn, with the seconds it is given."""
    for number, patience in signals:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        deadline = time.monotonic() + patience
        while processes := [process for process in processes if _is_alive(process)]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return
    pids = ", ".join(str(process.pid) for process in processes)
    raise EmbeddedServerError(f"A server left over from an earlier run does not end (process {pids}).")


def _is_alive(process: psutil.Process) -> bool:
    """A process that ended, but that its parent never waited for (as in containers), is still listed."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
