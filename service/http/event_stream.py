"""The response that stays open: Server-Sent Events (the HTML standard, section 9.2).

The request ends, for the log and the metrics, when the stream begins. From then on states are written to the
connection as they are, each encoded and framed once for all streams: that takes a third of the time of
StreamResponse.write.
"""

import asyncio
import contextlib
import logging
import random
import socket
import time

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter

from service import redaction
from service.database.rows import ApiKey
from service.errors import ApiError
from service.http import schemas
from service.http.responses import encoded
from service.live.hub import Hub
from service.live.states import Question, State, chunk
from service.observability import metrics

logger = logging.getLogger("service.request")

#: How long clients wait before they come back after the stream has broken.
RETRY_MS = 2000
#: The same after a stream that the service ended: not all at once.
SPREAD_MS = (500, 3500)
#: Something is sent at least this often, so that proxies do not take the connection for idle.
ALIVE_SECONDS = 15.0
#: While more than this waits to be read, nothing is added; what is new is sent once the client has read on.
MAX_UNREAD_BYTES = 65_536
#: A client that has read nothing for this time is disconnected.
STALLED_SECONDS = 60.0

_ALIVE = b":\n\n"


class EventStream(web.StreamResponse):
    """The stream that answers a question. `first` is a state that was read after the request came."""

    def __init__(self, hub: Hub, question: Question, first: State, key: ApiKey | None, last_event_id: str) -> None:
        """`last_event_id` is the event that the client has: it gets a state only if that differs."""
        super().__init__(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store, no-transform",
                "X-Accel-Buffering": "no",  # nginx passes each event on at once
            }
        )
        self.question = question
        self.key = key
        self._hub = hub
        self._first = first
        self._shown_id = last_event_id
        self._shown_number = 0
        self._transport: asyncio.Transport | None = None
        self._is_chunked = True
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._began = self._written = self._read = time.monotonic()
        self._unread = 0
        self._events = 0
        self._why: str | None = None

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        self._is_chunked = request.version >= HttpVersion11
        if request.method != "HEAD":
            self._transport = request.transport
        return await super().prepare(request)

    async def write_eof(self, data: bytes = b"") -> None:
        """Called by aiohttp after the headers: sends events until the stream ends."""
        if self._transport is not None:
            _send_no_more_than_needed(self._transport)
            await self.write(b"retry: %d\n\n" % RETRY_MS)
            self._hub.add(self, self._first)
            try:
                await self._ended
            finally:
                self._hub.remove(self)
                self._log()
            if self._transport.is_closing():
                raise ConnectionResetError("the client closed the stream")
        await super().write_eof(data)

    def show(self, state: State) -> None:
        """See service.live.source.Stream."""
        if state.number <= self._shown_number or self._ended.done():
            return
        if state.id != self._shown_id:
            transport = self._transport
            assert transport is not None, "it is open"
            if transport.is_closing():
                return
            if transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
                metrics.STREAM_SKIPPED[()].add()
                return
            transport.write(state.chunk if self._is_chunked else state.event)
            self._written = time.monotonic()
            self._events += 1
            metrics.STREAM_EVENTS[()].add()
        self._shown_id, self._shown_number = state.id, state.number

    def check(self, state: State) -> bool:
        """See service.live.source.Stream."""
        assert self._transport is not None, "it is open"
        if self._transport.is_closing():
            return False
        now, unread = time.monotonic(), self.unread_bytes()
        if unread == 0 or unread < self._unread:
            self._read = now
        self._unread = unread
        if now - self._read > STALLED_SECONDS:
            self._why = "the client reads nothing"
            self._transport.abort()
            return False
        if state.id != self._shown_id:
            self.show(state)
        elif now - self._written >= ALIVE_SECONDS and unread == 0:
            self._write_event(_ALIVE)
        return True

    def end(self, error: ApiError | None) -> None:
        """See service.live.source.Stream."""
        if self._ended.done():
            return
        if error is not None:
            self._why = error.failure.code
            message = redaction.without_api_keys(error.message)
            body = encoded(schemas.ErrorBody(schemas.ApiError(error.failure.code, message)))
            self._write_event(b"event: error\ndata: %b\n\n" % body)
        else:
            self._write_event(b"retry: %d\n\n" % random.randint(*SPREAD_MS))
        self._ended.set_result(None)

    def _write_event(self, event: bytes) -> None:
        assert self._transport is not None, "it is open"
        if not self._transport.is_closing():
            self._transport.write(chunk(event) if self._is_chunked else event)
            self._written = time.monotonic()

    def unread_bytes(self) -> int:
        """What waits in this process until the client reads on."""
        assert self._transport is not None, "it is open"
        return 0 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    def _log(self) -> None:
        if logger.isEnabledFor(logging.INFO):
            fields: dict[str, object] = {"events": self._events, "seconds": round(time.monotonic() - self._began, 1)}
            if self._why is not None:
                fields["reason"] = self._why
            logger.info("stream ended", extra=fields)


def _send_no_more_than_needed(transport: asyncio.Transport) -> None:
    """Keeps the kernel from queueing megabytes of old states for a client that reads slowly."""
    connection = transport.get_extra_info("socket")
    if connection is not None and hasattr(socket, "TCP_NOTSENT_LOWAT"):
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_UNREAD_BYTES)
