# Made from leaderboard_client/aio/streaming.py by make_sync.py.
"""The states of a board as they change, over connections that are made anew when one ends."""

import json
from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Any

import httpx

from leaderboard_client import answers
from leaderboard_client.errors import LeaderboardError
from leaderboard_client.events import EventParser
from leaderboard_client.model import Standings
from leaderboard_client.retries import wait_after
from leaderboard_client.sync.connection import Connection
from leaderboard_client.sync.waiting import sleep

#: The service sends a comment every 15 s. After 45 s of silence the connection is dead.
_SILENCE_SECONDS = 45.0


def stream(connection: Connection, query: Mapping[str, Any]) -> Generator[Standings, None, None]:
    """Raises the ApiError that ends the stream: a final answer, or an event: error."""
    last_id, retry_seconds, failures = "", 2.0, 0
    while True:
        parser = EventParser(last_id, retry_seconds)
        wait = None
        try:
            with closing(_connected(connection, query, parser)) as states:
                for standings in states:
                    failures = 0
                    yield standings
        except LeaderboardError as error:
            if not error.can_retry:
                raise
            failures += 1
            wait = error.retry_after
        last_id, retry_seconds = parser.last_id, parser.retry_seconds
        sleep(retry_seconds + wait_after(failures, wait) if failures else retry_seconds)


def _connected(
    connection: Connection, query: Mapping[str, Any], parser: EventParser
) -> Generator[Standings, None, None]:
    """The states that one connection shows, until it ends."""
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": parser.last_id} if parser.last_id else {})
    timeout = httpx.Timeout(connection.timeout, read=_SILENCE_SECONDS)
    try:
        with connection.http.stream(
            "GET", connection.address("/stream"), params=query, headers=headers, timeout=timeout
        ) as response:
            if response.status_code != 200:
                answers.read(response.status_code, response.headers, response.read())
            answers.check_is_stream(response.status_code, response.headers)
            for chunk in response.iter_bytes():
                for event in parser.feed(chunk):
                    if event.name == "error":
                        raise answers.read_stream_error(event.data)
                    if event.name == "standings":
                        yield json.loads(event.data)
    except httpx.RequestError as error:
        raise connection.unreachable(error) from error
