import asyncpg
import pytest


async def test_a_revoked_key_stays_revoked_and_in_the_list(db):
    key_id = await db.fetchval("SELECT id FROM api.create_api_key('k', '{read}')")
    first = await db.fetchval("SELECT api.revoke_api_key($1)", key_id)
    assert await db.fetchval("SELECT api.revoke_api_key($1)", key_id) == first
    assert await db.fetchval("SELECT revoked_at FROM api.list_api_keys()") == first


@pytest.mark.parametrize("unknown", ["''", "NULL", "'nobody'", "repeat('f', 12)"])
async def test_an_unknown_one(db, unknown):
    await db.execute("SELECT api.create_api_key('k', '{read}')")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(f"SELECT api.revoke_api_key({unknown})")
    assert caught.value.sqlstate == "LB013"
    assert await db.fetchval("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL") == 1
