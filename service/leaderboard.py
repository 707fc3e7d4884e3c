"""What the API's calls do: one database call each, with the cache in front of reads and told of writes.

Handlers know this class only, so how requests are gathered into database calls is decided here and in the two
modules below it, and nowhere else.
"""

import asyncio
from collections.abc import Iterable, Sequence

import msgspec

from service import errors
from service.batches import Batches, FullError
from service.cache import Cache
from service.database import Database, Outcome, Submission
from service.errors import ApiError
from service.messages import Board, Bucket, PlayerAmong, PlayerRank, Standing

#: Submissions in one transaction. Larger ones save little more and make everybody in them wait longer.
BATCH_SIZE = 128
#: Transactions of submissions at a time: one that waits for a locked player does not hold up the rest.
PARALLEL_SUBMITS = 4
#: How long a submission waits for its transaction to begin before it is told to come again.
PATIENCE_SECONDS = 5.0
#: Statements for rank reads at a time: a slow one does not hold up the rest.
PARALLEL_READS = 4
#: Rank reads in one statement: api.player_ranks takes no more.
READS = 1000

#: Failures of a whole transaction that a single item can cause.
_BLAMES_ONE = frozenset({errors.INTERNAL_ERROR, errors.PLAYER_VANISHED})

_STANDINGS = msgspec.json.Decoder(list[Standing])
_PLAYER_RANK = msgspec.json.Decoder(PlayerRank)
_BUCKETS = msgspec.json.Decoder(list[Bucket])


class Leaderboard:
    """Raises ApiError for whatever a caller is to be told. `written` is set after every write, for the
    folder.

    Group commit: submissions that arrive while a transaction is under way share the next one, and rank reads
    that miss the cache share a statement. An acknowledgement still means committed. At most `max_waiting`
    submissions wait, PATIENCE_SECONDS at most; past that the answer is OVERLOADED.
    """

    def __init__(self, database: Database, cache: Cache, *, max_waiting: int) -> None:
        self._database = database
        self._cache = cache
        self._submits = Batches(
            self._submit_together,
            parallel=PARALLEL_SUBMITS,
            size=BATCH_SIZE,
            capacity=max_waiting,
            patience=PATIENCE_SECONDS,
        )
        self._rank_reads = Batches(self._read_ranks, parallel=PARALLEL_READS, size=READS)
        self.written = asyncio.Event()

    async def close(self) -> None:
        """Gives up what still waits; to be called when no request is left."""
        await asyncio.gather(self._submits.close(), self._rank_reads.close())

    # --- writes ---------------------------------------------------------------------------------------------

    async def submit(self, submission: Submission, board: str, *, with_rank: bool) -> Outcome:
        """Counts one submission and returns its outcome, accepted or replayed. Committed when it returns."""
        try:
            outcome = await self._submits((submission, board, with_rank))
        except FullError:
            raise ApiError(errors.OVERLOADED) from None
        if isinstance(outcome, ApiError):
            raise _for_one(outcome)
        if outcome.status == "rejected":
            raise errors.from_sqlstate(outcome.error, outcome.message)
        return outcome

    async def submit_batch(self, submissions: Sequence[Submission], board: str) -> list[Outcome]:
        """Counts up to 1000 submissions; an outcome each, in order. A rejected one leaves others alone."""
        if not submissions:
            return []
        try:
            outcomes = await self._database.submit_scores(submissions, board, False)
        except ApiError as error:
            await self._announce_if_counted([error])
            raise
        await self._announce_if_counted(outcomes)
        return outcomes

    async def _submit_together(self, calls: list[tuple[Submission, str, bool]]) -> list["Outcome | ApiError"]:
        """One transaction for each (board, with_rank) among the calls, which is one nearly always."""
        groups: dict[tuple[str, bool], list[int]] = {}
        for position, (_, board, with_rank) in enumerate(calls):
            groups.setdefault((board, with_rank), []).append(position)
        answers: dict[int, Outcome | ApiError] = {}
        for (board, with_rank), positions in groups.items():
            submissions = [calls[position][0] for position in positions]
            outcomes = await self._submit_group(submissions, board, with_rank)
            answers.update(zip(positions, outcomes, strict=True))
        await self._announce_if_counted(answers.values())
        return [answers[position] for position in range(len(calls))]

    async def _submit_group(
        self, submissions: list[Submission], board: str, with_rank: bool
    ) -> list["Outcome | ApiError"]:
        try:
            return [*await self._database.submit_scores(submissions, board, with_rank)]
        except ApiError as error:
            if error.failure not in _BLAMES_ONE or len(submissions) == 1:
                return [error] * len(submissions)
        # Nothing was counted, and one item may be to blame: each gets a transaction of its own.
        return [
            outcome
            for submission in submissions
            for outcome in await self._submit_group([submission], board, with_rank)
        ]

    async def _announce_if_counted(self, outcomes: Iterable["Outcome | ApiError"]) -> None:
        """Also for replays: they change nothing, but their first answer may never have been sent, so their
        write is acknowledged now. And for an unknown outcome: it may have committed.
        """
        if any(
            outcome.failure is errors.OUTCOME_UNKNOWN
            if isinstance(outcome, ApiError)
            else outcome.status != "rejected"
            for outcome in outcomes
        ):
            await self._announce()

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
            f"rank:{user_id}:{board}", _PLAYER_RANK, lambda: self._rank_from_database(user_id, board)
        )

    async def _rank_from_database(self, user_id: int, board: str) -> PlayerRank:
        found = await self._rank_reads((user_id, board))
        if isinstance(found, ApiError):
            raise _for_one(found)
        return found

    async def _read_ranks(self, reads: list[tuple[int, str]]) -> list["PlayerRank | ApiError"]:
        """A read of one is api.player_rank; more are one api.player_ranks a board."""
        boards: dict[str, set[int]] = {}
        for user_id, board in reads:
            boards.setdefault(board, set()).add(user_id)
        found: dict[tuple[int, str], PlayerRank] = {}
        failed: dict[str, ApiError] = {}
        for board, user_ids in boards.items():
            try:
                if len(user_ids) == 1:
                    (user_id,) = user_ids
                    found[user_id, board] = await self._database.player_rank(user_id, board)
                else:
                    for row in await self._database.player_ranks(list(user_ids), board):
                        found[row.user_id, board] = PlayerRank(
                            row.user_id, row.username, row.total_score, row.rank, row.players, row.percentile
                        )
            except ApiError as error:
                failed[board] = error
        return [
            found.get((user_id, board)) or failed.get(board) or _not_on_board(user_id, board)
            for user_id, board in reads
        ]

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


def _for_one(error: ApiError) -> ApiError:
    """A batch's error for one of its callers: a traceback must not grow by those of its neighbours."""
    copy = ApiError(error.failure, error.message, error.headers)
    copy.__cause__ = error.__cause__
    return copy


def _not_on_board(user_id: int, board: str) -> ApiError:
    """What api.player_rank says of a player whom api.player_ranks leaves out."""
    return ApiError(errors.UNKNOWN_PLAYER, f"player {user_id} is not on board {board}")
