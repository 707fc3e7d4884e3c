"""Fixtures for all tests: servers per test process, a fresh migrated database per test, the service as a process."""

import asyncio
import dataclasses
import itertools
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from aiohttp import web
from aiohttp.test_utils import TestClient

from service.app import create_app
from service.embedded import EmbeddedPostgres, EmbeddedValkey
from service.embedded.postgres import program
from service.http import app_keys
from service.settings import Settings
from tests.support import api
from tests.support.breakable_redis import BreakableRedis
from tests.support.databases import PostgresServer, connections_to, execute_on, template_on
from tests.support.scratch import scratch_of_this_run
from tests.support.service import Service, ServiceServer, copy_data, scratch_folder
from tests.support.stock_postgres import StockPostgres, system_binaries
from tests.support.waiting import Eventually, until
from tests.support.waiting import eventually as wait

# Tests create many databases and, outside tests/process, never lose power: there is no need to wait for the disk.
SERVER_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum_naptime": "5s",
}

_numbers = itertools.count(1)

#: Folders with few and long tests.
_LONG = ("web", "faults", "process", "observe", "bench", "poolers", "deploy", "seed", "cache", "concurrency")


def pytest_configure(config: pytest.Config) -> None:
    # The workers of pytest-xdist inherit the folder.
    if not hasattr(config, "workerinput"):
        run = scratch_of_this_run()
        run.__enter__()
        config.add_cleanup(lambda: run.__exit__(None, None, None))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Tests wait for their servers half of the time, so that two workers a core keep it busy."""
    return max(2, min(8, 2 * (os.cpu_count() or 1)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of long tests come first, so that at the end no worker has one while others are idle. They take turns by
    folder: not every worker runs a browser at once.
    """
    files: dict[str, list[Path]] = {}
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if item.path not in files.setdefault(folder, []):
            files[folder].append(item.path)
    turns = {
        path: (turn, _LONG.index(folder)) if folder in _LONG else (len(items), 0)
        for folder, paths in files.items()
        for turn, path in enumerate(paths)
    }
    items.sort(key=lambda item: turns[item.path])


@pytest.fixture(scope="session")
def embedded_postgres() -> Iterator[EmbeddedPostgres]:
    with scratch_folder() as folder:
        server = EmbeddedPostgres(folder, conf=SERVER_SETTINGS)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def postgres(embedded_postgres: EmbeddedPostgres) -> PostgresServer:
    return embedded_postgres


@pytest.fixture(scope="session")
def system_postgres() -> Iterator[PostgresServer]:
    """The system's PostgreSQL with its default settings. If there is none, CI fails and other runs skip."""
    yield from _running(StockPostgres(system_binaries()))


@pytest.fixture(scope="session")
def stock_postgres() -> Iterator[PostgresServer]:
    """The embedded version of PostgreSQL with its default settings instead of ours."""
    yield from _running(StockPostgres(program("postgres").parent))


def _running(server: StockPostgres) -> Iterator[PostgresServer]:
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session", params=["stock", "system"])
def default_postgres(request: pytest.FixtureRequest) -> PostgresServer:
    """Servers with their default settings: the embedded version of PostgreSQL and, if it is installed, the system's."""
    server: PostgresServer = request.getfixturevalue(f"{request.param}_postgres")
    return server


@pytest.fixture(scope="session")
def valkey() -> Iterator[EmbeddedValkey]:
    with scratch_folder() as folder:
        server = EmbeddedValkey(folder)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def new_database(postgres: PostgresServer) -> Iterator[Callable[[], str]]:
    """`new_database()` creates a migrated database and returns its owner's URL. It is dropped after the test."""
    made: list[str] = []

    def make() -> str:
        name = f"test_{next(_numbers)}"
        execute_on(postgres, f"CREATE DATABASE {name} TEMPLATE {template_on(postgres)} STRATEGY FILE_COPY")
        made.append(name)
        return postgres.url(database=name)

    yield make
    for name in made:
        execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The owner's URL of a fresh migrated database."""
    return new_database()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection to the test's database."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def connect(database_url: str) -> AsyncIterator[Callable[[], Awaitable[asyncpg.Connection]]]:
    """Opens further connections of the owner, closed after the test."""
    async with connections_to(database_url) as open_one:
        yield open_one


@pytest.fixture
def redis_url(valkey: EmbeddedValkey) -> str:
    """The URL of an empty Valkey."""
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    return valkey.url


#: Folders of tests that run both ways, with EXPRESS=1 and EXPRESS=0, unless a test chooses one.
_BOTH_WAYS = {"http", "access", "cache"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = any(mark.args[0] == "express" for mark in metafunc.definition.iter_markers("parametrize"))
    if metafunc.definition.path.parent.name in _BOTH_WAYS and "express" in metafunc.fixturenames and not chosen:
        metafunc.parametrize("express", [True, False], ids=["express", "normal"], indirect=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(ids: list[str]) -> None:
    """pytest-xdist takes tests with equal ids for one test, and would run one of them."""
    twice = [name for name, times in Counter(ids).items() if times > 1]
    if twice:
        pytest.exit(f"several tests have the same id: {', '.join(twice)}", returncode=1)


@pytest.fixture
def express(request: pytest.FixtureRequest) -> bool:
    """Whether plain requests go the express way. Asked for by the fixtures that serve HTTP."""
    return getattr(request, "param", True)


@pytest.fixture
def aiohttp_client(aiohttp_client: Any, express: bool) -> Callable[..., Awaitable[TestClient[Any, Any]]]:
    """As the original one, but a service is served as it is in production."""

    async def start(served: Any, **options: Any) -> TestClient[Any, Any]:
        if isinstance(served, web.Application) and app_keys.SETTINGS in served:
            served = ServiceServer(served)
        client: TestClient[Any, Any] = await aiohttp_client(served, **options)
        return client

    return start


@pytest.fixture
def settings(request: pytest.FixtureRequest, database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Settings for a service on the test's database (as the service's role) and Valkey."""
    service_url = database_url.replace("leaderboard_owner@", "leaderboard_service@")
    return dataclasses.replace(
        Settings.from_env({}),
        database_url=database_url,
        service_database_url=service_url,
        redis_url=redis_url,
        data_dir=tmp_path,
        pool_size=4,
        # Not as an argument: the tests that serve nothing would run twice, too.
        express="express" not in request.fixturenames or request.getfixturevalue("express"),
    )


@pytest.fixture
async def client(settings: Settings, aiohttp_client: Any, tmp_path: Path) -> TestClient[Any, Any]:
    """A client of a running service."""
    # No test depends on whether the web page is built.
    return await aiohttp_client(create_app(settings, tmp_path / "no-dist"))  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def eventually() -> Eventually:
    """`eventually(condition)` waits until the condition holds."""
    return wait


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """A data folder whose PostgreSQL was created, started once and stopped. Copy it."""
    with scratch_folder() as folder:
        server = EmbeddedPostgres(folder)
        server.start()
        server.stop()
        yield folder


@pytest.fixture
def data_dir(folder: Path, cluster: Path) -> Path:
    """A data folder whose PostgreSQL exists already."""
    return copy_data(cluster, folder)


@pytest.fixture
def service(data_dir: Path) -> Iterator[Callable[..., Service]]:
    """`service(SETTING="value", ...)` starts the service; what still runs at the end of the test is killed."""
    started: list[Service] = []

    def start(**settings: str) -> Service:
        started.append(Service(data_dir, **settings))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


@pytest.fixture
def assert_error() -> api.AssertError:
    """`await assert_error(response, status, code)` returns the error's message."""
    return api.assert_error


@pytest.fixture
def make_key(client: TestClient[Any, Any], db: asyncpg.Connection) -> Callable[..., Awaitable[str]]:
    """`make_key(scope, ...)` creates an API key, waits until `client`'s service knows it, and returns it."""

    async def make(*scopes: str) -> str:
        key: str = await db.fetchval("SELECT api_key FROM api.create_api_key('test', $1)", list(scopes))
        await until(closed)
        return key

    async def closed() -> bool:
        assert client.app is not None
        return not client.app[app_keys.ACCESS_CONTROL].keyring.is_open()

    return make


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[BreakableRedis]:
    server = BreakableRedis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def new_client(settings: Settings, aiohttp_client: Any) -> Callable[..., Awaitable[TestClient[Any, Any]]]:
    """`new_client(setting=value, ...)` starts a service with changed settings and returns a client for it. Several
    services share the database and Redis.

    By default the watcher is off, so that a test can count calls, and the timeout for Redis is long, so that a busy
    machine does not look like a broken Redis.
    """

    async def start(**changes: Any) -> TestClient[Any, Any]:
        changed = dataclasses.replace(settings, **{"watch_interval_ms": 60_000, "redis_timeout_ms": 2_000, **changes})
        client: TestClient[Any, Any] = await aiohttp_client(create_app(changed))
        await asyncio.sleep(0.05)  # the watcher's first look, which counts as a change
        return client

    return start
