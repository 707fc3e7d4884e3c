"""A full disk, and a clock that jumps: where the machine has what it takes to make them."""

import os
from pathlib import Path

import pytest

from tests.faults import on_clock, on_disk
from tests.faults.drill import assert_harmless
from tests.faults.stack import running


async def test_a_full_disk_loses_nothing() -> None:
    try:
        with on_disk.small_disk() as disk, running(postgres_folder=disk) as stack:
            await assert_harmless(stack, on_disk.FULL)
    except on_disk.NoMountError as error:
        pytest.skip(f"a small disk takes the right to mount one: {error}")


async def test_a_clock_that_jumps_is_not_noticed(tmp_path: Path) -> None:
    fake = on_clock.library()
    if fake is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to make the clock jump, and there is no libfaketime")
        pytest.skip("libfaketime is not installed (Debian: apt-get install faketime)")
    with running(environ=on_clock.environ(fake, tmp_path)) as stack:
        await assert_harmless(stack, on_clock.jumps(tmp_path))
