"""What happens to Redis. No request may fail because of it: PostgreSQL has all answers."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable

from tests.faults.clients import Crowd
from tests.faults.drill import Fault
from tests.faults.proxy import FAIR, Weather
from tests.faults.stack import Stack

#: How long Redis pauses where two workers may think differently of it.
_PAUSE_SECONDS = (0.05, 1.0)
#: How long a fault lasts that ends: many times REDIS_TIMEOUT_MS, so that nobody just waits it out.
_LASTS_SECONDS = 1.5


async def _kill(stack: Stack) -> None:
    """It comes back empty: nothing of it is kept across runs."""
    stack.valkey_signal(signal.SIGKILL)
    await asyncio.sleep(random.uniform(0.1, 1))
    await asyncio.to_thread(stack.valkey.start)


async def _restart(stack: Stack) -> None:
    await asyncio.to_thread(stack.valkey.stop)
    await asyncio.to_thread(stack.valkey.start)


async def _hang(stack: Stack) -> None:
    stack.valkey_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(_LASTS_SECONDS)
    finally:
        stack.valkey_signal(signal.SIGCONT)


async def _run_out_of_memory(stack: Stack) -> None:
    """No write is taken, and what is there is still given out."""
    with stack.redis() as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        await asyncio.sleep(_LASTS_SECONDS)
        client.config_set("maxmemory", "256mb")
        client.config_set("maxmemory-policy", "allkeys-lru")


async def _evict_by_memory(stack: Stack) -> None:
    """So little memory that the server itself throws keys out at random, the epoch among them."""
    with stack.redis() as client:
        used = client.info("memory")["used_memory"]
        client.config_set("maxmemory-policy", "allkeys-random")
        client.config_set("maxmemory", str(int(used * 0.9)))
        await asyncio.sleep(_LASTS_SECONDS)
        client.config_set("maxmemory", "256mb")
        client.config_set("maxmemory-policy", "allkeys-lru")


async def _evict_each(stack: Stack) -> None:
    """Any key, at any moment."""
    end = asyncio.get_running_loop().time() + _LASTS_SECONDS
    with stack.redis() as client:
        while asyncio.get_running_loop().time() < end:
            key = client.randomkey() if random.random() < 0.7 else "leaderboard:epoch"
            if key is not None:
                client.delete(key)
            await asyncio.sleep(0.002)


async def _read_only(stack: Stack) -> None:
    """As after a failover that made a replica of it. It still gives out what it had."""
    with stack.redis() as client:
        client.replicaof("127.0.0.1", 1)
        try:
            await asyncio.sleep(_LASTS_SECONDS)
        finally:
            client.replicaof("NO", "ONE")


async def _answer_slowly(stack: Stack) -> None:
    assert stack.to_redis is not None
    stack.to_redis.weather = Weather(delay=0.6)
    try:
        await asyncio.sleep(_LASTS_SECONDS)
    finally:
        stack.to_redis.weather = FAIR


async def _reset_connections(stack: Stack) -> None:
    assert stack.to_redis is not None
    for _ in range(5):
        stack.to_redis.reset_all()
        await asyncio.sleep(0.2)


async def _lose_answers(stack: Stack) -> None:
    assert stack.to_redis is not None
    stack.to_redis.weather = Weather(lose_answer=0.02, truncate_answer=0.02)
    try:
        await asyncio.sleep(_LASTS_SECONDS)
    finally:
        stack.to_redis.weather = FAIR


async def _hang_on_the_way(stack: Stack) -> None:
    assert stack.to_redis is not None
    stack.to_redis.weather = Weather(hang=True)
    try:
        await asyncio.sleep(_LASTS_SECONDS)
    finally:
        stack.to_redis.weather = FAIR


async def _rest() -> None:
    """Until the cache is used again, or not yet."""
    await asyncio.sleep(random.uniform(0, 1.5))


async def _pause(stack: Stack) -> None:
    """Around REDIS_TIMEOUT_MS: one worker gives it up, another one does not."""
    stack.valkey_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))
    finally:
        stack.valkey_signal(signal.SIGCONT)
    await _rest()


async def _pause_clients(stack: Stack) -> None:
    """The same by Redis itself: of all commands, or of those that write while it still gives out values."""
    seconds = random.uniform(*_PAUSE_SECONDS)
    with stack.redis() as client:
        client.client_pause(int(seconds * 1000), all=random.random() < 0.5)
    await asyncio.sleep(seconds)
    await _rest()


async def _cut_off_one(stack: Stack) -> None:
    """One worker cannot reach Redis, and the other one can."""
    assert stack.to_redis is not None
    stack.to_redis.only = random.choice(stack.workers_alive())
    stack.to_redis.weather = Weather(hang=True)
    try:
        await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))
    finally:
        stack.to_redis.weather = FAIR
        stack.to_redis.only = None
    await _rest()


def _on_redis(
    name: str, inject: Callable[[Stack], Awaitable[None]], times: int = 3, sign: str | None = "cache down"
) -> Fault:
    return Fault(f"Redis: {name}", inject, unnoticed=True, sign=sign, times=times)


KILL = _on_redis("kill -9, empty start", _kill, 5)
RESTART = _on_redis("restart, empty", _restart)
HANG = _on_redis("hang (SIGSTOP)", _hang)
MEMORY = _on_redis("out of memory", _run_out_of_memory)
EVICTION = _on_redis("eviction by maxmemory", _evict_by_memory, sign=None)
EVICT_EACH = _on_redis("any key vanishes", _evict_each, sign=None)
READ_ONLY = _on_redis("READONLY (replica)", _read_only)
FAULTS = (KILL, RESTART, HANG, MEMORY, EVICTION, EVICT_EACH, READ_ONLY)

SLOW = _on_redis("slow answers (proxy)", _answer_slowly)
RESET = _on_redis("connections reset (proxy)", _reset_connections)
LOST = _on_redis("answers lost or cut (proxy)", _lose_answers)
BLACK_HOLE = _on_redis("nothing passes (proxy)", _hang_on_the_way)
#: Need a stack with proxies.
PROXIED = (SLOW, RESET, LOST, BLACK_HOLE)


async def _pause_with_a_worker(stack: Stack) -> None:
    """A worker stands still as well, wherever it is: between a look and a read, a commit and its answer."""
    victim = random.choice(stack.workers_alive())
    stack.valkey_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(random.uniform(0, 0.3))
        os.kill(victim, signal.SIGSTOP)
        try:
            await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))
        finally:
            os.kill(victim, signal.SIGCONT)
        await asyncio.sleep(random.uniform(0, 0.3))
    finally:
        stack.valkey_signal(signal.SIGCONT)
    await _rest()


def _commuters(address: str) -> Crowd:
    return Crowd(address, 2, commuters=True)


#: The log line of a process that acknowledges writes without invalidating the cache in Redis.
WARNED = "this process cannot invalidate the cache in Redis"


def _on_two_workers(name: str, inject: Callable[[Stack], Awaitable[None]], times: int) -> Fault:
    return Fault(f"Redis, two workers: {name}", inject, unnoticed=True, sign=WARNED, times=times, crowd=_commuters)


PAUSE = _on_two_workers("pauses (SIGSTOP)", _pause, 70)
PAUSE_CLIENTS = _on_two_workers("pauses (CLIENT PAUSE)", _pause_clients, 70)
PAUSE_BOTH = _on_two_workers("pauses, and so does a worker", _pause_with_a_worker, 30)
#: Need two workers.
TWO_WORKERS = (PAUSE, PAUSE_CLIENTS, PAUSE_BOTH)
#: Needs two workers and a stack with proxies.
CUT_OFF_ONE = _on_two_workers("one alone is cut off (proxy)", _cut_off_one, 70)
