"""The calls that handlers make. How they become database calls and use the cache is decided here and below."""

import asyncio
from collections.abc import Sequence

import msgspec

from service import errors
from service.batching import Receiver
from service.cache.epoch_cache import Cache, Decoder, Load
from service.database.functions import Database
from service.errors import ApiError
from service.leaderboard.administration import BoardAdministration
from service.leaderboard.changes import Changes
from service.leaderboard.moderation import Moderation
from service.leaderboard.past import Past
from service.leaderboard.players import Players
from service.leaderboard.rank_reads import PLAYER_RANK, RankReads, key_of
from service.leaderboard.submissions import Submissions
from service.model import (
    Board,
    BoardSeasons,
    Bucket,
    Cursor,
    Details,
    PlayerAmong,
    PlayerRef,
    PlayerSeason,
    RankOfScore,
    RejectedSubmission,
    Split,
    Standing,
    Threshold,
)

STANDINGS = msgspec.json.Decoder(list[Standing])
_BUCKETS = msgspec.json.Decoder(list[Bucket])
_RANK_OF_SCORE = msgspec.json.Decoder(RankOfScore)
_THRESHOLD = msgspec.json.Decoder(Threshold)


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
        changes = Changes(cache, self._submissions.written)
        self.administration = BoardAdministration(database, changes)
        self.moderation = Moderation(database.moderation, changes)
        self.players = Players(database.players, changes)
        self.past = Past(database, cache, self.players, max_concurrency=max_concurrency)
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

    async def top(self, limit: int, after: Cursor | None, board: str, details: Details | None = None) -> bytes:
        """The best players, or the page after a row. JSON: list[Standing]."""
        return await self._cache.read(*self._top(limit, after, board, details))

    def join_top(self, limit: int, after: Cursor | None, board: str, receiver: Receiver) -> bool:
        """As `top`, but JSON or an exception goes to `receiver`. False if too many wait already: then it gets none."""
        return self._cache.join(*self._top(limit, after, board, None), receiver)

    def _top(self, limit: int, after: Cursor | None, board: str, details: Details | None) -> tuple[str, Decoder, Load]:
        page = "-" if after is None else f"{after.total}.{after.tie}.{after.user_id}"

        async def load() -> list[Standing]:
            try:
                return await self._database.top_players(limit, after, board, details)
            except ApiError as error:
                if after is None or error.failure is not errors.INVALID_ARGUMENT:
                    raise
                # A row of a board that orders ties has one more part.
                raise ApiError(errors.INVALID_PARAMETER, f"after: {error.message}") from error

        return f"top:{limit}:{page}:{_shown(details)}{board}", STANDINGS, load

    async def from_place(self, place: int | None, limit: int, board: str, details: Details | None = None) -> bytes:
        """The players from a place on; None: the last ones. JSON: list[Standing]."""
        return await self._cache.read(
            f"place:{place}:{limit}:{_shown(details)}{board}",
            STANDINGS,
            lambda: self._database.players_from_place(place, limit, board, details),
        )

    async def around(self, player: PlayerRef, span: int, board: str, details: Details | None = None) -> bytes:
        """JSON: list[Standing]."""
        return await self._cache.read(
            f"around:{key_of(player)}:{span}:{_shown(details)}{board}",
            STANDINGS,
            lambda: self._database.players_around(player, span, board, details),
        )

    async def detailed_rank(self, player: PlayerRef, board: str, details: Details) -> bytes:
        """As `rank`, with details."""
        return await self._cache.read(
            f"rank:{key_of(player)}:{_shown(details)}{board}",
            PLAYER_RANK,
            lambda: self._database.player_rank(player, board, details),
        )

    async def distribution(self, buckets: int, board: str) -> bytes:
        """JSON: list[Bucket]."""
        return await self._cache.read(
            f"distribution:{buckets}:{board}",
            _BUCKETS,
            lambda: self._database.score_distribution(buckets, board),
        )

    async def rank_of(self, score: int, board: str) -> bytes:
        """JSON: RankOfScore."""
        return await self._cache.read(
            f"rank_of:{score}:{board}",
            _RANK_OF_SCORE,
            lambda: self._database.rank_of_score(score, board),
        )

    async def threshold(self, place: int | None, percent: float | None, board: str) -> bytes:
        """The total at a place, or of the last one within the best `percent`; exactly one of them is given. JSON:
        Threshold.
        """

        async def load() -> Threshold:
            found = await self._database.threshold(place, percent, board)
            if found is None:
                which = "no players" if place is None else f"fewer than {place} players"
                raise ApiError(errors.UNKNOWN_PLACE, f"board {board} has {which}")
            return found

        return await self._cache.read(f"threshold:{place}:{percent}:{board}", _THRESHOLD, load)

    async def ranks(
        self, players: Sequence[PlayerRef], board: str, details: Details | None = None
    ) -> list[PlayerAmong]:
        """Best first, each player once. Not cached: two callers hardly ever ask for the same players."""
        return await self._database.player_ranks(players, board, details)

    async def boards(self) -> list[Board]:
        """Not cached: a new board is visible at once."""
        return await self._database.list_boards()

    async def splits(self, board: str) -> list[Split]:
        """The values by which a board is split. Not cached, as `boards`."""
        return await self._database.board_splits(board)

    async def seasons(self, board: str, limit: int, before: int | None) -> BoardSeasons:
        """The seasons of a board, newest first. Not cached: they also change while nothing is submitted."""
        return await self._database.list_seasons(board, limit, before)

    async def player_seasons(self, user_id: int, board: str, limit: int, before: int | None) -> list[PlayerSeason]:
        """A player's results in the seasons of a board, newest first. Not cached, as `seasons`."""
        return await self._database.player_seasons(user_id, board, limit, before)

    async def rejected(
        self, limit: int, before: int | None, user_id: int | None, board: str | None
    ) -> list[RejectedSubmission]:
        """The submissions that score rules rejected, newest first. Not cached."""
        return await self._database.rejected_submissions(limit, before, user_id, board)


def _shown(details: Details | None) -> str:
    """The part of a key in the cache that says what rows show besides. No name of a board begins like it."""
    return "" if details is None else f"+{details.attributes:d}{details.metadata:d}{details.player:d}:"
