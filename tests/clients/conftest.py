"""The clients in front of the real service, directly or through a gateway that loses answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import leaderboard_client
import pytest
from aiohttp.test_utils import TestClient

from tests.support.gateway import Gateway


@pytest.fixture
def address(client: TestClient[Any, Any]) -> str:
    """Where the service answers."""
    return str(client.make_url("")).rstrip("/")


@pytest.fixture
async def gateway(address: str) -> AsyncIterator[Gateway]:
    async with Gateway(address).running() as gateway:
        yield gateway


class InThreads:
    """The sync client with the methods of the async one, so that one test is for both."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._client = leaderboard_client.Client(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if name == "stream":
            return lambda *arguments, **options: _Stepped(method(*arguments, **options))

        async def call(*arguments: Any, **options: Any) -> Any:
            return await asyncio.to_thread(method, *arguments, **options)

        return call


class _Stepped:
    """A generator whose steps run in threads."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __aiter__(self) -> "_Stepped":
        return self

    async def __anext__(self) -> Any:
        found = await asyncio.to_thread(next, self._generator, None)
        if found is None:
            raise StopAsyncIteration
        return found

    async def aclose(self) -> None:
        await asyncio.to_thread(self._generator.close)


@pytest.fixture(params=["async", "sync"])
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
async def new_python(kind: str) -> AsyncIterator[Callable[..., Any]]:
    """`new_python(address, ...)`: a Python client, whose methods are awaited; async and sync in turn."""
    made: list[Any] = []

    def make(*arguments: Any, **options: Any) -> Any:
        made.append((leaderboard_client.AsyncClient if kind == "async" else InThreads)(*arguments, **options))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
def waits(kind: str, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of the Python client before further attempts, which take no time."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    folder = "aio" if kind == "async" else "sync"
    monkeypatch.setattr(f"leaderboard_client.{folder}.connection.sleep", wait if kind == "async" else waited.append)
    return waited


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    """The folder of an offline queue, which does not exist yet."""
    return tmp_path / "queue"


@pytest.fixture
def ledger(db: asyncpg.Connection) -> Callable[[], Awaitable[list[tuple[int, int]]]]:
    """`await ledger()`: user id and score of everything that was counted, in order."""

    async def read() -> list[tuple[int, int]]:
        return [tuple(row) for row in await db.fetch("SELECT user_id, score FROM game_sessions ORDER BY id")]

    return read
