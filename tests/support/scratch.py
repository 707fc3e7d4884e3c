"""Where servers of tests have their data: in memory if there is enough, and removed after the run, also a killed one.

A run of pytest has one folder for all its workers, and a lock on a file in it. The next run removes folders whose lock
is free: their runs were killed.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

#: The folder of this run, inherited by its workers.
_FOLDER = "LEADERBOARD_TEST_SCRATCH"
_PREFIX = "lb-run-"


def scratch() -> Path:
    """The folder of this run. Outside of pytest: the one that holds all runs'."""
    return Path(os.environ.get(_FOLDER) or _root())


@contextlib.contextmanager
def scratch_of_this_run() -> Iterator[None]:
    """Creates the folder that `scratch` returns, and removes it in the end."""
    root = _root()
    remove_left_by_killed_runs(root)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    folder.chmod(0o755)  # PostgreSQL's user enters it, too
    new = folder / "lock.new"
    with new.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        new.rename(_lock_of(folder))
        os.environ[_FOLDER] = str(folder)
        try:
            yield
        finally:
            os.environ.pop(_FOLDER, None)
            shutil.rmtree(folder, ignore_errors=True)


def remove_left_by_killed_runs(root: Path) -> None:
    for folder in root.glob(f"{_PREFIX}*"):
        # Without the file, it is being made or removed right now. Another user's cannot be opened.
        with contextlib.suppress(OSError), _lock_of(folder).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _lock_of(folder: Path) -> Path:
    return folder / "lock"


def _root() -> Path:
    """Memory if there is enough, since tests copy a database of 10 MB, and data folders of 50 MB."""
    memory = Path("/dev/shm")
    try:
        free = shutil.disk_usage(memory).free
    except OSError:
        free = 0
    return memory if free > 4 << 30 and os.access(memory, os.W_OK) else Path("/tmp")
