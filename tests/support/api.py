"""Calls of the HTTP API by any aiohttp client, and checks of its responses."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import ClientResponse

from service.http.routes import ROUTES, Route

#: The query strings of calls that need one.
_QUERIES = {
    "ranks": "?user_ids=7",
    "rank_of": "?score=5",
    "threshold": "?place=1",
    "seasons": "?board=arena",
    "player_seasons": "?board=arena",
    "find_players": "?name=user",
    "delete_board": "?confirm=daily",
}


def address_of(route: Route) -> str:
    """The address of a call that succeeds if there are player 7 and a board with manual seasons, arena. The calls in
    the order of ROUTES create the board daily and delete it.
    """
    name = "daily" if route.name == "delete_board" else "arena"
    parts = {"{user_id}": "7", "{name}": name, "{player}": "steam:1", "{id}": "0123456789ab"}
    path = route.path
    for part, value in parts.items():
        path = path.replace(part, value)
    return path + _QUERIES.get(route.name, "")


async def get(client: Any, path: str) -> Any:
    """The JSON of GET /api/leaderboard`path`, which has to succeed."""
    async with client.get(f"/api/leaderboard{path}") as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def submit(client: Any, user_id: int, score: int, board: str = "overall", **fields: Any) -> Any:
    """The answer to a submission that has to be accepted; `fields` are further fields of the body."""
    body = {"user_id": user_id, "score": score, **fields}
    async with client.post("/api/leaderboard/submit", params={"board": board}, json=body) as response:
        assert response.status == 200, await response.text()
        return await response.json()


AssertError = Callable[[ClientResponse, int, str], Awaitable[str]]


async def assert_error(response: ClientResponse, status: int, code: str) -> str:
    """Checks that the response is an error of this status and code, in the one shape of errors. Returns the message."""
    text = await response.text()
    assert response.status == status, text
    assert response.content_type == "application/json"
    body = await response.json()
    assert list(body) == ["error"]
    assert sorted(body["error"]) == ["code", "message"]
    assert body["error"]["code"] == code, text
    message = body["error"]["message"]
    assert isinstance(message, str)
    assert message
    assert ("Retry-After" in response.headers) == (status in {429, 503})
    assert ("RateLimit" in response.headers) == (status == 429)
    return message


@contextlib.contextmanager
def errors_are_documented() -> Iterator[None]:
    """Fails if an error occurs inside the `with` block that the OpenAPI document does not name for its route."""
    promised = {(route.method, route.path): {f.code for f in route.failures} for route in ROUTES}
    surprises: list[tuple[str, str, str]] = []

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen = vars(record)
            codes = promised.get((seen.get("method"), seen.get("route")))
            if codes is not None and "code" in seen and seen["code"] not in codes:
                surprises.append((seen["method"], seen["route"], seen["code"]))

    logger, watch = logging.getLogger("service.request"), Watch()
    level = logger.level
    logger.addHandler(watch)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(watch)
        logger.setLevel(level)
    assert surprises == []
