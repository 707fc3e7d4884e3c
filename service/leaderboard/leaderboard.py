"""What the API's calls do: one database call each, with the cache in front of reads and told of writes.

Handlers know this class only, so how requests are gathered into database calls is decided here and in the two
modules below it, and nowhere else.
"""

import asyncio
import contextlib
import enum
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import msgspec

from service import errors
from service.batching import Batcher, FullError
from service.cache.epoch_cache import Cache, Miss, UntoldError
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.database.sqlstates import from_sqlstate
from service.errors import ApiError
from service.model import Board, Bucket, Outcome, PlayerAmong, PlayerRank, RejectedSubmission, Standing, Submission
from service.observability import metrics

#: Submissions in one transaction. Larger ones save little more and make everybody in them wait longer.
BATCH_SIZE = 128
#: Transactions of submissions at a time: while one is in the database, this process answers those of the last
#: one and gathers the next. More would only make them smaller.
PARALLEL_SUBMITS = 1
#: Seconds after which a transaction is taken to wait for something, such as a locked player: others start
#: beside it, so that it does not hold up the rest.
STALL_SECONDS = 0.05
#: How long a submission waits for its transaction to begin before it is told to come again.
PATIENCE_SECONDS = 5.0
#: Statements for rank reads at a time.
PARALLEL_READS = 1
#: Rank reads in one statement: api.player_ranks takes no more.
READS = 1000

#: Failures of a whole transaction that counted nothing and that a single item can cause.
_BLAMES_ONE = frozenset(
    {
        errors.INTERNAL_ERROR,
        errors.PLAYER_DELETED,
        errors.DATABASE_TIMEOUT,
        errors.TRANSACTION_CONFLICT,
    }
)

STANDINGS = msgspec.json.Decoder(list[Standing])
_PLAYER_RANK = msgspec.json.Decoder(PlayerRank)
_BUCKETS = msgspec.json.Decoder(list[Bucket])


class Alone(enum.Enum):
    """The submission is to be made again, in a transaction of its own."""

    ALONE = enum.auto()


ALONE = Alone.ALONE

#: A submission, the board that is to answer, and whether ranks are wanted.
_Call = tuple[Submission, str, bool]
#: A rank that Redis did not know: player, board, key in Redis, and the look-up's Miss if Redis is to be used.
_RankRead = tuple[int, str, str, Miss | None]


class Leaderboard:
    """Raises ApiError for whatever a caller is to be told. `written` is set after every write, for the
    folder.

    Group commit: submissions that arrive while a transaction is under way share the next one, and rank reads
    that miss the cache share a statement. An acknowledgement still means committed. At most `max_waiting`
    submissions wait, PATIENCE_SECONDS at most; past that the answer is OVERLOADED.
    """

    def __init__(self, database: Database, cache: Cache, *, max_waiting: int, most: int) -> None:
        """Of each kind, shared submissions, those that are counted alone, batches of clients and rank reads,
        `most` database calls are under way at most, while some of them stall.
        """
        self._database = database
        self._cache = cache
        self._submits = Batcher(
            self._submit_together,
            "submit",
            after_commit=self._announce_if_counted,
            concurrency=PARALLEL_SUBMITS,
            max_concurrency=max(PARALLEL_SUBMITS, most),
            stall=STALL_SECONDS,
            size=BATCH_SIZE,
            capacity=max_waiting,
            max_wait=PATIENCE_SECONDS,
        )
        self._alone = Batcher(
            self._submit_alone,
            "alone",
            after_commit=self._announce_if_counted,
            concurrency=most,
            size=1,
            capacity=max_waiting,
            max_wait=PATIENCE_SECONDS,
        )
        self._clients_batches = Batcher(
            self._submit_clients_batch,
            "client_batch",
            after_commit=self._announce_batch,
            concurrency=most,
            size=1,
            # Each is as large as a thousand submissions.
            capacity=max(1, max_waiting // 100),
            max_wait=PATIENCE_SECONDS,
        )
        self._rank_reads = Batcher(
            self._read_ranks,
            "rank",
            concurrency=PARALLEL_READS,
            max_concurrency=max(PARALLEL_READS + 1, most),
            stall=STALL_SECONDS,
            size=READS,
            capacity=10 * max_waiting,
            max_wait=PATIENCE_SECONDS,
        )
        #: Rank reads under way, by epoch and key: equal ones of one epoch are one.
        self._joined: SingleFlight[tuple[bytes, str], bytes | ApiError] = SingleFlight(in_callers_context=True)
        self.written = asyncio.Event()

    def update_gauges(self) -> None:
        """Brings the gauges of the queues up to date."""
        for lane in (self._submits, self._alone, self._clients_batches, self._rank_reads):
            metrics.QUEUE[lane.name,].set(lane.waiting)

    async def close(self) -> None:
        """Gives up what still waits; to be called when no request is left."""
        lanes = (self._submits, self._alone, self._clients_batches, self._rank_reads)
        await asyncio.gather(*(lane.close() for lane in lanes))
        await self._joined.close()

    # --- writes ---------------------------------------------------------------------------------------------

    async def submit(self, submission: Submission, board: str, *, with_rank: bool) -> Outcome:
        """Counts one submission and returns its outcome, accepted or replayed. Committed when it returns."""
        call = (submission, board, with_rank)
        with _bounded():
            outcome = await self._submits(call)
            if outcome is ALONE:
                outcome = await self._alone(call)
        if isinstance(outcome, ApiError):
            raise _for_one(outcome)
        assert isinstance(outcome, Outcome), "the second time it is counted or refused"
        if outcome.status == "rejected":
            raise from_sqlstate(outcome.error, outcome.message)
        return outcome

    async def submit_batch(self, submissions: Sequence[Submission], board: str) -> list[Outcome]:
        """Counts up to 1000 submissions; an outcome each, in order. A rejected one leaves others alone."""
        if not submissions:
            return []
        with _bounded():
            outcomes = await self._clients_batches((submissions, board))
        if isinstance(outcomes, ApiError):
            raise outcomes
        return outcomes

    async def _submit_clients_batch(
        self, calls: list[tuple[Sequence[Submission], str]]
    ) -> list["list[Outcome] | ApiError"]:
        ((submissions, board),) = calls
        try:
            return [await self._database.submit_scores(submissions, board, False)]
        except ApiError as error:
            return [error]

    async def _submit_together(self, calls: list[_Call]) -> list["Outcome | ApiError | Alone"]:
        """One transaction for each (board, with_rank) among the calls, which is one nearly always.

        Nobody is waited for and nobody spoils it for the others: a player whom somebody else holds, or each
        one after a failure that one item can cause, is to come again alone.
        """
        groups: dict[tuple[str, bool], list[int]] = {}
        for position, (_, board, with_rank) in enumerate(calls):
            groups.setdefault((board, with_rank), []).append(position)
        answers: dict[int, Outcome | ApiError | Alone] = {}
        for (board, with_rank), positions in groups.items():
            submissions = [calls[position][0] for position in positions]
            outcomes = await self._submit_group(submissions, board, with_rank)
            answers.update(zip(positions, outcomes, strict=True))
        return [answers[position] for position in range(len(calls))]

    async def _submit_group(
        self, submissions: list[Submission], board: str, with_rank: bool
    ) -> list["Outcome | ApiError | Alone"]:
        try:
            outcomes = await self._database.submit_scores(submissions, board, with_rank, wait=False)
        except ApiError as error:
            alone = error.failure in _BLAMES_ONE and len(submissions) > 1
            return [ALONE if alone else error] * len(submissions)
        return [ALONE if outcome.status == "busy" else outcome for outcome in outcomes]

    async def _submit_alone(self, calls: list[_Call]) -> list["Outcome | ApiError | Alone"]:
        """A transaction of its own, which waits for the player as long as a statement may take."""
        ((submission, board, with_rank),) = calls
        try:
            return [*await self._database.submit_scores([submission], board, with_rank)]
        except ApiError as error:
            return [error]

    async def _announce_batch(self, batches: list["list[Outcome] | ApiError"]) -> None:
        for position, outcomes in enumerate(batches):
            answers: list[Outcome | ApiError | Alone]
            answers = [outcomes] if isinstance(outcomes, ApiError) else [*outcomes]
            await self._announce_if_counted(answers)
            untold = (answer for answer in answers if isinstance(answer, ApiError))
            batches[position] = next(untold, outcomes)

    async def _announce_if_counted(self, outcomes: "list[Outcome | ApiError | Alone]") -> None:
        """Also for replays: they change nothing, but their first answer may never have been sent, so their
        write is acknowledged now. Those that must not be acknowledged it replaces by an error. An unknown
        outcome may have committed; nobody promises anything of it, so it waits for nothing.
        """
        counted = [
            position
            for position, outcome in enumerate(outcomes)
            if isinstance(outcome, Outcome) and outcome.status != "rejected"
        ]
        if counted:
            self.written.set()
            try:
                await self._cache.announce()
            except UntoldError as error:
                untold = ApiError(
                    errors.OUTCOME_UNKNOWN,
                    "the score may not show in every answer yet: neither Redis nor the database could be told"
                    " of it; retry it with the same Idempotency-Key",
                )
                untold.__cause__ = error.__cause__
                for position in counted:
                    outcomes[position] = untold
        elif any(isinstance(outcome, ApiError) and outcome.failure is errors.OUTCOME_UNKNOWN for outcome in outcomes):
            self.written.set()
            await self._cache.bump()

    # --- reads ----------------------------------------------------------------------------------------------
    # The board comes last in a key: whatever its name holds, no two questions share a key.

    async def top(self, limit: int, after: tuple[int, int] | None, board: str) -> bytes:
        """The best players, or the page after the place `after`: (total, user_id) of the row before it.

        Like all cached answers it is JSON already: list[Standing].
        """
        total, user_id = after if after is not None else (None, None)
        place = f"{total}.{user_id}" if after is not None else "-"
        return await self._read(
            f"top:{limit}:{place}:{board}",
            STANDINGS,
            lambda: self._database.top_players(limit, total, user_id, board),
        )

    async def _read(self, key: str, decoder: msgspec.json.Decoder[Any], load: Callable[[], Awaitable[object]]) -> bytes:
        with _bounded():
            return await self._cache.read(key, decoder, load)

    async def rank(self, user_id: int, board: str) -> bytes:
        """JSON: PlayerRank."""
        key = f"rank:{user_id}:{board}"
        found = await self._cache.look_up(key, _PLAYER_RANK)
        if isinstance(found, bytes):
            return found
        read = (user_id, board, key, found)
        with _bounded():
            if found is None:
                answer = await self._rank_reads(read)
            else:
                answer = await self._joined((found.epoch, key), lambda: self._rank_reads(read))
        if isinstance(answer, ApiError):
            raise _for_one(answer)
        return answer

    async def _read_ranks(self, reads: list[_RankRead]) -> list[bytes | ApiError]:
        """Reads that Redis did not know: from PostgreSQL, one call a board, and into Redis."""
        boards: dict[str, set[int]] = {}
        for user_id, board, _, _ in reads:
            boards.setdefault(board, set()).add(user_id)
        found: dict[tuple[int, str], bytes] = {}
        failed: dict[str, ApiError] = {}
        for board, user_ids in boards.items():
            try:
                for rank in await self._ranks_on(board, user_ids):
                    found[rank.user_id, board] = msgspec.json.encode(rank)
            except ApiError as error:
                failed[board] = error
        # Under the epoch of each look-up, which came before this batch began.
        await self._cache.store(
            [
                (miss, key, found[user_id, board])
                for user_id, board, key, miss in reads
                if miss is not None and (user_id, board) in found
            ]
        )
        return [
            found.get((user_id, board)) or failed.get(board) or _not_on_board(user_id, board)
            for user_id, board, _, _ in reads
        ]

    async def _ranks_on(self, board: str, user_ids: set[int]) -> list[PlayerRank]:
        """A read of one is api.player_rank, which is cheaper; more are one api.player_ranks."""
        if len(user_ids) == 1:
            (user_id,) = user_ids
            return [await self._database.player_rank(user_id, board)]
        return [
            PlayerRank(row.user_id, row.username, row.total_score, row.rank, row.players, row.percentile)
            for row in await self._database.player_ranks(list(user_ids), board)
        ]

    async def around(self, user_id: int, span: int, board: str) -> bytes:
        """JSON: list[Standing]."""
        return await self._read(
            f"around:{user_id}:{span}:{board}",
            STANDINGS,
            lambda: self._database.players_around(user_id, span, board),
        )

    async def distribution(self, buckets: int, board: str) -> bytes:
        """JSON: list[Bucket]."""
        return await self._read(
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

    async def rejected(
        self, limit: int, before: int | None, user_id: int | None, board: str | None
    ) -> list[RejectedSubmission]:
        """What score rules refused, the newest first. Not cached."""
        return await self._database.rejected_submissions(limit, before, user_id, board)


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """Past the bounds of what may wait, and after waiting too long, a caller is told to come again."""
    try:
        yield
    except FullError:
        raise ApiError(errors.OVERLOADED) from None


def _for_one(error: ApiError) -> ApiError:
    """A batch's error for one of its callers: a traceback must not grow by those of its neighbours."""
    copy = ApiError(error.failure, error.message, error.headers)
    copy.__cause__ = error.__cause__
    return copy


def _not_on_board(user_id: int, board: str) -> ApiError:
    """What api.player_rank says of a player whom api.player_ranks leaves out."""
    return ApiError(errors.UNKNOWN_PLAYER, f"player {user_id} is not on board {board}")
