"""What a line of the log says, and what none ever says."""

import dataclasses
import io
import json
import logging

import pytest

from service import logs
from tests.observe.collector import KEY


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
    await client.post(
        "/api/leaderboard/submit", json={"user_id": 7, "score": 1}, headers={"X-Request-Id": "match-1"}
    )
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
