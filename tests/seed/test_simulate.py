"""The crowd of players against a running service."""

import asyncio
import dataclasses
import socket
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from seed.crowd import NotPlayableError, Options
from seed.simulate import main, report, simulate
from service.app import create_app
from service.settings import Settings
from tests.seed.conftest import load
from tests.support.oracle import assert_exact


@pytest.fixture
async def base_url(client: TestClient[Any, Any], database_url: str) -> str:
    """The address of a running service with 100 players."""
    await load(database_url, 100, 300)
    return str(client.make_url("")).rstrip("/")


async def test_all_is_well(base_url: str, database_url: str, db: asyncpg.Connection) -> None:
    result = await simulate(Options(base_url, players=5, seconds=2, think=(0, 0.02)), database_url)
    text = report(result)
    assert result.exit_status == 0, text
    assert result.verdict is not None
    assert result.verdict.counted > 20
    assert result.verdict.unknown == 0
    assert result.tally.calls >= 3 * result.verdict.counted - 15
    assert 2 <= result.elapsed < 4
    assert "ledger: right" in text
    assert [line.split()[0] for line in text.splitlines()[:5]] == ["call", "submit", "top", "rank", "all"]
    assert await db.fetchval("SELECT count(*) FROM public.game_sessions") == 300 + result.verdict.counted
    await assert_exact(db)


async def test_a_tampered_ledger(base_url: str, database_url: str, db: asyncpg.Connection) -> None:
    playing = asyncio.create_task(simulate(Options(base_url, players=2, seconds=1, think=None), database_url))
    async with asyncio.timeout(10):
        while not await db.fetch(
            "DELETE FROM public.game_sessions AS s WHERE s.id ="
            " (SELECT k.session_id FROM public.submission_keys AS k LIMIT 1) RETURNING s.id"
        ):
            await asyncio.sleep(0.01)
    result = await playing
    assert result.exit_status == 1
    assert "is not in game_sessions" in report(result)


async def test_a_service_that_is_away_for_a_moment(
    client: TestClient[Any, Any], base_url: str, database_url: str, db: asyncpg.Connection
) -> None:
    """Half of the answers are lost on the way, and still every submission counts once."""
    calls = 0

    async def relay(request: web.Request) -> web.StreamResponse:
        nonlocal calls
        async with client.session.request(
            request.method,
            f"{base_url}{request.rel_url}",
            data=await request.read(),
            headers={
                name: request.headers[name] for name in ("Content-Type", "Idempotency-Key") if name in request.headers
            },
        ) as response:
            body = await response.read()
        calls += request.path != "/readyz"
        if calls % 4 == 1:
            assert request.transport is not None
            request.transport.close()
        if calls % 4 == 2:
            return web.Response(status=503, headers={"Retry-After": "0"})
        return web.Response(status=response.status, body=body, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", relay)
    async with TestServer(app) as relaying:
        options = Options(str(relaying.make_url("")), players=3, seconds=1, think=None)
        result = await simulate(options, database_url)
    assert result.exit_status == 0, report(result)
    assert result.tally.retries > 5
    assert result.verdict is not None
    assert result.verdict.counted > 3
    assert await db.fetchval("SELECT count(*) FROM public.game_sessions") == 300 + result.verdict.counted


@pytest.mark.parametrize(
    ("call", "change", "message"),
    [
        ("rank", {"total_score": -1}, "rank: a total is lower than acknowledged"),
        ("rank", {"rank": 0}, "rank: rank, players and percentile contradict each other"),
        ("top", [{"rank": 2}], "top: the order or the ranks do not match the totals"),
        ("top", [], "top: a player whose acknowledged total belongs there is missing"),
        ("submit", {"total_score": 10**9}, "submit: the total is not the one before plus the score"),
        ("submit", {"score": -1}, "submit: the response is for another submission"),
        ("rank", None, "rank: 500 "),
    ],
)
async def test_wrong_answers_are_noticed(call: str, change: Any, message: str) -> None:
    """Without a database: a made-up service with one player, that answers one call wrongly."""
    total = 100

    def row() -> dict[str, Any]:
        return {"rank": 1, "user_id": 1, "username": "u", "total_score": total}

    async def answer(request: web.Request) -> web.Response:
        nonlocal total
        name = request.path.split("/")[3] if request.path != "/readyz" else "readyz"
        body: Any = {}
        if name == "submit":
            sent = await request.json()
            total += sent["score"]
            body = {"user_id": 1, "score": sent["score"], "total_score": total, "duplicate": False}
        elif name == "top":
            body = [row()]
        elif name == "rank":
            body = {**row(), "players": 1, "percentile": 100.0}
        if name == call and request.query.get("limit") != "1000":
            if change is None:
                return web.Response(status=500, text="broken")
            body = {**body, **change} if isinstance(change, dict) else [{**body[0], **one} for one in change]
        return web.json_response(body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        options = Options(str(server.make_url("")), players=1, seconds=0.2, think=(0.02, 0.02))
        result = await simulate(options, None)
    assert result.exit_status == 1
    assert any(found.startswith(message) for found in result.tally.messages), result.tally.messages


async def test_without_the_database(base_url: str) -> None:
    result = await simulate(Options(base_url, players=3, seconds=0.3, think=None), None)
    assert result.verdict is None
    assert result.tally.errors == 0
    assert result.exit_status == 2
    assert "ledger: NOT CHECKED" in report(result)


async def test_another_database(base_url: str, new_database: Any) -> None:
    other = new_database()
    await load(other, 100, 300, random_seed=5)
    with pytest.raises(NotPlayableError, match="uses another database"):
        await simulate(Options(base_url, players=3, seconds=1), other)


async def test_too_few_players(base_url: str, database_url: str) -> None:
    with pytest.raises(NotPlayableError, match="101 players are wanted, but there are only 100"):
        await simulate(Options(base_url, players=101, seconds=1), database_url)


async def test_a_service_with_keys(
    client: TestClient[Any, Any], base_url: str, database_url: str, db: asyncpg.Connection
) -> None:
    keys = {
        scopes: await db.fetchval("SELECT api_key FROM api.create_api_key('k', string_to_array($1, ','))", scopes)
        for scopes in ("submit,read", "read", "submit")
    }
    async with asyncio.timeout(10):
        while (await client.get("/api/leaderboard/top")).status != 401:
            await asyncio.sleep(0.05)
    for scopes, key in (("none", None), *keys.items()):
        options = Options(base_url, players=3, seconds=0.5, think=None, api_key=key)
        if scopes == "submit,read":
            result = await simulate(options, database_url)
            assert result.exit_status == 0, report(result)
        else:
            with pytest.raises(NotPlayableError, match=r"does not let the players in.*LEADERBOARD_API_KEY"):
                await simulate(options, database_url)
        assert key is None or key not in repr(options)


@pytest.mark.parametrize(
    ("allowed", "known"),
    [
        (("board.example.com",), ("board.example.com",)),
        (("*.example.org",), ("*.example.org",)),
        # As docs/security.md has it, on the command line of the service, so that only it knows.
        (("scores.example.com", "localhost"), ()),
        (("[::1]",), ()),
    ],
)
async def test_a_service_that_answers_to_its_names_only(
    aiohttp_client: Any, settings: Settings, database_url: str, allowed: Any, known: Any
) -> None:
    await load(database_url, 100, 300)
    client = await aiohttp_client(create_app(dataclasses.replace(settings, allowed_hosts=allowed)))
    address = str(client.make_url("")).rstrip("/")
    assert (await client.get("/api/leaderboard/boards")).status == 421
    options = Options(address, players=3, seconds=0.5, think=None, hosts=known)
    result = await simulate(options, database_url)
    assert result.exit_status == 0, report(result)
    assert result.tally.calls > 10


async def test_a_service_whose_names_are_not_known(aiohttp_client: Any, settings: Settings, database_url: str) -> None:
    allowed = ("board.example.com",)
    client = await aiohttp_client(create_app(dataclasses.replace(settings, allowed_hosts=allowed)))
    address = str(client.make_url("")).rstrip("/")
    for hosts in (), ("other.example.com",):
        with pytest.raises(NotPlayableError, match=r"does not answer to its address.* ALLOWED_HOSTS="):
            await simulate(Options(address, players=3, seconds=1, hosts=hosts), database_url)


# --- the command --------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "SERVICE_DATABASE_URL", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("elsewhere")
def test_the_service_s_names_are_taken_from_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("ALLOWED_HOSTS=board.example.com,*.example.org\n")
    seen: list[Options] = []

    async def played(options: Options, database_url: str | None) -> Any:
        seen.append(options)
        raise NotPlayableError("enough")

    monkeypatch.setattr("seed.simulate.simulate", played)
    assert main([]) == 2
    assert seen[0].hosts == ("board.example.com", "*.example.org")


@pytest.mark.usefixtures("elsewhere")
def test_no_service(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        assert main(["--base-url", f"http://127.0.0.1:{taken.getsockname()[1]}"]) == 2
    message = capsys.readouterr().err
    assert "no service answers at http://127.0.0.1:" in message
    assert "make run" in message


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--base-url", "http://192.0.2.1"], "is not on this machine"),
        (["--base-url", "http://localhost.example"], "is not on this machine"),
        (["--base-url", "127.0.0.1:8000"], "is not an address"),
        (["--players", "0"], "not a whole number above 0"),
        (["--players", "1.5"], "not a whole number above 0"),
        (["--seconds", "-1"], "not a number above 0"),
        (["--seconds", "nan"], "not a number above 0"),
        (["--think", "2-1"], "neither a range of seconds"),
        (["--think", "a while"], "neither a range of seconds"),
    ],
)
def test_wrong_arguments(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    assert ending.value.code == 2
    assert message in capsys.readouterr().err
