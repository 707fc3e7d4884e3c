"""The web page, and the description of the API as JSON and as a page."""

from aiohttp import web

from service.http import app_keys, fallback_pages, requests, schemas, webui


async def openapi(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return web.Response(body=request.app[app_keys.OPENAPI], content_type="application/json")


async def docs(request: web.Request) -> web.StreamResponse:
    requests.query(request, schemas.Query)
    return request.app[app_keys.WEBUI].page(webui.DOCS) or _page(fallback_pages.docs())


async def index(request: web.Request) -> web.StreamResponse:
    # The query string belongs to the page: ?player=7 is how a look-up is shared.
    return request.app[app_keys.WEBUI].page(webui.INDEX) or _page(fallback_pages.home(str(request.url.origin())))


def _page(html: str) -> web.Response:
    return web.Response(
        text=html,
        content_type="text/html",
        headers={"Content-Security-Policy": fallback_pages.POLICY},
    )
