"""What the process tests share: an embedded PostgreSQL, and empty databases on it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.embedded import EmbeddedPostgres
from tests.support.databases import execute_on
from tests.support.service import copy_data, scratch_folder
from tests.support.stock_postgres import StockPostgres, system_binaries


@pytest.fixture(scope="module")
def server(cluster: Path) -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL for the tests of a module."""
    with scratch_folder() as folder:
        server = EmbeddedPostgres(copy_data(cluster, folder), conf={"fsync": "off", "shared_buffers": "128MB"})
        server.start()
        yield server
        server.stop()


@pytest.fixture
def new_database(server: EmbeddedPostgres) -> Iterator[Callable[[], str]]:
    """`new_database()` creates an empty database and returns its owner's address."""
    names: list[str] = []

    def create() -> str:
        names.append(f"test_{time.monotonic_ns()}")
        execute_on(server, f"CREATE DATABASE {names[-1]}")
        return server.url(database=names[-1])

    yield create
    for name in names:
        execute_on(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def old_server() -> Iterator[StockPostgres]:
    """The system's server, with the settings that it comes with."""
    server = StockPostgres(system_binaries())
    server.start()
    yield server
    server.stop()
