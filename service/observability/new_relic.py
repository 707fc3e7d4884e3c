"""The New Relic agent: loaded when there is a license key, and nothing at all otherwise.

The agent spends about 0.2 ms of CPU on a transaction, seven times what a request costs. So of the requests at
most TRACED_PER_SECOND a second are traced (budget.py), and what is exact comes from metrics.py, handed over
each second as custom metrics by `report`.

A request's transaction shows the time it waited for its batch and the time of the batch. The batch runs in a
task of its own, so its calls to PostgreSQL and Redis belong to a background transaction of its own, which is
opened when a traced request waits for it and continues that request's distributed trace.

With the agent off everything here is a look at one variable.
"""

import asyncio
import contextlib
import contextvars
import itertools
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from service import redaction
from service.errors import ApiError
from service.observability import metrics
from service.observability.metrics import Histogram
from service.observability.sampling import Budget
from service.settings import Settings

log = logging.getLogger(__name__)

_INI = Path(__file__).resolve().parents[2] / "newrelic.ini"
#: What the agent calls an application that was given no name.
_UNNAMED = "Python Application"
PREFIX = "Custom/"
REPORT_SECONDS = 1.0
#: Percentiles are those of so many reports: a minute, which is how often the agent sends.
WINDOW = 60
PERCENTILES = (50, 95, 99)
#: How long a start waits for the collector: what is traced before the agent is connected is lost.
CONNECT_SECONDS = 2.0
#: While more requests come than are traced, batches are traced this many times less often than requests: each
#: is a transaction too, and there is nothing in the thousandth one that is not in the first.
FEW = 4
#: Error details a second, traceback and all. The agent sends 100 of them a minute at most; each costs it what
#: a transaction does, and a service in trouble has better things to do. All are counted: Custom/Failure.
ERRORS_PER_SECOND = 50
#: Warnings a second that go to New Relic though they belong to no trace.
RECORDS_PER_SECOND = 50

T = TypeVar("T")

#: Whether the current task works for a transaction. Asking the agent would cost more than most requests do.
TRACED: contextvars.ContextVar[bool] = contextvars.ContextVar("traced", default=False)

#: The module newrelic.agent, when it runs.
_agent: Any = None
_application: Any = None
_requests = Budget(0)
_batches = Budget(0)
_few_batches = Budget(0)
_errors = Budget(0)
_records = Budget(0)
#: Numbers the tickets.
_tickets = itertools.count()
_NOTHING: AbstractContextManager[None] = contextlib.nullcontext()


def start(settings: Settings) -> None:
    """Loads the agent, if there is a key. To be called before the event loop is made, in the process that
    serves: the agent follows tasks by way of the loop. A broken agent is no reason not to serve.
    """
    global _agent, _application, _requests, _batches, _few_batches, _errors, _records
    if settings.new_relic_license_key is None:
        return
    try:
        import newrelic.agent

        newrelic.agent.initialize(str(settings.new_relic_config_file or _INI), settings.new_relic_environment)
        agent_settings = newrelic.agent.global_settings()
        if agent_settings.app_name == _UNNAMED:
            where = settings.new_relic_environment
            agent_settings.app_name = "Leaderboard" + ("" if where == "production" else f" ({where})")
        application = newrelic.agent.application()
    except Exception as error:
        log.error("the New Relic agent cannot be used", extra={"reason": str(error)})
        return
    _agent, _application = newrelic.agent, application
    _requests, _batches = Budget(settings.traced_per_second), Budget(settings.traced_per_second)
    _few_batches = Budget(settings.traced_per_second // FEW)
    _errors, _records = Budget(ERRORS_PER_SECOND), Budget(RECORDS_PER_SECOND)


def connect() -> None:
    """Has the agent connect. Returns when it did, or after CONNECT_SECONDS. Blocks, so not for the event
    loop.
    """
    if _agent is not None:
        _agent.register_application(timeout=CONNECT_SECONDS)


def running() -> bool:
    return _agent is not None


# --- transactions -------------------------------------------------------------------------------------------


class Transaction(AbstractContextManager["Transaction | None"]):
    """A transaction of the agent, and the mark of its tasks. `parent` are the headers of the trace it
    continues.
    """

    def __init__(self, transaction: Any, parent: "list[tuple[str, str]] | None" = None) -> None:
        self._transaction = transaction
        self._parent = parent

    def __enter__(self) -> "Transaction":
        self._token = TRACED.set(True)
        self._transaction.__enter__()
        if self._parent:  # empty where distributed tracing is off
            self._transaction.accept_distributed_trace_headers(self._parent, "Queue")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What leaves a request or a batch as an exception is a client that left or a task that is cancelled:
        # no error. Errors are told by `notice`.
        self._transaction.__exit__(None, None, None)
        TRACED.reset(self._token)

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        self._transaction.process_response(status, headers.items())

    def add(self, **attributes: object) -> None:
        self._transaction.add_custom_attributes([*attributes.items()])


def request(route: str, request: web.Request) -> AbstractContextManager["Transaction | None"]:
    """The transaction of a request, or nothing when it is not traced."""
    if _agent is None or not _requests.take(route):
        return _NOTHING
    metrics.TRACED["requests",].add()
    resource = request.match_info.route.resource
    name = f"{request.method} {resource.canonical}" if resource is not None else "unmatched"
    return Transaction(
        _agent.WebTransaction(
            _application,
            name,
            group="Uri",
            request_method=request.method,
            request_path=redaction.without_api_keys(request.path),
            # Of these the agent keeps some, such as the Referer.
            headers=[
                (name, redaction.without_api_keys(value))
                for name, value in request.headers.items()
                if name.lower() != "authorization"
            ],
        )
    )


def background(name: str) -> AbstractContextManager["Transaction | None"]:
    """A transaction for what no request does, such as a fold; or nothing when it is not traced."""
    if _agent is None or TRACED.get() or not _batches.take(name):
        return _NOTHING
    metrics.TRACED["batches",].add()
    return Transaction(_agent.BackgroundTask(_application, name=name, group="Batch"))


class Ticket:
    """What a traced call leaves in the queue of a batch: when the batch began, and how to go on with its
    trace.
    """

    def __init__(self) -> None:
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.headers: list[tuple[str, str]] = []
        # They cost a fifth of a transaction, and while not every request is traced, few batches are.
        self.leads = not _requests.short or next(_tickets) % FEW == 0
        if self.leads:
            _agent.insert_distributed_trace_headers(self.headers)

    def begin(self) -> None:
        if not self.begun.done():
            self.begun.set_result(None)

    async def wait(self, name: str, answer: "asyncio.Future[T]") -> T:
        """Awaits the answer, as two segments of the call's transaction: the wait for the batch, and the
        batch.
        """
        try:
            with _agent.FunctionTrace(f"{name}/wait", group="Batch"):
                await self.begun
        except asyncio.CancelledError:
            answer.cancel()  # as when it is awaited itself
            raise
        with _agent.FunctionTrace(f"{name}/run", group="Batch"):
            return await answer


def ticket() -> Ticket | None:
    """For a call that joins a batch: something if it is traced."""
    return Ticket() if _agent is not None and TRACED.get() else None


def batch(name: str, tickets: Iterable[Ticket | None]) -> AbstractContextManager["Transaction | None"]:
    """The transaction of a batch that a traced call waits for, as a part of that call's trace."""
    if _agent is None:
        return _NOTHING
    waiting = [ticket for ticket in tickets if ticket is not None]
    for one in waiting:
        one.begin()
    waiting = [ticket for ticket in waiting if ticket.leads]
    if not waiting or not (_few_batches if _requests.short else _batches).take(name):
        return _NOTHING
    metrics.TRACED["batches",].add()
    return Transaction(_agent.BackgroundTask(_application, name=name, group="Batch"), waiting[0].headers)


def redis(name: str) -> AbstractContextManager[Any]:
    """The segment of a call to Redis, a command or a pipeline, in a traced task."""
    if _agent is None or not TRACED.get():
        return _NOTHING
    segment: AbstractContextManager[Any] = _agent.DatastoreTrace("Redis", None, name)
    return segment


# --- errors and log records ---------------------------------------------------------------------------------


def notice(route: str, error: ApiError) -> None:
    """Tells of a request that failed by a fault of ours (5xx), traced or not."""
    if _agent is None or not _errors.take(route):
        return
    cause = error.__cause__ or error
    details = {"error.code": error.failure.code, "route": route}
    where = {} if TRACED.get() else {"application": _application}
    _agent.notice_error(error=(type(cause), cause, cause.__traceback__), attributes=details, **where)


def linking() -> dict[str, str]:
    """The ids of trace and span, for a line of the log; empty outside of a transaction."""
    if _agent is None or not TRACED.get():
        return {}
    found = _agent.get_linking_metadata()
    return {name: found[name] for name in ("trace.id", "span.id") if name in found}


def trace_id() -> str | None:
    """The id of the current trace."""
    return _agent.current_trace_id() if _agent is not None and TRACED.get() else None


def wants(record: logging.LogRecord) -> bool:
    """Whether a record of the log goes to New Relic: those of traced requests, and warnings and worse."""
    if _agent is None or record.name.startswith("newrelic"):
        return False
    return TRACED.get() or (record.levelno >= logging.WARNING and _records.take(record.name))


def forward(record: logging.LogRecord, line: str) -> None:
    """Hands a line of the log over."""
    where = {} if TRACED.get() else {"application": _application}
    _agent.record_log_event(line, record.levelname, int(record.created * 1000), **where)


# --- the report of the measures -----------------------------------------------------------------------------


class Report:
    """What the measures gained since the last report, as custom metrics. While the agent is not connected
    nothing is handed over, and nothing is lost.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], tuple[float, ...]] = {}
        self._windows: dict[tuple[str, ...], deque[list[int]]] = {}

    def send(self) -> None:
        if _application is not None and _application.active:
            _application.record_custom_metrics(self.metrics())

    def metrics(self) -> "list[tuple[str, dict[str, float]]]":
        """New Relic's names and values of everything that changed, and of all gauges."""
        metrics.look()
        found: list[tuple[str, dict[str, float]]] = []
        for family, values, series in metrics.series():
            name = PREFIX + "/".join((family.name, *values))
            if isinstance(series, metrics.Gauge):
                if series.value is not None:
                    found.append((name, _stats(1, series.value)))
                continue
            now = _totals(series)
            before = self._last.get((family.name, *values), (0,) * len(now))
            count, total, squares = (a - b for a, b in zip(now, before, strict=True))
            if count:
                self._last[family.name, *values] = now
                stats = {"count": count, "total": total, "sum_of_squares": squares, "min": 0.0, "max": 1.0}
                if isinstance(series, metrics.Counter):
                    stats["min"] = 1.0
                elif isinstance(series, metrics.Summary):
                    stats["min"], stats["max"] = series.low, series.high
                    series.new_interval()
                found.append((name, stats))
            if isinstance(series, metrics.Histogram):
                found += self._percentiles(series, family.name, values)
        return found

    def _percentiles(
        self, series: Histogram, family: str, values: tuple[str, ...]
    ) -> "list[tuple[str, dict[str, float]]]":
        """Of the last minute, the requests of which are what the value counts for."""
        window = self._windows.setdefault(values, deque([[0] * len(series.buckets)], maxlen=WINDOW + 1))
        window.append(series.buckets.copy())
        buckets = [a - b for a, b in zip(window[-1], window[0], strict=True)]
        if not any(buckets):
            return []
        return [
            (
                PREFIX + "/".join((f"{family}P{percent}", *values)),
                _stats(1, metrics.quantile(buckets, percent / 100)),
            )
            for percent in PERCENTILES
        ]


def _stats(count: int, value: float) -> dict[str, float]:
    squares = count * value * value
    return {"count": count, "total": count * value, "sum_of_squares": squares, "min": value, "max": value}


def _totals(series: Any) -> tuple[float, float, float]:
    """Count, total and sum of squares. A counter is that many ones; a ratio ones and noughts, so its average
    is the ratio however it is added up.
    """
    if isinstance(series, metrics.Counter):
        return series.value, series.value, series.value
    if isinstance(series, metrics.Ratio):
        return series.found + series.missed, series.found, series.found
    return series.count, series.total, series.squares


async def report() -> None:
    """Reports each second, and a last time when it is cancelled."""
    if _agent is None:
        return
    reports = Report()
    try:
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            reports.send()
    finally:
        reports.send()
