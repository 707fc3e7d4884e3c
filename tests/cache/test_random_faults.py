"""Two processes read and write at random while Redis fails at random and seasons end: no read is older than an
acknowledged write, or of a season that had ended when it began.

`SEEDS=200 pytest tests/cache/test_random_faults.py` tries more.
"""

import asyncio
import bisect
import contextlib
import dataclasses
import itertools
import math
import os
import random
import time
from typing import NamedTuple

import msgspec
import pytest

from service.cache.epoch_cache import Cache, NotInvalidatedError
from service.database.functions import Database
from service.observability import metrics

NUMBER = msgspec.json.Decoder(int)
KEYS = ("rank:1:overall", "rank:2:overall", "top:10:-:overall")
READERS, WRITERS, FAULTS = 6, 2, 6


class Counts(NamedTuple):
    kept: int
    reads: int
    writes: int


class Game:
    """`committed` is what the database holds, a number that each write raises; `acknowledged` is the largest that a
    client knows of. What a read returns also has the number of the season.
    """

    def __init__(self, chance, processes, redis):
        # By the clock of PostgreSQL. The last one does not end.
        begins = itertools.accumulate(chance.random() / 2 for _ in range(20))
        self._seasons = [time.monotonic() + at for at in begins]
        for cache in processes:
            cache._lease._database.cache_status = self._status(cache._lease._database.cache_status)
        self._chance = chance
        self._processes = processes
        self._redis = redis
        self._over = asyncio.Event()
        self._committed = self._acknowledged = 0
        self._reads = self._writes = 0

    async def play(self):
        before = _kept_hits()
        for cache in self._processes:
            await cache._lease.renew()  # the polls until now found no seasons
        async with asyncio.TaskGroup() as group:
            for _ in range(READERS):
                group.create_task(self._read_on())
            for _ in range(WRITERS):
                group.create_task(self._write_on())
            group.create_task(self._break_on())
        return Counts(_kept_hits() - before, self._reads, self._writes)

    async def _pause(self):
        """Sometimes none, sometimes a turn of the loop, sometimes longer."""
        kind = self._chance.random()
        if kind > 0.3:
            await asyncio.sleep(0 if kind < 0.6 else self._chance.random() / 200)

    def _season(self):
        return bisect.bisect_right(self._seasons, time.monotonic()) * 1_000_000

    def _status(self, original):
        """What a poll finds, with these seasons."""

        async def status():
            found = await original()
            now = time.monotonic()
            left = min((at - now for at in self._seasons if at > now), default=math.inf)
            boundaries = str(bisect.bisect_right(self._seasons, now))
            await self._pause()
            return dataclasses.replace(found, boundaries=boundaries, boundary_seconds=left)

        return status

    async def _load(self):
        await self._pause()
        value = self._season() + self._committed
        await self._pause()
        return value

    async def _read_on(self):
        while not self._over.is_set():
            cache, key = self._chance.choice(self._processes), self._chance.choice(KEYS)
            at_least = self._season() + self._acknowledged
            if self._chance.random() < 0.5:
                found = await cache.read(key, NUMBER, self._load)
            else:
                answer = asyncio.get_running_loop().create_future()
                assert cache.join(key, NUMBER, self._load, answer)
                found = await answer
            value = msgspec.json.decode(found)
            assert value >= at_least, f"read {value}, not {at_least} or more"
            self._reads += 1
            await self._pause()

    async def _write_on(self):
        while not self._over.is_set():
            await asyncio.sleep(self._chance.random() / 50)
            self._committed += 1
            written = self._committed
            await self._pause()
            with contextlib.suppress(NotInvalidatedError):
                await self._chance.choice(self._processes).invalidate_all()
                self._acknowledged = max(self._acknowledged, written)
                self._writes += 1

    async def _break_on(self):
        for _ in range(FAULTS):
            await asyncio.sleep(self._chance.random() / 3)
            await self._chance.choice(
                [self._lose_epoch, self._cut_connections, self._hang, self._restart, self._fill, self._change_timeline]
            )()
        await asyncio.sleep(0.3)
        self._over.set()

    async def _lose_epoch(self):
        with self._redis.client() as admin:
            admin.delete("leaderboard:epoch") if self._chance.random() < 0.5 else admin.flushall()

    async def _cut_connections(self):
        with self._redis.client() as admin:
            admin.client_kill_filter(_type="normal")

    async def _hang(self):
        self._redis.freeze()
        await asyncio.sleep(self._chance.random() / 4)
        self._redis.thaw()

    async def _restart(self):
        """It has the epoch and the values of when it was saved."""
        with self._redis.client() as admin:
            admin.save()
        await asyncio.sleep(self._chance.random() / 20)
        self._redis.kill()
        await asyncio.sleep(self._chance.random() / 10)
        self._redis.start()

    async def _fill(self):
        with self._redis.client() as admin:
            admin.config_set("maxmemory", 1)
            await asyncio.sleep(self._chance.random() / 10)
            admin.config_set("maxmemory", 0)

    async def _change_timeline(self):
        """One process learns of a promotion, later the other one."""
        processes = self._chance.sample(self._processes, 2)
        for cache in processes:
            for system in cache._timelines._newest:
                cache._timelines._newest[system] += 1
            await asyncio.sleep(self._chance.random() / 20)


def _kept_hits():
    return sum(kind.value for kind in metrics.CACHE_KEPT.values())


@pytest.mark.parametrize("seed", range(int(os.environ.get("SEEDS", "3"))))
async def test_no_read_is_older_than_an_acknowledged_write(settings, own_redis, seed):
    chance = random.Random(seed)
    async with contextlib.AsyncExitStack() as stack:
        processes = []
        for _ in range(2):
            database = await Database.connect(settings)
            stack.push_async_callback(database.close)
            cache = Cache(own_redis.url, database, timeout_seconds=0.1, ttl_seconds=30, max_kept_bytes=1 << 20)
            stack.push_async_callback(cache.close)
            await cache.start()
            processes.append(cache)
        counts = await Game(chance, processes, own_redis).play()
    assert min(counts) > 20, counts
