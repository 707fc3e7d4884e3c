# Made from leaderboard_client/aio/flushing.py by make_sync.py.
"""Sends what waits in the offline queue."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from leaderboard_client import answers, calls
from leaderboard_client.errors import ApiError, LeaderboardError, Unreachable
from leaderboard_client.queue import Flushed, FolderQueue, QueuedScore, Refused, is_refused_for_good
from leaderboard_client.sync.connection import Connection
from leaderboard_client.sync.waiting import Lock, off_loop

_TOO_OLD = ApiError(
    503,
    "outcome_unknown",
    "the answer to an attempt days ago never came, and the service keeps keys for 7 days: sending the score again could"
    " count it twice. See whether it counted, and if not, submit it anew",
)


class Flushing:
    """One flush at a time. `on_refused` is called before the score leaves the queue: a crash in between reports it
    twice rather than never.
    """

    def __init__(self, connection: Connection, queue: FolderQueue, on_refused: Callable[[Refused], None]) -> None:
        self._connection, self._queue, self._on_refused = connection, queue, on_refused
        self._lock = Lock()

    def flush(self) -> Flushed:
        """Raises an ApiError that is no fault of the scores, such as that of a wrong API key. They all stay then."""
        with self._lock:
            sent, refused, stopped = 0, list[Refused](), None
            waiting_players = set()
            for score in off_loop(list, self._queue):
                if isinstance(score, Refused):
                    refused.append(score)
                    self._on_refused(score)
                    continue
                if score.player in waiting_players:
                    continue
                try:
                    self._send(score)
                    sent += 1
                except LeaderboardError as error:
                    if is_refused_for_good(error) or error is _TOO_OLD:
                        refused.append(Refused(score, error))
                        self._on_refused(refused[-1])
                        off_loop(self._queue.remove, score)
                    elif isinstance(error, Unreachable) or error.can_retry:
                        stopped = error
                        break
                    elif not _concerns_the_score(error):
                        raise
                    elif error.code == "too_many_submissions":
                        waiting_players.add(score.player)
            return Flushed(sent, refused, off_loop(self._queue.__len__), stopped)

    def _send(self, score: QueuedScore) -> None:
        """Sends a score until there is an answer, and takes it out of the queue if it counted."""

        def attempt() -> None:
            nonlocal score
            was_sent = score.sent_at is not None
            if not was_sent:
                score = self._write(replace(score, sent_at=calls.now()))
            try:
                answer = self._connection.attempt(
                    "POST", "/submit", score.query, score.score, {"Idempotency-Key": score.key}
                )
                answers.check_counted(answer)
            except LeaderboardError as error:
                if not (was_sent or error.may_have_counted):
                    score = self._write(replace(score, sent_at=None))
                raise

        if score.is_too_old():
            raise _TOO_OLD
        try:
            self._connection.retried(attempt)
        except ApiError as error:
            if not (score.stamped and error.code == "invalid_played_at"):
                raise
            # The clock of this device is wrong: the score counts now.
            untimed = {name: value for name, value in score.score.items() if name != "played_at"}
            score = self._write(replace(score, score=untimed, stamped=False))
            self._connection.retried(attempt)
        off_loop(self._queue.remove, score)

    def _write(self, score: QueuedScore) -> QueuedScore:
        off_loop(self._queue.write, score)
        return score


def _concerns_the_score(error: LeaderboardError) -> TypeGuard[ApiError]:
    """Whether other scores may fare better."""
    return isinstance(error, ApiError) and (error.status == 500 or error.code == "too_many_submissions")
