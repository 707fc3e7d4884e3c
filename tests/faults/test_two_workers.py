"""What two workers know of one another's writes when Redis, which carries the news, takes no more writes."""

import asyncio
import contextlib

import aiohttp

from tests.faults.stack import PATIENCE_SECONDS, Stack

SUBMIT = "/api/leaderboard/submit"
RANK = "/api/leaderboard/rank/77"


async def on_two_workers(
    stack: Stack, opened: contextlib.AsyncExitStack
) -> tuple[aiohttp.ClientSession, aiohttp.ClientSession]:
    """Two sessions whose one connection, which they keep, leads to different workers."""
    found: dict[str, aiohttp.ClientSession] = {}
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(found) < 2:
            session = aiohttp.ClientSession(stack.address, connector=aiohttp.TCPConnector(limit=1))
            await opened.enter_async_context(session)
            async with session.get("/healthz") as answer:
                # A request's id starts with what its process drew at its start.
                found.setdefault(answer.headers["X-Request-Id"][:16], session)
    one, other = found.values()
    return one, other


async def test_a_redis_that_turns_read_only(two_workers: Stack) -> None:
    """One worker writes, the other one reads. Until the reader's watcher has looked once, it may trust what
    Redis still gives out (docs/cache.md); from then on, and as long as Redis is read-only, it never does.
    """
    stack = two_workers
    await stack.recovered()
    writer: aiohttp.ClientSession
    reader: aiohttp.ClientSession

    async def submit() -> int:
        async with writer.post(SUBMIT, json={"user_id": 77, "score": 1}) as answer:
            assert answer.status == 200
            return int((await answer.json())["total_score"])

    async def read() -> int:
        async with reader.get(RANK) as answer:
            assert answer.status == 200
            return int((await answer.json())["total_score"])

    async with contextlib.AsyncExitStack() as opened:
        writer, reader = await on_two_workers(stack, opened)
        assert await submit() == await read()
        with stack.redis() as client:
            client.replicaof("127.0.0.1", 1)
            try:
                total = await submit()
                async with asyncio.timeout(PATIENCE_SECONDS):
                    while (shown := await read()) != total:
                        assert shown < total
                        await asyncio.sleep(0.01)
                for _ in range(50):
                    total = await submit()
                    assert await read() == total
            finally:
                client.replicaof("NO", "ONE")
        await stack.recovered()
        for _ in range(50):
            total = await submit()
            assert await read() == total
