"""Group commit: submissions that arrive while a transaction is under way share the next one."""

import asyncio
from collections.abc import Sequence

from service import errors
from service.batching import Batcher, Receiver
from service.cache.epoch_cache import Cache, NotInvalidatedError
from service.database.functions import Database
from service.database.sqlstates import from_sqlstate
from service.errors import ApiError
from service.model import Outcome, Submission
from service.observability import metrics

#: Submissions in one transaction. Larger ones save little more, and all of their submissions wait longer.
BATCH_SIZE = 128
#: A transaction that takes longer than this is taken to wait for something, such as a locked player. Others start
#: beside it then. Until then one is enough: while it is in the database, this process answers the submissions of the
#: last one and collects the next. More would only be smaller.
STALL_SECONDS = 0.05
#: How long a submission may wait for its transaction to begin.
MAX_WAIT_SECONDS = 5.0

#: Failures of a whole transaction that changed nothing and that a single submission can cause.
_CAUSED_BY_ONE = frozenset(
    {
        errors.INTERNAL_ERROR,
        errors.PLAYER_DELETED,
        errors.DATABASE_TIMEOUT,
        errors.TRANSACTION_CONFLICT,
    }
)
#: The submission was not counted; it is retried in its own transaction.
_BUSY = Outcome("busy", None, None, None, None, None, None, None)

#: A submission, the board whose totals are returned, and whether ranks, and what it did on each board, are wanted.
Call = tuple[Submission, str, bool, bool]
#: The submissions of one transaction, with the same three.
_Transaction = tuple[Sequence[Submission], str, bool, bool]


class Submissions:
    """Counts submissions. Returns after the commit and after the cache was invalidated. Raises ApiError, OVERLOADED
    among others: at most `max_waiting` submissions wait, for at most MAX_WAIT_SECONDS.
    """

    def __init__(self, database: Database, cache: Cache, *, max_waiting: int, max_concurrency: int) -> None:
        """Of each of the three kinds of transactions, shared, alone, and batches of clients, at most
        `max_concurrency` are under way while some of them stall.
        """
        self._database = database
        self._cache = cache
        #: Set after every write: there may be rank changes to fold.
        self.written = asyncio.Event()
        self._shared = Batcher(
            self._commit_shared,
            "submit",
            after_commit=self._invalidate_shared,
            max_concurrency=max_concurrency,
            stall=STALL_SECONDS,
            size=BATCH_SIZE,
            capacity=max_waiting,
            max_wait=MAX_WAIT_SECONDS,
        )
        self._alone = self._own_transactions("alone", max_concurrency, max_waiting)
        # Each batch of a client is as large as up to a thousand submissions.
        self._batches = self._own_transactions("client_batch", max_concurrency, max(1, max_waiting // 100))

    def _own_transactions(
        self, name: str, concurrency: int, capacity: int
    ) -> Batcher[_Transaction, list[Outcome] | ApiError]:
        return Batcher(
            self._commit_own,
            name,
            after_commit=self._invalidate_own,
            concurrency=concurrency,
            size=1,
            capacity=capacity,
            max_wait=MAX_WAIT_SECONDS,
        )

    def update_gauges(self) -> None:
        for batcher in (self._shared, self._alone, self._batches):
            batcher.update_gauge()

    async def close(self) -> None:
        """Cancels what still waits. Call it when no request is left."""
        await asyncio.gather(*(batcher.close() for batcher in (self._shared, self._alone, self._batches)))

    async def submit(self, call: Call) -> Outcome:
        """Counts one submission and returns its outcome, accepted or replayed."""
        outcome = await self._shared(call)
        if is_busy(outcome):
            outcome = await self.alone(call)
        # Not by error_of: a variable with the error would be a cycle with its traceback, which holds the request.
        if isinstance(outcome, ApiError):
            raise outcome.copy()
        if outcome.status == "rejected":
            raise from_sqlstate(outcome.error, outcome.message)
        return outcome

    def join(self, call: Call, receiver: Receiver) -> bool:
        """Counts one submission. The outcome of the shared transaction goes to `receiver`, which has to look at
        `is_busy` and `error_of`. False if too many wait already: then it gets none, and the submission is not counted.
        """
        return self._shared.join(call, receiver)

    async def alone(self, call: Call) -> Outcome | ApiError:
        """Counts a submission that was busy, in a transaction of its own."""
        outcomes = await self._alone(([call[0]], *call[1:]))
        return outcomes if isinstance(outcomes, ApiError) else outcomes[0]

    async def submit_batch(
        self, submissions: Sequence[Submission], board: str, with_rank: bool, with_boards: bool
    ) -> list[Outcome]:
        """Counts up to 1000 submissions in one transaction; one outcome each, in order. Rejected ones do not affect
        the others.
        """
        if not submissions:
            return []
        outcomes = await self._batches((submissions, board, with_rank, with_boards))
        if isinstance(outcomes, ApiError):
            raise outcomes
        return outcomes

    # --- transactions ---------------------------------------------------------------------------------------

    async def _commit_shared(self, calls: list[Call]) -> list[Outcome | ApiError]:
        """One transaction for each board and what is wanted among the calls, which is nearly always one.

        No submission delays or fails the others: that of a locked player comes back as busy, and so do all of them
        after a failure that one of them can cause.
        """
        groups: dict[tuple[str, bool, bool], list[int]] = {}
        for position, call in enumerate(calls):
            groups.setdefault(call[1:], []).append(position)
        answers: dict[int, Outcome | ApiError] = {}
        for wanted, positions in groups.items():
            submissions = [calls[position][0] for position in positions]
            outcomes: Sequence[Outcome | ApiError]
            try:
                outcomes = await self._database.submit_scores(submissions, *wanted, wait=False)
            except ApiError as error:
                alone = error.failure in _CAUSED_BY_ONE and len(submissions) > 1
                outcomes = [_BUSY if alone else error] * len(submissions)
            answers.update(zip(positions, outcomes, strict=True))
        return [answers[position] for position in range(len(calls))]

    async def _commit_own(self, transactions: list[_Transaction]) -> list[list[Outcome] | ApiError]:
        """A transaction of its own, which waits for locked players as long as a statement may take."""
        (transaction,) = transactions
        try:
            return [await self._database.submit_scores(*transaction)]
        except ApiError as error:
            return [error]

    # --- after the commit -----------------------------------------------------------------------------------

    async def _invalidate_shared(self, outcomes: list[Outcome | ApiError]) -> None:
        error = await self._invalidate(outcomes)
        if error is not None:
            outcomes[:] = [error if _is_counted(outcome) else outcome for outcome in outcomes]

    async def _invalidate_own(self, transactions: list[list[Outcome] | ApiError]) -> None:
        (outcomes,) = transactions
        error = await self._invalidate([outcomes] if isinstance(outcomes, ApiError) else outcomes)
        if error is not None:
            transactions[:] = [error]

    async def _invalidate(self, outcomes: Sequence[Outcome | ApiError]) -> ApiError | None:
        """Makes cached values out of date. Returns an error if the counted outcomes must not be acknowledged.

        Replays count as writes, too: they change nothing, but their first answer may have been lost, so this may be
        the first acknowledgement. An unknown outcome may have been committed. It is not acknowledged, so nothing waits
        for its invalidation.
        """
        if any(_is_counted(outcome) for outcome in outcomes):
            self.written.set()
            try:
                await self._cache.invalidate_all()
            except NotInvalidatedError as cause:
                error = ApiError(
                    errors.OUTCOME_UNKNOWN,
                    "the score is recorded, but other processes may not show it yet, because neither Redis nor the"
                    " database could be updated; retry with the same Idempotency-Key",
                )
                error.__cause__ = cause.__cause__
                return error
        elif any(isinstance(outcome, ApiError) and outcome.failure is errors.OUTCOME_UNKNOWN for outcome in outcomes):
            self.written.set()
            await self._cache.try_invalidate_all()
        return None


def _is_counted(outcome: Outcome | ApiError) -> bool:
    return isinstance(outcome, Outcome) and outcome.status in ("accepted", "replayed")


def is_busy(outcome: Outcome | ApiError) -> bool:
    """Whether the submission was not counted and is to be counted alone."""
    return isinstance(outcome, Outcome) and outcome.status == "busy"


def error_of(outcome: Outcome | ApiError) -> ApiError | None:
    """The error to raise for an outcome; None if the submission was accepted or replayed."""
    if isinstance(outcome, ApiError):
        return outcome.copy()
    return from_sqlstate(outcome.error, outcome.message) if outcome.status == "rejected" else None


def record_outcome(outcome: Outcome | ApiError) -> None:
    """Counts what became of a submission. Every submission that was answered is counted here, and only here."""
    if isinstance(outcome, ApiError):
        metrics.SUBMISSIONS["rejected" if outcome.failure.status < 500 else "failed",].add()
    else:
        metrics.SUBMISSIONS[outcome.status,].add()
