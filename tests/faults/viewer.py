"""A client of the stream in a drill: it watches the players of the other clients, and comes back when it breaks."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from tests.support.streams import Events

#: Between two attempts to open the stream.
_PAUSE_SECONDS = (0.02, 0.2)
#: A stream without an event or comment for longer than this is opened again: a comment comes every 15 s.
_SILENT_SECONDS = 20.0
#: What the service may answer while something is broken.
_TRY_AGAIN = 503


class Viewer:
    """Watches from `start` to `stop`. `totals` are those of the last state."""

    def __init__(self, address: str, players: Sequence[int], *, may_lose: bool = False) -> None:
        """`may_lose`: totals may get smaller, as after a failover to an asynchronous standby."""
        self._address = address
        self._players = players
        self._may_lose = may_lose
        self._last_event_id = ""
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self.totals: dict[int, int] = {}
        self.events = 0
        #: States that were wrong: older than one before, or an answer that promises nothing.
        self.wrong: list[str] = []

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def shows(self, totals: Mapping[int, int], seconds: float) -> None:
        """Returns when the stream shows these totals. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.totals != totals:
                self._changed.clear()
                await self._changed.wait()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        path = "/api/leaderboard/stream?top=0&user_ids=" + ",".join(map(str, self._players))
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=_SILENT_SECONDS)
        async with aiohttp.ClientSession(self._address, timeout=timeout) as http:
            while True:
                try:
                    headers = {"Last-Event-ID": self._last_event_id}
                    async with http.get(path, headers=headers) as response:
                        if response.status == 200:
                            await self._read(Events(response))
                        elif response.status != _TRY_AGAIN:
                            self.wrong.append(f"stream: {response.status} {await response.text()}")
                except (aiohttp.ClientError, OSError, EOFError, ValueError):
                    pass
                await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))

    async def _read(self, events: Events) -> None:
        while True:
            event = await events.next()
            if event.name != "standings":
                self.wrong.append(f"stream: {event.data}")
                continue
            self._last_event_id = event.id
            self._see(event.data["players"])
            self.events += 1
            self._changed.set()

    def _see(self, players: Sequence[Mapping[str, Any]]) -> None:
        now = {row["user_id"]: row["total_score"] for row in players}
        if not self._may_lose:
            self.wrong += [
                f"stream: player {user_id} had {total}, and then {now.get(user_id)}"
                for user_id, total in self.totals.items()
                if now.get(user_id, 0) < total
            ]
        self.totals = now
