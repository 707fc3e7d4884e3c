from tests.support.oracle import rows


async def test_the_newest_first_with_their_state_and_without_secrets(db):
    assert await db.fetch("SELECT * FROM api.list_api_keys()") == []
    for name in "old", "gone", "good":
        await db.execute("SELECT api.create_api_key($1, '{read}')", name)
    await db.execute(
        "UPDATE api_keys SET created_at = now() - interval '1 day', expires_at = now() WHERE name = 'old';"
        "SELECT api.revoke_api_key(id) FROM api_keys WHERE name = 'gone'"
    )
    found = await db.fetch("SELECT * FROM api.list_api_keys()")
    assert {row["name"]: row["status"] for row in found} == {
        "good": "active",
        "gone": "revoked",
        "old": "expired",
    }
    assert found[-1]["name"] == "old"
    assert "secret_hash" not in found[0].keys()  # noqa: SIM118  asyncpg's Record
    assert rows(await db.fetch("SELECT DISTINCT last_used_at FROM api.list_api_keys()")) == [(None,)]
