"""The calls that handlers make. How they become database calls and use the cache is decided here and below."""

import asyncio
from collections.abc import Sequence

import msgspec

from service.batching import Receiver
from service.cache.epoch_cache import Cache, Decoder, Load
from service.database.functions import Database
from service.leaderboard.rank_reads import RankReads
from service.leaderboard.submissions import Submissions
from service.model import Board, Bucket, PlayerAmong, RejectedSubmission, Standing

STANDINGS = msgspec.json.Decoder(list[Standing])
_BUCKETS = msgspec.json.Decoder(list[Bucket])


class Leaderboard:
    """Every method raises ApiError. Cached answers are returned as JSON."""

    def __init__(self, database: Database, cache: Cache, *, max_waiting: int, max_concurrency: int) -> None:
        """At most `max_waiting` submissions and ten times as many rank reads wait. While some of them stall, up to
        `max_concurrency` database calls of each of four kinds are under way: shared submissions, submissions alone,
        batches of clients, and rank reads.
        """
        self._database = database
        self._cache = cache
        self._submissions = Submissions(database, cache, max_waiting=max_waiting, max_concurrency=max_concurrency)
        self._rank_reads = RankReads(database, cache, capacity=10 * max_waiting, max_concurrency=max_concurrency)
        # Assigned, because a method around each would cost another coroutine per request.
        self.submit = self._submissions.submit
        self.join_submit = self._submissions.join
        self.submit_alone = self._submissions.alone
        self.submit_batch = self._submissions.submit_batch
        self.rank = self._rank_reads.rank
        self.join_rank = self._rank_reads.join

    @property
    def written(self) -> asyncio.Event:
        """Set after every write."""
        return self._submissions.written

    def update_gauges(self) -> None:
        self._submissions.update_gauges()
        self._rank_reads.update_gauges()

    async def close(self) -> None:
        """Cancels what still waits. Call it when no request is left."""
        await self._submissions.close()
        await self._rank_reads.close()

    # The board comes last in a key: whatever its name contains, no two questions share a key.

    async def top(self, limit: int, after: tuple[int, int] | None, board: str) -> bytes:
        """The best players, or the page after the row with `after`: (total, user_id). JSON: list[Standing]."""
        return await self._cache.read(*self._top(limit, after, board))

    def join_top(self, limit: int, after: tuple[int, int] | None, board: str, receiver: Receiver) -> bool:
        """As `top`, but JSON or an exception goes to `receiver`. False if too many wait already: then it gets none."""
        return self._cache.join(*self._top(limit, after, board), receiver)

    def _top(self, limit: int, after: tuple[int, int] | None, board: str) -> tuple[str, Decoder, Load]:
        total, user_id = after if after is not None else (None, None)
        page = "-" if after is None else f"{total}.{user_id}"
        return (
            f"top:{limit}:{page}:{board}",
            STANDINGS,
            lambda: self._database.top_players(limit, total, user_id, board),
        )

    async def around(self, user_id: int, span: int, board: str) -> bytes:
        """JSON: list[Standing]."""
        return await self._cache.read(
            f"around:{user_id}:{span}:{board}",
            STANDINGS,
            lambda: self._database.players_around(user_id, span, board),
        )

    async def distribution(self, buckets: int, board: str) -> bytes:
        """JSON: list[Bucket]."""
        return await self._cache.read(
            f"distribution:{buckets}:{board}",
            _BUCKETS,
            lambda: self._database.score_distribution(buckets, board),
        )

    async def ranks(self, user_ids: Sequence[int], board: str) -> list[PlayerAmong]:
        """Not cached: two callers hardly ever ask for the same players."""
        return await self._database.player_ranks(user_ids, board)

    async def boards(self) -> list[Board]:
        """Not cached: a new board is visible at once."""
        return await self._database.list_boards()

    async def rejected(
        self, limit: int, before: int | None, user_id: int | None, board: str | None
    ) -> list[RejectedSubmission]:
        """The submissions that score rules rejected, newest first. Not cached."""
        return await self._database.rejected_submissions(limit, before, user_id, board)
