"""The usual answer: a sorted set of Redis behind aiohttp + uvloop, one command a request (two for a rank).

submit is ZINCRBY, rank is ZREVRANK + ZSCORE, top is ZREVRANGE WITHSCORES. The server keeps an append-only
file that it syncs once a second: what it acknowledged in the last second is lost with the power. There is no
ledger, no idempotency, no name and no number of players, and players with equal totals get different ranks.

With `--rank-commands 1`, rank is ZREVRANK WITHSCORE, which Redis has had since 7.2: few write it so, and no
target is set against it, but it is the best that a sorted set can do. With `--access-log 1` it logs each request, as
aiohttp does it.
"""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec
import redis
from aiohttp import web
from redis.asyncio import Redis

from tests.bench.references import serve

KEY = "leaderboard"
# redis-py types its answers as unions of all protocols and callbacks.
_REDIS: web.AppKey[Any] = web.AppKey("redis", Redis)
#: Above the most connections that load comes on. redis-py's pool raises an error when it has none left.
_MAX_CONNECTIONS = 1000
_CHUNK = 10_000


class Submission(msgspec.Struct):
    user_id: int
    score: int


_SUBMISSION = msgspec.json.Decoder(Submission)


def create_app(redis_url: str, rank_commands: int = 2) -> web.Application:
    async def connected(app: web.Application) -> AsyncIterator[None]:
        async with Redis.from_url(redis_url, max_connections=_MAX_CONNECTIONS) as client:
            app[_REDIS] = client
            yield

    app = web.Application()
    app.cleanup_ctx.append(connected)
    app.router.add_post("/api/leaderboard/submit", _submit)
    app.router.add_get("/api/leaderboard/rank/{user_id}", _rank if rank_commands == 2 else _rank_in_one)
    app.router.add_get("/api/leaderboard/top", _top)
    return app


def load(redis_url: str, totals: Iterable[tuple[int, int]]) -> None:
    """Fills the sorted set with (user id, total)."""
    with redis.Redis.from_url(redis_url) as client:
        chunk: dict[str, int] = {}
        for user_id, total in totals:
            chunk[str(user_id)] = total
            if len(chunk) == _CHUNK:
                client.zadd(KEY, chunk)
                chunk.clear()
        if chunk:
            client.zadd(KEY, chunk)


async def _submit(request: web.Request) -> web.Response:
    body = _SUBMISSION.decode(await request.read())
    total = await request.app[_REDIS].zincrby(KEY, body.score, str(body.user_id))
    return _answer(
        {
            "message": "Score submitted successfully",
            "user_id": body.user_id,
            "score": body.score,
            "total_score": int(total),
        }
    )


async def _rank(request: web.Request) -> web.Response:
    user_id = request.match_info["user_id"]
    client = request.app[_REDIS]
    position = await client.zrevrank(KEY, user_id)
    total = await client.zscore(KEY, user_id)
    if position is None or total is None:
        raise web.HTTPNotFound
    return _answer({"user_id": int(user_id), "total_score": int(total), "rank": position + 1})


async def _rank_in_one(request: web.Request) -> web.Response:
    user_id = request.match_info["user_id"]
    found = await request.app[_REDIS].zrevrank(KEY, user_id, withscore=True)
    if found is None:
        raise web.HTTPNotFound
    position, total = found
    return _answer({"user_id": int(user_id), "total_score": int(total), "rank": position + 1})


async def _top(request: web.Request) -> web.Response:
    limit = int(request.query.get("limit", "10"))
    rows = await request.app[_REDIS].zrevrange(KEY, 0, limit - 1, withscores=True)
    return _answer(
        [
            {"rank": rank, "user_id": int(user_id), "total_score": int(total)}
            for rank, (user_id, total) in enumerate(rows, start=1)
        ]
    )


def _answer(body: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")


if __name__ == "__main__":
    options = serve.arguments(__doc__, "redis-url", "rank-commands", "access-log")
    serve.run(
        lambda: create_app(options.redis_url, int(options.rank_commands)),
        options.port,
        access_log=options.access_log == "1",
    )
