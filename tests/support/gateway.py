"""A proxy in front of the service that loses answers, or answers itself, as a test tells it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

_HOP_BY_HOP = ("host", "connection", "transfer-encoding", "content-length", "content-encoding")

#: lose: the service gets the request, the client no answer. cut: neither gets anything. hold: as lose, but the
#: connection stays open. Otherwise status, headers and body of an answer that is not the service's.
Behaviour = Literal["pass", "lose", "cut", "hold"] | tuple[int, dict[str, str], str]


class Gateway:
    """`next` has what happens to the next requests; later ones pass."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.next: deque[Behaviour] = deque()
        #: Method, path with query, and Idempotency-Key of each request.
        self.seen: list[tuple[str, str, str | None]] = []
        #: The Last-Event-ID of each request for a stream.
        self.resumed: list[str | None] = []
        self._streams: list[web.Request] = []
        self.address = ""
        self.holds = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Gateway"]:
        app = web.Application()
        app.router.add_route("*", "/gateway", self._control)
        app.router.add_route("*", "/{path:.*}", self._handle)
        async with TestServer(app) as server, ClientSession(auto_decompress=False) as self._session:
            self.address = str(server.make_url("")).rstrip("/")
            yield self

    def cut_streams(self) -> None:
        """Breaks the connections of the streams that are open."""
        for request in self._streams:
            assert request.transport is not None
            request.transport.abort()

    async def _control(self, request: web.Request) -> web.Response:
        """For clients of other languages: POST what happens next, GET what was seen, DELETE cuts the streams."""
        if request.method == "DELETE":
            self.cut_streams()
            return web.json_response(self.resumed)
        if request.method == "POST":
            self.seen.clear()
            self.next.extend(one if isinstance(one, str) else tuple(one) for one in await request.json())
        return web.json_response(self.seen)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.path_qs, request.headers.get("Idempotency-Key")))
        behaviour = self.next.popleft() if self.next else "pass"
        if isinstance(behaviour, tuple):
            status, headers, body = behaviour
            return web.Response(status=status, headers=headers, text=body)
        if behaviour != "cut":
            answer = await self._forward(request)
            if behaviour == "pass":
                return answer
        if behaviour == "hold":
            self.holds.set()
            await asyncio.sleep(3600)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        url = self.service + request.path_qs
        async with self._session.request(
            request.method, url, headers=headers, data=await request.read(), allow_redirects=False
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP[1:-1]}
            if not answer.content_type.startswith("text/event-stream"):
                return web.Response(status=answer.status, headers=kept, body=await answer.read())
            self.resumed.append(request.headers.get("Last-Event-ID"))
            response = web.StreamResponse(status=answer.status, headers=kept)
            await response.prepare(request)
            self._streams.append(request)
            try:
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
            except ConnectionError:
                pass  # it was cut, or the service is gone
            finally:
                self._streams.remove(request)
            return response


def error(status: int, code: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """An answer in the shape of the service's errors."""
    named: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
    body = f'{{"error": {{"code": "{code}", "message": "as the test says"}}}}'
    return status, {"Content-Type": "application/json", **named}, body
