"""What a log line contains, and what it must never contain."""

import dataclasses
import io
import json
import logging
import re

import pytest
from yarl import URL

from service.observability import logs
from tests.support.collector import KEY


@pytest.fixture
def log(settings, monkeypatch):
    """The log as the service writes it, as JSON, from the level `info`."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    stream = io.StringIO()
    keyed = dataclasses.replace(settings, log_format="json", new_relic_license_key=KEY)
    logs.configure(keyed, stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.configure(settings, io.StringIO())


def requests(log):
    return [line for line in log() if line["message"] == "request"]


async def test_a_request_is_one_line(client, log):
    await client.post("/api/leaderboard/submit", json={"user_id": 7, "score": 1}, headers={"X-Request-Id": "match-1"})
    (line,) = requests(log)
    assert line["request_id"] == "match-1"
    assert (line["method"], line["route"]) == ("POST", "/api/leaderboard/submit")
    assert (line["status"], line["user_id"], line["level"]) == (200, 7, "info")
    assert line["duration_ms"] > 0
    assert "trace.id" not in line  # no agent, no trace


async def test_a_refused_submission_has_its_reason(client, log):
    await client.post("/api/leaderboard/submit", json={"user_id": 7, "score": -1})
    (line,) = requests(log)
    assert (line["status"], line["user_id"], line["code"]) == (422, 7, "score_out_of_bounds")
    assert "0" in line["reason"]


async def test_a_refused_item_has_its_reason(client, log):
    items = [{"user_id": 7, "score": 1}, {"user_id": 8, "score": -1}, {"user_id": 9}]
    await client.post("/api/leaderboard/submit/batch", json=items)
    refused = [line for line in log() if line["message"] == "submission rejected"]
    assert [(line["item"], line["code"]) for line in refused] == [
        (1, "score_out_of_bounds"),
        (2, "invalid_body"),
    ]
    assert all(line["reason"] and line["request_id"] for line in refused)


async def test_a_failed_submission_has_its_cause(client, log, db):
    await db.execute("ALTER TABLE game_sessions ADD CHECK (score <> 13)")
    response = await client.post("/api/leaderboard/submit", json={"user_id": 7, "score": 13})
    assert response.status == 500
    (line,) = requests(log)
    assert (line["level"], line["code"]) == ("error", "internal_error")
    assert "CheckViolationError" in line["cause"]
    assert "Traceback" in line["error"]


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.HumanFormatter()])
def test_no_secret_shows(log, formatter):
    def fail():
        raise OSError(f"no answer from https://collector.example.com/?license_key={KEY}")

    try:
        fail()
    except OSError as error:
        record = logging.makeLogRecord(
            {
                "msg": "asked %s",
                "args": (f"POST /agent_listener?license_key={KEY}",),
                "url": "postgresql://owner:hunter2@db/x",
                "key": KEY,
                "exc_info": (type(error), error, error.__traceback__),
            }
        )
    line = formatter.format(record)
    assert "asked POST" in line
    assert KEY not in line
    assert "hunter2" not in line


#: What moves, hides or colours text, or ends a line of it: of a terminal, of a reader of lines, of an editor.
HIDDEN = [
    *("\n", "\r", "\t", "\0", "\a", "\b", "\x0b", "\x0c", "\x1b", "\x7f"),
    *("\x84", "\x85", "\x90", "\x9b", "\x9d", "\u2028", "\u2029"),  # C1, and the other ends of lines
    *("\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\u2060", "\ufeff", "\u00ad", "\U000e0041"),
    *("\ud800", "\udcff", "\ufffe", "\ufdd0", "\ue000"),
]
FORGED = "x\n12:00:00.000 INFO    GET /api/leaderboard/top 200 1.0 ms\x1b[2J"


def lines_of(formatter, **fields):
    """A record as it is written, by lines, and nothing in them that is not to be seen."""
    text = formatter.format(logging.makeLogRecord(fields))
    text.encode()  # it can be written
    lines = text.split("\n")
    assert all(line.isprintable() for line in lines), text
    return lines


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.HumanFormatter()])
@pytest.mark.parametrize("hidden", [*HIDDEN, FORGED], ids=ascii)
def test_no_value_makes_a_line_or_moves_a_terminal(formatter, hidden):
    for fields in (
        {"msg": f"a{hidden}b"},
        {"msg": "cannot %s", "args": (f"a{hidden}b",)},
        {"msg": "request", "method": f"a{hidden}", "path": f"/{hidden}", "status": 404, "duration_ms": 1.0},
        {"msg": "x", "reason": f"a{hidden}b"},
        {"msg": "x", "address": [f"a{hidden}b"]},
        {"msg": "x", "cause": ValueError(f"a{hidden}b")},
    ):
        assert len(lines_of(formatter, **fields)) == 1
    shown = lines_of(formatter, msg=f"a{hidden}b")[0]
    assert hidden not in shown
    if hidden != FORGED:
        code = ascii(hidden)[1:-1]
        json_code = "".join(rf"\u{unit:04x}" for unit in utf16(hidden))
        assert code in shown or json_code in shown or json.dumps(hidden)[1:-1] in shown


def utf16(text):
    data = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)]


def test_json_keeps_what_was_said():
    for hidden in HIDDEN:
        (line,) = lines_of(logs.JsonFormatter(), msg="x", path=f"/{hidden}/\u00fc")
        assert json.loads(line)["path"] == f"/{hidden}/\u00fc"


def test_no_line_of_a_traceback_begins_like_a_line_of_the_log():
    def fail():
        raise ValueError(FORGED + "\u2028x\x9b")

    try:
        fail()
    except ValueError as error:
        exc_info = (type(error), error, error.__traceback__)
    _, *rest = lines_of(logs.HumanFormatter(), msg="x", exc_info=exc_info)
    assert len(rest) >= 4
    assert all(line.startswith("  | ") for line in rest)
    assert any("12:00:00.000" in line for line in rest)
    (line,) = lines_of(logs.JsonFormatter(), msg="x", exc_info=exc_info)
    assert json.loads(line)["error"].count("\n") == len(rest) - 1


def test_a_value_cannot_pass_for_several_fields():
    (line,) = lines_of(logs.HumanFormatter(), msg="x", path='/a" status=200', status=404, code="b=c")
    assert line.endswith(r' x path="/a\" status=200" status=404 code="b=c"')
    fields = {"method": "GET", "path": "/a 200 1.0 ms", "status": 404, "duration_ms": 2.0}
    (line,) = lines_of(logs.HumanFormatter(), msg="request", **fields)
    assert line.endswith(' GET "/a 200 1.0 ms" 404 2.0 ms')


@pytest.mark.parametrize("log_format", ["human", "json"])
async def test_what_a_client_sends_is_a_line_a_request(client, settings, monkeypatch, log_format):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)  # the test client's own
    stream = io.StringIO()
    logs.configure(dataclasses.replace(settings, log_format=log_format), stream)
    forged = "%0A12:00:00.000 INFO".replace(" ", "%20")
    hidden = "%1B%5B2J%07%C2%9B%E2%80%A8%E2%80%AE%FF%ED%A0%80"
    for path in f"/{forged}", f"/{hidden}", f"/api/leaderboard/rank/{forged}{hidden}":
        response = await client.get(URL(path, encoded=True))
        assert response.status in (400, 404)
    await client.get("/api/leaderboard/top", headers={"Host": "evil\u202e.example"})
    await client.get(URL(f"/api/leaderboard/top?board={hidden}", encoded=True))
    await client.get(URL(f"/api/leaderboard/top?{hidden}=1", encoded=True))
    await client.post(
        "/api/leaderboard/submit/batch",
        data=json.dumps([{"user_id": 7, "score": -1, "game_mode": "a\n\u202e"}]),
        headers={"Content-Type": "application/json"},
    )
    logs.configure(settings, io.StringIO())
    lines = stream.getvalue().split("\n")
    assert lines.pop() == ""
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 8  # one a request, and that of the item
    if log_format == "json":
        assert all(json.loads(line)["level"] == "info" for line in lines)
    else:
        assert all(re.match(r"\d\d:\d\d:\d\d\.\d{3} INFO    ", line) for line in lines)
