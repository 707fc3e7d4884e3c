"""aiohttp's connection with a second way for a request: express.py instead of a Request, a task and a Response.

aiohttp parses requests into the queue `_messages`; its task `start` handles them one after the other and waits for the
future `_waiter` when there is none. While the express way has the first request of the queue, that future is hidden
from aiohttp, so all of aiohttp takes the connection for one whose handler is busy: it reads and queues what comes,
does not close it as idle, and waits for the answer at a shutdown.

The private names of aiohttp that this needs are listed in tests/lint/test_private_names.py.
"""

import asyncio
from typing import Any, Protocol

from aiohttp import StreamReader, web
from aiohttp.http import RawRequestMessage

from service.http.express.handover import Handover


class Taker(Protocol):
    """Decides which requests go the express way."""

    def take(self, connection: "ExpressConnection", message: RawRequestMessage, payload: StreamReader) -> bool:
        """True: it answers the request, at once or later, with one call of `respond` or `hand_over`. False: the
        normal way does; `connection.handover` may say more.
        """


class ExpressConnection(web.RequestHandler):
    """A connection whose requests `taker` may take; None: it takes none."""

    __slots__ = ("_early", "_hidden", "_taker", "handover")

    def __init__(self, manager: web.Server, taker: Taker | None, **options: Any) -> None:
        super().__init__(manager, **options)
        self._taker = taker
        #: What came before `start` waited for it.
        self._early: list[bytes] = []
        #: The `_waiter` while the express way has a request.
        self._hidden: asyncio.Future[None] | None = None
        #: Of the request that `start` handles next. The request factory takes it.
        self.handover: Handover | None = None

    def data_received(self, data: bytes) -> None:
        if self._early:
            self._early.append(data)
        elif self._taker is None or not data or self._messages or self._request_in_progress:
            super().data_received(data)  # one of the two ways is busy: `start` goes on with what comes
        elif self._waiter is None:
            # A new connection, or `start` has just finished a request: in a moment it waits for the next.
            self._early.append(data)
            asyncio.get_running_loop().call_soon(self._receive_early)
        else:
            self._receive(data)

    def _receive_early(self) -> None:
        if self._early:
            data = b"".join(self._early)
            self._early.clear()
            self._receive(data)

    def _receive(self, data: bytes) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            super().data_received(data)
            return
        self._waiter = None  # so that `start` is not woken
        try:
            super().data_received(data)
        finally:
            self._dispatch(waiter)

    def _dispatch(self, waiter: "asyncio.Future[None]") -> None:
        """Offers what came to the express way. Of several requests in a row, `start` answers all: no browser or game
        sends any before it has the answer to the last one.
        """
        assert self._taker is not None
        if len(self._messages) == 1 and not waiter.done():
            message, payload = self._messages[0]
            if isinstance(message, RawRequestMessage):  # otherwise an error of the parser
                self._hidden = waiter
                self._request_in_progress = True
                if self._taker.take(self, message, payload):
                    return
                self._request_in_progress = False
                self._hidden = None
        self._wake(waiter)

    def _wake(self, waiter: "asyncio.Future[None]") -> None:
        """Lets `start` go on."""
        self._waiter = waiter
        if self._messages and not waiter.done():
            waiter.set_result(None)

    def respond(self, data: bytes, *, close: bool) -> None:
        """Writes the whole answer to the request that was taken, if the client is still there; `close`: it is the last
        one of this connection.
        """
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)
        self._messages.popleft()
        if self._parser is not None:
            self._parser.message_consumed()
        self._end_request()
        waiter, self._hidden = self._hidden, None
        assert waiter is not None, "a request was taken"
        if close or self._close or self._force_close:
            waiter.cancel()
            if self.transport is not None:
                self.transport.close()
            return
        # As `start` does after an answer.
        loop = asyncio.get_running_loop()
        self._next_keepalive_close_time = loop.time() + self.keepalive_timeout
        if self._keepalive_handle is None:
            self._keepalive_handle = loop.call_at(self._next_keepalive_close_time, self._process_keepalive)
        self._wake(waiter)

    def hand_over(self, handover: Handover) -> bool:
        """Lets the normal way answer the request that was taken. False: the client has left, so nothing does."""
        waiter, self._hidden = self._hidden, None
        assert waiter is not None, "a request was taken"
        if waiter.done():
            self._end_request()
            return False
        self.handover = handover
        self._wake(waiter)
        return True

    def _end_request(self) -> None:
        self._request_in_progress = False
        if self._handler_waiter is not None and not self._handler_waiter.done():
            self._handler_waiter.set_result(None)  # a shutdown waits for it

    def return_body(self, data: bytes) -> None:
        """Lets the normal way read the body of a request once more."""
        unread = StreamReader(self, len(data), loop=asyncio.get_running_loop())
        unread.feed_data(data)
        unread.feed_eof()
        message, _ = self._messages[0]
        self._messages[0] = message, unread

    def close(self) -> None:
        self._receive_early()  # it was read, so it is answered
        super().close()

    def force_close(self) -> None:
        if self._hidden is not None:
            self._hidden.cancel()
        super().force_close()
