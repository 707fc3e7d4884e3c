"""What two workers know of one another's writes when Redis, which carries the news, takes no more writes."""

import asyncio

import aiohttp

from tests.faults.stack import PATIENCE_SECONDS, Stack

SUBMIT = "/api/leaderboard/submit"
RANK = "/api/leaderboard/rank/77"


async def on_two_workers(stack: Stack, sessions: tuple[aiohttp.ClientSession, aiohttp.ClientSession]) -> None:
    """Returns when the sessions' connections, which are kept, lead to different workers."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            seen = set()
            for session in sessions:
                async with session.get("/healthz") as answer:
                    # A request's id starts with what its process drew at its start.
                    seen.add(answer.headers["X-Request-Id"][:16])
            if len(seen) == 2:
                return
            assert sessions[1].connector is not None
            await sessions[1].connector.close()
            sessions[1]._connector = aiohttp.TCPConnector(limit=1)


async def test_a_redis_that_turns_read_only(two_workers: Stack) -> None:
    """One worker writes, the other one reads. Until the reader's watcher has looked once, it may trust what
    Redis still gives out (docs/cache.md); from then on, and as long as Redis is read-only, it never does.
    """
    stack = two_workers
    await stack.recovered()
    writer = aiohttp.ClientSession(stack.address, connector=aiohttp.TCPConnector(limit=1))
    reader = aiohttp.ClientSession(stack.address, connector=aiohttp.TCPConnector(limit=1))

    async def submit() -> int:
        async with writer.post(SUBMIT, json={"user_id": 77, "score": 1}) as answer:
            assert answer.status == 200
            return int((await answer.json())["total_score"])

    async def read() -> int:
        async with reader.get(RANK) as answer:
            assert answer.status == 200
            return int((await answer.json())["total_score"])

    async with writer, reader:
        await on_two_workers(stack, (writer, reader))
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
