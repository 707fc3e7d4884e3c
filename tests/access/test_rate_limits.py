"""The limits of addresses, API keys and players: what counts for which client, and the answer to a refused call.
Failures of Redis: test_rate_limit_faults.py.
"""

import asyncio
import dataclasses
import random
import re

import pytest
import redis

from service.access import rate_limits
from service.app import create_app
from service.http import app_keys
from service.observability import metrics
from tests.support.ports import exchange
from tests.support.waiting import until

TOP = "/api/leaderboard/top"
BOARDS = "/api/leaderboard/boards"
SUBMIT = "/api/leaderboard/submit"
PROXY = {"trusted_proxies": "127.0.0.0/8"}


@pytest.fixture
def new_client(settings, aiohttp_client, tmp_path):
    """Starts a service with these limits, as in the settings. Several share the database and Redis."""

    async def start(trusted_proxies="", **limits):
        given = type(settings).from_env(
            {"TRUSTED_PROXIES": trusted_proxies, **{f"RATE_LIMIT_{k.upper()}": v for k, v in limits.items()}}
        )
        names = ("trusted_proxies", "rate_limit_address", "rate_limit_key", "rate_limit_player")
        # A long timeout, so that a busy machine does not look like a broken Redis.
        changes = {name: getattr(given, name) for name in names} | {"redis_timeout_ms": 5_000}
        return await aiohttp_client(create_app(dataclasses.replace(settings, **changes), tmp_path / "no-dist"))

    return start


@pytest.fixture
def redis_client(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        yield client


def forwarded(address):
    return {"X-Forwarded-For": address}


async def submit(client, user_id, score=1):
    return await client.post(SUBMIT, json={"user_id": user_id, "score": score})


def asked():
    return metrics.REDIS["limit",].count


# --- one limit after the other ------------------------------------------------------------------------------


async def test_an_address(new_client, assert_error):
    client = await new_client(address="2/day")
    for path in TOP, BOARDS:
        assert (await client.get(path)).status == 200
    message = await assert_error(await client.get(TOP), 429, "rate_limited")
    assert re.fullmatch(r"rate limit exceeded \(2 calls per day per address\); retry in \d+ s", message)
    # The page, the probes and the description are not calls.
    for path in "/", "/healthz", "/readyz", "/openapi.json", "/docs":
        assert (await client.get(path)).status == 200


async def test_unknown_paths_count_too(new_client, assert_error):
    client = await new_client(address="3/day")
    assert (await client.get("/api/nope")).status == 404
    assert (await client.get("/%61pi/leaderboard/nope")).status == 404
    assert (await client.delete(SUBMIT)).status == 405
    for path in "/api/nope", "/%61pi/leaderboard/top", "/api/leaderboard/%74op", TOP:
        await assert_error(await client.get(path), 429, "rate_limited")


@pytest.mark.parametrize(
    "path",
    [
        "//api/leaderboard/top",
        "///api/leaderboard/top",
        "/./api/leaderboard/top",
        "/x/../api/leaderboard/top",
        "/%2e/api/leaderboard/top",
        "/%2Fapi/leaderboard/top",
        "/api%2Fleaderboard%2Ftop",
        "/%252fapi/leaderboard/top",
        "/\\api/leaderboard/top",
        "/API/leaderboard/top",
        "/api",
    ],
)
async def test_a_detour_counts_too(new_client, path):
    """These paths lead nowhere, but do not evade the limit."""
    client = await new_client(address="2/day")
    answers = [await asked_raw(client, f"GET {path}") for _ in range(4)]
    assert answers == [404, 404, 429, 429]


async def asked_raw(client, line, *headers):
    """The status of a request whose path is sent exactly as given."""
    lines = [f"{line} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    answer = await exchange("\r\n".join(lines).encode(), client.port)
    return int(answer.split(b" ")[1])


async def test_a_preflight_counts_too(settings, aiohttp_client):
    origin = "https://game.example.com"
    limited = dataclasses.replace(settings, rate_limit_address="2/day", cors_origins=(origin,))
    client = await aiohttp_client(create_app(limited))
    preflight = [f"Origin: {origin}", "Access-Control-Request-Method: POST"]
    answers = [await asked_raw(client, f"OPTIONS {SUBMIT}", *preflight) for _ in range(3)]
    assert answers == [200, 200, 429]
    assert (await submit(client, 7)).status == 429


async def test_a_refused_submission_reaches_no_database(new_client, assert_error, db):
    client = await new_client(address="1/day")
    await client.get(TOP)
    await assert_error(await submit(client, 7), 429, "rate_limited")
    response = await client.post(f"{SUBMIT}/batch", json=[{"user_id": 7, "score": 1}])
    await assert_error(response, 429, "rate_limited")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_a_refused_host_does_not_count(new_client):
    client = await new_client(address="1/day")
    for _ in range(3):
        assert (await client.get(TOP, headers={"Host": "evil.example"})).status == 421
    assert (await client.get(TOP)).status == 200


async def test_an_api_key(new_client, assert_error, db):
    made = [await db.fetchrow("SELECT * FROM api.create_api_key('k', '{read}')") for _ in range(2)]
    client = await new_client(key="2 per day")
    for key_id, key in made:
        sent = {"Authorization": f"Bearer {key}"}
        for _ in range(2):
            # Calls with the id of a key but a wrong secret do not count for the key.
            guessed = {"Authorization": f"Bearer lb_{key_id}_{'0' * 64}"}
            await assert_error(await client.get(TOP, headers=guessed), 401, "invalid_api_key")
            response = await client.get(TOP, headers=sent)
            assert response.status == 200
            assert response.headers["RateLimit-Policy"] == '"key";q=2;w=86400'
        message = await assert_error(await client.get(TOP, headers=sent), 429, "rate_limited")
        assert message.startswith("rate limit exceeded (2 calls per day per API key); ")
    for _ in range(4):
        response = await client.get("/api/leaderboard/nothing")
        assert response.status == 404
        assert "RateLimit-Policy" not in response.headers


async def test_guesses_of_keys_are_limited_by_their_address(new_client, assert_error, db):
    await db.execute("SELECT api.create_api_key('k', '{read}')")
    client = await new_client(address="3/day")
    for number in range(3):
        guessed = {"Authorization": f"Bearer lb_{number:012x}_{'0' * 64}"}
        await assert_error(await client.get(TOP, headers=guessed), 401, "invalid_api_key")
    await assert_error(await client.get(TOP, headers=guessed), 429, "rate_limited")


async def test_a_player(new_client, assert_error, db):
    client = await new_client(player="2/day")
    for _ in range(2):
        assert (await submit(client, 7)).status == 200
    message = await assert_error(await submit(client, 7), 429, "rate_limited")
    assert message.startswith("rate limit exceeded (2 submissions per day per player); ")
    assert (await submit(client, 8)).status == 200
    assert (await client.get("/api/leaderboard/rank/7")).status == 200
    assert await db.fetchval("SELECT count(*) FROM game_sessions WHERE user_id = 7") == 2


async def test_an_invalid_user_id_counts_for_no_player(new_client, assert_error):
    client = await new_client(player="1/day")
    for user_id in 0, -1, 10**30, "7", None:
        assert (await submit(client, user_id)).status == 400
    assert (await submit(client, 7)).status == 200


async def test_a_batch_counts_for_its_players(new_client, db):
    client = await new_client(player="3/day")
    items = [{"user_id": user_id, "score": 1} for user_id in (7, 8, 7, 7, 9, 7, 7)]
    items.insert(2, {"user_id": 0, "score": 1})
    for expected in ([1, 1, 0, 1, 1, 1, 0, 0], [0, 1, 0, 0, 0, 1, 0, 0], [0, 1, 0, 0, 0, 1, 0, 0], [0] * 8):
        response = await client.post(f"{SUBMIT}/batch", json=items)
        assert response.status == 200
        outcomes = await response.json()
        assert [int(one["status"] == "accepted") for one in outcomes] == expected
        codes = [one["error"]["code"] for one in outcomes if one["status"] == "rejected"]
        assert codes.count("invalid_user_id") == 1
        assert codes.count("rate_limited") == len(codes) - 1
    counted = await db.fetch("SELECT user_id, count(*) FROM game_sessions GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in counted] == [(7, 3), (8, 3), (9, 3)]
    assert (await submit(client, 7)).status == 429


async def test_a_batch_of_many_players(new_client):
    """More than fit into one pipeline."""
    client = await new_client(player="1/day")
    items = [{"user_id": user_id, "score": 1} for user_id in range(1, 502)]
    for status in "accepted", "rejected":
        outcomes = await (await client.post(f"{SUBMIT}/batch", json=items)).json()
        assert {one["status"] for one in outcomes} == {status}


async def test_refusals_are_measured(new_client):
    client = await new_client(address="3/day", player="1/day")
    before = {name: metrics.RATE_LIMITED[name,].value for name in ("address", "player")}
    failures = metrics.FAILURES["rate_limited",].value
    await submit(client, 7)
    await submit(client, 7)
    await client.post(f"{SUBMIT}/batch", json=[{"user_id": 7, "score": 1}, {"user_id": 7, "score": 1}])
    await client.get(TOP)
    after = {name: metrics.RATE_LIMITED[name,].value for name in ("address", "player")}
    assert {name: after[name] - before[name] for name in after} == {"address": 1, "player": 3}
    assert metrics.FAILURES["rate_limited",].value - failures == 2


# --- the answer to a refused call ---------------------------------------------------------------------------


async def test_the_headers(new_client):
    client = await new_client(address="3 per 5 minutes; 2/minute", player="5/hour")
    policy = '"address-60s";q=2;w=60, "address-300s";q=3;w=300'
    for _ in range(2):
        response = await client.get(TOP)
        assert response.headers["RateLimit-Policy"] == policy
        assert "RateLimit" not in response.headers
    refused = await submit(client, 7)
    assert refused.status == 429
    assert refused.headers["RateLimit-Policy"] == policy + ', "player";q=5;w=3600'
    seconds = re.fullmatch(r'"address-60s";r=0;t=(\d+)', refused.headers["RateLimit"])
    assert 1 <= int(seconds[1]) <= 60
    assert refused.headers["Retry-After"] == seconds[1]
    assert (await refused.json())["error"]["message"].endswith(f"retry in {seconds[1]} s")
    for path in "/", "/healthz", "/nope":
        assert "RateLimit-Policy" not in (await client.get(path)).headers


async def test_without_limits_redis_is_not_asked_and_no_header_is_sent(client, redis_client):
    before = asked()
    for _ in range(5):
        response = await submit(client, 7)
        assert response.status == 200
        assert not [name for name in response.headers if name.startswith("RateLimit")]
    limits = client.app[app_keys.ACCESS_CONTROL].limits  # by default, that of plays
    assert not limits.are_for_all_calls
    assert asked() == before
    assert redis_client.keys("leaderboard:limit:*") == []


async def test_a_call_is_allowed_after_retry_after(new_client):
    client = await new_client(address="1 per 2 seconds")
    assert (await client.get(TOP)).status == 200
    refused = await client.get(TOP)
    assert refused.status == 429
    await asyncio.sleep(int(refused.headers["Retry-After"]))
    assert (await client.get(TOP)).status == 200


async def test_a_burst_does_not_use_up_the_longer_window(new_client):
    client = await new_client(address="2/second; 50/day")
    await asyncio.gather(*(client.get(BOARDS) for _ in range(100)))

    async def let_in():
        return (await client.get(TOP)).status == 200

    await until(let_in)


def script_at(milliseconds):
    """The script at a time of the test's choice."""
    seconds, rest = divmod(milliseconds, 1000)
    script = rate_limits._SCRIPT.replace("redis.call('TIME')", f"{{'{seconds}', '{rest * 1000}'}}")
    assert script != rate_limits._SCRIPT
    return script


class Window:
    """The sliding window counter of one quota, as its definition says. Times are in milliseconds."""

    def __init__(self, limit, length):
        self.limit, self.length, self.start, self.count, self.previous = limit, length, 0, 0, 0

    def room(self, now):
        if now >= self.start + 2 * self.length:
            self.start, self.count, self.previous = now, 0, 0
        elif now >= self.start + self.length:
            self.start, self.count, self.previous = self.start + self.length, 0, self.count
        left = self.start + self.length - now
        return max(0, self.limit - self.count - self.previous * left // self.length)


@pytest.mark.parametrize("seed", range(5))
def test_the_script_counts_by_the_definition_and_the_wait_is_exact(redis_client, seed):
    """One millisecond before the wait is over no call is allowed, then one is."""
    chosen = random.Random(seed)

    def take(key, quotas, now, wanted):
        result = redis_client.eval(script_at(now), 1, key, wanted, *(number for quota in quotas for number in quota))
        return result if isinstance(result, list) else [result, 0, 0]

    refused = 0
    for history in range(10):
        quotas = [
            (chosen.randint(1, 20), length) for length in sorted(chosen.sample([60_000, 100_000, 150_000, 400_000], 2))
        ]
        windows, key, now = [Window(*quota) for quota in quotas], f"history:{seed}:{history}", 1_700_000_000_000
        for _ in range(60):
            now += chosen.choice([0, 1, chosen.randint(0, 30_000), chosen.randint(0, 300_000)])
            wanted = chosen.choice([1, 1, 1, chosen.randint(1, 30)])
            taken, wait, refusing = take(key, quotas, now, wanted)
            assert taken == min(wanted, *(window.room(now) for window in windows))
            for window in windows:
                window.count += taken
            if taken == wanted:
                assert (wait, refusing) == (0, 0)
                continue
            refused += 1
            assert take(key, quotas, now + wait - 1, 1) == [0, 1, refusing]
            if chosen.random() < 0.3:
                now += wait
                assert take(key, quotas, now, 1) == [1, 0, 0]
                assert min(window.room(now) for window in windows) >= 1
                for window in windows:
                    window.count += 1
    assert refused > 100


def test_setting_back_the_clock_of_redis_does_not_lengthen_the_wait(redis_client):
    take = ("key", 1, 1, 60_000)
    assert redis_client.eval(script_at(1_700_000_000_000), 1, *take) == 1
    assert redis_client.eval(script_at(1_600_000_000_000), 1, *take) == [0, 60_001, 1]


async def test_the_quota_with_the_longest_wait_is_reported(new_client, redis_client):
    client = await new_client(player="2/second; 2/day")
    for _ in range(2):
        assert (await submit(client, 7)).status == 200
    refused = await submit(client, 7)
    assert re.fullmatch(r'"player-86400s";r=0;t=(86400|86401)', refused.headers["RateLimit"])
    message = (await refused.json())["error"]["message"]
    assert message.startswith("rate limit exceeded (2 submissions per day per player); ")


# --- which client a call counts for -------------------------------------------------------------------------


async def test_x_forwarded_for_of_an_untrusted_peer_is_ignored(new_client, assert_error):
    client = await new_client(address="2/day")
    for number in range(2):
        assert (await client.get(TOP, headers=forwarded(f"198.51.100.{number}"))).status == 200
    await assert_error(await client.get(TOP, headers=forwarded("198.51.100.9")), 429, "rate_limited")


async def test_behind_a_trusted_proxy_each_client_has_its_limit(new_client, assert_error):
    client = await new_client(**PROXY, address="1/day")
    for address in "198.51.100.1", "198.51.100.2":
        assert (await client.get(TOP, headers=forwarded(address))).status == 200
        for also in (
            address,
            f"{address}:4711",
            f"1.1.1.1, {address}",
            f"{address}, 127.0.0.9",
            f"::ffff:{address}",
        ):
            await assert_error(await client.get(TOP, headers=forwarded(also)), 429, "rate_limited")


async def test_an_ipv6_network_has_one_limit(new_client):
    client = await new_client(**PROXY, address="2/day")
    statuses = [(await client.get(TOP, headers=forwarded(f"2001:db8::{number:x}"))).status for number in range(1, 5)]
    assert statuses == [200, 200, 429, 429]
    assert (await client.get(TOP, headers=forwarded("2001:db8:0:1::1"))).status == 200


async def test_the_log_has_the_address_of_a_refused_client(new_client, caplog):
    client = await new_client(**PROXY, address="1/day")
    caplog.set_level("INFO", logger="service.request")
    for _ in range(2):
        await client.get(TOP, headers=forwarded("2001:db8::7"))
    counted, refused = [vars(record) for record in caplog.records if record.name == "service.request"]
    assert refused["status"] == 429
    assert refused["address"] == "2001:db8::7"
    assert "address" not in counted


async def test_two_services_share_a_limit(new_client):
    one, other = await new_client(address="3/day"), await new_client(address="3/day")
    statuses = [(await client.get(TOP)).status for client in (one, other, one, other, one)]
    assert statuses == [200, 200, 200, 429, 429]


async def test_many_at_once_are_counted_exactly(new_client):
    one, other = await new_client(address="50/day"), await new_client(address="50/day")
    responses = await asyncio.gather(*(client.get(BOARDS) for _ in range(60) for client in (one, other)))
    statuses = [response.status for response in responses]
    assert (statuses.count(200), statuses.count(429)) == (50, 70)


async def test_many_refused_at_once_do_not_look_like_a_broken_redis(new_client):
    """If each of them took a call to Redis, they would wait too long."""
    client = await new_client(address="1/day", player="1/day")
    limits = client.app[app_keys.ACCESS_CONTROL].limits
    before, unchecked = asked(), metrics.RATE_LIMIT_UNCHECKED["player",].value
    found = await asyncio.gather(*(limits.player.take("7", 1) for _ in range(2_000)))
    assert sum(taken for taken, _ in found) == 1
    assert metrics.RATE_LIMIT_UNCHECKED["player",].value == unchecked
    assert asked() - before <= 42


# --- the cost -----------------------------------------------------------------------------------------------


async def test_a_flood_costs_redis_nothing(new_client):
    client = await new_client(address="1/day")
    assert [(await client.get(TOP)).status for _ in range(2)] == [200, 429]
    before = asked()
    for _ in range(50):
        assert (await client.get(TOP)).status == 429
    assert asked() == before


async def test_a_counter_that_is_deleted_lets_its_client_in(new_client, redis_client, monkeypatch):
    monkeypatch.setattr("service.access.rate_limits.REFUSED_SECONDS", 0.05)
    client = await new_client(address="1/day")
    assert [(await client.get(TOP)).status for _ in range(2)] == [200, 429]
    redis_client.delete(*redis_client.keys("leaderboard:limit:*"))

    async def let_in():
        return (await client.get(TOP)).status == 200

    await until(let_in)


async def test_the_number_of_remembered_refusals_is_bounded(new_client, monkeypatch):
    monkeypatch.setattr("service.access.rate_limits.MAX_REFUSED", 3)
    client = await new_client(**PROXY, address="1/day")
    for _ in range(3):
        for number in range(8):
            await client.get(TOP, headers=forwarded(f"198.51.100.{number}"))
    limit = client.app[app_keys.ACCESS_CONTROL].limits.address
    assert list(limit._refused) == [f"198.51.100.{number}" for number in (5, 6, 7)]
    for number in range(8):
        assert (await client.get(TOP, headers=forwarded(f"198.51.100.{number}"))).status == 429


async def test_counters_in_redis_expire(new_client, redis_client):
    client = await new_client(**PROXY, address="5/minute", player="5/hour")
    await client.get(TOP, headers=forwarded("fe80::1%a"))
    await client.get(TOP, headers=forwarded("} evil {"))
    await submit(client, 7)
    names = sorted(redis_client.keys("leaderboard:limit:*"))
    assert names == [
        b"leaderboard:limit:address:127.0.0.1",
        b"leaderboard:limit:address:fe80::/64",
        b"leaderboard:limit:player:7",
    ]
    assert all(0 < redis_client.ttl(name) <= 7200 for name in names)


async def test_a_script_that_redis_lost_is_loaded_again(new_client, redis_client):
    client = await new_client(address="2/day")
    unchecked = metrics.RATE_LIMIT_UNCHECKED["address",].value
    for status in 200, 200, 429:
        redis_client.script_flush()
        assert (await client.get(TOP)).status == status
    assert metrics.RATE_LIMIT_UNCHECKED["address",].value == unchecked
