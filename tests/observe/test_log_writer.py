"""How lines reach the stream: those of one turn of the event loop in one write, in order, and none is lost."""

import asyncio
import dataclasses
import io
import json
import logging
import subprocess
import sys
import threading

import pytest

from service.observability import logs, new_relic
from service.observability.log_writer import LineWriter

logger = logging.getLogger("service.request")


class Stream(io.StringIO):
    """A stream that remembers its writes."""

    def __init__(self):
        super().__init__()
        self.writes = []

    def write(self, text):
        self.writes.append(text)
        return super().write(text)

    def lines(self):
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def stream(settings, monkeypatch):
    """The stream of the log, from level info, in JSON."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    stream = Stream()
    logs.configure(dataclasses.replace(settings, log_format="json"), stream)
    yield stream
    logs.configure(settings, io.StringIO())


async def test_the_lines_of_one_turn_are_one_write_in_order(stream):
    logs.info(logger, "first", {})
    logging.getLogger("other").warning("second")
    logs.info(logger, "third", {})
    assert stream.writes == []
    await asyncio.sleep(0)
    assert len(stream.writes) == 1
    assert [line["message"] for line in stream.lines()] == ["first", "second", "third"]
    logs.info(logger, "fourth", {})
    await asyncio.sleep(0)
    assert len(stream.writes) == 2


FIELDS = [
    {"method": "GET", "route": "/a/{b}", "path": "/a/b", "status": 200, "duration_ms": 0.12, "user_id": 7},
    {"method": "GET", "route": None, "path": "/\u202e\x7f\x1b\n\ud800/" + "f" * 64, "status": 404},
    {"path": "/lb_0123456789ab_" + "0" * 64 + "/postgresql://owner:secret@host", "api_key": "a" * 64},
    {"values": ["lb_0123456789ab_" + "0" * 64, 1], "none": None, "error": OSError("b" * 64)},
]


def remove_handlers_of_pytest():
    logging.getLogger().handlers[:] = logs._handlers


@pytest.mark.parametrize("fields", FIELDS)
@pytest.mark.parametrize("request_id", [None, "match-1"])
async def test_the_short_way_writes_what_a_log_record_does(stream, monkeypatch, fields, request_id):
    remove_handlers_of_pytest()
    token = logs.REQUEST_ID.set(request_id)
    made = []
    monkeypatch.setattr(logging, "_logRecordFactory", lambda *args, **more: made.append(1) or logging.LogRecord(*args))
    logs.info(logger, "request", dict(fields))
    assert made == []
    logger.info("request", extra=fields)
    assert made == [1]
    logs.REQUEST_ID.reset(token)
    await asyncio.sleep(0)
    short, long = stream.getvalue().splitlines()
    assert short.partition(",")[2] == long.partition(",")[2]  # what follows the time
    assert json.loads(short).keys() == json.loads(long).keys()
    assert len(json.loads(short)["time"]) == len("2026-01-01T00:00:00.000Z")


class Recorder(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.mark.parametrize("name", ["", "service", "service.request"])
async def test_a_handler_that_is_added_gets_the_record(stream, name):
    recorder = Recorder()
    added_to = logging.getLogger(name)
    added_to.addHandler(recorder)
    try:
        logs.info(logger, "request", {"status": 200})
    finally:
        added_to.removeHandler(recorder)
    await asyncio.sleep(0)
    (record,) = recorder.records
    assert record.status == 200
    assert [line["status"] for line in stream.lines()] == [200]


@pytest.mark.parametrize("target", ["logger", "handler"])
async def test_a_filter_is_asked(stream, target):
    remove_handlers_of_pytest()
    filtered = logger if target == "logger" else logs._handlers[0]
    filtered.addFilter(drop := lambda record: False)
    try:
        logs.info(logger, "request", {})
    finally:
        filtered.removeFilter(drop)
    await asyncio.sleep(0)
    assert stream.getvalue() == ""


async def test_the_level_of_a_logger_or_handler_is_kept(stream):
    remove_handlers_of_pytest()
    (handler,) = logs._handlers
    for leveled in (logger, handler):
        before = leveled.level
        leveled.setLevel(logging.WARNING)
        logs.info(logger, "request", {})
        leveled.setLevel(before)
    await asyncio.sleep(0)
    assert stream.getvalue() == ""


async def test_a_traced_request_makes_a_record(stream, monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr(logs, "_handlers", [*logs._handlers, recorder])
    remove_handlers_of_pytest()
    logs.info(logger, "request", {})  # as with New Relic's handler, which takes traced requests alone
    assert recorder.records == []
    token = new_relic.TRACED.set(True)
    logs.info(logger, "request", {})
    new_relic.TRACED.reset(token)
    assert len(recorder.records) == 1


def test_without_a_loop_a_line_is_written_at_once(stream):
    logger.info("now")
    assert [line["message"] for line in stream.lines()] == ["now"]


async def test_a_thread_writes_at_once_and_behind_what_waits(stream):
    logs.info(logger, "waits", {})
    thread = threading.Thread(target=logger.info, args=("thread",))
    thread.start()
    thread.join()
    assert [line["message"] for line in stream.lines()] == ["waits", "thread"]
    await asyncio.sleep(0)
    assert len(stream.writes) == 1


def test_a_loop_that_ended_loses_nothing(stream):
    async def ends_at_once(message):
        logger.info(message)

    async def waits(message):
        logger.info(message)
        await asyncio.sleep(0)

    loop = asyncio.new_event_loop()
    loop.call_soon(logger.info, "in the last turn")
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()
    asyncio.run(waits("in the next loop"))
    assert [line["message"] for line in stream.lines()] == ["in the last turn", "in the next loop"]


@pytest.mark.parametrize("ending", ["sys.exit(3)", "raise KeyboardInterrupt", "loop.stop()"])
def test_a_process_that_ends_writes_its_last_lines(ending):
    program = f"""
import asyncio, logging, sys
from service.observability.log_writer import LineWriter
logging.getLogger().handlers[:] = [LineWriter(sys.stdout)]
loop = asyncio.new_event_loop()
def last():
    logging.getLogger().error("the last line")
    {ending}
loop.call_soon(last)
loop.call_later(5, loop.stop)
loop.run_forever()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert ended.stdout == "the last line\n"


async def test_a_stream_that_fails_harms_nothing(monkeypatch):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(logging, "raiseExceptions", False)
    writer = LineWriter(Full())
    writer.emit(logging.makeLogRecord({"msg": "a"}))
    await asyncio.sleep(0)
    writer.stream = Stream()
    writer.emit(logging.makeLogRecord({"msg": "b"}))
    await asyncio.sleep(0)
    assert writer.stream.getvalue() == "b\n"
