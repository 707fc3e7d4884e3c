"""One connection to Redis for everything that requests wait for: commands are sent at once and answered in order.

redis-py opens it, with all forms of addresses, logins and TLS. Its own way of sending a command takes 5 times as long
(docs/cache.md has the figures), which is more than the rest of a request.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from redis.asyncio.connection import AbstractConnection, DefaultParser
from redis.exceptions import ConnectionError

#: A busy event loop is late for timers and sockets alike. An answer that has arrived is read within this many turns
#: of the loop. Only after them does a call count as timed out.
GRACE_TURNS = 5

Command = Sequence[bytes | str | int]
#: None, a number, bytes, a list of such, or the error of a rejected command.
Answer = Any


class PipelinedConnection:
    """Opened when it is needed, and anew after it was lost."""

    def __init__(self, new_connection: Callable[[], AbstractConnection]) -> None:
        """`new_connection` returns redis-py's connection, not yet open."""
        self._new_connection = new_connection
        self._opening = asyncio.Lock()
        self._line: _Line | None = None
        #: How often `close` was called.
        self._closed = 0

    @property
    def is_open(self) -> bool:
        return self._line is not None and not self._line.lost

    async def open(self) -> None:
        """Opens it unless it is open. Raises what redis-py raises, and ConnectionError if it is closed meanwhile."""
        async with self._opening:
            if self.is_open:
                return
            connection = self._new_connection()
            closed = self._closed
            try:
                await connection.connect()  # type: ignore[no-untyped-call]
                if self._closed != closed:
                    raise ConnectionError("it was closed while it was opened")
                self._line = _Line(connection)
            except BaseException:
                await connection.disconnect(nowait=True)
                raise

    def send(self, commands: Sequence[Command], timeout_seconds: float) -> asyncio.Future[list[Answer]]:
        """Sends `commands` at once. The future gets their answers, in order, or a ConnectionError, or a TimeoutError,
        after which the connection is closed. It must be open.
        """
        assert self._line is not None
        return self._line.send(commands, timeout_seconds)

    def close(self) -> None:
        """Calls that wait for an answer fail, and so does an opening."""
        self._closed += 1
        if self._line is not None:
            self._line.abort()


class _Line(asyncio.Protocol):
    """Takes the place of redis-py's reader once the connection is open."""

    def __init__(self, connection: AbstractConnection) -> None:
        assert connection._writer is not None
        #: Kept, because it closes the transport when it is deleted.
        self._writer = connection._writer
        connection._reader = connection._writer = None
        self._transport = self._writer.transport
        self._transport.set_protocol(self)
        #: Each call that waits, with the number of its commands, in the order in which they were sent.
        self._calls: deque[tuple[asyncio.Future[list[Answer]], int]] = deque()
        self._answers: list[Answer] = []
        self._array: list[Answer] | None = None
        self._missing = 0
        self._rest = b""
        self.lost = self._transport.is_closing()

    def send(self, commands: Sequence[Command], timeout_seconds: float) -> asyncio.Future[list[Answer]]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Answer]] = loop.create_future()
        self._calls.append((future, len(commands)))
        self._transport.write(b"".join(map(_packed, commands)))
        timer = loop.call_later(timeout_seconds, self._time_out, future, timeout_seconds, GRACE_TURNS)
        future.add_done_callback(lambda _: timer.cancel())
        return future

    def _time_out(self, future: "asyncio.Future[list[Answer]]", seconds: float, turns: int) -> None:
        if future.done():
            return
        if turns:
            asyncio.get_running_loop().call_soon(self._time_out, future, seconds, turns - 1)
            return
        future.set_exception(TimeoutError(f"no answer within {seconds * 1000:.0f} ms"))
        self.abort()

    def abort(self) -> None:
        self.lost = True
        self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        reason = str(error) if error is not None else "Redis closed the connection"
        while self._calls:
            future, _ = self._calls.popleft()
            if not future.done():
                future.set_exception(ConnectionError(reason))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        try:
            position = self._read(data)
        except (ValueError, IndexError):
            self.abort()
            self.connection_lost(ConnectionError("the answer is not one of Redis"))
        else:
            self._rest = data[position:]

    def _read(self, data: bytes) -> int:
        """Takes the complete answers; returns where the first incomplete one begins."""
        position = 0
        while (end := data.find(b"\r\n", position)) >= 0:
            kind, text, after = data[position], data[position + 1 : end], end + 2
            answer: Answer = text
            if kind == _BULK:
                length = int(text)
                if length < 0:
                    answer = None
                else:
                    after += length + 2
                    if after > len(data):
                        break
                    answer = data[after - length - 2 : after - 2]
            elif kind == _ARRAY:
                position, self._array, self._missing = after, [], int(text)
                if self._missing > 0:
                    continue
                answer = []
            elif kind == _INTEGER:
                answer = int(text)
            elif kind == _ERROR:
                answer = DefaultParser.parse_error(text.decode(errors="replace"))  # type: ignore[no-untyped-call]
            elif kind != _TEXT:
                raise ValueError(kind)
            position = after
            self._take(answer)
        return position

    def _take(self, answer: Answer) -> None:
        if self._missing > 0:
            assert self._array is not None
            self._array.append(answer)
            self._missing -= 1
            if self._missing:
                return
            answer = self._array
        self._answers.append(answer)
        future, count = self._calls[0]
        if len(self._answers) == count:
            del self._calls[0]
            answers, self._answers = self._answers, []
            if not future.done():
                future.set_result(answers)


_BULK, _ARRAY, _INTEGER, _ERROR, _TEXT = b"$*:-+"


def _packed(command: Command) -> bytes:
    parts = [b"*%d\r\n" % len(command)]
    for part in command:
        content = part if isinstance(part, bytes) else str(part).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(content), content))
    return b"".join(parts)
