"""Tracing with the New Relic agent: `tracing` is a NewRelicTracing after `start` with a license key, and a NoTracing
otherwise, which does nothing; then the agent is not even imported.

The agent spends about 0.2 ms of CPU on a transaction, seven times the cost of a request. So at most
TRACED_PER_SECOND requests a second are traced, and fewer in a busy process (sampling.py). The exact figures come from
metrics.py, which `report_metrics` sends every second as custom metrics.

A request's transaction shows the wait for its batch and the batch itself. The batch runs in its own task, so its calls
to PostgreSQL and Redis belong to a background transaction: it is opened when a traced request waits for the batch, and
continues that request's distributed trace.
"""

import asyncio
import contextlib
import contextvars
import logging
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from service import redaction
from service.errors import ApiError
from service.observability import metrics
from service.observability.new_relic_metrics import MetricsReport
from service.observability.sampling import Sampler
from service.settings import Settings

logger = logging.getLogger(__name__)

_INI = Path(__file__).resolve().parents[2] / "newrelic.ini"
#: The agent's name for an application that was not given one.
_DEFAULT_APP_NAME = "Python Application"
REPORT_SECONDS = 1.0
#: The event loop is late if timers run so many seconds after their time, on average: then fewer requests are traced.
LATE_SECONDS = 0.005
_TIMERS = 20
#: How long to wait for the collector at start: the agent loses what is traced before it is connected.
CONNECT_SECONDS = 2.0
#: Error details a second. Each costs as much as a transaction, and the agent sends 100 a minute at most. Every error is
#: counted in Custom/Failure.
ERRORS_PER_SECOND = 50
#: Warnings a second that are sent to New Relic although they belong to no trace.
WARNINGS_PER_SECOND = 50

T = TypeVar("T")

#: Whether the current task runs in a transaction. Asking the agent would cost more than most requests.
TRACED: contextvars.ContextVar[bool] = contextvars.ContextVar("traced", default=False)


class Transaction:
    """One of the agent's transactions, as a context manager. `parent` holds the headers of the trace it continues."""

    def __init__(self, agent: Any, transaction: Any, parent: list[tuple[str, str]] | None = None) -> None:
        self._agent = agent
        self._transaction = transaction
        self._parent = parent

    def __enter__(self) -> "Transaction":
        self._token = TRACED.set(True)
        self._transaction.__enter__()
        if self._parent:  # empty if distributed tracing is off
            self._transaction.accept_distributed_trace_headers(self._parent, "Queue")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # An exception here means that the client left or the task was cancelled. Errors go to `record_error`.
        self._transaction.__exit__(None, None, None)
        TRACED.reset(self._token)

    def trace_id(self) -> str | None:
        trace_id: str | None = self._agent.current_trace_id()
        return trace_id

    def set_response(self, response: web.StreamResponse) -> None:
        self._transaction.process_response(response.status, response.headers.items())

    def add_attributes(self, **attributes: object) -> None:
        self._transaction.add_custom_attributes([*attributes.items()])


class TraceLink:
    """Connects a traced call to the batch it joins. `headers` let the batch continue the call's trace."""

    def __init__(self, agent: Any, headers: list[tuple[str, str]]) -> None:
        self._agent = agent
        self._batch_started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.headers = headers

    def end_wait(self) -> None:
        """The call no longer waits for its batch: it has started, or never will."""
        if not self._batch_started.done():
            self._batch_started.set_result(None)

    async def wait(self, name: str, answer: "asyncio.Future[T]") -> T:
        """Awaits the answer, as two segments of the call's transaction: the wait for the batch, and the batch."""
        try:
            with self._agent.FunctionTrace(f"{name}/wait", group="Batch"):
                await self._batch_started
        except asyncio.CancelledError:
            answer.cancel()  # as it would be if it were awaited directly
            raise
        with self._agent.FunctionTrace(f"{name}/run", group="Batch"):
            return await answer


#: What `with` gives for a request or batch that is not traced.
_UNTRACED: AbstractContextManager[None] = contextlib.nullcontext()
MaybeTransaction = AbstractContextManager[Transaction | None]


class NoTracing:
    """Tracing while the agent is off: the methods of NewRelicTracing, all without effect."""

    def connect(self) -> None:
        pass

    async def report_metrics(self) -> None:
        pass

    def sample(self, route: str) -> bool:
        return False

    def request(self, request: web.Request, *, sampled: bool) -> MaybeTransaction:
        return _UNTRACED

    def background(self, name: str) -> MaybeTransaction:
        return _UNTRACED

    def link(self) -> TraceLink | None:
        return None

    def batch(self, name: str, links: Iterable[TraceLink | None]) -> MaybeTransaction:
        return _UNTRACED

    def redis_call(self, name: str) -> AbstractContextManager[Any]:
        return _UNTRACED

    def database_call(self, statement: str, server: tuple[str, int], database: str) -> AbstractContextManager[Any]:
        return _UNTRACED

    def record_error(self, route: str, error: ApiError) -> None:
        pass

    def log_ids(self) -> dict[str, str]:
        return {}

    def takes_log(self, record: logging.LogRecord) -> bool:
        return False

    def send_log(self, record: logging.LogRecord, line: str) -> None:
        pass


class _Postgres:
    """Stands for the database driver where the agent wants one."""


class NewRelicTracing:
    """Traces with `agent`, the module newrelic.agent, which is initialized already. `per_second` bounds the traced
    requests, and the traced batches, each second.
    """

    def __init__(self, agent: Any, per_second: int) -> None:
        self._agent = agent
        self._application = agent.application()
        agent.register_database_client(_Postgres, "Postgres", quoting_style="single+dollar")
        self._requests = Sampler(per_second)
        self._batches = Sampler(per_second)
        self._errors = Sampler(ERRORS_PER_SECOND)
        self._warnings = Sampler(WARNINGS_PER_SECOND)

    def connect(self) -> None:
        """Connects the agent, waiting at most CONNECT_SECONDS. Blocks, so call it in a thread."""
        self._agent.register_application(timeout=CONNECT_SECONDS)

    async def report_metrics(self) -> None:
        """Hands the metrics to the agent each second, and once more when cancelled."""
        report = MetricsReport()
        try:
            while True:
                late = await _sleep() > LATE_SECONDS
                for sampler in (self._requests, self._batches):
                    sampler.adapt(late=late)
                self._send(report)
        finally:
            self._send(report)

    def _send(self, report: MetricsReport) -> None:
        # Not before the agent is connected: it would drop them. The next report includes them.
        if self._application.active:
            self._application.record_custom_metrics(report.collect())

    # Transactions

    def sample(self, route: str) -> bool:
        """Whether to trace a request. Asked once for each request."""
        return self._requests.sample(route)

    def request(self, request: web.Request, *, sampled: bool) -> MaybeTransaction:
        """A request's transaction, or None if this request is not `sampled`."""
        if not sampled:
            return _UNTRACED
        metrics.TRACED["requests",].add()
        resource = request.match_info.route.resource
        transaction = self._agent.WebTransaction(
            self._application,
            f"{request.method} {resource.canonical}" if resource is not None else "unmatched",
            group="Uri",
            request_method=request.method,
            request_path=redaction.without_api_keys(request.path),
            # The agent sends some of them, such as Referer.
            headers=[
                (name, redaction.without_api_keys(value))
                for name, value in request.headers.items()
                if name.lower() != "authorization"
            ],
        )
        return Transaction(self._agent, transaction)

    def background(self, name: str) -> MaybeTransaction:
        """A transaction for background work such as a fold, or None if it is not sampled."""
        if TRACED.get() or not self._batches.sample(name):
            return _UNTRACED
        return self._background(name)

    def link(self) -> TraceLink | None:
        """A link for a call that is about to join a batch; None if the call is not traced."""
        if not TRACED.get():
            return None
        headers: list[tuple[str, str]] = []
        self._agent.insert_distributed_trace_headers(headers)
        return TraceLink(self._agent, headers)

    def batch(self, name: str, links: Iterable[TraceLink | None]) -> MaybeTransaction:
        """A batch starts, with the links of its calls. Its transaction continues the trace of the first one; None if no
        call is traced, or the batch is not sampled.
        """
        parent = None
        for link in links:
            if link is not None:
                link.end_wait()
                parent = link.headers if parent is None else parent
        if parent is None:
            return _UNTRACED
        return self._background(name, parent) if self._batches.sample(name) else _UNTRACED

    def _background(self, name: str, parent: list[tuple[str, str]] | None = None) -> Transaction:
        metrics.TRACED["batches",].add()
        transaction = self._agent.BackgroundTask(self._application, name=name, group="Batch")
        return Transaction(self._agent, transaction, parent)

    def redis_call(self, name: str) -> AbstractContextManager[Any]:
        """The segment of a command or pipeline in the current transaction."""
        if not TRACED.get():
            return _UNTRACED
        segment: AbstractContextManager[Any] = self._agent.DatastoreTrace("Redis", None, name)
        return segment

    def database_call(self, statement: str, server: tuple[str, int], database: str) -> AbstractContextManager[Any]:
        """The segment of a statement in the current transaction. `server`: address, or the folder of the socket, and
        port. (The agent's hooks of asyncpg would cost each call 35 us, traced or not.)
        """
        if not TRACED.get():
            return _UNTRACED
        host, port = server
        if host.startswith("/"):
            host, port_or_path = "localhost", f"{host}/.s.PGSQL.{port}"
        else:
            port_or_path = str(port)
        segment: AbstractContextManager[Any] = self._agent.DatabaseTrace(
            statement, _Postgres, host=host, port_path_or_id=port_or_path, database_name=database
        )
        return segment

    # Errors and log records

    def record_error(self, route: str, error: ApiError) -> None:
        """Reports a 5xx error, whether or not its request is traced."""
        if not self._errors.sample(route):
            return
        cause = error.__cause__ or error
        self._agent.notice_error(
            error=(type(cause), cause, cause.__traceback__),
            attributes={"error.code": error.failure.code, "route": route},
            **self._outside_transactions(),
        )

    def log_ids(self) -> dict[str, str]:
        """The ids of trace and span, as fields of a log line; empty outside transactions."""
        if not TRACED.get():
            return {}
        ids = self._agent.get_linking_metadata()
        return {name: ids[name] for name in ("trace.id", "span.id") if name in ids}

    def takes_log(self, record: logging.LogRecord) -> bool:
        """Whether a log record is sent to New Relic: those of traced requests, and warnings or worse."""
        if record.name.startswith("newrelic"):
            return False
        return TRACED.get() or (record.levelno >= logging.WARNING and self._warnings.sample(record.name))

    def send_log(self, record: logging.LogRecord, line: str) -> None:
        """Sends a log record, with `line` as its message."""
        created = int(record.created * 1000)
        self._agent.record_log_event(line, record.levelname, created, **self._outside_transactions())

    def _outside_transactions(self) -> dict[str, Any]:
        """The argument without which the agent drops what is recorded outside transactions."""
        return {} if TRACED.get() else {"application": self._application}


async def _sleep() -> float:
    """Sleeps for REPORT_SECONDS. Returns how late the event loop ran its timers meanwhile, on average, in seconds."""
    late = 0.0
    for _ in range(_TIMERS):
        due = time.perf_counter() + REPORT_SECONDS / _TIMERS
        await asyncio.sleep(REPORT_SECONDS / _TIMERS)
        late += time.perf_counter() - due
    return late / _TIMERS


#: The tracing of this process. Use it as `new_relic.tracing`: `start` replaces it.
tracing: NoTracing | NewRelicTracing = NoTracing()


def start(settings: Settings) -> None:
    """Starts the agent if there is a license key. Call it in the serving process, before the event loop is created:
    the agent hooks into the loop to follow tasks. If the agent cannot start, the service runs without it.
    """
    global tracing
    if settings.new_relic_license_key is None:
        return
    try:
        import newrelic.agent

        newrelic.agent.initialize(str(settings.new_relic_config_file or _INI), settings.new_relic_environment)
        agent_settings = newrelic.agent.global_settings()
        if agent_settings.app_name == _DEFAULT_APP_NAME:
            environment = settings.new_relic_environment
            agent_settings.app_name = "Leaderboard" + ("" if environment == "production" else f" ({environment})")
        tracing = NewRelicTracing(newrelic.agent, settings.traced_per_second)
    except Exception as error:
        logger.error("cannot start the New Relic agent", extra={"reason": str(error)})
