"""The table of routes. The router and /openapi.json (openapi.py) are built from it."""

from aiohttp import HttpVersion11, web

from service.http.routes import api_keys, leaderboard, moderation, players, service_state
from service.http.routes.route import Route

__all__ = ["ROUTES", "ROUTES_BY_NAME", "Route", "add_to"]

ROUTES: tuple[Route, ...] = (
    *leaderboard.ROUTES,
    *players.ROUTES,
    *moderation.ROUTES,
    *api_keys.ROUTES,
    *service_state.ROUTES,
)
ROUTES_BY_NAME = {route.name: route for route in ROUTES}


def add_to(app: web.Application) -> None:
    """Registers every route. A GET is also answered as HEAD."""
    for route in ROUTES:
        # Ids of players may have braces, which aiohttp's own pattern for a part of a path excludes.
        path = route.path.replace("{user_id}", "{user_id:[^/]+}").replace("{player}", "{player:[^/]+}")
        if route.method == "GET":
            app.router.add_get(path, route.handler, name=route.name, expect_handler=_expect)
        else:
            app.router.add_route(route.method, path, route.handler, name=route.name, expect_handler=_expect)


async def _expect(request: web.Request) -> None:
    """Answers `Expect: 100-continue` and ignores any other Expect, as HTTP allows. aiohttp's own handler refuses
    others in plain text, and fails where that text is not UTF-8.
    """
    if request.version >= HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the interim response is not part of the answer
