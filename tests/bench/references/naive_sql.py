"""What SQL is said to be too slow for: rank by counting, `1 + count(*)` of the higher totals, each time.

aiohttp + uvloop + asyncpg on the same table and index as ours, so the count is an index-only scan where the
visibility map allows it. Exact, like ours, and its cost grows with the number of players above.
"""

from collections.abc import AsyncIterator

import asyncpg
import msgspec
from aiohttp import web

from tests.bench.references import serve

_POOL: web.AppKey["asyncpg.Pool[asyncpg.Record]"] = web.AppKey("pool", asyncpg.Pool)
_POOL_SIZE = 10  # the default of the service
_RANK = """
    SELECT l.user_id, l.total_score, 1 + (
        SELECT count(*) FROM public.leaderboard AS o WHERE o.board_id = 1 AND o.total_score > l.total_score
    ) AS rank
    FROM public.leaderboard AS l
    WHERE l.board_id = 1 AND l.user_id = $1"""


def create_app(database_url: str) -> web.Application:
    async def connected(app: web.Application) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database_url, min_size=1, max_size=_POOL_SIZE) as pool:
            app[_POOL] = pool
            yield

    app = web.Application()
    app.cleanup_ctx.append(connected)
    app.router.add_get("/api/leaderboard/rank/{user_id}", _rank)
    return app


async def _rank(request: web.Request) -> web.Response:
    row = await request.app[_POOL].fetchrow(_RANK, int(request.match_info["user_id"]))
    if row is None:
        raise web.HTTPNotFound
    return web.Response(body=msgspec.json.encode(dict(row)), content_type="application/json")


if __name__ == "__main__":
    options = serve.arguments(__doc__, "database-url")
    serve.run(lambda: create_app(options.database_url), options.port)
