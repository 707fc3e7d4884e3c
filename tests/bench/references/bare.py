"""The ceiling of HTTP: aiohttp + uvloop answering a constant body of the size of a top list.

Nothing is parsed, looked up or encoded. No leaderboard on this stack can answer more requests than this one.
"""

from aiohttp import web

from tests.bench.references import serve

_ROW = b'{"rank":%d,"user_id":%d,"username":"RapidSummit%d","total_score":%d}'
_TOP = b"[" + b",".join(_ROW % (n, 48_271 * n, n, 190_000 - n) for n in range(1, 11)) + b"]"


def create_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/api/leaderboard/top", _answer)
    app.router.add_post("/api/leaderboard/submit", _answer)
    return app


async def _answer(request: web.Request) -> web.Response:
    return web.Response(body=_TOP, content_type="application/json")


if __name__ == "__main__":
    options = serve.arguments(__doc__)
    serve.run(create_app, options.port)
