import hashlib
import re

import asyncpg
import pytest

from tests.support.oracle import rows

MAKE = "SELECT * FROM api.create_api_key"


async def test_the_key_is_shown_and_only_its_hash_is_kept(db):
    key_id, key = tuple(await db.fetchrow(f"{MAKE}('game server', '{{submit,read,submit}}')"))
    assert re.fullmatch(r"lb_[0-9a-f]{12}_[0-9a-f]{64}", key)
    assert key.split("_")[1] == key_id
    row = await db.fetchrow("SELECT * FROM api_keys")
    secret = bytes.fromhex(key.split("_")[2])
    assert row["secret_hash"] == hashlib.sha256(secret).digest()
    assert (row["name"], row["scopes"]) == ("game server", ["read", "submit"])
    # Nothing in the whole table gives the secret back.
    dump = await db.fetchval("SELECT string_agg(k::text, ' ') FROM api_keys AS k")
    assert key.split("_")[2] not in dump


async def test_keys_differ(db):
    await db.execute("SELECT api.create_api_key('k', '{read}') FROM generate_series(1, 200)")
    assert await db.fetchval("SELECT count(DISTINCT secret_hash) FROM api_keys") == 200


async def test_a_key_that_expires(db):
    await db.execute(f"{MAKE}('k', '{{submit}}', now() + interval '1 day')")
    assert rows(await db.fetch("SELECT expires_at > now() FROM api_keys")) == [(True,)]


@pytest.mark.parametrize(
    "arguments",
    [
        "NULL, '{read}'",
        "'', '{read}'",
        "' a', '{read}'",
        "E'a\\nb', '{read}'",
        "repeat('x', 101), '{read}'",
        "'k', NULL",
        "'k', '{}'",
        "'k', '{NULL}'",
        "'k', '{read,NULL}'",
        "'k', '{write}'",
        "'k', '{READ}'",
        "'k', '{{read,submit}}'",
        "'k', '{read}', now()",
        "'k', '{read}', '-infinity'",
    ],
)
async def test_bad_arguments_make_no_key(db, arguments):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(f"{MAKE}({arguments})")
    assert caught.value.sqlstate == "LB001"
    assert await db.fetchval("SELECT count(*) FROM api_keys") == 0


async def test_at_most_a_thousand_are_in_use(db):
    await db.execute("SELECT api.create_api_key('k', '{read}') FROM generate_series(1, 1000)")
    with pytest.raises(asyncpg.PostgresError, match="revoke"):
        await db.execute(f"{MAKE}('k', '{{read}}')")
    await db.execute("SELECT api.revoke_api_key((SELECT min(id) FROM api_keys))")
    await db.execute(f"{MAKE}('k', '{{read}}')")
