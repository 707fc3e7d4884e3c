"""What the API's calls do: one database call each, with the cache in front of reads and told of writes.

Handlers know this class only, so how requests are gathered into database calls is decided here and in the two
modules below it, and nowhere else.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from service import errors
from service.cache import Cache
from service.database import Database, Outcome, Submission
from service.errors import ApiError
from service.messages import Board, Bucket, PlayerAmong, PlayerRank, Standing

_STANDINGS = msgspec.json.Decoder(list[Standing])
_PLAYER_RANK = msgspec.json.Decoder(PlayerRank)
_BUCKETS = msgspec.json.Decoder(list[Bucket])


class Leaderboard:
    """Raises ApiError for whatever a caller is to be told. `written` is set after every write, for the
    folder.
    """

    def __init__(self, database: Database, cache: Cache) -> None:
        self._database = database
        self._cache = cache
        self.written = asyncio.Event()

    # --- writes ---------------------------------------------------------------------------------------------

    async def submit(self, submission: Submission, board: str, *, with_rank: bool) -> Outcome:
        """Counts one submission and returns its outcome, accepted or replayed. Committed when it returns."""
        (outcome,) = await self._submit([submission], board, with_rank)
        if outcome.status == "rejected":
            raise errors.from_sqlstate(outcome.error, outcome.message)
        return outcome

    async def submit_batch(self, submissions: Sequence[Submission], board: str) -> list[Outcome]:
        """Counts up to 1000 submissions; an outcome each, in order. A rejected one leaves others alone."""
        return await self._submit(submissions, board, False) if submissions else []

    async def _submit(self, submissions: Sequence[Submission], board: str, with_rank: bool) -> list[Outcome]:
        try:
            outcomes = await self._database.submit_scores(submissions, board, with_rank)
        except ApiError as error:
            if error.failure is errors.OUTCOME_UNKNOWN:
                await self._announce()  # it may have committed
            raise
        # A replay changes nothing, but the first answer may never have been sent: its write is acknowledged
        # now.
        if any(outcome.status != "rejected" for outcome in outcomes):
            await self._announce()
        return outcomes

    async def _announce(self) -> None:
        await self._cache.bump()
        self.written.set()

    # --- reads ----------------------------------------------------------------------------------------------
    # The board comes last in a key: whatever its name holds, no two questions share a key.

    async def top(self, limit: int, after: tuple[int, int] | None, board: str) -> list[Standing]:
        """The best players, or the page after the place `after`: (total, user_id) of the row before it."""
        total, user_id = after if after is not None else (None, None)
        place = f"{total}.{user_id}" if after is not None else "-"
        return await self._cache.read(
            f"top:{limit}:{place}:{board}",
            _STANDINGS,
            lambda: self._database.top_players(limit, total, user_id, board),
        )

    async def rank(self, user_id: int, board: str) -> PlayerRank:
        return await self._cache.read(
            f"rank:{user_id}:{board}", _PLAYER_RANK, lambda: self._database.player_rank(user_id, board)
        )

    async def around(self, user_id: int, span: int, board: str) -> list[Standing]:
        return await self._cache.read(
            f"around:{user_id}:{span}:{board}",
            _STANDINGS,
            lambda: self._database.players_around(user_id, span, board),
        )

    async def distribution(self, buckets: int, board: str) -> list[Bucket]:
        return await self._cache.read(
            f"distribution:{buckets}:{board}",
            _BUCKETS,
            lambda: self._database.score_distribution(buckets, board),
        )

    async def ranks(self, user_ids: Sequence[int], board: str) -> list[PlayerAmong]:
        """Not cached: hardly two callers ask for the same list of friends."""
        return await self._database.player_ranks(user_ids, board)

    async def boards(self) -> list[Board]:
        """Not cached: a new board shows at once."""
        return await self._database.list_boards()
