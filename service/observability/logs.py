"""Logging through Python's `logging`: one line an event, as JSON for machines or as short text for a
terminal.

Whatever a record carries through `extra=` becomes a field of the line, so callers write
`logger.info("folded", extra={"deltas": 12})`. Every record made while a request is handled also carries that
request's id and, if it is traced, the ids of its trace. Passwords in addresses, the license key and
API keys never reach the output. Nor does a character that is not to be seen, such as a line feed or what
colours a terminal: each is written as its escape, so what a client sends makes no line of its own.
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
from service.settings import Settings

#: The id of the request that the current task handles; None outside of requests.
REQUEST_ID: contextvars.ContextVar[str | None] = contextvars.ContextVar("request_id", default=None)

#: What every LogRecord has; the rest came in through `extra=`.
_RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_REQUEST_LINE = ("method", "path", "status", "duration_ms")

#: Texts that may stand in no line. The agent's key is in the addresses that its own debug lines quote.
_secrets: list[str] = []

#: What aiohttp quotes: bytes or a text, as Python writes them, to the end.
_QUOTED = re.compile(r"(?:\b(?:bytearray\()?b|: |(?<=line ))(?:'|\").*", re.DOTALL)
_NUMBERS = frozenset({int, float, bool, type(None)})
#: Stands before each line of a traceback, so that none begins as a line of the log does.
_TRACEBACK = "  | "


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Sends all logging of the process to `stream` (default: stderr) in the format and from the level of
    `settings`.

    LOG_FORMAT=auto means text on a terminal and JSON elsewhere.
    """
    out = sys.stderr if stream is None else stream
    human = settings.log_format == "human" or (settings.log_format == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(HumanFormatter() if human else JsonFormatter())
    _secrets[:] = [key for key in (settings.new_relic_license_key,) if key is not None and len(key) >= 8]
    # What no line shows need not be found out for each (the optimisations that the logging manual names).
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    if settings.new_relic_license_key is not None:
        root.addHandler(Forwarder())
    root.setLevel(settings.log_level.upper())
    logging.getLogger("aiohttp.server").addFilter(tell_strangers_briefly)


def tell_strangers_briefly(record: logging.LogRecord) -> bool:
    """A filter: what is not HTTP at all, or is cut off, is one line of level info. aiohttp would have it an
    error with a traceback, and every scanner of ports could fill the log and wake somebody up.
    """
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, HttpProcessingError | RequestPayloadError | ConnectionError):
        return True
    record.levelno, record.levelname = logging.INFO, "INFO"
    record.exc_info = record.exc_text = None
    vars(record)["reason"] = _complaint(error)
    return logging.getLogger(record.name).isEnabledFor(logging.INFO)


def _complaint(error: BaseException) -> str:
    """What was wrong, and nothing of what was sent, which may be a header or an address with a key in it."""
    text = str(error)
    if isinstance(error, InvalidURLError) and not _QUOTED.search(text):
        return "400, message: the address cannot be read"  # the rest is the address itself
    return _QUOTED.sub("", " ".join(text.split()))[:200].rstrip(" :.")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields = {name: value for name, value in vars(record).items() if name not in _RECORD_ATTRIBUTES}
    request_id = REQUEST_ID.get()
    if request_id is not None:
        fields.setdefault("request_id", request_id)
    fields.update(new_relic.linking())
    return fields


def _without_secrets(text: str) -> str:
    return redaction.without_api_keys(_without_marked_secrets(text))


def _without_marked_secrets(text: str) -> str:
    """Without those that can be told by a sign, so that most texts are done with at a glance."""
    for secret in _secrets:
        text = text.replace(secret, "***")
    return redaction.without_marked_keys(redaction.without_passwords(text))


def _visible(text: str) -> str:
    """The text with the escapes of Python in place of what is not printed or moves what is: control
    characters, separators of lines, characters that turn the direction, halves of surrogate pairs.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _visible_json(line: str) -> str:
    """The same of a line of JSON, with the escapes of JSON. It has escaped those below U+0020 already."""
    if line.isascii() and "\x7f" not in line:
        return line
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def _encoded(fields: dict[str, object]) -> str:
    odd = False
    for name, value in fields.items():
        kind = type(value)
        if kind is str:
            if len(value) > redaction.LONGEST_ID:  # type: ignore[arg-type]
                fields[name] = redaction.without_api_keys(value)  # type: ignore[arg-type]
        elif kind not in _NUMBERS:
            odd = True  # an exception, a list: looked through as it is written
    line = _json(fields)
    return _visible_json(_without_secrets(line) if odd else _without_marked_secrets(line))


def _json(fields: dict[str, object]) -> str:
    try:
        return msgspec.json.encode(fields, enc_hook=str).decode()
    except UnicodeEncodeError:
        # Half of a surrogate pair: a byte of a header that is not UTF-8.
        return json.dumps(fields, default=str)


@functools.lru_cache(maxsize=2)
def _second(since_1970: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(since_1970))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC, RFC 3339), level, logger, message, the fields, and a traceback as
    `error`.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": f"{_second(int(record.created))}.{int(record.msecs):03d}Z",
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
    """Hands lines to the New Relic agent: those of traced requests, and warnings, so not one a request."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        if new_relic.wants(record):
            try:
                new_relic.forward(record, self.format(record))
            except Exception:
                self.handleError(record)


class HumanFormatter(logging.Formatter):
    """A line for a person: local time, level, message, then the fields as name=value, then a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        clock = time.strftime("%H:%M:%S", time.localtime(record.created))
        fields = {name: _field(value) for name, value in _fields(record).items() if value is not None}
        message = _visible(_without_secrets(record.getMessage()))
        if message == "request":
            # The line of a request, by far the most frequent one, starts as everybody writes it.
            fields.pop("route", None)
            method, path, status, duration = (fields.pop(name, "") for name in _REQUEST_LINE)
            message = f"{method} {path} {status} {duration} ms"
        shown = "".join(f" {name}={value}" for name, value in fields.items())
        line = f"{clock}.{int(record.msecs):03d} {record.levelname:<7} {message}{shown}"
        if record.exc_info:
            trace = _without_secrets(self.formatException(record.exc_info))
            line += "".join(f"\n{_TRACEBACK}{_visible(part)}" for part in trace.split("\n"))
        return line


def _field(value: object) -> str:
    """A value, in quotation marks where it would look like more than one."""
    text = _visible(_without_secrets(str(value)))
    if " " in text or '"' in text or "=" in text:
        text = '"' + text.replace('"', '\\"') + '"'
    return text
