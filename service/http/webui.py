"""The built web page: webui/dist as Vite leaves it, with the caching and security headers it is made for.

Assets carry a hash of their content in their name and never change; the pages that name them are asked for
anew each time. Both lie there compressed as well (`.br`, `.gz`), and aiohttp picks what the browser takes.
"""

from pathlib import Path

from aiohttp import web

from service.http import fallback_pages

#: Where `make web` puts the page.
DIST = Path(__file__).resolve().parents[2] / "webui" / "dist"

INDEX = "index.html"
DOCS = "docs.html"

#: The address of an asset. No slash and no leading dot: it names a file of one flat folder, nothing else.
ASSET_PATH = "/assets/{name:[A-Za-z0-9_-][A-Za-z0-9._-]*}"

#: Paths below these are for programs: what is missing there is told as JSON, not with the page.
_NO_PAGE = ("/api/", "/assets/")

# Neither scripts nor styles may stand in the page, so nothing that a player calls himself can become one.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{inline_styles}; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Swagger UI puts style elements and attributes into the page. Scripts stay as forbidden as on the other one.
_POLICIES = {
    INDEX: _POLICY.format(inline_styles=""),
    DOCS: _POLICY.format(inline_styles=" 'unsafe-inline'"),
}

# Cross-Origin-Opener-Policy is left out: over plain http, as in a LAN, browsers refuse it and complain of it.
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",  # kept, but used only after the server said that it is still the one
    "Vary": "Accept-Encoding",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ASSET_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}


class WebUI:
    """The page in `dist`. It may be built, rebuilt or removed while the service runs."""

    def __init__(self, dist: Path) -> None:
        self._dist = dist

    def page(self, name: str) -> web.StreamResponse | None:
        """INDEX or DOCS as an answer; None as long as it is not built."""
        path = self._dist / name
        if not path.is_file():
            return None
        return web.FileResponse(path, headers={**_PAGE_HEADERS, "Content-Security-Policy": _POLICIES[name]})

    def fallback(self, request: web.Request) -> web.StreamResponse | None:
        """For an address that a person opened and no route knows: a page that says so, with the status 404.
        None where an error in JSON is due.
        """
        person = request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("Accept", "")
        if not person or request.path.startswith(_NO_PAGE):
            return None
        # Not as a file: a conditional request would be answered with 304, and nothing of it is to be kept.
        headers = {**_PAGE_HEADERS, "Cache-Control": "no-store", "Content-Security-Policy": _POLICIES[INDEX]}
        try:
            body = (self._dist / INDEX).read_bytes()
        except OSError:
            body = fallback_pages.missing().encode()
            headers["Content-Security-Policy"] = fallback_pages.POLICY
        return web.Response(status=404, body=body, content_type="text/html", charset="utf-8", headers=headers)

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """A script, style sheet, font or picture of the page."""
        path = self._dist / "assets" / request.match_info["name"]
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=_ASSET_HEADERS)

    def add_to(self, app: web.Application) -> None:
        """Registers the assets. They are no part of the API, so its table of routes does not have them."""
        app.router.add_get(ASSET_PATH, self.asset, name="asset")
