"""The locks of a data folder: one service at a time, and commands that need its database."""

import contextlib
import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from service.embedded.errors import EmbeddedServerError
from service.embedded.os_user import make_parent
from service.embedded.postgres import EmbeddedPostgres, running_url
from service.embedded.valkey import EmbeddedValkey
from service.settings import Settings

logger = logging.getLogger(__name__)

#: How long a command waits for a service that is starting, or recovering after a crash, to open its database.
_MAX_WAIT_SECONDS = 60.0


class DataDirInUseError(EmbeddedServerError):
    """Another process uses the data folder."""


@contextlib.contextmanager
def locked(data_dir: Path, purpose: str) -> Iterator[None]:
    """Locks `data_dir` (created if missing) for this process, which is required to start servers in it.

    `purpose` is shown to other processes. The lock ends with the process, however that ends. Raises DataDirInUseError
    if another process has it.
    """
    descriptor = _open_lock(data_dir.absolute() / "lock")
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataDirInUseError(
                f"{data_dir.absolute()} is in use by {_holder(descriptor)}. Stop that first, or set DATA_DIR"
                " (and PORT) to run a second one."
            ) from None
        # One write of a fixed length: a reader never sees half of it.
        os.pwrite(descriptor, f"process {os.getpid()} ({purpose})".ljust(80).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 80, 0).decode(errors="replace").strip() or "another process"


@contextlib.contextmanager
def owner_database(settings: Settings, purpose: str = "a command") -> Iterator[str]:
    """The owner's address of the service's database, for the duration of a command.

    That is DATABASE_URL if set; else the database of the service that runs in this data folder; else the embedded
    server, started for the command and stopped after it, once other commands have finished with it too. Raises
    EmbeddedServerError.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    if settings.service_database_url is not None:
        raise EmbeddedServerError("set DATABASE_URL: SERVICE_DATABASE_URL does not have the rights of the owner.")
    data_dir = settings.data_dir.absolute()
    deadline = time.monotonic() + _MAX_WAIT_SECONDS
    while True:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locked(data_dir, purpose))
            except DataDirInUseError:
                url = stack.enter_context(_visitor(data_dir))
                if url is not None:
                    yield url
                    return
                if time.monotonic() > deadline:
                    raise
            else:
                server = EmbeddedPostgres(data_dir)
                try:
                    server.start()
                    yield server.url()
                finally:
                    with _without_visitors(data_dir):
                        server.stop()
                return
        time.sleep(0.1)


def remove(data_dir: Path) -> None:
    """Removes the servers' data, and `data_dir` itself if it is empty then. Raises EmbeddedServerError if it is in
    use or cannot be removed.
    """
    with locked(data_dir, "its removal"):
        for server in (EmbeddedPostgres(data_dir), EmbeddedValkey(data_dir)):
            server.end_leftovers()
        try:
            for name in ("postgres", "postgres.new-*", "valkey", "log"):
                for folder in data_dir.glob(name):
                    shutil.rmtree(folder)
            for name in ("lock.visitors", "lock"):
                (data_dir / name).unlink(missing_ok=True)
            if not any(data_dir.iterdir()):
                data_dir.rmdir()
        except OSError as error:
            raise EmbeddedServerError(f"{error.filename} cannot be removed: {error.strerror}.") from error


@contextlib.contextmanager
def _visitor(data_dir: Path) -> Iterator[str | None]:
    """The address of another process's server, which stays up in the meantime; None if it is not ready."""
    with _visitors_lock(data_dir) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:  # its command has finished and stops it
            yield None
        else:
            yield running_url(data_dir)


@contextlib.contextmanager
def _without_visitors(data_dir: Path) -> Iterator[None]:
    """Waits until no other command uses the server that this one started, and keeps new ones out."""
    with _visitors_lock(data_dir) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.warning("another command still uses the database: waiting for it before stopping the server")
            with contextlib.suppress(KeyboardInterrupt):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _visitors_lock(data_dir: Path) -> Iterator[int]:
    descriptor = _open_lock(data_dir / "lock.visitors")
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    try:
        make_parent(path)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise EmbeddedServerError(
            f"the data folder {path.parent} cannot be used: {error.strerror}. Give this user access to it,"
            " or set DATA_DIR to another folder."
        ) from error
