"""GET /api/leaderboard/stream: what streams show, when, and how they end."""

import asyncio
import contextlib
import socket
import time

import pytest

from service.app import create_app
from service.database.live import LiveFunctions
from service.errors import DATABASE_UNAVAILABLE, ApiError
from service.http import app_keys, event_stream
from service.live import hub, source
from service.live.states import State, chunk
from tests.support.api import get
from tests.support.api import submit as submit_to
from tests.support.seasons import add_board, add_season
from tests.support.streams import opened
from tests.support.waiting import until

# A stream never goes the express way.
pytestmark = pytest.mark.parametrize("express", [True], indirect=True)

STREAM = "/api/leaderboard/stream"
PLAYERS = "user_ids=1,20&player=steam:7&player=steam:8"


async def state(client, query="", players=None, **more):
    """What a stream shows of a board, by the other calls."""
    return {
        "board": "overall",
        **more,
        "top": await get(client, f"/top?{query}"),
        "players": await get(client, f"/ranks?{query}&{players}") if players else [],
    }


# --- states -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("include", ["", "include=attributes,player"])
async def test_a_stream_shows_the_present_state_and_then_each_change(client, submit, db, include):
    await submit(1, 500)
    async with client.post("/api/leaderboard/submit", json={"player": "steam:7", "score": 500}) as response:
        assert response.status == 200
    await db.execute('UPDATE users SET attributes = \'{"country": "DE"}\' WHERE id = 1')
    query = f"{include}&{PLAYERS}" if include else PLAYERS
    async with opened(client, query) as events:
        first = await events.next()
        assert (first.name, events.retry) == ("standings", 2000)
        assert first.data == await state(client, include, PLAYERS)
        assert first.data["players"][1]["player"] == "steam:7"
        await submit(20, 900)
        second = await events.next()
        assert second.data == await state(client, include, PLAYERS)
        assert [row["rank_among"] for row in second.data["players"]] == [1, 2, 2]
        assert second.id != first.id


async def test_only_what_it_shows_makes_an_event(client, submit):
    await submit(1, 500)
    async with opened(client, "top=1") as events, opened(client, "top=0&user_ids=2") as player:
        assert [row["user_id"] for row in (await events.next()).data["top"]] == [1]
        assert (await player.next()).data == {"board": "overall", "top": [], "players": []}
        await submit(2, 5)
        seen = (await player.next()).data
        assert (seen["top"], seen["players"][0]["rank"]) == ([], 2)
        await submit(3, 900)
        assert [row["user_id"] for row in (await events.next()).data["top"]] == [3]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET username = 'ada' WHERE id = 1",
        "SELECT api.ban_players('m', 'r', '{2}')",
        "SELECT api.submit_score(3, 100)",
        "SELECT api.erase_player(2, 2)",
        "DELETE FROM game_sessions WHERE user_id = 2",
        "UPDATE boards SET unit = 'ms' WHERE name = 'overall'",
    ],
)
async def test_changes_by_psql(client, submit, db, change):
    await submit(1, 500)
    await submit(2, 900)
    async with opened(client, "user_ids=1,2,3") as events:
        first = await events.next()
        await db.execute(change)
        assert (await events.next()).data != first.data


async def test_a_banned_player_among_others(client, submit, db):
    for user_id, score in (1, 5), (2, 7), (3, 5):
        await submit(user_id, score)
    await db.execute("SELECT api.ban_players('m', 'r', '{2}')")
    async with opened(client, "user_ids=3,2,1") as events:
        assert (await events.next()).data == await state(client, players="user_ids=1,2,3")


async def test_many_streams_with_players_of_their_own_share_a_read(client, submit, monkeypatch):
    monkeypatch.setattr(source, "MAX_PLAYERS", 3)  # several parts
    for user_id in range(1, 9):
        await submit(user_id, user_id * 10)
    asked = "1,2", "3,4", "5,6,7,8"
    async with contextlib.AsyncExitStack() as stack:
        streams = {await stack.enter_async_context(opened(client, f"user_ids={ids}")): ids for ids in asked}
        for events in streams:
            await events.next()
        await submit(9, 1000)
        for events, ids in streams.items():
            assert (await events.next()).data == await state(client, players=f"user_ids={ids}")


async def test_a_split(client, db):
    await db.execute("SELECT api.declare_attribute('country', 'country')")
    await db.execute("SELECT api.create_board('lands', p_split_by => 'country')")
    for user_id, country in (1, "DE"), (2, "FR"):
        await submit_to(client, user_id, 10 * user_id, "lands")
        await db.execute("SELECT api.set_attributes($1, jsonb_build_object('country', $2::text))", user_id, country)
    await until(lambda: is_split(client))
    async with opened(client, "board=lands&split=DE") as events:
        data = (await events.next()).data
        assert (data["board"], [row["user_id"] for row in data["top"]]) == ("lands", [1])


async def is_split(client):
    async with client.get("/api/leaderboard/top?board=lands&split=DE") as response:
        return response.status == 200 and len(await response.json()) == 1


# --- which states, and how many -----------------------------------------------------------------------------


async def test_states_only_get_newer_and_there_are_at_most_four_a_second(client, submit):
    """Under submissions, also for a client that comes back; and the last state is shown."""
    await submit(1, 1)
    total, seen, stop = 1, [], asyncio.Event()
    began = time.monotonic()

    async def read(query):
        last_event_id = ""
        shown = 0
        while not stop.is_set():
            async with opened(client, query, {"Last-Event-ID": last_event_id}) as events:
                for _ in range(3):  # then it leaves and comes back
                    event = await events.next()
                    last_event_id = event.id
                    counted = event.data["top"][0]["total_score"]
                    assert counted >= shown, "a state older than one that was shown"
                    assert [row["total_score"] for row in event.data["players"]] == [counted], "one snapshot"
                    shown = counted
                    if shown == target:
                        return

    async def stay():
        async with opened(client) as events:
            while (counted := (await events.next()).data["top"][0]["total_score"]) != target:
                seen.append(counted)

    target = 301
    readers = [asyncio.create_task(read(f"user_ids=1&top={top}")) for top in (1, 2, 2)]
    readers.append(asyncio.create_task(stay()))
    while total < target:
        await submit(1, 1)
        total += 1
    async with asyncio.timeout(60):
        await asyncio.gather(*readers)
    assert seen == sorted(set(seen))
    assert len(seen) <= 4 * (time.monotonic() - began) + 2


async def test_a_stream_that_is_opened_after_a_write_shows_it(client, submit):
    async with opened(client) as first:
        await first.next()
        for n in range(1, 30):
            total = (await submit(1, 1))["total_score"]
            async with opened(client) as events:
                assert (await events.next()).data["top"][0]["total_score"] == total == n


async def test_a_change_that_was_undone_does_not_stay_on_a_stream_that_was_opened_in_between(client, submit):
    await submit(1, 5)
    async with opened(client) as events:
        present = await events.next()
        live = client.app[app_keys.LIVE]
        (stream,), (board,) = live._streams, live._sources.values()
        event = b"event: standings\nid: other\ndata: {}\n\n"
        stream.show(State(next(live._numbers), "other", event, chunk(event)))
        assert (await events.next()).id == "other"
        board.change()
        assert await events.next() == present


async def test_a_slow_poll_does_not_delay_the_next_ones_for_long(client, submit, monkeypatch):
    monkeypatch.setattr(hub, "POLL_REST", 1e6)
    await submit(1, 5)
    async with opened(client) as events:
        await events.next()
        await submit(1, 5)
        async with asyncio.timeout(source.REFRESH_SECONDS / 2):
            await events.next()


async def test_last_event_id(client, submit):
    """The state that the client has is not sent again: from another process, too."""
    await submit(1, 500)
    async with opened(client) as events:
        first = await events.next()
    async with opened(client, "", {"Last-Event-ID": first.id}) as events:
        await submit(2, 900)
        assert (await events.next()).data == await state(client)
    async with opened(client, "", {"Last-Event-ID": first.id}) as events:
        assert (await events.next()).data == await state(client)


@pytest.mark.parametrize("redis", ["shared", "none"])
async def test_a_write_of_another_process_shows(new_client, settings, redis):
    """With one Redis, and without."""
    address = settings.redis_url if redis == "shared" else "redis://127.0.0.1:1"
    one, two = await new_client(redis_url=address), await new_client(redis_url=address)
    async with opened(one) as events:
        await events.next()
        await submit_to(two, 1, 5)
        third = await events.next()
        assert third.data == await state(two)
    async with opened(two) as events:
        assert await events.next() == third


# --- seasons ------------------------------------------------------------------------------------------------


async def test_a_stream_follows_the_board_into_its_next_season(client, db):
    await add_board(db, "arena", manual_seasons="true")
    await add_season(db, "arena", 1, -100, 1.5, [30, 20])
    await add_season(db, "arena", 2, 1.5, 1000)
    async with (
        opened(client, "board=arena") as events,
        opened(client, "board=arena&season=current") as current,
        opened(client, "board=arena&season=1") as one,
    ):
        first = (await events.next()).data
        assert (first["season"], len(first["top"])) == (1, 2)
        assert (await current.next()).data == (await one.next()).data == first
        for stream in events, current:
            second = (await stream.next()).data
            assert (second["board"], second["season"], second["top"]) == ("arena", 2, [])
            assert second["ends_at"] > first["ends_at"]


async def test_a_season_that_is_ended_by_a_call(client, db, submit):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    await submit(1, 5, "arena")
    async with opened(client, "board=arena") as events:
        first = (await events.next()).data
        assert (first["season"], "ends_at" in first) == (1, False)
        await db.execute("SELECT api.end_season('arena')")
        assert await events.until(lambda data: data["season"] == 2)


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("board=none", 404, "unknown_board"),
        ("season=1", 404, "unknown_season"),
        ("split=DE", 404, "unknown_split"),
        ("top=101", 400, "invalid_parameter"),
        ("top=-1", 400, "invalid_parameter"),
        ("limit=5", 400, "invalid_parameter"),
        ("user_ids=" + ",".join(map(str, range(1, 102))), 400, "invalid_parameter"),
        ("user_ids=0", 400, "invalid_user_id"),
        ("player=7", 400, "invalid_player"),
    ],
)
async def test_a_stream_that_cannot_begin(client, assert_error, query, status, code):
    for method in client.get, client.head:
        async with method(f"{STREAM}?{query}") as response:
            if method == client.get:
                await assert_error(response, status, code)
            assert response.status == status
    assert client.app[app_keys.LIVE].sources == 0, "it takes no memory"


async def test_the_scope_is_that_of_reads(client, make_key, assert_error):
    read, write = await make_key("read"), await make_key("submit")
    await assert_error(await client.get(STREAM), 401, "api_key_required")
    await assert_error(await client.get(STREAM, headers=bearer(write)), 403, "scope_missing")
    async with opened(client, "", bearer(read)) as events:
        await events.next()


async def test_there_is_a_limit(new_client, assert_error):
    client = await new_client(max_streams=2)
    async with opened(client) as one, opened(client):
        await one.next()
        await assert_error(await client.get(STREAM), 503, "too_many_streams")
    await until(lambda: client.app[app_keys.LIVE].streams == 0)
    async with opened(client) as again:
        await again.next()


# --- ends ---------------------------------------------------------------------------------------------------


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


async def assert_ends(events, code):
    event = await events.next()
    assert (event.name, event.data["error"]["code"]) == ("error", code)
    with pytest.raises(EOFError):
        await events.next()


async def test_a_board_that_is_deleted_ends_its_streams(client, db):
    await db.execute("SELECT api.create_board('gone')")
    async with opened(client, "board=gone") as events, opened(client) as other:
        await events.next()
        await other.next()
        await db.execute("SELECT api.delete_board('gone', 'gone')")
        await assert_ends(events, "unknown_board")
        await submit_to(client, 1, 5)
        assert (await other.next()).data == await state(client)


async def test_a_key_that_is_revoked_ends_its_streams(client, db, make_key):
    revoked, other, narrowed = await make_key("read"), await make_key("read", "submit"), await make_key("read")
    async with (
        opened(client, "", bearer(revoked)) as events,
        opened(client, "", bearer(other)) as staying,
        opened(client, "", bearer(narrowed)) as third,
    ):
        for stream in events, staying, third:
            await stream.next()
        await db.execute("SELECT api.revoke_api_key($1)", revoked.split("_")[1])
        await assert_ends(events, "invalid_api_key")
        await db.execute("UPDATE api_keys SET scopes = '{submit}' WHERE id = $1", narrowed.split("_")[1])
        await assert_ends(third, "scope_missing")
        await db.execute("SELECT api.submit_score(1, 5)")
        assert len((await staying.next()).data["top"]) == 1


async def test_the_first_key_ends_the_streams_without_one(client, make_key):
    async with opened(client) as events:
        await events.next()
        await make_key("read")
        await assert_ends(events, "api_key_required")


async def test_open_reads(new_client, db):
    client = await new_client(open_reads=True)
    await db.fetchval("SELECT api_key FROM api.create_api_key('test', '{submit}')")
    async with opened(client) as events:
        await events.next()
        await asyncio.sleep(1.2)  # both checks have run
        await db.execute("SELECT api.submit_score(1, 5)")
        assert len((await events.next()).data["top"]) == 1


async def test_a_stream_outlives_an_outage_of_postgresql(new_client, submit, monkeypatch):
    """It goes on with the next state, and new streams are refused meanwhile."""
    monkeypatch.setattr(source, "RETRY_SECONDS", 0.1)
    client = await new_client()
    standings = LiveFunctions.standings
    async with opened(client) as events:
        await events.next()

        async def fail(*args):
            raise ApiError(DATABASE_UNAVAILABLE)

        monkeypatch.setattr(LiveFunctions, "standings", fail)
        await submit_to(client, 1, 5)
        async with client.get(STREAM) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "1")
        await asyncio.sleep(0.3)
        monkeypatch.setattr(LiveFunctions, "standings", standings)
        assert (await events.next()).data == await state(client)


async def test_a_stop_ends_streams_first(settings, aiohttp_client, tmp_path):
    client = await aiohttp_client(create_app(settings, tmp_path / "no-dist"))
    async with opened(client) as events:
        await events.next()
        closing = asyncio.create_task(client.server.close())
        with pytest.raises(EOFError):
            await events.next()
        assert 500 <= events.retry <= 3500
        async with asyncio.timeout(20):  # the runner would wait 60 s for a request
            await closing


async def test_a_stream_that_is_being_opened_at_a_stop_ends_too(client, submit):
    await submit(1, 5)
    client.app[app_keys.LIVE].end_all()
    async with opened(client) as events:
        await events.next()
        with pytest.raises(EOFError):
            await events.next()


async def test_a_client_that_leaves_frees_its_place(client):
    live = client.app[app_keys.LIVE]
    async with opened(client) as events:
        await events.next()
        assert (live.streams, live.sources) == (1, 1)
    await until(lambda: live.streams == 0)


# --- the connection -----------------------------------------------------------------------------------------


async def connected(client, head, **options):
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port, **options)
    writer.write(head.encode())
    return reader, writer


async def test_http_1_0(client, submit):
    reader, writer = await connected(client, f"GET {STREAM} HTTP/1.0\r\nHost: localhost\r\n\r\n")
    async with asyncio.timeout(20):
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"Transfer-Encoding" not in head
        assert await reader.readuntil(b"\n\n") == b"retry: 2000\n\n"
        assert (await reader.readuntil(b"\n\n")).startswith(b"event: standings\nid: ")
        await submit(1, 5)
        assert b'"user_id":1' in await reader.readuntil(b"\n\n")
    writer.close()


async def test_head(client):
    async with client.head(STREAM) as response:
        assert (response.status, await response.read()) == (200, b"")
        assert response.headers["Content-Type"] == "text/event-stream"
    async with client.get("/healthz") as response:  # the connection goes on
        assert response.status == 200


async def test_headers(new_client):
    client = await new_client(cors_origins=("https://game.example.com",))
    origin = {"Origin": "https://game.example.com"}
    async with opened(client, "", origin) as events:
        headers = events.response.headers
        assert headers["Cache-Control"] == "no-store, no-transform"
        assert headers["X-Accel-Buffering"] == "no"
        assert headers["Access-Control-Allow-Origin"] == origin["Origin"]
        assert headers["X-Request-Id"]
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "last-event-id,authorization"}
    async with client.options(STREAM, headers=origin | asked) as response:
        assert response.status == 200


async def test_comments_keep_a_quiet_stream_alive(client, monkeypatch):
    monkeypatch.setattr(event_stream, "ALIVE_SECONDS", 0.1)
    async with opened(client) as events:
        await events.next()
        waiting = asyncio.create_task(events.next())
        await until(lambda: events.comments >= 2)
        await submit_to(client, 1, 5)
        assert len((await waiting).data["top"]) == 1


@pytest.fixture
def fast(monkeypatch):
    monkeypatch.setattr(source, "PUSH_SECONDS", 0.01)
    monkeypatch.setattr(hub, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(hub, "POLL_REST", 1)


async def add_long_names(db):
    """A hundred players whose rows make a state of 30 kB."""
    await db.execute(
        "INSERT INTO users (id, username) SELECT i, repeat('x', 240) || i FROM generate_series(1, 100) AS i"
    )
    await db.execute("SELECT api.submit_score(i, i) FROM generate_series(1, 100) AS i")


async def test_a_slow_reader_gets_the_newest_state_and_takes_no_memory(client, db, fast):
    """Others get each state meanwhile."""
    await add_long_names(db)
    one = socket.create_connection(("127.0.0.1", client.port))
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.sendall(f"GET {STREAM}?top=100 HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
    live = client.app[app_keys.LIVE]
    await until(lambda: live.streams == 1)
    (slow,) = live._streams
    async with opened(client, "top=100") as events:
        await events.next()
        for n in range(1, 150):
            await db.execute("SELECT api.submit_score(1, 1)")
            await events.until(lambda data, n=n: {"user_id": 1, "total_score": 1 + n}.items() <= found(data, 1).items())
            assert slow.unread_bytes() < 2 * event_stream.MAX_UNREAD_BYTES
        assert slow.unread_bytes() > 0
    one.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=one)
    received = b""
    async with asyncio.timeout(20):
        while b'"user_id":1,"username":"%b1","total_score":150' % (b"x" * 240) not in received:
            received += await reader.read(1 << 16)
    assert received.count(b"event: standings") < 140, "states were passed over"
    writer.close()


def found(data, user_id):
    return next((row for row in data["top"] if row["user_id"] == user_id), {})


async def test_a_client_that_reads_nothing_is_disconnected(client, db, fast, monkeypatch):
    monkeypatch.setattr(event_stream, "STALLED_SECONDS", 0.2)
    monkeypatch.setattr(event_stream, "MAX_UNREAD_BYTES", 2048)
    await add_long_names(db)
    live = client.app[app_keys.LIVE]
    with socket.create_connection(("127.0.0.1", client.port)) as one:
        one.sendall(f"GET {STREAM}?top=100 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        await until(lambda: live.streams == 1)

        async def is_gone():
            await db.execute("SELECT api.submit_score(1, 1)")
            return live.streams == 0

        await until(is_gone, 60)
