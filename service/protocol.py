"""What is answered when there is no request yet that a handler could answer: bytes that are not HTTP.

aiohttp would answer in plain text, name its version, and repeat what it was sent, which may be the header
with somebody's API key.
"""

from http import HTTPStatus

from aiohttp import web

from service import errors, middleware
from service.errors import Failure
from service.handlers import answer
from service.messages import Error, ErrorBody


class Runner(web.AppRunner):
    """Runs an application with the answers of this module."""

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        return _Server(
            server.request_handler,
            request_factory=server.request_factory,
            handler_cancellation=server.handler_cancellation,
            loop=server._loop,
            **server._kwargs,
        )


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Handler(self, loop=self._loop, **self._kwargs)


class _Handler(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        super().handle_error(request, status, exc, message)  # logs it, and sees whether there is an answer
        failure = errors.BAD_REQUEST if status == 400 else errors.INTERNAL_ERROR
        if status not in (400, 500):
            failure = Failure(status, "http_error", HTTPStatus(status).phrase.lower())
        response = answer(ErrorBody(Error(failure.code, errors.text_of(failure))), status=status)
        response.headers.update(
            {**middleware.HEADERS, "Cache-Control": "no-store", "Content-Security-Policy": middleware.POLICY}
        )
        response.force_close()
        return response
