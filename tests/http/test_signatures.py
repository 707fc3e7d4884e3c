"""Signed submissions: what was caught on the way can be sent again as nothing else, and counts once."""

import hashlib
import hmac
import json
import re
import subprocess
import time
from pathlib import Path

import pytest

from service.access import api_keys
from service.database.rows import ApiKey

NPM = Path(__file__).parents[2] / "webui" / "npm"
SUBMIT = "/api/leaderboard/submit"
BODY = b'{"user_id": 7, "score": 5}'
KEYED = {"Idempotency-Key": "k"}


DOCUMENT = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
#: The example of docs/security.md.
EXAMPLE = {
    "key": f"lb_0123456789ab_{bytes(range(32)).hex()}",
    "method": "POST",
    "target": SUBMIT,
    "body": b'{"user_id":7,"score":5}',
    "idempotency_key": "match-1",
    "timestamp": 1700000000,
}


def documented(language):
    """The code of docs/security.md in a language."""
    (code,) = re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    return code


# The tests sign as the documentation says, by what stands there.
_names = {}
exec(documented("python"), _names)
authorization = _names["authorization"]


@pytest.fixture
async def key(make_key):
    return await make_key("submit", "read", signed=True)


@pytest.fixture
def send(client):
    async def post(target, body, header, **headers):
        return await client.post(
            target,
            data=body,
            headers={"Authorization": header, "Content-Type": "application/json", **headers},
        )

    return post


async def sessions(db):
    return await db.fetchval("SELECT count(*) FROM game_sessions")


async def test_a_signed_submission_is_counted(send, key, db):
    header = authorization(key, "POST", SUBMIT, BODY, "k")
    response = await send(SUBMIT, BODY, header, **KEYED)
    assert response.status == 200, await response.text()
    assert await sessions(db) == 1


async def test_it_needs_a_key_of_its_own(send, key, db, assert_error):
    message = await assert_error(
        await send(SUBMIT, BODY, authorization(key, "POST", SUBMIT, BODY)), 400, "invalid_submission_key"
    )
    assert "Idempotency-Key" in message
    target = f"{SUBMIT}/batch"
    body = b'[{"user_id": 7, "score": 5}, {"user_id": 8, "score": 5, "idempotency_key": "k"}]'
    outcomes = await (await send(target, body, authorization(key, "POST", target, body))).json()
    assert outcomes[0]["error"]["code"] == "invalid_submission_key"
    assert outcomes[1]["status"] == "accepted"
    assert await sessions(db) == 1


def test_the_example_of_the_documentation():
    """Python's and JavaScript's code there, the example, and the service's own: none can change alone."""
    message = api_keys.signed_message("1700000000", "POST", SUBMIT, "match-1", EXAMPLE["body"])
    signature = authorization(**EXAMPLE).rpartition("=")[2]
    assert f"    {signature}\n" in DOCUMENT
    key = ApiKey("0123456789ab", "k", frozenset(), True, hashlib.sha256(bytes(range(32))).digest())
    api_keys.check_signature(key, api_keys.Signature("1700000000", bytes.fromhex(signature)), message)
    for word in EXAMPLE["key"], EXAMPLE["body"].decode(), str(EXAMPLE["timestamp"]):
        assert word in DOCUMENT
    header = f"LB1-HMAC-SHA256 key=0123456789ab, timestamp=1700000000, signature={signature}"
    assert authorization(**EXAMPLE) == header
    arguments = ", ".join(json.dumps(a.decode() if isinstance(a, bytes) else a) for a in EXAMPLE.values())
    script = documented("javascript").replace("export function", "function")
    node = subprocess.run(
        [NPM, "exec", "--offline", "--silent", "--", "node", "--input-type=module"],
        input=f"{script}\nprocess.stdout.write(authorization({arguments}));",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (node.returncode, node.stdout) == (0, header), node.stderr


async def test_caught_and_sent_again_it_counts_once(send, key, db):
    header = authorization(key, "POST", SUBMIT, BODY, "k")
    first = await (await send(SUBMIT, BODY, header, **KEYED)).json()
    again = await send(SUBMIT, BODY, header, **KEYED)
    assert (again.status, await again.json()) == (200, {**first, "duplicate": True})
    assert await sessions(db) == 1


async def test_caught_while_it_was_refused_it_does_not_count_beside_its_retry(send, key, db, assert_error):
    await db.execute("SELECT api.set_score_rules('overall', p_max_submissions_per_minute => 1)")
    await db.execute("SELECT api.submit_score(7, 1)")
    caught = authorization(key, "POST", SUBMIT, BODY, "k", timestamp=f"{time.time() - 5:.3f}")
    await assert_error(await send(SUBMIT, BODY, caught, **KEYED), 422, "too_many_submissions")
    await db.execute("SELECT api.set_score_rules('overall', p_max_submissions_per_minute => 0)")
    retry = authorization(key, "POST", SUBMIT, BODY, "k")
    assert (await send(SUBMIT, BODY, retry, **KEYED)).status == 200
    again = await send(SUBMIT, BODY, caught, **KEYED)
    assert (await again.json())["duplicate"] is True
    assert await sessions(db) == 2


async def test_a_batch_that_is_sent_again_counts_once(send, key, db):
    target = f"{SUBMIT}/batch"
    items = [{"user_id": user_id, "score": 5, "idempotency_key": k} for user_id, k in ((7, "a"), (7, "b"), (8, "a"))]
    body = json.dumps(items).encode()
    header = authorization(key, "POST", target, body)
    for expected in "accepted", "duplicate":
        outcomes = await (await send(target, body, header)).json()
        assert [outcome["status"] for outcome in outcomes] == [expected] * 3
    assert await sessions(db) == 3


async def test_nothing_of_it_can_be_changed(send, client, key, db, assert_error):
    header = authorization(key, "POST", SUBMIT, BODY, "k")
    head, _, signature = header.rpartition("=")
    flipped = f"{head}={'0' if signature[0] != '0' else '1'}{signature[1:]}"
    timestamp = header.partition("timestamp=")[2].partition(",")[0]
    later = header.replace(timestamp, str(float(timestamp) + 1))
    other = b'{"user_id": 7, "score": 6}'
    for attempt in (
        send(SUBMIT, other, header, **KEYED),
        send(SUBMIT, BODY + b" ", header, **KEYED),
        send(SUBMIT, b"", header, **KEYED),
        send(f"{SUBMIT}?include=rank", BODY, header, **KEYED),
        send(f"{SUBMIT}?board=overall", BODY, header, **KEYED),
        send(f"{SUBMIT}/batch", BODY, header, **KEYED),
        send(SUBMIT, BODY, header, **{"Idempotency-Key": "another"}),
        send(SUBMIT, BODY, header),
        send(SUBMIT, BODY, flipped, **KEYED),
        send(SUBMIT, BODY, later, **KEYED),
        client.get("/api/leaderboard/top", headers={"Authorization": header}),
    ):
        await assert_error(await attempt, 401, "invalid_signature")
    assert await sessions(db) == 0


async def test_a_signature_of_another_key_is_none(send, key, make_key, assert_error):
    other = await make_key("submit", signed=True)
    mixed = f"lb_{key.split('_')[1]}_{other.split('_')[2]}"
    await assert_error(await send(SUBMIT, BODY, authorization(mixed, "POST", SUBMIT, BODY)), 401, "invalid_signature")


async def test_the_stored_hash_signs_nothing(send, key, db, assert_error):
    """Whoever has a copy of the database."""
    stored = await db.fetchval("SELECT encode(secret_hash, 'hex') FROM api_keys")
    thief = f"lb_{key.split('_')[1]}_{stored}"
    header = authorization(thief, "POST", SUBMIT, BODY)
    await assert_error(await send(SUBMIT, BODY, header), 401, "invalid_signature")
    # Nor does a plain HMAC under the hash, without the secret's part.
    timestamp = int(time.time())
    message = f"{timestamp}\nPOST\n{SUBMIT}\n\n".encode() + BODY
    mac = hmac.new(bytes.fromhex(stored), message, hashlib.sha256).hexdigest()
    header = f"LB1-HMAC-SHA256 key={key.split('_')[1]}, timestamp={timestamp}, signature={mac}"
    await assert_error(await send(SUBMIT, BODY, header), 401, "invalid_signature")
    assert await sessions(db) == 0


@pytest.mark.parametrize("off", [-400, 400, -(10**9)])
async def test_an_old_one_and_one_of_the_future(send, key, db, assert_error, off):
    header = authorization(key, "POST", SUBMIT, BODY, timestamp=int(time.time()) + off)
    message = await assert_error(await send(SUBMIT, BODY, header), 401, "invalid_signature")
    assert "300 s" in message
    assert await sessions(db) == 0


async def test_clocks_may_differ_a_little(send, key):
    for off in -250, 250:
        header = authorization(key, "POST", SUBMIT, BODY, "k", timestamp=int(time.time()) + off)
        assert (await send(SUBMIT, BODY, header, **KEYED)).status == 200


@pytest.mark.parametrize("jump", [-400 * 86_400, -3_600, 3_600, 400 * 86_400])
async def test_the_clock_of_the_service_may_jump(send, key, db, assert_error, monkeypatch, jump):
    """Only PostgreSQL's counts, by which keys expire, too."""
    real = time.time

    def now():
        return int(real())

    monkeypatch.setattr(time, "time", lambda: real() + jump)
    assert abs(time.time() - now() - jump) < 10
    header = authorization(key, "POST", SUBMIT, BODY, "k", timestamp=now())
    assert (await send(SUBMIT, BODY, header, **KEYED)).status == 200
    for off in -400, 400, jump:
        header = authorization(key, "POST", SUBMIT, BODY, "k", timestamp=now() + off)
        message = await assert_error(await send(SUBMIT, BODY, header, **KEYED), 401, "invalid_signature")
        told = int(re.search(r"says (\d+)", message)[1])
        assert abs(told - await db.fetchval("SELECT extract(epoch FROM clock_timestamp())::bigint")) < 60


async def test_a_key_that_signs_must_not_be_sent(client, key, db, assert_error):
    response = await client.post(SUBMIT, data=BODY, headers={"Authorization": f"Bearer {key}"})
    assert "revoke" in await assert_error(response, 401, "invalid_signature")
    assert await sessions(db) == 0


async def test_reads_are_signed_too(client, key):
    target = "/api/leaderboard/top?limit=3&board=overall"
    response = await client.get(target, headers={"Authorization": authorization(key, "GET", target)})
    assert response.status == 200


async def test_any_key_may_sign(send, make_key):
    plain = await make_key("submit")
    assert (await send(SUBMIT, BODY, authorization(plain, "POST", SUBMIT, BODY, "k"), **KEYED)).status == 200


async def test_a_signature_needs_the_scope_all_the_same(client, make_key, assert_error):
    reader = await make_key("read", signed=True)
    header = authorization(reader, "POST", SUBMIT, BODY)
    response = await client.post(SUBMIT, data=BODY, headers={"Authorization": header})
    await assert_error(response, 403, "scope_missing")


async def test_a_body_of_any_bytes_can_be_signed_and_is_then_judged(send, key, assert_error):
    for body, code in (b"\xff\x00\n", "malformed_json"), (b"{}", "invalid_body"):
        response = await send(SUBMIT, body, authorization(key, "POST", SUBMIT, body, "k"), **KEYED)
        await assert_error(response, 400, code)


async def test_a_key_that_is_no_ascii_does_no_harm(client, key):
    """A header that is not UTF-8 goes into the message as the bytes it came in."""
    header = authorization(key, "POST", SUBMIT, BODY)
    response = await client.post(
        SUBMIT,
        data=BODY,
        headers={"Authorization": header, "Idempotency-Key": "caf\u00e9", "Content-Type": "application/json"},
    )
    assert response.status == 401
