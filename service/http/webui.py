"""The built web page: webui/dist as Vite writes it, with its caching and security headers.

The name of an asset contains a hash of its content, so assets never change; browsers revalidate the pages each time.
Both also exist compressed (`.br`, `.gz`), and aiohttp chooses what the browser accepts.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from aiohttp import ETag, web

from service.http import fallback_pages

#: Where `make web` puts the page.
DIST = Path(__file__).resolve().parents[2] / "webui" / "dist"

INDEX = "index.html"
DOCS = "docs.html"
ADMIN = "admin.html"
EMBED = "embed.html"

#: The address of an asset. No slash and no leading dot, so it can only be a file in one flat folder.
ASSET_PATH = "/assets/{name:[A-Za-z0-9_-][A-Za-z0-9._-]*}"

#: The addresses of the console: /admin, its sections, and what they show, such as /admin/players/7.
ADMIN_PATH = "/admin{view:(/(boards|players|moderation|rejected|keys|health)(/.*)?)?}"

#: Where the page learns from which sites it may load pictures of players.
AVATAR_ORIGINS_PATH = "/avatar-origins.json"

#: Paths for programs: a missing one is answered with JSON, not with a page.
_NO_PAGE = ("/api/", "/assets/")

# Inline scripts and styles are forbidden, so no player's name can become one.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{inline_styles}; img-src 'self' data:{pictures};"
    " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {framed_by}"
)
# Swagger UI adds inline styles to its page. Inline scripts stay forbidden.
_POLICIES = {
    ADMIN: _POLICY.format(inline_styles="", framed_by="'none'", pictures=""),
    DOCS: _POLICY.format(inline_styles=" 'unsafe-inline'", framed_by="'none'", pictures=""),
}

# No Cross-Origin-Opener-Policy: over plain http, as in a LAN, browsers ignore it with a warning.
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",  # cached, but revalidated before each use
    "Vary": "Accept-Encoding",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# For the widget, instead of X-Frame-Options. A page that is isolated from other origins, such as a game with threads,
# shows only frames that ask for the same and may be used across origins.
_FRAMED_HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_ASSET_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}


class Page(web.Response):
    """A page that is made for the request. As those of files, it is not for pages of other origins (CORS)."""


class WebUI:
    """The page in `dist`. It may be built, rebuilt or removed while the service runs."""

    def __init__(self, dist: Path, embed_origins: tuple[str, ...] = (), avatar_origins: tuple[str, ...] = ()) -> None:
        """`embed_origins`: the web sites that may show the widget in a frame. `avatar_origins`: those from which the
        page may load pictures of players.
        """
        self._dist = dist
        self._embed_headers = {name: value for name, value in _PAGE_HEADERS.items() if name != "X-Frame-Options"}
        self._embed_headers |= _FRAMED_HEADERS if embed_origins else {"X-Frame-Options": "DENY"}
        self._embed_headers["Content-Security-Policy"] = _POLICY.format(
            inline_styles="", framed_by=" ".join(embed_origins) or "'none'", pictures=""
        )
        self._avatar_origins = avatar_origins
        self._index_policy = _POLICY.format(
            inline_styles="", framed_by="'none'", pictures="".join(f" {origin}" for origin in avatar_origins)
        )

    def page(self, name: str) -> web.StreamResponse | None:
        """DOCS or ADMIN as a response; None while it has not been built."""
        path = self._dist / name
        if not path.is_file():
            return None
        return web.FileResponse(path, headers={**_PAGE_HEADERS, "Content-Security-Policy": _POLICIES[name]})

    def index(self, request: web.Request, rendered: Callable[[str], str]) -> web.StreamResponse | None:
        """The page of boards and players, as `rendered` makes it from the built one; None while there is no build."""
        try:
            body = rendered((self._dist / INDEX).read_text()).encode()
        except OSError:
            return None
        # Weak, since the same page is also sent compressed.
        etag = ETag(hashlib.sha256(body).hexdigest()[:32], is_weak=True)
        headers = {**_PAGE_HEADERS, "Content-Security-Policy": self._index_policy}
        response = Page(body=body, content_type="text/html", charset="utf-8", headers=headers)
        if any(known.value in ("*", etag.value) for known in request.if_none_match or ()):
            response = Page(status=304, headers=headers)
        response.etag = etag
        return response

    def fallback(self, request: web.Request) -> web.StreamResponse | None:
        """A page with status 404 for an unknown address that was opened in a browser; None where the answer is JSON."""
        is_browser = request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("Accept", "")
        if not is_browser or request.path.startswith(_NO_PAGE):
            return None
        # Not a FileResponse: that would answer a conditional request with 304, and this page must not be cached.
        headers = {**_PAGE_HEADERS, "Cache-Control": "no-store", "Content-Security-Policy": self._index_policy}
        try:
            body = (self._dist / INDEX).read_bytes()
        except OSError:
            body = fallback_pages.missing().encode()
            headers["Content-Security-Policy"] = fallback_pages.POLICY
        return web.Response(status=404, body=body, content_type="text/html", charset="utf-8", headers=headers)

    async def admin(self, _request: web.Request) -> web.StreamResponse:
        """The console. The page needs no key; the calls that it makes do."""
        return self.page(ADMIN) or web.Response(
            text=fallback_pages.admin(),
            content_type="text/html",
            headers={"Content-Security-Policy": fallback_pages.POLICY},
        )

    async def embed(self, _request: web.Request) -> web.StreamResponse:
        """The widget. Its query string is the page's."""
        path = self._dist / EMBED
        if path.is_file():
            return web.FileResponse(path, headers=self._embed_headers)
        return web.Response(
            text=fallback_pages.embed(),
            content_type="text/html",
            headers={"Content-Security-Policy": fallback_pages.POLICY},
        )

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """A script, style sheet, font or picture of the page."""
        path = self._dist / "assets" / request.match_info["name"]
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=_ASSET_HEADERS)

    async def avatar_origins(self, _request: web.Request) -> web.Response:
        """From where the page may load pictures of players: it must not try others."""
        return web.json_response(self._avatar_origins, headers={"Cache-Control": "no-cache"})

    def add_to(self, app: web.Application) -> None:
        """Registers assets, console and widget. They are no part of the API, so they are not in its table of routes."""
        app.router.add_get(ASSET_PATH, self.asset, name="asset")
        app.router.add_get(ADMIN_PATH, self.admin, name="admin")
        app.router.add_get(AVATAR_ORIGINS_PATH, self.avatar_origins, name="avatar_origins")
        app.router.add_get("/embed", self.embed, name="embed")
