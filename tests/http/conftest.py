"""What the tests of the HTTP API share."""

import functools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.support import api
from tests.support.api import errors_are_documented


@pytest.fixture
def submit(client: TestClient[Any, Any]) -> Callable[..., Awaitable[Any]]:
    """`submit(user_id, score, ...)` submits a score, which has to be accepted, and returns the answer."""
    return functools.partial(api.submit, client)


@pytest.fixture(autouse=True)
def documented() -> Iterator[None]:
    with errors_are_documented():
        yield
