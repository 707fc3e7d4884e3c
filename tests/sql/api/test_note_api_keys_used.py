from tests.support.oracle import rows


async def test_notes_the_moment(db):
    for name in "a", "b":
        await db.execute("SELECT api.create_api_key($1, '{read}')", name)
    ids = await db.fetchval("SELECT array_agg(id) FROM api_keys WHERE name = 'a'")
    assert await db.fetchval("SELECT api.note_api_keys_used($1)", [*ids, "unknown", None]) == 1
    used = await db.fetch(
        "SELECT name, last_used_at BETWEEN now() - interval '1 minute' AND now() FROM api_keys ORDER BY name"
    )
    assert rows(used) == [("a", True), ("b", None)]
    for nothing in [], None:
        assert await db.fetchval("SELECT api.note_api_keys_used($1)", nothing) == 0


async def test_does_not_wait_for_who_revokes(db, connect):
    await db.execute("SELECT api.create_api_key('a', '{read}')")
    other = await connect()
    async with other.transaction():
        await other.execute("SELECT api.revoke_api_key(id) FROM api_keys")
        assert await db.fetchval("SELECT api.note_api_keys_used(array_agg(id)) FROM api_keys") == 0
