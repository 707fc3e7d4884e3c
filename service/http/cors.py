"""CORS: which pages of other origins may call the API from a browser (the Fetch Standard, section 3.3).

Written here and not taken from aiohttp-cors: that compares origins as they are written, so it knows no
`https://*.example.com`, answers every refusal alike, and leaves out `Vary: Origin`, without which a shared
cache gives one page the answer of another.
"""

import logging

from aiohttp import web

from service import errors, redaction
from service.errors import ApiError
from service.settings.origins import NULL, Origins

log = logging.getLogger(__name__)

#: What a page may send: what the calls read, and what a page's own tracing adds to every call of it.
REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "X-Request-Id",
    "traceparent",
    "tracestate",
    "baggage",
    "newrelic",
    "sentry-trace",
)
#: What a page may read of an answer, beside its body.
EXPOSED_HEADERS = ("Link", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id", "X-Trace-Id")
#: How long a browser need not ask again.
MAX_AGE_SECONDS = 600

#: Those that need no leave; a browser asks for it all the same where their values are odd.
_SAFE_HEADERS = frozenset({"accept", "accept-language", "content-language", "range"})
_ALLOWED_HEADERS = frozenset(name.lower() for name in REQUEST_HEADERS) | _SAFE_HEADERS
#: What is shown of a refused origin or header.
_SHOWN = 100


class Cors:
    """Lets pages of `allowed` origins call. Without any there is no CORS header at all."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._origins = Origins(allowed) if allowed else None

    def add_to(self, app: web.Application) -> None:
        """Answers preflights of every path that the application has by now."""
        if self._origins is not None:
            if self._origins.allows(NULL):
                log.warning(
                    "CORS_ORIGINS lets in pages of the origin null: files, sandboxed frames, and with a frame"
                    " of that kind any site"
                )
            for resource in list(app.router.resources()):
                if isinstance(resource, web.Resource):
                    resource.add_route("OPTIONS", self._options)

    async def _options(self, request: web.Request) -> web.Response:
        """A preflight's answer: what may be sent. Raises ApiError for what may not."""
        assert self._origins is not None
        resource = request.match_info.route.resource
        assert isinstance(resource, web.Resource)
        methods = ", ".join(sorted({route.method for route in resource} - {"OPTIONS"}))
        origin, method = request.headers.get("Origin"), request.headers.get("Access-Control-Request-Method")
        if origin is None or method is None:  # no preflight
            raise _not_taken(request, "OPTIONS", methods)
        if not self._origins.allows(origin):
            raise ApiError(
                errors.ORIGIN_NOT_ALLOWED,
                f"pages of the origin {redaction.excerpt(origin, _SHOWN)!r} may not call: the service's"
                " operator can add it to CORS_ORIGINS",
            )
        if method not in methods.split(", "):
            raise _not_taken(request, method, methods)
        asked = ",".join(request.headers.getall("Access-Control-Request-Headers", ())).lower().split(",")
        refused = {name.strip() for name in asked} - _ALLOWED_HEADERS - {""}
        if refused:
            shown = redaction.excerpt(", ".join(sorted(refused)), _SHOWN)
            raise ApiError(
                errors.HEADER_NOT_ALLOWED,
                f"a page of another origin may not send {shown!r}, only {', '.join(REQUEST_HEADERS)}",
            )
        return web.Response(
            headers={
                "Access-Control-Allow-Methods": methods,
                "Access-Control-Allow-Headers": ", ".join(REQUEST_HEADERS),
                "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
            },
        )

    def announce(self, request: web.Request, response: web.StreamResponse) -> None:
        """Tells the browser whether the page that called may read the answer, errors too. The files of our
        own page are for no other.
        """
        if self._origins is None or isinstance(response, web.FileResponse):
            return
        vary = response.headers.get("Vary")
        response.headers["Vary"] = "Origin" if vary is None else f"{vary}, Origin"
        origin = request.headers.get("Origin")
        if origin is not None and self._origins.allows(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            if request.method != "OPTIONS":
                response.headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED_HEADERS)


def _not_taken(request: web.Request, method: str, methods: str) -> ApiError:
    return ApiError(
        errors.METHOD_NOT_ALLOWED,
        f"{request.path} does not take {redaction.excerpt(method, _SHOWN)}, it takes {methods}",
        {"Allow": methods},
    )
