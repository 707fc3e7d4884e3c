"""Answers to bytes that are not HTTP: there is no request yet that the middleware could answer.

aiohttp would answer in plain text, name its version, and repeat what it received, which may hold an API key.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage, LineTooLong

from service import errors
from service.errors import ApiError, Failure
from service.http import app_keys, middleware
from service.http.express.connection import ExpressConnection
from service.http.express.dispatch import Express
from service.http.responses import error_response

#: Limits of a request's head. An address has room for a thousand user ids. The two sizes differ, because aiohttp
#: reports only the size of the limit that was exceeded.
MAX_URL_BYTES = 16_000
MAX_HEADER_BYTES = 8_190
MAX_HEADERS = 128


class Runner(web.AppRunner):
    """Runs an application with the limits and the answers of this module."""

    def __init__(self, app: web.Application, **kwargs: Any) -> None:
        super().__init__(
            app,
            max_line_size=MAX_URL_BYTES,
            max_field_size=MAX_HEADER_BYTES,
            max_headers=MAX_HEADERS,
            **kwargs,
        )

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        return _Server(
            server.request_handler,
            request_factory=_with_handover(server.request_factory),
            handler_cancellation=server.handler_cancellation,
            loop=server._loop,
            express=Express(self.app) if self.app[app_keys.SETTINGS].express else None,
            **server._kwargs,
        )


def _with_handover(make: Callable[..., web.BaseRequest]) -> Callable[..., web.BaseRequest]:
    """Makes requests, each with what the express way knows about it."""

    def make_with_handover(message: Any, payload: Any, connection: Any, *rest: Any) -> web.BaseRequest:
        request = make(message, payload, connection, *rest)
        if connection.handover is not None:
            request[app_keys.HANDOVER], connection.handover = connection.handover, None
        return request

    return make_with_handover


class _Server(web.Server):
    def __init__(self, handler: Any, *, express: Express | None, **options: Any) -> None:
        super().__init__(handler, **options)
        self._express = express

    def __call__(self) -> web.RequestHandler:
        return _Handler(self, self._express, loop=self._loop, **self._kwargs)


class _Handler(ExpressConnection):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        super().handle_error(request, status, exc, message)  # logs it
        problem = _too_large(exc)
        if problem is None:
            failure = errors.BAD_REQUEST if status == 400 else errors.INTERNAL_ERROR
            if status not in (400, 500):
                failure = Failure(status, "http_error", HTTPStatus(status).phrase.lower())
            problem = ApiError(failure)
        response = error_response(problem)
        response.headers.update(
            {**middleware.HEADERS, "Cache-Control": "no-store", "Content-Security-Policy": middleware.POLICY}
        )
        response.force_close()
        return response


def _too_large(error: BaseException | None) -> ApiError | None:
    """The error for a head that exceeds one of the limits; None for any other fault."""
    if isinstance(error, LineTooLong):
        if error.args[1] == MAX_URL_BYTES:
            return ApiError(errors.URL_TOO_LONG, f"path and query have at most {MAX_URL_BYTES} bytes")
        return ApiError(errors.HEADERS_TOO_LARGE, f"a header has at most {MAX_HEADER_BYTES} bytes")
    if isinstance(error, BadHttpMessage) and error.message == "Too many headers received":
        return ApiError(errors.HEADERS_TOO_LARGE, f"a request has at most {MAX_HEADERS} headers")
    return None
