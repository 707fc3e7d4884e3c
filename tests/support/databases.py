"""Databases on a running PostgreSQL server."""

import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import asyncpg
import psycopg

from service.database import migrate


class PostgresServer(Protocol):
    """What tests need of a running PostgreSQL, embedded or not."""

    def url(self, role: str = ..., database: str = ...) -> str: ...


def execute_on(server: PostgresServer, statement: str) -> None:
    """Runs a statement that must be outside transactions, such as CREATE DATABASE."""
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@functools.cache
def template_on(server: PostgresServer) -> str:
    """The name of a migrated database to copy; made once per server."""
    name = "template_leaderboard"
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).rowcount == 0:
            connection.execute(f"CREATE DATABASE {name}")
            migrate.apply(server.url(database=name))
    return name


@contextlib.asynccontextmanager
async def connections_to(url: str) -> AsyncIterator[Callable[[], Awaitable[asyncpg.Connection]]]:
    """Opens connections, one a call, and closes them in the end."""
    opened: list[asyncpg.Connection] = []

    async def open_one() -> asyncpg.Connection:
        opened.append(await asyncpg.connect(url))
        return opened[-1]

    yield open_one
    for connection in opened:
        await connection.close(timeout=5)
