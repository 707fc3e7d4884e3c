"""The web page, and the description of the API as JSON and as a page."""

from aiohttp import web

from service.errors import ApiError
from service.http import app_keys, fallback_pages, requests, schemas, sharing, webui


async def openapi(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return web.Response(body=request.app[app_keys.OPENAPI], content_type="application/json")


async def docs(request: web.Request) -> web.StreamResponse:
    requests.query(request, schemas.Query)
    return request.app[app_keys.WEBUI].page(webui.DOCS) or _page(fallback_pages.docs())


async def index(request: web.Request) -> web.StreamResponse:
    """The page of a board. The query string belongs to the page: ?player=7 is how a look-up is shared."""
    return await _page_with_card(request, request.query.get("player"))


async def player_page(request: web.Request) -> web.StreamResponse:
    """The page of a player. Also of one that does not exist, since the page says so; not of what can be no player."""
    player = request.match_info["user_id"]
    try:
        requests.player(player)
    except ApiError:
        raise web.HTTPNotFound from None
    return await _page_with_card(request, player)


async def _page_with_card(request: web.Request, player: str | None) -> web.StreamResponse:
    cards = request.app[app_keys.CARDS]
    origin = cards.origin(request)
    card = await cards.of(request, request.app[app_keys.LEADERBOARD], player)
    page = request.app[app_keys.WEBUI].index(request, lambda built: sharing.with_card(built, card, origin))
    return page or _page(fallback_pages.home(str(request.url.origin())))


def add_to(app: web.Application) -> None:
    """Registers the pages that are not in the table of routes, because they are no part of the API."""
    app.router.add_get("/players/{user_id:[^/]+}", player_page, name="player_page")


def _page(html: str) -> web.Response:
    return web.Response(
        text=html,
        content_type="text/html",
        headers={"Content-Security-Policy": fallback_pages.POLICY},
    )
