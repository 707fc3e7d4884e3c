"""The express way: which requests take it, and that no client, log line or metric can tell it from the normal way."""

import asyncio
import contextlib
import dataclasses
import io
import json
import logging
import re
import socket

import pytest
from aiohttp import web

from service.app import create_app
from service.http import app_keys, malformed
from service.observability import logs, metrics, new_relic
from service.process import server
from tests.support.databases import connections_to
from tests.support.waiting import until

pytestmark = pytest.mark.parametrize("express", [True], indirect=True)

TOP, RANK, SUBMIT = "/api/leaderboard/top", "/api/leaderboard/rank", "/api/leaderboard/submit"
ORIGIN = "https://game.example"
JSON = "Content-Type: application/json"
#: What differs from answer to answer: times, and ids that the service makes.
_VARIABLE = re.compile(
    rb'(?<=Date: )[^\r]+|(?<=X-Request-Id: )[0-9a-f]{17,}|(?<=request_id":")[0-9a-f]{17,}|(?<=request_id=)[0-9a-f]{17,}'
    rb'|(?<=duration_ms":)[0-9.]+|(?<="time":")[^"]+|[0-9.]+(?= ms )|^[0-9:.]+(?= [A-Z])|(?<=lb_)[0-9a-f]{12}'
    rb'|(?<=row contains )[^)]+|(?<="error":"Traceback)(?:[^"\\]|\\.)+'  # moments, and places in the code
    rb'|(?<=api_key":")[0-9a-f]{12}|(?<=api_key=)[0-9a-f]{12}',
    re.MULTILINE,
)


def taken():
    """How many requests the express way has answered, by route."""
    return {route: counter.value for (route,), counter in metrics.EXPRESS.items() if counter.value}


@pytest.fixture
def express_answers():
    """`express_answers()` counts the requests that the express way has answered in this test."""
    before = sum(taken().values())
    return lambda: sum(taken().values()) - before


def get(target, *headers):
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode("latin-1")


def post(body, *headers, target=SUBMIT):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [f"POST {target} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode("latin-1") + body


class Raw:
    """A connection that sends bytes and reads answers."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def send(self, *packets):
        for packet in packets:
            self.writer.write(packet)
            await asyncio.sleep(0.01)

    async def answer(self, *, has_body=True):
        """Head and body of the next answer, the body as text; b"" at the end of the connection."""
        async with asyncio.timeout(20):
            try:
                head = await self.reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError as end:
                return end.partial
            length = re.search(rb"\r\nContent-Length: (\d+)\r\n", head)
            return head + (await self.reader.readexactly(int(length[1])) if length and has_body else b"")


@pytest.fixture
async def connect():
    opened = []

    async def open_one(port, sock=None):
        place = {"sock": sock} if sock else {"host": "127.0.0.1", "port": port}
        opened.append(await asyncio.open_connection(limit=1 << 16, **place))
        return Raw(*opened[-1])

    yield open_one
    for _, writer in opened:
        writer.close()


# --- which requests take it ----------------------------------------------------------------------------------

PLAIN = {
    "top": get(TOP),
    "top with all parameters": get(f"{TOP}?limit=2&board=overall&after=5.1"),
    "top with an id": get(TOP, "X-Request-Id: match-1"),
    "top from a page": get(TOP, f"Origin: {ORIGIN}"),
    "top from a page that may not read it": get(TOP, "Origin: https://other.example"),
    "top for a browser": get(TOP, "Accept-Encoding: gzip, deflate, br", "Accept: */*", "User-Agent: Mozilla/5.0"),
    "rank": get(f"{RANK}/7"),
    "top of a season": get(f"{TOP}?board=arena&season=current"),
    "submit by an external id": post({"player": "steam:765", "score": 1}, JSON),
    "rank by an external id": get(f"{RANK}/steam:765"),
    "submit by a strange external id": post({"player": "a b/☃", "score": 1}, JSON),
    "rank by a strange external id": get(f"{RANK}/a%20b%2F%E2%98%83"),
    "submit with metadata": post({"user_id": 7, "score": 1, "metadata": {"level": 3}}, JSON),
    "rank on a board": get(f"{RANK}/7?board=overall"),
    "rank in a season": get(f"{RANK}/7?board=arena&season=1"),
    "submit": post({"user_id": 7, "score": 1}, JSON),
    "submit with a charset": post({"user_id": 7, "score": 1}, f"{JSON}; charset=utf-8"),
    "submit with a key": post({"user_id": 7, "score": 1}, JSON, "Idempotency-Key: match-1"),
    "submit with the rank": post({"user_id": 7, "score": 1}, JSON, target=f"{SUBMIT}?include=rank"),
    "submit with the rank and the boards": post(
        {"user_id": 7, "score": 1}, JSON, target=f"{SUBMIT}?include=rank,boards"
    ),
    "submit with a time": post({"user_id": 7, "score": 1, "played_at": "2026-01-01T00:00:00Z"}, JSON),
    "submit to a season": post({"user_id": 7, "score": 1}, JSON, target=f"{SUBMIT}?board=arena&season=current"),
    "submit from a page": post({"user_id": 7, "score": 1}, JSON, f"Origin: {ORIGIN}"),
}
OTHER = {
    "another call": get("/api/leaderboard/boards"),
    "HEAD": get(TOP).replace(b"GET", b"HEAD"),
    "a preflight": get(TOP, f"Origin: {ORIGIN}", "Access-Control-Request-Method: GET").replace(
        b"GET /", b"OPTIONS /", 1
    ),
    "HTTP/1.0": get(TOP).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "the last of a connection": get(TOP, "Connection: close"),
    "an upgrade": get(TOP, "Connection: Upgrade", "Upgrade: websocket"),
    "a GET with a body": get(TOP, "Content-Length: 2") + b"{}",
    "an absolute target": get(f"http://localhost{TOP}"),
    "an encoded path": get(f"{RANK}/%37"),
    "a fragment": get(f"{TOP}#x"),
    "a number written as a float": get(f"{RANK}/7.0"),
    "a user id that is none": get(f"{RANK}/0"),
    "no user id": get(f"{RANK}/"),
    "a parameter that is none": get(f"{TOP}?limits=5"),
    "an unknown board": get(f"{TOP}?board=none"),
    "an unknown season": get(f"{TOP}?board=arena&season=2"),
    "a season that cannot be": get(f"{RANK}/7?board=arena&season=0"),
    "a place": get(f"{TOP}?place=1"),
    "a time that is none": post({"user_id": 7, "score": 1, "played_at": "now"}, JSON),
    "a score for a season that is over": post({"user_id": 7, "score": 1}, JSON, target=f"{SUBMIT}?board=over"),
    "an unknown player": get(f"{RANK}/999"),
    "a chunked body": post(b"", JSON, "Transfer-Encoding: chunked").replace(b"Content-Length: 0\r\n", b"")
    + b'19\r\n{"user_id": 7, "score":  1}\r\n0\r\n\r\n'.replace(b"19", b"1a"),
    "an Expect": post({"user_id": 7, "score": 1}, JSON, "Expect: nothing"),
    "no JSON": post(b'{"user_id": 7,', JSON),
    "an empty body": post(b"", JSON),
    "a byte order mark": post(b'\xef\xbb\xbf{"user_id": 7, "score": 1}', JSON),
    "a wrong body": post({"user_id": "7", "score": 1}, JSON),
    "a wrong type": post({"user_id": 7, "score": 1}, "Content-Type: text/plain"),
    "a wrong key": post({"user_id": 7, "score": 1}, JSON, "Idempotency-Key: a b"),
    "two keys": post({"user_id": 7, "score": 1}, JSON, "Idempotency-Key: a", "Idempotency-Key: b"),
    "a body that is too large": post(b" " * 3000 + b'{"user_id": 7, "score": 1}', JSON),
    "a score that the board refuses": post({"user_id": 7, "score": -1}, JSON),
    "a reused key": post({"user_id": 7, "score": 3}, JSON, "Idempotency-Key: taken"),
    "a path that is none": get("/api/leaderboard/none"),
    "not HTTP": b"\x16\x03\x01 this is TLS\r\n\r\n",
}


PLAY = {"user_id": 7, "score": 1}
#: Requests that two readers of the same bytes may understand differently.
TRICKY = [
    *(
        get(target)
        for target in (
            f"/{TOP}",
            f"{TOP}/",
            f"{TOP}?",
            f"{TOP}??limit=1",
            "/api//leaderboard/top",
            "/api/leaderboard%2Ftop",
            "/api/./leaderboard/top",
            "/api/leaderboard/%74op",
            "/API/leaderboard/top",
            f"{TOP};x=1",
            f"{RANK}/7/",
            f"{RANK}/07",
            f"{RANK}/+7",
            f"{RANK}/-7",
            f"{RANK}/7%0a",
            f"{RANK}/7%00",
            f"{RANK}/7/../8",
            f"{RANK}/999999999",
            f"{RANK}/2147483648",
            f"{RANK}/99999999999",
            f"{RANK}/7?board=overall&board=overall",
            f"{RANK}/7?board=",
            f"{RANK}/7?board=over%61ll",
            f"{RANK}/7?boar%64=overall",
            f"{RANK}/7?board=%ff",
            f"{RANK}/7?board=a%00b",
            f"{RANK}/7?board=overall?",
            f"{RANK}/7?_=%zz&_",
            f"{TOP}?limit",
            f"{TOP}?limit=",
            f"{TOP}?limit=5.0",
            f"{TOP}?limit=%35",
            f"{TOP}?limit=+5",
            f"{TOP}?limit=1e1",
            f"{TOP}?limit=0",
            f"{TOP}?limit=5;board=overall",
            f"{TOP}?limit=5&",
            f"{TOP}?&limit=5",
            f"{TOP}?limit=5&limit=6",
            f"{TOP}?limit=1&board=over%61ll&_=7",
            f"{TOP}?after=9999999999999999999999.1",
            f"{TOP}?after=1.9999999999",
            f"{TOP}?include=rank",
            f"{TOP}?board=arena&season=1.0",
            f"{TOP}?board=arena&season=",
            f"{TOP}?board=arena@1",
            f"{TOP}?board=arena@1&season=1",
            f"{TOP}?board=arena@&season=1",
            f"{RANK}/7?season=current",
            f"{RANK}/7?board=arena&season=curr%65nt",
            f"{TOP}?place=1&after=5.1",
            f"{TOP}?after=5.1.1",
        )
    ),
    *(
        get(TOP, *headers)
        for headers in (
            ["X-Request-Id: m\xe4tch"],
            ["X-Request-Id: one", "X-Request-Id: two"],
            ["x-request-id:  one  "],
            ["X-Request-Id: one\r\n two"],
            ["X-Request-Id: one\rX: two"],
            ["X-Request-Id: one\nX: two"],
            [f"Origin: {ORIGIN}", "Origin: https://other.example"],
            [f"Origin: {ORIGIN.upper()}"],
            [f"Origin: {ORIGIN}\xff"],
            ["Origin: null"],
            ["Origin:"],
            [f"Origin: {ORIGIN}", "Access-Control-Request-Method: GET"],
            ["Accept-Encoding: identity", "Accept-Encoding: gzip"],
            ["Host: localhost"],
            ["Content-Length: 0"],
            ["Content-Length: 0", "Content-Length: 0"],
            ["Content-Length: 1", "Transfer-Encoding: chunked"],
            ["Transfer-Encoding: identity"],
            ["Connection: keep-alive"],
            ["Connection: keep-alive, close"],
            ["If-None-Match: *", "Range: bytes=0-1", "TE: trailers"],
            ["X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https"],
            ["Bad Header: x"],
            ["X-Long: " + "x" * 8100],
        )
    ),
    get(TOP).replace(b"Host: localhost\r\n", b""),
    get(TOP).replace(b"GET", b"get"),
    get(TOP).replace(b"HTTP/1.1", b"HTTP/1.2"),
    get(TOP).replace(b"HTTP/1.1", b"HTTP/2.0"),
    get(TOP).replace(b"\r\n", b"\n"),
    b"\r\n" + get(TOP),
    *(
        post(PLAY, *headers)
        for headers in (
            ["content-type:application/json"],
            ["Content-Type: application/json;charset=utf-8"],
            ["Content-Type: application/json; charset=UTF-8"],
            ["Content-Type: application/json; charset=latin-1"],
            [JSON, "Content-Type: text/plain"],
            [JSON, "Content-Encoding: identity"],
            [JSON, "Content-Encoding: zstd"],
            [JSON, "Content-Encoding: gzip"],
            [JSON, "Idempotency-Key:"],
            [JSON, "Idempotency-Key: m\xe4tch"],
            [JSON, f"Idempotency-Key: {'x' * 256}"],
            [JSON, "X-HTTP-Method-Override: GET"],
            [JSON, "Content-Length: 3"],
            [JSON, "Transfer-Encoding: chunked"],
        )
    ),
    *(
        post(PLAY, JSON, target=f"{SUBMIT}{query}")
        for query in (
            *("?board=none", "?include=all", "?include=rank&_=1", "/", "?include=boards%2Crank", "?include=rank,"),
            *("?board=arena&season=2", "?board=arena@1", "?season=1", "?board=over"),
        )
    ),
    *(
        post(body, JSON)
        for body in (
            b'{"user_id": 7, "user_id": 8, "score": 1}',
            b'{"user_id": 7.0, "score": 1e0}',
            b'{"user_id": 7, "score": 1, "username": ""}',
            b'{"user_id": 7, "score": 1, "username": null, "game_mode": null}',
            b'{"user_id": 7, "score": 1, "username": "\\ud800"}',
            b'{"user_id": 7, "score": 1, "username": "\xff"}',
            b'{"user_id": 7, "score": 1, "username": "\\u0000"}',
            b'{"user_id": 7, "score": 1, "bonus": 1}',
            b'{"user_id": 7, "score": 1, "played_at": ""}',
            b'{"user_id": 7, "score": 1, "played_at": "9999-12-31T23:59:59-05:00"}',
            b'{"user_id": 7.0, "score": 1, "played_at": "2026-01-01T00:00:00.5+01:00"}',
            b'{"user_id": 7, "score": 1, "played_at": 5}',
            b'{"user_id": 7, "score": 99999999999999999999}',
            b'{"user_id": true, "score": 1}',
            b'{"user_id": 7, "score": 1} x',
            b' {"user_id": 7, "score": 1}\n\x00',
            b"[" * 1500,
            b"[]",
            b"null",
        )
    ),
]


@pytest.fixture
def serve(settings, aiohttp_client, db):
    """`serve(setting=value, ...)` starts a service with a player 7, also on the board arena, and returns a client."""

    async def start(**changes):
        changed = dataclasses.replace(settings, **{"cors_origins": (ORIGIN,), "max_body_bytes": 2048, **changes})
        client = await aiohttp_client(create_app(changed))
        await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
        await db.execute("SELECT api.create_board('over', p_closes_at => '2021-01-01Z')")
        await client.post(SUBMIT, json={"user_id": 7, "score": 5}, headers={"Idempotency-Key": "taken"})
        return client

    return start


async def keys_of(db, client):
    """An API key for each scope, which the service knows."""
    keys = {
        scope: await db.fetchval("SELECT api_key FROM api.create_api_key('k', $1)", [scope])
        for scope in ("submit", "read", "admin")
    }
    await client.app[app_keys.ACCESS_CONTROL].keyring.refresh()
    return keys


def bearer(key):
    return f"Authorization: Bearer {key}"


async def test_plain_requests_take_it_and_others_do_not(serve, connect, express_answers, subtests):
    client = await serve()
    for name, request in {**PLAIN, **OTHER}.items():
        with subtests.test(name):
            before = express_answers()
            connection = await connect(client.port)
            await connection.send(request)
            answer = await connection.answer(has_body=name != "HEAD")
            assert answer
            assert express_answers() - before == (1 if name in PLAIN else 0)
            assert name in OTHER or answer.startswith(b"HTTP/1.1 200 OK\r\n")


async def test_requests_with_a_valid_api_key_take_it(serve, db, connect, express_answers, subtests):
    client = await serve()
    keys = await keys_of(db, client)
    for key, request, status, express in (
        (keys["submit"], post({"user_id": 7, "score": 1}, JSON, bearer(keys["submit"])), 200, 1),
        (keys["read"], get(TOP, bearer(keys["read"])), 200, 1),
        (keys["admin"], get(f"{RANK}/7", bearer(keys["admin"])), 200, 1),
        (keys["submit"], get(TOP, bearer(keys["submit"])), 403, 0),
        (None, get(TOP), 401, 0),
        (None, get(TOP, bearer(f"lb_{'0' * 12}_{'0' * 64}")), 401, 0),
        (None, get(TOP, bearer(keys["read"][:-1] + ("0" if keys["read"][-1] != "0" else "1"))), 401, 0),
        (None, get(TOP, bearer(keys["read"]), bearer(keys["read"])), 401, 0),
    ):
        with subtests.test(status=status, key=key):
            before = express_answers()
            connection = await connect(client.port)
            await connection.send(request)
            assert (await connection.answer()).startswith(b"HTTP/1.1 %d " % status)
            assert express_answers() - before == express
    assert client.app[app_keys.ACCESS_CONTROL].keyring.drain_used() == {
        keys[scope].split("_")[1] for scope in ("submit", "read", "admin")
    }


async def test_a_revoked_key_takes_it_no_more(serve, db, express_answers):
    client = await serve()
    keys = await keys_of(db, client)
    headers = {"Authorization": f"Bearer {keys['read']}"}
    assert (await client.get(TOP, headers=headers)).status == 200
    await db.execute("SELECT api.revoke_api_key($1)", keys["read"].split("_")[1])
    await client.app[app_keys.ACCESS_CONTROL].keyring.refresh()
    assert (await client.get(TOP, headers=headers)).status == 401
    assert express_answers() == 2  # with the submission of `serve`


async def test_reads_that_need_no_key_take_it(serve, db, express_answers):
    client = await serve(open_reads=True)
    await keys_of(db, client)
    before = express_answers()
    assert (await client.get(TOP)).status == 200
    assert express_answers() == before + 1


async def test_a_host_that_is_not_allowed_does_not_take_it(serve, express_answers):
    client = await serve(allowed_hosts=("game.example",))
    before = express_answers()
    assert (await client.get(TOP)).status == 421
    assert (await client.get(TOP, headers={"Host": "game.example"})).status == 200
    assert express_answers() == before + 1


async def test_with_rate_limits_nothing_takes_it(serve, express_answers):
    client = await serve(rate_limit_address="1000/second")
    answer = await client.get(TOP)
    assert answer.status == 200
    assert answer.headers["RateLimit-Policy"]
    assert express_answers() == 0


async def test_it_can_be_switched_off(serve, express_answers):
    client = await serve(express=False)
    assert (await client.get(TOP)).status == 200
    assert express_answers() == 0


async def test_a_traced_request_goes_the_normal_way_and_is_sampled_once(serve, monkeypatch, express_answers):
    asked = []

    class Half(new_relic.NoTracing):
        def sample(self, route):
            asked.append(route)
            return len(asked) % 2 == 0

    client = await serve()
    before = express_answers()
    monkeypatch.setattr(new_relic, "tracing", Half())
    for _ in range(4):
        assert (await client.get(TOP)).status == 200
    assert (await client.get(f"{RANK}/999")).status == 404
    assert asked == ["top"] * 4 + ["rank"]
    assert express_answers() == before + 2


# --- no difference -------------------------------------------------------------------------------------------

COUNTED = (metrics.REQUESTS, metrics.FAILURES, metrics.SUBMISSIONS, metrics.CACHE, metrics.DATABASE)
#: What the background calls.
UNCOUNTED = {
    *("usable_api_keys", "record_api_key_use", "fold_ranks", "cache_status", "leaderboard_version"),
    *("fill_boards", "close_seasons", "lift_bans", "rank_index_status", "verify_sample"),
}


def counts():
    """What the metrics have counted."""

    def of(series):
        if isinstance(series, metrics.Ratio):
            return series.found, series.missed
        return (series.value if isinstance(series, metrics.Counter) else series.count,)

    return {(family.name, *labels): of(series) for family in COUNTED for labels, series in family.items()}


def gained(before):
    zero = (0, 0)
    found = {
        name: tuple(now - then for now, then in zip(value, before.get(name, zero), strict=False))
        for name, value in counts().items()
    }
    return {name: value for name, value in found.items() if any(value) and name[1] not in UNCOUNTED}


async def conversation(connect, client, db):
    """Everything that a client may send, and what it gets."""
    answers = []

    async def ask(*packets, number=1, has_body=True):
        connection = await connect(client.port)
        await connection.send(*packets)
        answers.extend([await connection.answer(has_body=has_body) for _ in range(number)])

    for name, request in {**PLAIN, **OTHER}.items():
        await ask(request, has_body=name != "HEAD")
    for request in TRICKY:
        await ask(request)
    one, other = post({"user_id": 7, "score": 2}, JSON, "Idempotency-Key: one"), get(f"{RANK}/7")
    # Several requests in a row: of one packet, and while another one is under way.
    await ask(one + get(TOP) + other + one, number=4)
    await ask(get(TOP), other, get(f"{RANK}/999"), one, post(b"{", JSON), other, number=6)
    await ask(get(TOP) * 40, number=40)
    await ask(get(TOP) + b"not http\r\n\r\n", number=2)
    await ask(get(TOP) + get(TOP, "Connection: close") + get(TOP), number=3)
    # One after the other on one connection.
    connection = await connect(client.port)
    for request in (one, other, post({"user_id": 7}, JSON), get("/healthz"), get(TOP), other):
        await connection.send(request)
        answers.append(await connection.answer())
    # In several packets.
    head, body = one.split(b"\r\n\r\n")
    await ask(head + b"\r\n\r\n", body)
    await ask(head[:30], head[30:] + b"\r\n", b"\r\n" + body[:5], body[5:])
    await ask(*(other[place : place + 1] for place in range(len(other))))
    # Large answers, compressed or not, and large bodies.
    many = [{"user_id": 100 + n, "score": n, "username": f"player_{n}"} for n in range(60)]
    await ask(post(many[:30], JSON, target=f"{SUBMIT}/batch"))
    await ask(post(many[30:], JSON, target=f"{SUBMIT}/batch"))
    for accept in ("gzip", "gzip;q=0", "br, *", ""):
        for limit in (60, 61, 1000):
            await ask(get(f"{TOP}?limit={limit}", f"Accept-Encoding: {accept}", f"Origin: {ORIGIN}"))
            await ask(get(f"{TOP}?_=1&limit={limit}&_=2", f"Accept-Encoding: {accept}"))
    name = "\U0001f600" * 250
    await ask(post({"user_id": 9, "score": 1, "username": name}, JSON))
    await ask(get(f"{RANK}/9"), get(f"{RANK}/9", "Accept-Encoding: gzip"), number=2)
    await ask(post({"user_id": 9, "score": 2, "username": name}, JSON, "Accept-Encoding: gzip"))
    await ask(post(b'{"user_id": 7, "score": 1' + b" " * 1900 + b"}", JSON))
    # Ids, also those that are not accepted.
    for sent in ("match-1", "a b", "x" * 200, f"lb_{'0' * 12}_{'1' * 64}", ""):
        await ask(get(TOP, f"X-Request-Id: {sent}"), get(f"{RANK}/999", f"X-Request-Id: {sent}"), number=2)
    # Errors of the database.
    await db.execute("ALTER TABLE game_sessions ADD CHECK (score <> 1313)")
    await ask(post({"user_id": 7, "score": 1313}, JSON, "X-Request-Id: broken"))
    await db.execute("ALTER FUNCTION api.player_rank(bigint, text) RENAME TO hidden")
    await db.execute("SELECT api.submit_score(7, 1)")
    await client.app[app_keys.CACHE].invalidate_all()
    await ask(get(f"{RANK}/7", "X-Request-Id: hidden"))
    await db.execute("ALTER FUNCTION api.hidden RENAME TO player_rank")
    # API keys.
    keys = await keys_of(db, client)
    for key in (*keys.values(), keys["read"].upper(), f" {keys['read']} ", f"lb_{'0' * 12}_{'0' * 64}", "nonsense"):
        await ask(get(TOP, bearer(key)), get(f"{RANK}/999", bearer(key)), number=2)
        await ask(post({"user_id": 7, "score": 1}, JSON, bearer(key)), post({"score": 1}, JSON, bearer(key)), number=2)
    await ask(get(TOP), one, get(TOP, "Authorization: Bearer"), number=3)
    await ask(get(TOP, f"authorization: bearer {keys['read']}"), get(TOP, bearer(keys["read"]), bearer("x")), number=2)
    return answers


@pytest.mark.parametrize("log_format", ["json", "human"])
async def test_no_client_log_or_metric_can_tell_the_two_ways_apart(
    settings, new_database, redis_url, aiohttp_client, connect, monkeypatch, log_format, express_answers
):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    found = []
    for number, express in enumerate((True, False)):
        owner = new_database()
        changed = dataclasses.replace(
            settings,
            express=express,
            database_url=owner,
            service_database_url=owner.replace("leaderboard_owner@", "leaderboard_service@"),
            redis_url=f"{redis_url}?db={number}",
            cors_origins=(ORIGIN,),
            max_body_bytes=4096,
            log_format=log_format,
            redis_timeout_ms=5000,
            watch_interval_ms=60_000,
            verify_interval_seconds=0,
        )
        client = await aiohttp_client(create_app(changed))
        await asyncio.sleep(0.1)  # the watcher's first look, which counts as a change
        log = io.StringIO()
        logs.configure(changed, log)
        await client.post(SUBMIT, json={"user_id": 7, "score": 5}, headers={"Idempotency-Key": "taken"})
        before = counts()
        async with connections_to(owner) as connect_to_database:
            answers = await conversation(connect, client, await connect_to_database())
        await client.close()
        lines = [line for line in log.getvalue().splitlines() if "request" in line and not line.startswith("  |")]
        found.append((answers, lines, gained(before)))
    assert express_answers() > 50
    (fast, fast_log, fast_counts), (slow, slow_log, slow_counts) = found
    assert [_VARIABLE.sub(b"*", answer) for answer in fast] == [_VARIABLE.sub(b"*", answer) for answer in slow]
    assert [shown(line) for line in fast_log] == [shown(line) for line in slow_log]
    assert fast_counts == slow_counts


def shown(line):
    return _VARIABLE.sub(b"*", line.encode()).decode()


# --- connections ---------------------------------------------------------------------------------------------


@pytest.fixture
async def runner(settings, express):
    """`await runner(setting=value, ...)` runs a service as in production; `options` are those of the runner."""
    running = []

    async def start(options, **changes):
        running.append(malformed.Runner(create_app(dataclasses.replace(settings, **changes)), **options))
        await running[-1].setup()
        await web.TCPSite(running[-1], "127.0.0.1", 0).start()
        return running[-1]

    yield start
    for one in running:
        await one.cleanup()


@contextlib.asynccontextmanager
async def a_submission_that_waits(database_url, connection):
    """Sends a submission whose player is locked until the end of the block. Its value is the connection."""
    async with connections_to(database_url) as open_one:
        holder, watcher = await open_one(), await open_one()
        await holder.execute("SELECT api.submit_score(7, 1)")
        async with holder.transaction():
            await holder.execute("SELECT FROM users WHERE id = 7 FOR UPDATE")
            await connection.send(post({"user_id": 7, "score": 10}, JSON))
            await until(
                lambda: watcher.fetchval(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            )
            yield connection


async def test_an_idle_connection_is_closed_and_one_that_waits_is_not(runner, connect, database_url, express_answers):
    run = await runner({"keepalive_timeout": 0.3})
    idle, waiting = await connect(run.addresses[0][1]), await connect(run.addresses[0][1])
    await idle.send(get(TOP))
    assert await idle.answer()
    async with a_submission_that_waits(database_url, waiting):
        assert await idle.answer() == b""  # closed
        await asyncio.sleep(0.4)
    assert b'"total_score":11,' in await waiting.answer()
    assert await waiting.answer() == b""
    assert express_answers() == 2


async def test_a_stop_finishes_what_is_under_way(runner, connect, database_url, express_answers):
    run = await runner({"shutdown_timeout": 20})
    connection, idle = await connect(run.addresses[0][1]), await connect(run.addresses[0][1])
    await idle.send(get(TOP))
    assert await idle.answer()
    async with a_submission_that_waits(database_url, connection):
        run.app[app_keys.STOPPING].set()
        stop = asyncio.create_task(run.cleanup())
        assert await idle.answer() == b""
        assert not stop.done()
    answer = await connection.answer()
    assert b'"total_score":11,' in answer
    assert b"\r\nConnection: close\r\n" in answer
    assert await connection.answer() == b""
    await stop
    assert express_answers() == 2


async def test_a_stop_waits_no_longer_than_it_may(runner, connect, database_url, caplog):
    run = await runner({"shutdown_timeout": 0.2})
    caplog.clear()
    connection = await connect(run.addresses[0][1])
    async with a_submission_that_waits(database_url, connection), asyncio.timeout(10):
        await run.cleanup()
    assert await connection.answer() == b""
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_stop_answers_what_came_in_the_same_turn(runner, connect, express_answers):
    run = await runner({})
    connection = await connect(run.addresses[0][1])
    await connection.send(get(TOP))
    assert await connection.answer()
    (handler,) = run.server.connections
    waiter, handler._waiter = handler._waiter, None  # as when `start` has not come back to wait for a request yet
    handler.data_received(get(TOP))
    handler._waiter = waiter
    server._close(handler)
    assert (await connection.answer()).startswith(b"HTTP/1.1 200 OK")
    assert await connection.answer() == b""
    assert express_answers() == 2


async def test_while_the_service_stops_nothing_takes_it(runner, connect, express_answers):
    run = await runner({})
    connection = await connect(run.addresses[0][1])
    run.app[app_keys.STOPPING].set()
    await connection.send(get(TOP))
    assert b"\r\nConnection: close\r\n" in await connection.answer()
    assert express_answers() == 0


async def test_a_client_that_leaves_is_counted_and_logged(runner, connect, database_url, caplog, express_answers):
    """Its submission fails after it has left: the normal way has no request for it any more."""
    caplog.set_level(logging.INFO, "service.request")
    before = counts()
    run = await runner({}, statement_timeout_ms=500)
    connection = await connect(run.addresses[0][1])
    async with a_submission_that_waits(database_url, connection):
        connection.writer.close()
        (record,) = await until(lambda: [one for one in caplog.records if one.name == "service.request"])
    assert (record.status, record.code, record.user_id) == (503, "database_timeout", 7)
    assert record.request_id
    assert record.levelno == logging.WARNING
    found = gained(before)
    assert found["Submissions", "failed"] == (1,)
    assert found["Failure", "database_timeout"] == (1,)
    assert found["Request", "submit", "failed"] == (1,)
    assert express_answers() == 0


async def test_a_stop_does_not_wait_for_a_client_that_has_left(runner, connect, database_url):
    run = await runner({"shutdown_timeout": 60}, statement_timeout_ms=1000)
    connection = await connect(run.addresses[0][1])
    async with a_submission_that_waits(database_url, connection), asyncio.timeout(30):
        stop = asyncio.create_task(run.cleanup())
        await asyncio.sleep(0.1)
        connection.writer.close()
        await stop


async def test_a_client_that_leaves_before_a_good_answer_is_counted(runner, connect, database_url, db):
    before = counts()
    run = await runner({})
    connection = await connect(run.addresses[0][1])
    async with a_submission_that_waits(database_url, connection):
        connection.writer.close()
        await until(lambda: not run.server.connections)
    await until(lambda: gained(before).get(("Submissions", "accepted")))
    assert gained(before)["Request", "submit", "ok"] == (1,)
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 7") == 11


async def test_a_client_that_does_not_read_is_served_no_faster_than_it_reads(serve, connect, express_answers):
    client = await serve(max_body_bytes=200_000)
    many = [{"user_id": 100 + n, "score": n, "username": f"player_with_a_long_name_{n}"} for n in range(1000)]
    assert (await client.post(f"{SUBMIT}/batch", json=many)).status == 200
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", client.port))
    connection = await connect(client.port, sock)
    before = express_answers()
    for _ in range(200):
        await connection.send(get(f"{TOP}?limit=1000"))
    for _ in range(200):
        assert (await connection.answer()).startswith(b"HTTP/1.1 200 OK")
    assert express_answers() - before < 200
