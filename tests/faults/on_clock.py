"""The clock of the service jumps: by hours, forward and back, while it works.

Only its wall clock: the monotonic one, by which the service measures every timeout and pause, cannot jump on
any system. Faked for the service's processes by libfaketime, which reads the shift from a file at each look.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp

from tests.faults.drill import Fault
from tests.faults.stack import PATIENCE_SECONDS, Stack

_SHIFT_FILE = "shift"
_SHIFTS_HOURS = (25, -49, 400 * 24, 0)


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

    async def jump_about(stack: Stack) -> None:
        for hours in _SHIFTS_HOURS:
            await jump(stack, folder, hours)
            await asyncio.sleep(0.5)

    return Fault("service: its clock jumps by days", jump_about, unnoticed=True, times=3)


async def jump(stack: Stack, folder: Path, hours: int) -> None:
    """Sets the clock of the service so far from ours, and returns when that shows."""
    (folder / _SHIFT_FILE).write_text(f"{hours:+d}h")
    await _seen(stack, timedelta(hours=hours))


async def _seen(stack: Stack, shift: timedelta) -> None:
    """Returns when the Date of the service's answers is so far from ours."""
    async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession(stack.address) as http:
        while True:
            async with http.get("/healthz") as answer:
                date = parsedate_to_datetime(answer.headers["Date"])
            if abs(date - datetime.now(UTC) - shift) < timedelta(minutes=10):
                return
            await asyncio.sleep(0.05)
