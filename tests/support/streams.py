"""A client of GET /api/leaderboard/stream."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, ClientTimeout

#: How long a test waits for an event that has to come.
WAIT_SECONDS = 20


@dataclass(frozen=True)
class Event:
    name: str
    id: str
    data: Any


class Events:
    """The events of a stream, one after the other."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        #: The last `retry` of the stream, and how many comments it had.
        self.retry: int | None = None
        self.comments = 0

    async def next(self) -> Event:
        """The next event. Raises EOFError at the end of the stream."""
        async with asyncio.timeout(WAIT_SECONDS):
            return await self._next()

    async def _next(self) -> Event:
        fields: dict[str, str] = {}
        async for line in self.response.content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "retry":
                self.retry = int(value)
            elif line.startswith(b":"):
                self.comments += 1
            elif name:
                assert name not in fields, "one line of each"
                fields[name] = value
            elif fields:
                return Event(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
        raise EOFError

    async def until(self, condition: Callable[[Any], bool]) -> Event:
        """The first event whose data meets the condition."""
        while not condition((event := await self.next()).data):
            pass
        return event


@contextlib.asynccontextmanager
async def opened(client: Any, query: str = "", headers: dict[str, str] | None = None) -> AsyncIterator[Events]:
    """Opens a stream, which has to succeed."""
    address = f"/api/leaderboard/stream?{query}"
    async with client.get(address, headers=headers or {}, timeout=ClientTimeout(total=None)) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"] == "text/event-stream"
        yield Events(response)
