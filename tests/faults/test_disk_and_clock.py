"""A full disk, and a clock that jumps: where the machine has what it takes to make them."""

import asyncio
import os
import time
from pathlib import Path

import aiohttp
import psycopg
import pytest

from tests.faults import on_clock, on_disk
from tests.faults.drill import assert_harmless
from tests.faults.stack import PATIENCE_SECONDS, running
from tests.http.test_signatures import authorization


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


async def test_signed_requests_go_by_the_clock_of_postgresql(tmp_path: Path) -> None:
    fake = on_clock.library()
    if fake is None:
        pytest.skip("libfaketime is not installed (Debian: apt-get install faketime)")
    with running(environ=on_clock.environ(fake, tmp_path)) as stack:
        with psycopg.connect(stack.owner_url, autocommit=True) as owner:
            row = owner.execute("SELECT api_key FROM api.create_api_key('k', '{read}', true)").fetchone()
        assert row is not None
        target = "/api/leaderboard/top"
        async with aiohttp.ClientSession(stack.address) as http:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (await http.get(target)).status != 401:  # until the service knows of the key
                    await asyncio.sleep(0.05)
            for hours in 25, -49, 400 * 24, 0:
                await on_clock.jump(stack, tmp_path, hours)
                for off, status in (0, 200), (-250, 200), (250, 200), (-400, 401), (400, 401):
                    signed = authorization(row[0], "GET", target, timestamp=int(time.time()) + off)
                    async with http.get(target, headers={"Authorization": signed}) as answer:
                        assert answer.status == status, (hours, off, await answer.text())
