from tests.support.oracle import rows

USABLE = "SELECT name, scopes, signed, octet_length(secret_hash) FROM api.usable_api_keys() ORDER BY name"


async def test_only_those_that_are_good_now(db):
    for name in "expired", "revoked", "good":
        await db.execute("SELECT api.create_api_key($1, '{submit}')", name)
    await db.execute(
        "UPDATE api_keys SET expires_at = now() WHERE name = 'expired';"
        "UPDATE api_keys SET expires_at = now() + interval '1 hour' WHERE name = 'good';"
        "SELECT api.revoke_api_key(id) FROM api_keys WHERE name = 'revoked'"
    )
    assert rows(await db.fetch(USABLE)) == [("good", ["submit"], False, 32)]


async def test_no_key_ever_made_differs_from_none_left(db):
    """Else the last revocation would let everybody in."""
    assert rows(await db.fetch(USABLE)) == []
    await db.execute("SELECT api.revoke_api_key(k.id) FROM api.create_api_key('k', '{read}') AS k")
    await db.execute("SELECT api.revoke_api_key(id) FROM api_keys")
    assert rows(await db.fetch(USABLE)) == [(None, None, None, None)]
