"""What the machine has to offer, for servers that size themselves to it."""

from pathlib import Path

import psutil

_CGROUPS = Path("/sys/fs/cgroup")


def memory_bytes(cgroups: Path = _CGROUPS, own_cgroup: Path = Path("/proc/self/cgroup")) -> int:
    """The memory this process may use: the machine's, or less where a cgroup (a container) limits it."""
    total: int = psutil.virtual_memory().total
    return min([total, *_limits(cgroups, own_cgroup)])


def _limits(cgroups: Path, own_cgroup: Path) -> list[int]:
    # A container sees its own group as the root. Outside of one, every group from ours up to the root limits
    # us.
    candidates = [cgroups / "memory.max", cgroups / "memory" / "memory.limit_in_bytes"]
    try:
        lines = own_cgroup.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            base, file_name = cgroups, "memory.max"
        elif "memory" in controllers.split(","):
            base, file_name = cgroups / "memory", "memory.limit_in_bytes"
        else:
            continue
        group = base / path.lstrip("/")
        while group != base:
            candidates.append(group / file_name)
            group = group.parent
    limits = []
    for candidate in candidates:
        try:
            limits.append(int(candidate.read_text()))
        except (OSError, ValueError):  # no such group, or "max"
            continue
    return [limit for limit in limits if limit > 0]
