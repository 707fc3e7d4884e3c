"""A full disk under PostgreSQL: a real, small file system in memory, filled by somebody else's file."""

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults.drill import Fault
from tests.faults.stack import PATIENCE_SECONDS, Stack

#: A fresh cluster takes 60 MB, of which 16 MB are the first piece of the log; each further piece takes 16.
_SIZE = "200m"
_FILLER = "somebody-elses-file"


class NoMountError(Exception):
    """A file system cannot be mounted here."""


def has_mount_right() -> bool:
    """Whether this process has CAP_SYS_ADMIN, without which the system refuses every mount."""
    (effective,) = re.findall(r"^CapEff:\s*(\w+)$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return bool(int(effective, 16) >> 21 & 1)


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """A mounted file system of its own. Raises NoMountError where that does not work."""
    folder = Path(tempfile.mkdtemp(prefix="lb-disk-", dir="/tmp"))
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=755", "tmpfs", str(folder)],
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        folder.rmdir()
        raise NoMountError("there is no program mount") from error
    if mounted.returncode != 0:
        folder.rmdir()
        raise NoMountError(mounted.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
        folder.rmdir()


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Not a byte is left on the folder's disk."""
    filler = folder / _FILLER
    try:
        # Without a buffer: what is left in one would be written at the end, and fail there.
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        yield
    finally:
        os.truncate(filler, 0)
        filler.unlink()


async def _fill(stack: Stack) -> None:
    """Not a byte is left, for tables, log and sorting alike; then somebody tidies up."""
    folder = stack.postgres.data_dir
    with filled(folder):
        async with asyncio.timeout(PATIENCE_SECONDS):
            # Until PostgreSQL has met it: the room within its present files lasts for a moment.
            while b"No space left on device" not in stack.postgres.log.read_bytes():
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        assert shutil.disk_usage(folder).free < 1 << 20
    # If its log was full it ended (PANIC) and either recovered by itself or waits to be started, which the
    # service's own supervisor does for an embedded server.
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not stack.postgres.alive():
            await asyncio.to_thread(stack.postgres.start)


FULL = Fault("PostgreSQL: disk full", _fill, noticed=True, times=3)
