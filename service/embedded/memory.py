"""How much memory there is, for servers that size themselves to it."""

from pathlib import Path

import psutil

_CGROUPS = Path("/sys/fs/cgroup")


def memory_bytes(cgroups: Path = _CGROUPS, own_cgroup: Path = Path("/proc/self/cgroup")) -> int:
    """The memory this process may use: the machine's, or less where a cgroup (a container) limits it."""
    limits: list[int] = [psutil.virtual_memory().total]
    # A container sees its own group as the root. Outside of one, every group from ours up to the root limits us.
    groups = [cgroups]
    if own_cgroup.exists():
        for line in own_cgroup.read_text().splitlines():
            if line.startswith("0::/"):
                group = cgroups / line.removeprefix("0::/")
                groups += [one for one in (group, *group.parents) if one.is_relative_to(cgroups)]
    for group in groups:
        try:
            limits.append(int((group / "memory.max").read_text()))
        except (OSError, ValueError):  # no limit of its own, or "max"
            continue
    return min(limits)
