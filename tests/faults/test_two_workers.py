"""What two workers know of one another's writes when Redis, which carries the news, fails one of them.

The rule is service/cache/lease.py's; tests/cache/test_lease.py has a test for each of its branches.
"""

import asyncio
import contextlib
import dataclasses
import random
import signal
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.faults import on_redis
from tests.faults.clients import on_two_workers
from tests.faults.drill import Fault, assert_harmless
from tests.faults.stack import Stack
from tests.support import api

WORKERS = tuple[aiohttp.ClientSession, aiohttp.ClientSession]


@pytest.fixture
async def workers(two_workers: Stack) -> AsyncIterator[WORKERS]:
    """A connection to each of the two, which use their cache."""
    await two_workers.recovered()
    async with contextlib.AsyncExitStack() as opened:
        yield await on_two_workers(two_workers.address, opened)


async def submit(worker: aiohttp.ClientSession) -> int:
    return int((await api.submit(worker, 77, 1))["total_score"])


async def read(worker: aiohttp.ClientSession) -> int:
    return int((await api.get(worker, "/rank/77"))["total_score"])


async def test_a_redis_that_turns_read_only(two_workers: Stack, workers: WORKERS) -> None:
    """One worker writes, the other one reads. Redis still gives out what it has, and nobody believes it."""
    writer, reader = workers
    assert await submit(writer) == await read(reader)
    with two_workers.redis() as client:
        client.replicaof("127.0.0.1", 1)
        try:
            for _ in range(50):
                total = await submit(writer)
                assert await read(reader) == total
        finally:
            client.replicaof("NO", "ONE")
    await two_workers.recovered()
    for _ in range(50):
        total = await submit(writer)
        assert await read(reader) == total


async def test_a_redis_that_pauses_longer_for_one_than_for_the_other(two_workers: Stack, workers: WORKERS) -> None:
    """A read on one worker takes as long as Redis may; the worker gives it up, and acknowledges without it.
    By the time of the read on the other one Redis comes back, with what it had before.
    """
    writer, reader = workers
    await submit(writer)
    loop = asyncio.get_running_loop()
    log_start = len(two_workers.service.log.read_text())
    for _ in range(3):
        await two_workers.recovered()
        assert await read(writer) == await read(reader)
        two_workers.valkey_signal(signal.SIGSTOP)
        timer = loop.call_later(random.uniform(0.22, 0.4), two_workers.valkey_signal, signal.SIGCONT)
        try:
            await read(writer)
            total = await submit(writer)
            assert await read(reader) == total
        finally:
            timer.cancel()
            two_workers.valkey_signal(signal.SIGCONT)
    assert on_redis.WARNED in two_workers.service.log.read_text()[log_start:]


@pytest.mark.parametrize("fault", on_redis.TWO_WORKERS, ids=lambda fault: fault.name)
async def test_pauses_at_any_moment(two_workers: Stack, fault: Fault) -> None:
    # A few pauses may all be too short for anybody to be warned.
    await assert_harmless(two_workers, dataclasses.replace(fault, sign=None), times=3)


async def test_one_alone_is_cut_off(proxied: Stack) -> None:
    fault = dataclasses.replace(on_redis.CUT_OFF_ONE, sign=None)
    await assert_harmless(proxied, fault, times=3)
