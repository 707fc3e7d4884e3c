"""What a call can fail with."""

from leaderboard_client.retries import RETRIED_STATUSES


class LeaderboardError(Exception):
    """The base of all errors of this client."""

    #: Whether another attempt may succeed.
    can_retry = False
    #: Whether a submission may have been recorded nevertheless.
    may_have_counted = False
    #: Seconds until the service wants to see the next attempt; None: it did not say.
    retry_after: float | None = None


class ApiError(LeaderboardError):
    """The service answered with an error. `code` is for programs, `message` says what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        retry_after: float | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}" + (f" (request {request_id})" if request_id else ""))
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.request_id = request_id
        self.can_retry = status in RETRIED_STATUSES
        self.may_have_counted = code in ("outcome_unknown", "internal_error")


class Unreachable(LeaderboardError):
    """No answer of the service came: no connection, no answer in time, or an answer that is not the service's."""

    def __init__(
        self, message: str, *, can_retry: bool = True, may_have_counted: bool = True, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.can_retry = can_retry
        self.may_have_counted = may_have_counted
        self.retry_after = retry_after


class QueueFull(LeaderboardError):
    """The offline queue takes no more scores."""
