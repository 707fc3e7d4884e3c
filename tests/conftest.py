"""Fixtures shared by all tests: real servers a test process, a fresh migrated database a test."""

import dataclasses
import functools
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import psycopg
import pytest
import redis
from aiohttp.test_utils import TestClient

from service.app import create_app
from service.database import migrate
from service.embedded import EmbeddedPostgres, EmbeddedValkey
from service.embedded.postgres import program
from service.settings import Settings
from tests.stock_postgres import StockPostgres, binaries

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


class PostgresServer(Protocol):
    """What tests need of a running PostgreSQL, embedded or the system's."""

    def url(self, role: str = ..., database: str = ...) -> str: ...


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


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


def execute_on(server: PostgresServer, statement: str) -> None:
    """Runs a statement such as CREATE DATABASE that must be outside of a transaction."""
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@functools.cache
def template_on(postgres: PostgresServer) -> str:
    """A migrated database to copy, one a server: some folders run on several."""
    name = "template_leaderboard"
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).rowcount == 0:
            connection.execute(f"CREATE DATABASE {name}")
            migrate.apply(postgres.url(database=name))
    return name


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
