"""Requests under way on the express way. Each stands where a future would: what answers it sets its result."""

import asyncio
import functools
import time
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from multidict import MultiMapping
from yarl import URL

from service import errors
from service.access.gate import Caller
from service.batching import deliver, detached
from service.errors import ApiError
from service.http import access_log, middleware, request_ids
from service.http.express.connection import ExpressConnection
from service.http.express.handover import Handover
from service.http.express.heads import Heads
from service.http.handlers.standings import next_page_of
from service.http.handlers.submissions import check_ticket, submission, submit_answer, wanted
from service.http.requests import split_of
from service.http.responses import encoded
from service.http.routes import ROUTES_BY_NAME, Route
from service.http.schemas import SubmitQuery, SubmitRequest, TopQuery
from service.leaderboard.leaderboard import Leaderboard
from service.leaderboard.submissions import Call as SubmissionCall
from service.leaderboard.submissions import error_of, is_busy, record_outcome
from service.model import Cursor, Outcome, PlayerRef
from service.observability import metrics


@dataclass(frozen=True, slots=True)
class Services:
    """What the calls use. All of it belongs to one application."""

    leaderboard: Leaderboard
    heads: Heads
    stopping: asyncio.Event


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that may go the express way, as it came."""

    connection: ExpressConnection
    headers: MultiMapping[str]
    path: str
    caller: Caller
    #: By time.perf_counter.
    started: float


class Call(ABC):
    """One request. It is answered once: with status 200 here, or by the normal way, which knows how to say an error."""

    __slots__ = ("_arrival", "_services", "_user_id")

    route: ClassVar[Route]

    def __init__(self, services: Services, arrival: Arrival, user_id: int | None = None) -> None:
        self._services = services
        self._arrival = arrival
        self._user_id = user_id

    @abstractmethod
    def begin(self) -> bool:
        """Makes the call. False if too many wait already: then nothing was done."""

    @abstractmethod
    def set_result(self, result: Any, /) -> None: ...

    def set_exception(self, error: BaseException, /) -> None:
        """Leaves the answer to the normal way."""
        arrival = self._arrival
        if isinstance(error, ApiError):
            error = error.copy()  # several calls may have got the same one
        handover = Handover(arrival.started, False, arrival.caller, self._user_id, error)
        if not arrival.connection.hand_over(handover):
            self._record_unsent(error)

    def done(self) -> bool:
        return False

    def cancel(self) -> bool:
        """The service has ended before the answer."""
        self._arrival.connection.force_close()
        return True

    def _respond(self, body: bytes, link: bytes = b"") -> None:
        services, arrival = self._services, self._arrival
        is_large = len(body) >= middleware.COMPRESSED_FROM_BYTES
        gzipped = is_large and middleware.accepts_gzip(arrival.headers)
        request_id = request_ids.given_or_new(arrival.headers.get("X-Request-Id"))
        close = services.stopping.is_set()
        response = services.heads.response(
            request_id,
            arrival.headers.get("Origin"),
            _gzip(body) if gzipped else body,
            link=link,
            is_large=is_large,
            gzipped=gzipped,
            close=close,
        )
        seconds = time.perf_counter() - arrival.started
        metrics.record_request(self.route.name, 200, seconds)
        metrics.EXPRESS[self.route.name,].add()
        access_log.log_express(self.route, arrival.path, seconds, self._user_id, arrival.caller, request_id)
        arrival.connection.respond(response, close=close)

    def _record_unsent(self, error: BaseException) -> None:
        """Counts and logs an error whose client has left: the normal way has no request for it."""
        if isinstance(error, ApiError):
            problem = error
        else:
            problem = ApiError(errors.INTERNAL_ERROR)
            problem.__cause__ = error
        arrival = self._arrival
        middleware.record_failure(self.route.name, problem)
        seconds = time.perf_counter() - arrival.started
        metrics.record_request(self.route.name, problem.failure.status, seconds)
        request_id = request_ids.given_or_new(arrival.headers.get("X-Request-Id"))
        access_log.log_express(self.route, arrival.path, seconds, self._user_id, arrival.caller, request_id, problem)


class ReadCall(Call):
    """A read. Its answer is JSON already."""

    __slots__ = ()

    def set_result(self, result: bytes | Exception, /) -> None:
        try:
            if isinstance(result, Exception):
                self.set_exception(result)
            else:
                self._respond(result, self._link(result))
        except Exception as error:
            self.set_exception(error)

    def _link(self, body: bytes) -> bytes:
        """A line of the head that belongs to `body`, or nothing."""
        return b""


class TopCall(ReadCall):
    __slots__ = ("_after", "_query", "_target")

    route = ROUTES_BY_NAME["top"]

    def __init__(
        self, services: Services, arrival: Arrival, target: str, query: TopQuery, after: Cursor | None
    ) -> None:
        """`target` is the path with the query string."""
        super().__init__(services, arrival)
        self._target = target
        self._query = query
        self._after = after

    def begin(self) -> bool:
        return self._services.leaderboard.join_top(self._query.limit, self._after, split_of(self._query), self)

    def _link(self, body: bytes) -> bytes:
        return _link_line(self._target, body, self._query.limit)


@functools.lru_cache(maxsize=32)
def _link_line(target: str, body: bytes, limit: int) -> bytes:
    """Cached, as the header itself is: to look it up there takes a URL."""
    next_page = next_page_of(URL(target, encoded=True), body, limit)
    return b"" if next_page is None else f"Link: {next_page}\r\n".encode()


class RankCall(ReadCall):
    __slots__ = ("_board", "_player")

    route = ROUTES_BY_NAME["rank"]

    def __init__(self, services: Services, arrival: Arrival, player: PlayerRef, board: str) -> None:
        super().__init__(services, arrival, player if isinstance(player, int) else None)
        self._player = player
        self._board = board

    def begin(self) -> bool:
        return self._services.leaderboard.join_rank(self._player, self._board, self)


class SubmitCall(Call):
    __slots__ = ("_body", "_call")

    route = ROUTES_BY_NAME["submit"]

    def __init__(
        self, services: Services, arrival: Arrival, body: SubmitRequest, key: str | None, query: SubmitQuery
    ) -> None:
        sent = submission(body, key)
        super().__init__(services, arrival, sent.user_id)
        if arrival.caller.needs_ticket:
            check_ticket(arrival.caller, sent)
        self._body = body
        self._call: SubmissionCall = (sent, *wanted(query))

    def begin(self) -> bool:
        return self._services.leaderboard.join_submit(self._call, self)

    def set_result(self, outcome: Outcome | ApiError, /) -> None:
        try:
            if is_busy(outcome):
                deliver(detached(self._services.leaderboard.submit_alone(self._call)), self)
                return
            error = error_of(outcome)
            if error is not None:
                self.set_exception(error)
                return
            assert isinstance(outcome, Outcome), "the others are errors"
            answer = encoded(submit_answer(self._body, outcome, self._call))
            record_outcome(outcome)
            self._user_id = outcome.user_id
            self._respond(answer)
        except Exception as error:
            self.set_exception(error)


@functools.lru_cache(maxsize=8)
def _gzip(body: bytes) -> bytes:
    """Cached, since between two changes of the board all callers get the same body."""
    return zlib.compress(body, wbits=16 + zlib.MAX_WBITS)
