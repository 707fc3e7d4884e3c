"""The streams of the Python clients: states as they change, over connections that break."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from leaderboard_client import ApiError
from leaderboard_client.events import Event, EventParser

from tests.support.gateway import Gateway, error

NewClient = Callable[..., Any]


@pytest.fixture(autouse=True)
def short_waits(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it connects again, a client waits for a moment only."""
    folder = "aio" if kind == "async" else "sync"
    sleep = asyncio.sleep if kind == "async" else time.sleep
    monkeypatch.setattr(f"leaderboard_client.{folder}.streaming.sleep", lambda seconds: sleep(seconds / 100))


@asynccontextmanager
async def streaming(client: Any, **options: Any) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """`await state()`: the next state."""
    states = client.stream(**options)

    async def state() -> Any:
        async with asyncio.timeout(60):
            return await anext(states)

    try:
        yield state
    finally:
        await states.aclose()


async def until(state: Callable[[], Awaitable[Any]], total: int) -> Any:
    while (found := await state())["top"][0]["total_score"] != total:
        pass
    return found


async def test_states_come_as_they_change(new_python: NewClient, address: str) -> None:
    client = new_python(address)
    await client.submit(5, player="steam:1", username="ada")
    async with streaming(client, top=1, players=["steam:1", 99], include=["player"]) as state:
        first = await state()
        assert first["board"] == "overall"
        assert [row["username"] for row in first["top"]] == ["ada"]
        assert [(row["player"], row["rank"]) for row in first["players"]] == [("steam:1", 1)]
        await client.submit(7, player=8)
        second = await state()
        assert [row["total_score"] for row in second["top"]] == [7]
        assert [row["rank"] for row in second["players"]] == [2]


async def test_a_broken_connection_is_made_anew_and_shows_no_state_twice(
    new_python: NewClient, gateway: Gateway
) -> None:
    client = new_python(gateway.address)
    await client.submit(1, player=7)
    async with streaming(client) as state:
        await until(state, 1)
        gateway.next.extend(["cut", error(503, "too_many_streams", Retry_After="1"), (502, {}, "<h1>Bad Gateway</h1>")])
        gateway.cut_streams()
        following = asyncio.create_task(state())
        while len(gateway.resumed) < 2:
            await asyncio.sleep(0.01)
        await new_python(gateway.service).submit(1, player=7)
        assert (await following)["top"][0]["total_score"] == 2
        assert gateway.resumed[0] is None
        assert gateway.resumed[1] is not None


async def test_what_is_final_ends_the_stream(
    new_python: NewClient, address: str, gateway: Gateway, db: asyncpg.Connection
) -> None:
    client = new_python(address)
    with pytest.raises(ApiError, match="404 unknown_board"):
        async with streaming(client, board="nowhere") as state:
            await state()
    await db.execute("SELECT api.create_board('cup')")
    async with streaming(client, board="cup") as state:
        assert (await state())["top"] == []
        await db.execute("SELECT api.delete_board('cup', 'cup')")
        with pytest.raises(ApiError, match="unknown_board"):
            await state()
    gateway.next.append((200, {"Content-Type": "text/html"}, "<h1>Welcome to our hotel</h1>"))
    with pytest.raises(Exception, match="no answer of the leaderboard service"):
        async with streaming(new_python(gateway.address)) as state:
            await state()


async def test_a_full_service_is_tried_again(new_python: NewClient, new_client: Callable[..., Awaitable[Any]]) -> None:
    small = await new_client(max_streams=1)
    client = new_python(str(small.make_url("")).rstrip("/"))
    await client.submit(1, player=7)
    first, second = client.stream(), client.stream()
    await anext(first)
    waiting = asyncio.create_task(anext(second))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0.2)
    assert not waiting.done()
    await first.aclose()
    assert (await asyncio.wait_for(waiting, 60))["top"][0]["total_score"] == 1
    await second.aclose()


def test_events_are_read_from_any_pieces() -> None:
    text = (
        'retry: 1500\r\n\r\n: a comment\n\nevent: standings\nid: 7\ndata: {"a":\ndata:1}\n\n'
        "data: \u2028\u0085\r\rid: 8\nunknown: field\n\nevent: standings\nid: 9\ndata: cut off"
    )
    for size in (1, 2, 3, 7, 1000):
        parser, found = EventParser(), list[Event]()
        data = text.encode()
        for start in range(0, len(data), size):
            found += parser.feed(data[start : start + size])
        assert found == [Event("standings", '{"a":\n1}'), Event("message", "\u2028\u0085")]
        assert (parser.last_id, parser.retry_seconds) == ("8", 1.5)
