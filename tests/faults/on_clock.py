"""The clock of the service jumps: by hours, forward and back, while it works.

Only its wall clock: the monotonic one, by which the service measures every timeout and pause, cannot jump on
any system. Faked for the service's processes by libfaketime, which reads the shift from a file at each look.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from tests.faults.drill import Fault
from tests.faults.stack import Stack

_SHIFT_FILE = "shift"
_SHIFTS = ("+25h", "-49h", "+400d", "+0")


def library() -> Path | None:
    """libfaketime as Debian and Fedora install it, None where it is not."""
    places = [
        *Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
        Path("/usr/lib64/faketime/libfaketimeMT.so.1"),
    ]
    return next((place for place in places if place.exists()), None)


def environ(fake: Path, folder: Path) -> Mapping[str, str]:
    """What a service needs in its environment to have a clock that jumps."""
    (folder / _SHIFT_FILE).write_text("+0")
    return {
        "LD_PRELOAD": str(fake),
        "FAKETIME_TIMESTAMP_FILE": str(folder / _SHIFT_FILE),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def jumps(folder: Path) -> Fault:
    """The fault, for a service whose environment is that of `folder`."""

    async def jump(stack: Stack) -> None:
        for shift in _SHIFTS:
            (folder / _SHIFT_FILE).write_text(shift)
            await asyncio.sleep(0.7)

    return Fault("service: its clock jumps by days", jump, unnoticed=True, times=3)
