"""The Python clients, async and sync: every call, retries and errors."""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from leaderboard_client import ApiError, Unreachable, retries

from tests.support import ROOT
from tests.support.gateway import Gateway, error
from tests.support.service import Service

PYTHON = ROOT / "clients" / "python"
NewClient = Callable[..., Any]
Ledger = Callable[[], Awaitable[list[tuple[int, int]]]]
STEAM = "steam:76561198000000000/ü?"


async def test_scores_and_standings(new_python: NewClient, address: str) -> None:
    client = new_python(address + "/")
    first = await client.submit(500, player=7, username="ada", game_mode="solo", metadata={"level": 3})
    assert (first["total_score"], first["duplicate"], first["username"]) == (500, False, "ada")
    second = await client.submit(900, player=STEAM, include=["rank", "boards"], key="match-1")
    assert (second["player"], second["rank"], second["boards"][0]["board"]) == (STEAM, 1, "overall")
    again = await client.submit(900, player=STEAM, include="rank", key="match-1")
    assert again["duplicate"]
    outcomes = await client.submit_batch([{"player": 8, "score": 1}, {"player": 9, "score": -1}])
    assert [outcome["status"] for outcome in outcomes] == ["accepted", "rejected"]

    assert [row["total_score"] for row in await client.top(2)] == [900, 500]
    assert [row["total_score"] for row in await client.top(2, place="last")] == [500, 1]
    assert (await client.top(1, include=["player", "attributes"]))[0]["player"] == STEAM
    assert (await client.rank(STEAM))["rank"] == 1
    assert [row["user_id"] for row in await client.around(8, 1)] == [7, 8]
    assert [row["rank_among"] for row in await client.ranks([8, STEAM, 7, 99])] == [1, 2, 3]
    assert (await client.rank_of(600))["rank"] == 2
    assert (await client.get("/threshold", place=1))["total_score"] == 900
    assert [board["board"] for board in await client.boards()] == ["overall"]


async def test_windows_and_the_past(new_python: NewClient, address: str, db: asyncpg.Connection) -> None:
    client = new_python(address)
    for player, score in ((7, 100), (8, 200), (7, 300)):
        await client.submit(score, player=player)
    await db.execute("""UPDATE game_sessions SET "timestamp" = now() - interval '3 days' WHERE score < 300""")
    now = datetime.now(UTC)
    then = now - timedelta(days=2)
    assert [row["user_id"] for row in await client.top(from_=then - timedelta(days=5), to=then)] == [8, 7]
    assert [row["total_score"] for row in await client.top(from_=then.isoformat())] == [300]
    before = await client.rank(7, at=then)
    assert (before["rank"], before["total_score"]) == (2, 100)
    assert (await client.rank(7))["rank"] == 1
    history = await client.history(7, from_=now - timedelta(days=10))
    assert (history[-1]["rank"], history[-1]["total_score"]) == (1, 400)
    with pytest.raises(ApiError, match="invalid_parameter"):
        await client.rank(7, at=now - timedelta(days=60))


async def test_seasons_and_splits(new_python: NewClient, address: str, db: asyncpg.Connection) -> None:
    await db.execute("SELECT api.declare_attribute('country', 'country')")
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true, p_split_by => 'country')")
    client = new_python(address)
    await client.submit(5, player=7, board="cup")
    await client.change_player(7, username="ada", attributes={"country": "DE"})
    assert (await client.top(board="cup", split="DE", season="current"))[0]["username"] == "ada"
    assert await client.splits(board="cup") == [{"split": "DE", "players": 1}]
    await db.execute("SELECT api.end_season('cup')")
    assert [row["total_score"] for row in await client.top(board="cup", season=1)] == [5]
    assert [season["season"] for season in (await client.seasons(board="cup"))["seasons"]] == [2, 1]
    assert [season["total_score"] for season in await client.player_seasons(7, board="cup")] == [5]
    with pytest.raises(ApiError, match="unknown_season") as caught:
        await client.top(board="cup", season=9)
    assert (caught.value.status, caught.value.can_retry) == (404, False)


async def test_players(new_python: NewClient, address: str) -> None:
    client = new_python(address)
    await client.submit(5, player=STEAM, username="ada")
    await client.link(STEAM, "epic:1/2")
    assert (await client.player("epic:1/2"))["username"] == "ada"
    await client.unlink(STEAM, "epic:1/2")
    with pytest.raises(ApiError, match="unknown_player"):
        await client.player("epic:1/2")
    assert [found["player"] for found in await client.find_players("AD")] == [STEAM]


async def test_plays(new_python: NewClient, address: str, make_key: Callable[..., Awaitable[str]]) -> None:
    client = new_python(address, await make_key("play"))
    play = await client.start_play(player="device/abc")
    first = await client.submit(10, player="device/abc", ticket=play["ticket"])
    again = await client.submit(10, player="device/abc", ticket=play["ticket"])
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    with pytest.raises(ApiError, match="scope_missing"):
        await client.submit(10, player="device/abc")


@pytest.mark.parametrize("trouble", ["lose", "cut", (502, {}, "<h1>Bad Gateway</h1>"), error(503, "outcome_unknown")])
async def test_a_retry_counts_once(
    new_python: NewClient, gateway: Gateway, ledger: Ledger, waits: list[float], trouble: Any
) -> None:
    gateway.next.extend([trouble, trouble])
    answer = await new_python(gateway.address).submit(500, player=7)
    assert await ledger() == [(7, 500)]
    assert answer["duplicate"] is (trouble == "lose")
    keys = [key for _, _, key in gateway.seen]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert keys[0] is not None
    assert len(waits) == 2


async def test_a_batch_that_lost_its_answer_counts_once(
    new_python: NewClient, gateway: Gateway, ledger: Ledger, waits: list[float]
) -> None:
    gateway.next.append("lose")
    outcomes = await new_python(gateway.address).submit_batch([{"player": 7, "score": 1}, {"player": 8, "score": 2}])
    assert [outcome["status"] for outcome in outcomes] == ["duplicate", "duplicate"]
    assert await ledger() == [(7, 1), (8, 2)]


async def test_rate_limit_is_waited_for(
    new_python: NewClient, new_client: Callable[..., Awaitable[Any]], ledger: Ledger
) -> None:
    """The service's own 429, with its own Retry-After."""
    limited = await new_client(rate_limit_player="1 per 2 seconds")
    client = new_python(str(limited.make_url("")).rstrip("/"))
    for score in (1, 2):
        await client.submit(score, player=7)
    assert await ledger() == [(7, 1), (7, 2)]
    impatient = new_python(str(limited.make_url("")).rstrip("/"), patience=0)
    with pytest.raises(ApiError, match="rate_limited") as caught:
        await asyncio.gather(*(impatient.submit(3, player=8) for _ in range(10)))
    assert caught.value.retry_after is not None
    assert caught.value.retry_after >= 1
    assert not caught.value.may_have_counted


async def test_a_database_that_is_away_is_waited_for(
    new_python: NewClient, address: str, ledger: Ledger, db: asyncpg.Connection
) -> None:
    """The service's own 503, with its own Retry-After."""
    await db.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA api FROM leaderboard_service")
    client = new_python(address)
    submitting = asyncio.create_task(client.submit(5, player=7))
    with pytest.raises(ApiError) as caught:
        await new_python(address, patience=0.5).submit(6, player=7)
    assert (caught.value.status, caught.value.retry_after) == (503, 1)
    await db.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api TO leaderboard_service")
    await submitting
    assert await ledger() == [(7, 5)]


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_honoured(new_python: NewClient, gateway: Gateway, waits: list[float], form: str) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    gateway.next.append(error(503, "overloaded", Retry_After="8" if form == "seconds" else later))
    await new_python(gateway.address).submit(500, player=7)
    assert 5 < waits[0] < 8.6


async def test_a_wait_beyond_the_patience_fails_at_once(
    new_python: NewClient, gateway: Gateway, waits: list[float]
) -> None:
    gateway.next.append(error(429, "rate_limited", Retry_After="3600"))
    with pytest.raises(ApiError) as caught:
        await new_python(gateway.address).submit(500, player=7)
    assert caught.value.retry_after == 3600
    assert waits == []
    assert len(gateway.seen) == 1


def test_waits_grow_are_random_and_bounded() -> None:
    for attempts, longest in ((1, 0.5), (2, 1), (3, 2), (6, 10), (5000, 10)):
        waits = [retries.wait_after(attempts, None) for _ in range(200)]
        assert 0.9 * longest < max(waits) <= longest
        assert min(waits) < 0.1 * longest
    assert all(3 <= retries.wait_after(1, 3.0) <= 3.5 for _ in range(100))
    assert retries.seconds_of("soon") is None


async def test_a_service_that_is_killed_and_restarted(
    new_python: NewClient, database_url: str, redis_url: str, tmp_path: Path, ledger: Ledger
) -> None:
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    (tmp_path / "data").mkdir()
    service = await asyncio.to_thread(Service(tmp_path / "data", **settings).ready)
    address = service.address
    client = new_python(address, patience=120)
    try:
        states = client.stream()
        await client.submit(1, player=7)
        assert (await anext(states))["top"][0]["total_score"] == 1
        service.process.kill()
        service.ended()
        submitting = asyncio.create_task(client.submit(2, player=7))
        await asyncio.sleep(0)
        service = Service(tmp_path / "data", PORT=address.rpartition(":")[2], **settings)
        assert not (await submitting)["duplicate"]
        assert await ledger() == [(7, 1), (7, 2)]
        while (await anext(states))["top"][0]["total_score"] != 3:
            pass
        await states.aclose()
    finally:
        service.process.kill()
        service.ended()


async def test_an_answer_of_something_else_is_no_answer(new_python: NewClient, gateway: Gateway) -> None:
    """The login page of a Wi-Fi, an address that moved, JSON of another kind."""
    client = new_python(gateway.address)
    gateway.next.append((200, {"Content-Type": "text/html"}, "<h1>Welcome to our hotel</h1>"))
    with pytest.raises(Unreachable, match=r"got 200 with text/html.*check the address"):
        await client.submit(1, player=7)
    gateway.next.append((301, {"Location": "https://scores.example/"}, ""))
    with pytest.raises(Unreachable, match=r"moved to https://scores\.example/"):
        await client.top()
    gateway.next.append((200, {"Content-Type": "application/json"}, '{"hello": 1}'))
    with pytest.raises(Unreachable, match="no answer of the leaderboard service"):
        await client.submit(1, player=7)
    assert len(gateway.seen) == 3


async def test_errors_say_what_to_do(new_python: NewClient, address: str, unused_tcp_port: int) -> None:
    with pytest.raises(ApiError, match="score_out_of_bounds") as caught:
        await new_python(address).submit(-1, player=7)
    assert "0 to 2147483647" in caught.value.message
    assert caught.value.request_id
    assert str(caught.value).endswith(f"(request {caught.value.request_id})")
    closed = f"http://127.0.0.1:{unused_tcp_port}"
    with pytest.raises(Unreachable, match=f"no answer from {closed}") as nothing:
        await new_python(closed, patience=0).top()
    assert not nothing.value.may_have_counted
    with pytest.raises(ValueError, match="must begin with http"):
        new_python("scores.example")
    with pytest.raises(ValueError, match="time zone"):
        await new_python(address).rank(7, at=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match='queue="scores"'):
        await new_python(address).flush()


def test_the_sync_client_is_made_from_the_async_one() -> None:
    import make_sync

    for name in make_sync.FILES:
        assert (make_sync.PACKAGE / "sync" / name).read_text() == make_sync.made_from(name), "run make_sync.py"


def test_every_folder_of_the_package_is_installed() -> None:
    project = tomllib.loads((PYTHON / "pyproject.toml").read_text())
    folders = [path.parent for path in (PYTHON / "leaderboard_client").rglob("__init__.py")]
    names = [".".join(folder.relative_to(PYTHON).parts) for folder in folders]
    assert sorted(project["tool"]["setuptools"]["packages"]) == sorted(names)
