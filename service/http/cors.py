"""CORS: which pages of other origins may call the API from a browser (the Fetch Standard, section 3.3).

We do not use aiohttp-cors: it knows exact origins only (no `https://*.example.com`), has one answer for every
refusal, and omits `Vary: Origin`, without which a shared cache may give one page the response for another.
"""

import logging

from aiohttp import web
from multidict import MutableMultiMapping

from service import errors, redaction
from service.errors import ApiError
from service.http.responses import method_not_allowed
from service.http.webui import Page
from service.settings.origins import NULL, Origins

logger = logging.getLogger(__name__)

#: Headers that a page may send: those that the calls read, and those that browser tracing adds to every call.
REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "Last-Event-ID",
    "X-Request-Id",
    "traceparent",
    "tracestate",
    "baggage",
    "newrelic",
    "sentry-trace",
)
#: Response headers that a page may read.
EXPOSED_HEADERS = ("Link", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id", "X-Trace-Id")
#: How long a browser may cache the answer to a preflight.
MAX_AGE_SECONDS = 600

#: Headers that need no permission. A browser still asks if their values are unusual.
_SAFE_HEADERS = frozenset({"accept", "accept-language", "content-language", "range"})
_ALLOWED_HEADERS = frozenset(name.lower() for name in REQUEST_HEADERS) | _SAFE_HEADERS
#: Characters shown of a refused origin or header.
_SHOWN = 100


class Cors:
    """Allows pages of the `allowed` origins to call. If there are none, no CORS header is sent."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._origins = Origins(allowed) if allowed else None
        #: By path. Each method of a path is a resource of its own.
        self._methods: dict[str, set[str]] = {}

    def add_to(self, app: web.Application) -> None:
        """Answers preflights for every path that the application has so far."""
        if self._origins is not None:
            if self._origins.allows(NULL):
                logger.warning(
                    "CORS_ORIGINS allows the origin null: local files and sandboxed frames. Any site can open such"
                    " a frame"
                )
            resources = [resource for resource in app.router.resources() if isinstance(resource, web.Resource)]
            for resource in resources:
                self._methods.setdefault(resource.canonical, set()).update(route.method for route in resource)
            for resource in resources:
                resource.add_route("OPTIONS", self._options)

    async def _options(self, request: web.Request) -> web.Response:
        """The answer to a preflight. Raises ApiError for a method or header that is not allowed."""
        assert self._origins is not None
        resource = request.match_info.route.resource
        assert resource is not None
        methods = ", ".join(sorted(self._methods[resource.canonical]))
        origin, method = request.headers.get("Origin"), request.headers.get("Access-Control-Request-Method")
        if origin is None or method is None:  # not a preflight
            raise method_not_allowed(request, "OPTIONS", methods)
        if not self._origins.allows(origin):
            raise ApiError(
                errors.ORIGIN_NOT_ALLOWED,
                f"pages of the origin {redaction.quoted(origin, _SHOWN)} may not call; the operator can add it to"
                " CORS_ORIGINS",
            )
        if method not in methods.split(", "):
            raise method_not_allowed(request, method, methods)
        asked = ",".join(request.headers.getall("Access-Control-Request-Headers", ())).lower().split(",")
        refused = {name.strip() for name in asked} - _ALLOWED_HEADERS - {""}
        if refused:
            shown = redaction.excerpt(", ".join(sorted(refused)), _SHOWN)
            raise ApiError(
                errors.HEADER_NOT_ALLOWED,
                f"a page of another origin may not send {shown!r}; it may send {', '.join(REQUEST_HEADERS)}",
            )
        return web.Response(
            headers={
                "Access-Control-Allow-Methods": methods,
                "Access-Control-Allow-Headers": ", ".join(REQUEST_HEADERS),
                "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
            },
        )

    def add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """Tells the browser whether the calling page may read the response, errors included. The files of our own
        page are never for other origins.
        """
        if not isinstance(response, web.FileResponse | Page):
            self.add_to_headers(
                response.headers, request.headers.get("Origin"), is_preflight=request.method == "OPTIONS"
            )

    def add_to_headers(self, headers: MutableMultiMapping[str], origin: str | None, *, is_preflight: bool) -> None:
        """The same for the `headers` of a response; `origin` is the request's Origin header."""
        if self._origins is None:
            return
        vary = headers.get("Vary")
        headers["Vary"] = "Origin" if vary is None else f"{vary}, Origin"
        if origin is not None and self._origins.allows(origin):
            headers["Access-Control-Allow-Origin"] = origin
            if not is_preflight:
                headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED_HEADERS)
