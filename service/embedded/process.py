"""Starts processes that end with ours; finds and ends those that an earlier run left."""

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psutil

from service.embedded.errors import EmbeddedServerError
from service.embedded.os_user import Account

#: A server's whole environment: no secret of the service, and no PG* variable that could redirect it.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}

_LAUNCHER = Path(__file__).with_name("launch.py")


@functools.cache
def _forker(pid: int) -> ThreadPoolExecutor:
    """One thread that starts processes as long as process `pid` lives (a fork of it needs a thread of its own).

    The signal that a child asks for at its parent's death (`launch.py`) comes when the *thread* that forked it ends,
    so a server started by a short-lived thread would end with that thread.
    """
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-forker")


def _terminate(started: "Future[subprocess.Popen[bytes]]") -> None:
    if not started.cancelled() and started.exception() is None:
        started.result().terminate()


def launch(
    command: list[str], *, account: Account, folder: Path, log: Path, death_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    """Starts a server as `account` in `folder`, its output appended to `log`.

    It gets a session of its own: Ctrl-C in a terminal reaches the service only, which finishes its requests before it
    stops the database. On Linux the server gets `death_signal` when this process ends.
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

    future = _forker(os.getpid()).submit(start)
    try:
        return future.result()
    except BaseException:
        # Interrupted while waiting: nothing else will know the process.
        future.add_done_callback(_terminate)
        raise


def processes_in(folder: Path, program: str) -> Iterator[psutil.Process]:
    """Every running process of the executable `program` whose working directory is `folder`.

    Compared by file identity, not by name: the folder may have been moved while the process ran.
    """
    try:
        wanted = folder.stat()
    except FileNotFoundError:
        return
    # Not process_iter(): its cached objects keep the program that a process ran before exec.
    for pid in psutil.pids():
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            if Path(process.exe()).name != program:
                continue
            found = os.stat(process.cwd())
            if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
                yield process


def end_processes(processes: list[psutil.Process], signals: tuple[tuple[signal.Signals, float], ...]) -> None:
    """Ends processes that are not our children: each signal in turn, and how long to wait after it."""
    for number, max_wait in signals:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        deadline = time.monotonic() + max_wait
        while processes := [process for process in processes if _is_alive(process)]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return
    pids = ", ".join(str(process.pid) for process in processes)
    raise EmbeddedServerError(f"a server left by an earlier run does not stop (process {pids}).")


def _is_alive(process: psutil.Process) -> bool:
    """A process that ended stays listed as a zombie until its parent waits for it, which in containers may be never."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
