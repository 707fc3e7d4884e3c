"""What the express way knows about a request that it leaves to the normal way."""

from dataclasses import dataclass

from service.access.gate import Caller


@dataclass(slots=True)
class Handover:
    """The normal way goes on where the express way stopped: it makes the call, or answers with what the call failed."""

    #: When the request came, by time.perf_counter.
    started: float
    #: Whether the request is to be traced.
    sampled: bool
    caller: Caller
    user_id: int | None = None
    #: What the call failed with; None: it was not made.
    error: BaseException | None = None

    def take_error(self) -> BaseException:
        """The error, which is not kept: its traceback will hold the request."""
        error, self.error = self.error, None
        assert error is not None, "the caller has looked"
        return error
