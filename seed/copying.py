"""COPY into a table, also straight from the query of another connection."""

import asyncio
from collections.abc import AsyncIterator
from typing import BinaryIO

import asyncpg

from seed.definitions import Connection
from seed.progress import Progress


async def copy(
    computer: Connection,
    query: str,
    writer: Connection,
    table: str,
    columns: tuple[str, ...],
    expected_bytes: int,
    reporter: Progress,
) -> None:
    """Copies the rows that `computer` computes into a table of `writer`, while they are computed."""
    received: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(maxsize=8)

    async def receive(data: bytes) -> None:
        await received.put(data)
        # The server sends 8 kB at a time. Reading once a millisecond saves half of the time here.
        await asyncio.sleep(0.001)

    async def compute() -> None:
        end = None
        try:
            await computer.copy_from_query(query, output=receive, format="binary")
        except Exception as error:
            end = error  # it must fail the load, not end the table early
        await received.put(end)

    async def chunks() -> AsyncIterator[bytes]:
        copied = 0
        while (data := await received.get()) is not None:
            if isinstance(data, Exception):
                raise data
            yield data
            copied += len(data)
            reporter.advance(copied / max(expected_bytes, 1))

    computing = asyncio.create_task(compute())
    try:
        await copy_in(writer, table, columns, chunks(), freeze=True)
    finally:
        computing.cancel()


async def copy_in(
    writer: Connection,
    table: str,
    columns: tuple[str, ...],
    source: AsyncIterator[bytes] | BinaryIO,
    *,
    freeze: bool = False,
) -> None:
    """COPY FROM that ends when the connection is lost: asyncpg alone would wait for ever."""
    copying = asyncio.ensure_future(
        writer.copy_to_table(
            table, schema_name="public", columns=columns, source=source, format="binary", freeze=freeze
        )
    )

    def lost(connection: object) -> None:
        copying.cancel()

    writer.add_termination_listener(lost)
    try:
        await copying
    except asyncio.CancelledError:
        if writer.is_closed():
            raise asyncpg.ConnectionDoesNotExistError("the connection was lost during COPY") from None
        raise
    finally:
        if not writer.is_closed():
            writer.remove_termination_listener(lost)
