"""The JavaScript client in Node: its own tests (tests/clients/javascript), kills, the real limits, types and format."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.support import ROOT
from tests.support.gateway import Gateway
from tests.support.node import MODULES, node, node_module
from tests.support.service import Service

JAVASCRIPT = ROOT / "clients" / "javascript"
TESTS = ROOT / "tests" / "clients" / "javascript"
Ledger = Callable[[], Awaitable[list[tuple[int, int]]]]


@pytest.mark.parametrize("name", ["calls", "queue", "stream"])
async def test_in_node(name: str, gateway: Gateway, db: asyncpg.Connection, unused_tcp_port: int) -> None:
    await db.execute("SELECT api.declare_attribute('country', 'country')")
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true, p_split_by => 'country')")
    await db.execute("SELECT api.end_season('cup')")
    where = {"SERVICE": gateway.service, "GATEWAY": gateway.address, "NOWHERE": f"http://127.0.0.1:{unused_tcp_port}"}
    process = await asyncio.create_subprocess_exec(
        node(), "--test", str(TESTS / f"{name}.test.mjs"), env=where, stdout=asyncio.subprocess.PIPE
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()  # it ends the process of the tests, too
    assert process.returncode == 0, output.decode()


@asynccontextmanager
async def program(work: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program that knows the client, as a process."""
    imports = f"""
        import {{ Client }} from '{JAVASCRIPT}/client.js';
        import {{ FolderQueue }} from '{JAVASCRIPT}/folder-queue.js';
    """
    process = await asyncio.create_subprocess_exec(
        node(), "--input-type=module", "--eval", imports + work, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def printed(work: str) -> Any:
    """The JSON that a program prints."""
    async with program(work) as process:
        output, _ = await process.communicate()
        assert process.returncode == 0
        return json.loads(output)


def client(address: str, queue: Path, **options: object) -> str:
    given = json.dumps({"autoFlush": False, **options})
    return f"const client = new Client('{address}', {{ queue: new FolderQueue('{queue}'), ...{given} }});"


async def test_a_client_that_is_killed_between_queueing_and_sending(address: str, queue: Path, ledger: Ledger) -> None:
    new = client(address, queue)
    work = "for (const score of [1, 2]) await client.submitLater(score, { player: 7 }); console.log('queued');"
    async with program(f"{new} {work} setInterval(() => {{}}, 1000);") as process:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"queued\n"
        process.kill()
    assert (await printed(f"{new} console.log(JSON.stringify(await client.flush()))"))["sent"] == 2
    assert await ledger() == [(7, 1), (7, 2)]


async def test_a_client_that_is_killed_while_it_sends(gateway: Gateway, queue: Path, ledger: Ledger) -> None:
    """The score was counted, and the client dies before it sees the answer."""
    gateway.next.append("hold")
    new = client(gateway.address, queue)
    async with program(f"{new} await client.submitLater(1, {{ player: 7 }}); await client.flush();") as process:
        await asyncio.wait_for(gateway.holds.wait(), 60)
        process.kill()
    assert await ledger() == [(7, 1)]
    assert (await printed(f"{new} console.log(JSON.stringify(await client.flush()))"))["sent"] == 1
    assert await ledger() == [(7, 1)]


async def test_python_and_node_share_a_queue(
    address: str, queue: Path, ledger: Ledger, new_python: Callable[..., Any]
) -> None:
    new, python = client(address, queue), new_python(address, queue=queue)
    await printed(f"{new} console.log(JSON.stringify(await client.submitLater(1, {{ player: 7 }})))")
    assert (await python.flush()).sent == 1
    await python.submit_later(2, player=7)
    assert (await printed(f"{new} console.log(JSON.stringify(await client.flush()))"))["sent"] == 1
    assert await ledger() == [(7, 1), (7, 2)]


async def test_rate_limit_is_waited_for(new_client: Callable[..., Awaitable[Any]], ledger: Ledger, queue: Path) -> None:
    """The service's own 429, with its own Retry-After."""
    limited = await new_client(rate_limit_player="1 per 2 seconds")
    where = str(limited.make_url("")).rstrip("/")
    work = "for (const score of [1, 2]) await client.submit(score, { player: 7 });"
    await printed(f"{client(where, queue)} {work} console.log(1);")
    at_once = "Promise.allSettled(Array.from({ length: 10 }, () => client.submit(3, { player: 8 })))"
    work = f"console.log(JSON.stringify((await {at_once}).find((one) => one.reason).reason))"
    error = await printed(f"{client(where, queue, patience=0)} {work}")
    assert (error["status"], error["retryAfter"] >= 1, error["mayHaveCounted"]) == (429, True, False)
    assert [score for player, score in await ledger() if player == 7] == [1, 2]


async def test_a_service_that_is_killed_and_restarted(
    database_url: str, redis_url: str, tmp_path: Path, ledger: Ledger, queue: Path
) -> None:
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    (tmp_path / "data").mkdir()
    service = await asyncio.to_thread(Service(tmp_path / "data", **settings).ready)
    address = service.address
    work = "console.log('1'); console.log(JSON.stringify(await client.submit(2, { player: 7 })));"
    try:
        service.process.kill()
        service.ended()
        async with program(f"{client(address, queue, patience=120)} {work}") as process:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"1\n"
            service = Service(tmp_path / "data", PORT=address.rpartition(":")[2], **settings)
            assert not json.loads(await process.stdout.readline())["duplicate"]
        assert await ledger() == [(7, 2)]
    finally:
        service.process.kill()
        service.ended()


def test_the_tests_fit_the_types() -> None:
    """The declared types are those of the client: its tests are checked against them."""
    options = "--noEmit --checkJs --allowJs --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess"
    libraries = "--target es2023 --lib es2023,dom,dom.iterable --module nodenext --types node"
    result = subprocess.run(
        [
            node(),
            node_module("typescript/bin/tsc"),
            *options.split(),
            *libraries.split(),
            "--typeRoots",
            str(MODULES / "@types"),
            *map(str, [*TESTS.glob("*.mjs"), *JAVASCRIPT.glob("*.d.ts")]),
        ],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout


def test_every_member_is_declared() -> None:
    """The classes have the methods that the declarations promise, and no others."""
    code = """
        import { readFileSync } from 'node:fs';
        const found = {};
        for (const file of ['client', 'folder-queue']) {
            const text = readFileSync(`${folder}/${file}.d.ts`, 'utf8');
            for (const [name, type] of Object.entries(await import(`${folder}/${file}.js`))) {
                const [, body] = new RegExp(`class ${name}\\\\b[^{]*\\\\{(.*?)^\\\\}`, 'ms').exec(text) ?? [];
                const declared = [...(body ?? '').matchAll(/^  (\\w+)\\(/gm)].map(([, member]) => member);
                const has = Object.getOwnPropertyNames(type.prototype).filter((member) => member !== 'constructor');
                found[name] = [has.sort(), declared.filter((member) => member !== 'constructor').sort()];
            }
        }
        console.log(JSON.stringify(found));
    """
    run = subprocess.run(
        [node(), "--input-type=module", "--eval", f"const folder = '{JAVASCRIPT}';" + code],
        capture_output=True,
        text=True,
    )
    found = json.loads(run.stdout)
    assert {"Client", "BrowserQueue", "FolderQueue", "ApiError"} <= set(found)
    for name, (has, declared) in found.items():
        assert has == declared, name


def test_prettier_formats_it_as_the_web_page() -> None:
    result = subprocess.run(
        [
            node(),
            node_module("prettier/bin/prettier.cjs"),
            "--config",
            str(ROOT / "webui" / ".prettierrc.json"),
            "--check",
            str(JAVASCRIPT),
            str(TESTS),
        ],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
