"""The log: Python's `logging`, one line per event, as JSON or as text for a terminal.

Values passed as `extra=` become fields of the line: `logger.info("folded", extra={"deltas": 12})`. Lines written during
a request also have its id and, if it is traced, the ids of its trace.

Passwords in URLs, the license key and API keys are replaced by ***. Control and other invisible characters are escaped,
so that client input can neither start a line of its own nor control a terminal.
"""

import contextvars
import functools
import json
import logging
import re
import sys
import time
from typing import TextIO

import msgspec
from aiohttp.http import HttpProcessingError
from aiohttp.http_exceptions import InvalidURLError
from aiohttp.web import RequestPayloadError

from service import redaction
from service.observability import new_relic
from service.observability.log_writer import LineWriter
from service.settings import Settings

#: The id of the request that the current task handles; None outside requests.
REQUEST_ID: contextvars.ContextVar[str | None] = contextvars.ContextVar("request_id", default=None)

#: The attributes of every LogRecord. All others came in through `extra=`.
_RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

#: Secrets to mask: the license key, which is in the URLs of the agent's own debug lines.
_secrets: list[str] = []

#: The handlers of the root logger that `configure` made. The first one writes to the stream.
_handlers: list[logging.Handler] = []
#: The first one, if it writes JSON.
_writer: LineWriter | None = None

#: Client input quoted in a message of aiohttp: from its opening quotation mark to the end of the message.
_QUOTED = re.compile(r"(?:\b(?:bytearray\()?b|: |(?<=line ))(?:'|\").*", re.DOTALL)
_NUMBERS = frozenset({int, float, bool, type(None)})
#: Starts each line of a traceback, so that none looks like a line of the log.
_TRACEBACK = "  | "


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Sends the whole process's log to `stream` (default: stderr), in the format and from the level that `settings`
    give. LOG_FORMAT=auto means text on a terminal and JSON elsewhere.
    """
    out = sys.stderr if stream is None else stream
    human = settings.log_format == "human" or (settings.log_format == "auto" and out.isatty())
    handler = LineWriter(out)
    handler.setFormatter(HumanFormatter() if human else JsonFormatter())
    _secrets[:] = [key for key in (settings.new_relic_license_key,) if key is not None and len(key) >= 8]
    # No line shows these, so save their cost (see "Optimization" in the documentation of logging).
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    if settings.new_relic_license_key is not None:
        root.addHandler(Forwarder())
    global _writer
    _handlers[:] = root.handlers
    _writer = None if human else handler
    root.setLevel(settings.log_level.upper())
    logging.getLogger("aiohttp.server").addFilter(shorten_client_error)


def shorten_client_error(record: logging.LogRecord) -> bool:
    """A filter for aiohttp's log: malformed or aborted requests become one line at level info. aiohttp logs them as
    errors with a traceback, so a port scanner could fill the log and trigger alerts.
    """
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, HttpProcessingError | RequestPayloadError | ConnectionError):
        return True
    record.levelno, record.levelname = logging.INFO, "INFO"
    record.exc_info = record.exc_text = None
    vars(record)["reason"] = _reason(error)
    return logging.getLogger(record.name).isEnabledFor(logging.INFO)


def _reason(error: BaseException) -> str:
    """The error's message without the client input in it, which may be a header or URL that holds a key."""
    text = str(error)
    if isinstance(error, InvalidURLError) and not _QUOTED.search(text):
        return "400, message: invalid URL"  # all of the text is the URL
    return _QUOTED.sub("", " ".join(text.split()))[:200].rstrip(" :.")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields = {name: value for name, value in vars(record).items() if name not in _RECORD_ATTRIBUTES}
    request_id = REQUEST_ID.get()
    if request_id is not None:
        fields.setdefault("request_id", request_id)
    fields.update(new_relic.tracing.log_ids())
    return fields


def _redacted(text: str) -> str:
    return redaction.without_api_keys(_redacted_fast(text))


def _redacted_fast(text: str) -> str:
    """Without the secrets that have a recognisable start, which is quick to check."""
    for secret in _secrets:
        text = text.replace(secret, "***")
    return redaction.without_marked_keys(redaction.without_passwords(text))


def _escaped(text: str) -> str:
    """The text with Python's escapes for characters that are not printable: control characters, line separators,
    direction overrides, lone surrogates.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _escaped_json(line: str) -> str:
    """The same with JSON's escapes, for a line of JSON, in which everything below U+0020 is escaped already."""
    if line.isascii() and "\x7f" not in line:
        return line
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def _encoded(fields: dict[str, object]) -> str:
    # A search of the whole line for bare secrets would double its cost, so only long values are searched.
    search_line = False
    for name, value in fields.items():
        if isinstance(value, str):
            if len(value) > redaction.LONGEST_ID:
                fields[name] = redaction.without_api_keys(value)
        elif type(value) not in _NUMBERS:
            search_line = True  # an exception or a list: a string only once it is encoded
    line = _json(fields)
    return _escaped_json(_redacted(line) if search_line else _redacted_fast(line))


def _json(fields: dict[str, object]) -> str:
    try:
        return msgspec.json.encode(fields, enc_hook=str).decode()
    except UnicodeEncodeError:
        # A lone surrogate: a byte of a header that is not UTF-8.
        return json.dumps(fields, default=str)


@functools.lru_cache(maxsize=2)
def _second(since_1970: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(since_1970))


def _time(since_1970: float) -> str:
    return f"{_second(int(since_1970))}.{int(since_1970 % 1 * 1000):03d}Z"


def info(logger: logging.Logger, message: str, fields: dict[str, object]) -> None:
    """`logger.info(message, extra=fields)`, for the line that each request has. A LogRecord costs more than the line,
    so none is made where only the handler of `configure` would see it, as JSON.
    """
    if not logger.isEnabledFor(logging.INFO):
        return
    if _writer is None or not _reaches_only(_writer, logger) or new_relic.TRACED.get():
        logger.info(message, extra=fields)
        return
    line: dict[str, object] = {
        "time": _time(time.time()),
        "level": "info",
        "logger": logger.name,
        "message": message,
        **fields,
    }
    request_id = REQUEST_ID.get()
    if request_id is not None:
        line["request_id"] = request_id
    _writer.write(_encoded(line))


def _reaches_only(writer: LineWriter, logger: logging.Logger) -> bool:
    """Whether a line at level info goes to `writer` alone. New Relic's handler takes it only if it is traced."""
    if logging.root.handlers != _handlers or logger.filters or writer.filters or writer.level:
        return False
    ancestor: logging.Logger | None = logger
    while ancestor is not None and ancestor is not logging.root:
        if ancestor.handlers or not ancestor.propagate:
            return False
        ancestor = ancestor.parent
    return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC, RFC 3339), level, logger, message, fields, and any traceback as `error`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in _fields(record).items():
            line.setdefault(name, value)
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return _encoded(line)


class Forwarder(logging.Handler):
    """Sends log records to New Relic, those that `new_relic.tracing` takes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        if new_relic.tracing.takes_log(record):
            try:
                new_relic.tracing.send_log(record, self.format(record))
            except Exception:
                self.handleError(record)


class HumanFormatter(logging.Formatter):
    """Text for people: local time, level, message, the fields as name=value, and any traceback."""

    def format(self, record: logging.LogRecord) -> str:
        clock = time.strftime("%H:%M:%S", time.localtime(record.created))
        fields = {name: _field(value) for name, value in _fields(record).items() if value is not None}
        message = _escaped(_redacted(record.getMessage()))
        if message == "request":
            fields.pop("route", None)
            method, path, status, duration = (fields.pop(n, "") for n in ("method", "path", "status", "duration_ms"))
            message = f"{method} {path} {status} {duration} ms"
        shown = "".join(f" {name}={value}" for name, value in fields.items())
        line = f"{clock}.{int(record.msecs):03d} {record.levelname:<7} {message}{shown}"
        if record.exc_info:
            trace = _redacted(self.formatException(record.exc_info))
            line += "".join(f"\n{_TRACEBACK}{_escaped(part)}" for part in trace.split("\n"))
        return line


def _field(value: object) -> str:
    """A value, quoted if it could be read as more than one field."""
    text = _escaped(_redacted(str(value)))
    if " " in text or '"' in text or "=" in text:
        text = '"' + text.replace('"', '\\"') + '"'
    return text
