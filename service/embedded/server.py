"""What the embedded servers have in common: start, stop and log."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from pathlib import Path

from service.embedded.errors import EmbeddedServerError
from service.embedded.os_user import Account, account_for
from service.embedded.process import launch

logger = logging.getLogger(__name__)

#: A server's log is copied to `<name>.log.1` and emptied when it has grown to this many bytes.
_LOG_LIMIT = 16 * 1024 * 1024


class EmbeddedServer(ABC):
    """A server program from a wheel, run as a child of this process, with its files in a folder of the data folder.

    Start and stop may be called from any thread. A process must hold the lock of the data folder (`data_dir.locked`)
    to start a server; otherwise two services could each take the other's server for a leftover and end it.
    """

    #: The server's name in messages and the name of its folder and log file.
    title: str
    name: str

    #: The signals that end the server, the gentlest first, each with the seconds to wait after it.
    _stop_signals: tuple[tuple[signal.Signals, float], ...]

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self.folder = self.data_dir / self.name
        self.log = self.data_dir / "log" / f"{self.name}.log"
        self._socket_folder = self.folder
        self._process: subprocess.Popen[bytes] | None = None
        self._mutex = threading.RLock()
        self._retired = threading.Event()

    @property
    def pid(self) -> int | None:
        """The server's process id, None while it does not run."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self.pid is not None

    def how_it_ended(self) -> str:
        """How the server's process, which is no longer alive, ended: in words such as "by signal 9"."""
        status = None if self._process is None else self._process.poll()
        assert status is not None, "call it when the process has ended"
        return f"by signal {-status}" if status < 0 else f"with exit status {status}"

    def retire(self) -> None:
        """Forbids further starts: one in progress in another thread fails at once."""
        self._retired.set()

    def start(self) -> None:
        """Starts the server and returns once it answers; does nothing if it runs.

        The first start creates its files. A start after a crash ends leftover processes and recovers. Raises
        EmbeddedServerError with the cause and the last lines of the log.
        """
        with self._mutex:
            if self.alive():
                return
            account = account_for(self.folder)
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.trim_log()
            account = self._prepare(account)
            log_start = self.log.stat().st_size if self.log.exists() else 0
            self._process = launch(
                self._command(account),
                account=account,
                folder=self.folder,
                log=self.log,
                death_signal=self._stop_signals[0][0],
            )
            try:
                self._wait_until_ready()
            except EmbeddedServerError as error:
                self.stop()
                raise EmbeddedServerError(f"{error}{self._log_since(log_start)}") from error
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stops the server gracefully, or by force if it takes too long; does nothing if it does not run."""
        with self._mutex:
            process = self._process
            if process is None:
                return
            for number, max_wait in self._stop_signals:
                if process.poll() is not None:
                    break
                process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max_wait)
            if self._socket_folder != self.folder:
                with contextlib.suppress(OSError):  # gone already, or not empty: a killed server left its socket
                    self._socket_folder.rmdir()

    def trim_log(self) -> None:
        """Keeps the log bounded: at most twice the limit, with the older half in `<name>.log.1`."""
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            # Copied and emptied, not renamed: the server keeps the file open and appends to it.
            shutil.copyfile(self.log, self.log.with_name(f"{self.log.name}.1"))
            os.truncate(self.log, 0)

    @abstractmethod
    def end_leftovers(self) -> None:
        """Ends the processes that an earlier run of this server left."""

    @abstractmethod
    def _prepare(self, account: Account) -> Account:
        """Prepares the folder for a start; returns the account to start as."""

    @abstractmethod
    def _command(self, account: Account) -> list[str]:
        """The server's command line."""

    @abstractmethod
    def _ready(self) -> bool:
        """Whether the server answers. Its process runs."""

    def _wait_until_ready(self) -> None:
        """Waits as long as the process lives: a recovery may take minutes and must not be interrupted."""
        started = reported = time.monotonic()
        while not self._ready():
            if not self.alive():
                raise EmbeddedServerError(
                    f"the embedded {self.title} ended {self.how_it_ended()} while it was starting."
                )
            if self._retired.is_set():
                raise EmbeddedServerError(f"the start of the embedded {self.title} was interrupted.")
            now = time.monotonic()
            if now - reported >= 10:
                reported = now
                logger.info("the embedded %s has been starting for %d s, see %s", self.title, now - started, self.log)
            time.sleep(0.01)

    def _log_since(self, offset: int) -> str:
        """The last lines of the log after `offset`, for an error message."""
        with contextlib.suppress(OSError), self.log.open("rb") as file:
            file.seek(offset)
            lines = file.read().decode(errors="replace").strip().splitlines()[-8:]
            if lines:
                return "\n".join(["", f"The end of {self.log}:", *(f"  {line}" for line in lines)])
        return f"\nSee {self.log}."
