"""Reads of the past: the standings of a window of time, a rank at a past moment, the course of a rank.

They read hours to a month of sessions, so a few of them at a time may run, and equal ones of one epoch are one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from service import errors
from service.batching import FullError
from service.cache.epoch_cache import Cache
from service.database.functions import Database
from service.errors import ApiError
from service.leaderboard.players import Players
from service.leaderboard.submissions import MAX_WAIT_SECONDS
from service.model import Details, PastRank, PlayerRank, PlayerRef, Standing

T = TypeVar("T")

_STANDINGS = msgspec.json.Decoder(list[Standing])
_RANK = msgspec.json.Decoder(PlayerRank)
_HISTORY = msgspec.json.Decoder(list[PastRank])


class Past:
    """Every method returns JSON and raises ApiError: OVERLOADED after MAX_WAIT_SECONDS in the queue."""

    def __init__(self, database: Database, cache: Cache, players: Players, *, max_concurrency: int) -> None:
        self._database = database
        self._cache = cache
        self._players = players
        self._turns = asyncio.Semaphore(max_concurrency)

    async def top_between(
        self, begin: datetime, end: datetime | None, limit: int, board: str, details: Details | None
    ) -> bytes:
        """The best players by the scores of a window alone; `end`: None: now. JSON: list[Standing]."""
        shown = "" if details is None else f"+{details.attributes:d}{details.player:d}:"
        return await self._cache.read(
            f"between:{_text(begin)}:{_text(end)}:{limit}:{shown}{board}",
            _STANDINGS,
            lambda: self._in_turn(lambda: self._database.top_between(begin, end, limit, board, details)),
        )

    async def rank_at(self, player: PlayerRef, at: datetime, board: str) -> bytes:
        """JSON: PlayerRank."""
        user_id = await self._players.user_id_of(player)

        async def load() -> PlayerRank:
            found = await self._in_turn(lambda: self._database.rank_at(user_id, at, board))
            return msgspec.structs.replace(found, at=at)

        body = await self._cache.read(f"rank_at:{user_id}:{_text(at)}:{board}", _RANK, load)
        if isinstance(player, int):
            return body
        return msgspec.json.encode(msgspec.structs.replace(_RANK.decode(body), player=player))

    async def history(self, player: PlayerRef, begin: datetime | None, end: datetime | None, board: str) -> bytes:
        """None: from 30 days before `end`, and up to now. JSON: list[PastRank]."""
        user_id = await self._players.user_id_of(player)
        return await self._cache.read(
            f"history:{user_id}:{_text(begin)}:{_text(end)}:{board}",
            _HISTORY,
            lambda: self._in_turn(lambda: self._database.player_history(user_id, begin, end, board)),
        )

    async def _in_turn(self, read: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(MAX_WAIT_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise FullError from None
        try:
            return await read()
        except ApiError as error:
            if error.failure is not errors.INVALID_ARGUMENT:
                raise
            raise ApiError(errors.INVALID_PARAMETER, error.message) from error
        finally:
            self._turns.release()


def _text(moment: datetime | None) -> str:
    """The part of a key in the cache. It is unique for a moment, in any time zone."""
    return "-" if moment is None else f"{moment.timestamp():.6f}"
