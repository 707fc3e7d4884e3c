"""What the tests of the HTTP API share."""

import functools
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from service.http import app_keys
from service.http.routes import ROUTES
from tests.support import api
from tests.support.waiting import until

AssertError = Callable[[ClientResponse, int, str], Awaitable[str]]
Submit = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def assert_error() -> AssertError:
    """The one check of the one error shape. Gives the message, for a look at its words."""

    async def check(response: ClientResponse, status: int, code: str) -> str:
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

    return check


@pytest.fixture
def submit(client: TestClient[Any, Any]) -> Submit:
    """Submits a score that has to be accepted and gives the answer."""

    return functools.partial(api.submit, client)


@pytest.fixture
def make_key(client: TestClient[Any, Any], db: asyncpg.Connection) -> Callable[..., Awaitable[str]]:
    """Makes an API key with the scopes given, that `client`'s service knows of, and gives it."""

    async def make(*scopes: str) -> str:
        key: str = await db.fetchval("SELECT api_key FROM api.create_api_key('test', $1)", list(scopes))
        await until(closed)
        return key

    async def closed() -> bool:
        assert client.app is not None
        return not client.app[app_keys.ACCESS_CONTROL].keyring.is_open()

    return make


@pytest.fixture(autouse=True)
def documented() -> Iterator[None]:
    """Whatever a test provokes: an error that the description of its route does not name fails the test."""
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
    yield
    logger.removeHandler(watch)
    logger.setLevel(level)
    assert surprises == []
