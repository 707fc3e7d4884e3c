"""The C# client, compiled and run by Mono, against the service, also through a gateway that loses answers."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from tests.support import ROOT
from tests.support.gateway import Gateway, error

Run = Callable[[str, str], Awaitable[None]]
Ledger = Callable[[], Awaitable[list[tuple[int, int]]]]
SOURCES = (ROOT / "clients" / "csharp" / "LeaderboardClient.cs", ROOT / "tests" / "clients" / "csharp" / "Use.cs")


async def output_of(*command: str | Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled program. Unity 2021 knows C# 9; this compiler 7, so the client keeps to that."""
    if shutil.which("mcs") is None and not os.environ.get("CI"):
        pytest.skip("no mcs: install mono-mcs and libmono-system-net-http4.0-cil")
    path = tmp_path_factory.mktemp("csharp") / "use.exe"
    references = ("-r:System.Net.Http.dll", "-r:System.dll", "-r:System.Core.dll")
    asyncio.run(output_of("mcs", "-langversion:7.2", "-warnaserror", *references, f"-out:{path}", *SOURCES))
    return path


@pytest.fixture
def run(program: Path, queue: Path, unused_tcp_port: int) -> Run:
    """`await run(work, address)`: a process that does it."""
    nowhere = f"http://127.0.0.1:{unused_tcp_port}"
    return lambda work, address: output_of("mono", program, work, address, nowhere, queue)


async def test_calls(run: Run, address: str, db: asyncpg.Connection) -> None:
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true)")
    await run("calls", address)


async def test_a_retry_counts_once(run: Run, gateway: Gateway, ledger: Ledger) -> None:
    gateway.next.extend([error(503, "overloaded", Retry_After="1"), "lose", "lose"])
    await run("retry", gateway.address)
    assert await ledger() == [(7, 500)]
    keys = [key for _, _, key in gateway.seen]
    assert len(keys) == 4
    assert len(set(keys)) == 1


async def test_a_wait_beyond_the_patience_fails_at_once(run: Run, gateway: Gateway) -> None:
    gateway.next.append(error(429, "rate_limited", Retry_After="3600"))
    await run("patience", gateway.address)
    assert len(gateway.seen) == 1


async def test_the_queue_survives_a_restart_and_counts_once(run: Run, gateway: Gateway, ledger: Ledger) -> None:
    await run("queue", gateway.address)
    gateway.next.append("lose")
    await run("flush", gateway.address)
    assert [score for _, score in await ledger()] == [1, 2]
    assert [key for _, _, key in gateway.seen].count("match-2") == 1


async def test_a_stream_shows_each_change(run: Run, address: str, ledger: Ledger) -> None:
    await run("stream", address)
    assert await ledger() == [(7, 1), (7, 10)]
