"""Fixtures shared by all tests: real servers a test process, a fresh migrated database a test."""

import dataclasses
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from aiohttp.test_utils import TestClient

from service.app import create_app
from service.embedded import EmbeddedPostgres, EmbeddedValkey
from service.embedded.postgres import program
from service.settings import Settings
from tests.support.databases import PostgresServer, execute_on, template_on
from tests.support.service import Service, copy_data, scratch_folder
from tests.support.stock_postgres import StockPostgres, binaries
from tests.support.waiting import Eventually
from tests.support.waiting import eventually as wait

# Tests that lose power are a thing of tests/process; here the speed of many databases matters.
SERVER_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum_naptime": "5s",
}

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def embedded_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("pg"), conf=SERVER_SETTINGS)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres(embedded_postgres: EmbeddedPostgres) -> PostgresServer:
    return embedded_postgres


@pytest.fixture(scope="session")
def system_postgres() -> Iterator[PostgresServer]:
    """The system's PostgreSQL with its default settings. Missing it is a failure in CI, else a skip."""
    folder = binaries()
    if folder is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to test on the system's PostgreSQL, and there is none")
        pytest.skip("no PostgreSQL server among the system's packages")
    yield from _running(StockPostgres(folder))


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
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def new_database(postgres: PostgresServer) -> Iterator[Callable[[], str]]:
    """Makes fresh migrated databases; gives the owner's URL of each. They go after the test."""
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
    opened: list[asyncpg.Connection] = []

    async def open_one() -> asyncpg.Connection:
        opened.append(await asyncpg.connect(database_url))
        return opened[-1]

    yield open_one
    for connection in opened:
        await connection.close(timeout=5)


@pytest.fixture
def redis_url(valkey: EmbeddedValkey) -> str:
    """The URL of an empty Valkey."""
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    return valkey.url


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Settings for a service on the test's database (as the service's role) and Valkey."""
    service_url = database_url.replace("leaderboard_owner@", "leaderboard_service@")
    return dataclasses.replace(
        Settings.from_env({}),
        database_url=database_url,
        service_database_url=service_url,
        redis_url=redis_url,
        data_dir=tmp_path,
        pool_size=4,
    )


@pytest.fixture
async def client(settings: Settings, aiohttp_client: Any, tmp_path: Path) -> TestClient[Any, Any]:
    """A client of a running service."""
    # Whether the web page happens to be built here makes no difference to a test.
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
