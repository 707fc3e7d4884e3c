"""api.issue_api_key, api.listed_api_keys and api.withdraw_api_key: keys for who holds one with the scope keys."""

import asyncpg
import pytest

from tests.support.oracle import rows


async def own_key(db, *scopes):
    return await db.fetchval("SELECT api_key FROM api.create_api_key('own', $1)", list(scopes))


async def as_service(db, query, *arguments):
    """What the role of the service gets."""
    await db.execute("SET ROLE leaderboard_service")
    try:
        return await db.fetch(query, *arguments)
    finally:
        await db.execute("RESET ROLE")


async def test_the_service_issues_lists_and_revokes_with_the_key_of_its_caller(db):
    own = await own_key(db, "keys")
    issue = "SELECT * FROM api.issue_api_key($1, 'game', '{submit,play}', now() + interval '1 day')"
    (new,) = await as_service(db, issue, own)
    assert new["api_key"].startswith(f"lb_{new['id']}_")
    listed = await as_service(db, "SELECT id, name, scopes, status FROM api.listed_api_keys($1)", own)
    assert (new["id"], "game", ["play", "submit"], "active") in rows(listed)
    await as_service(db, "SELECT api.withdraw_api_key($1, $2)", own, new["id"])
    assert await db.fetchval("SELECT revoked_at IS NOT NULL FROM api_keys WHERE id = $1", new["id"])


@pytest.mark.parametrize("scope", ["submit", "play", "read", "moderate", "admin"])
async def test_any_scope_but_keys_is_issued(db, scope):
    own = await own_key(db, "keys")
    assert await as_service(db, "SELECT * FROM api.issue_api_key($1, 'new', $2)", own, [scope])
    for scopes in ["keys"], [scope, "keys"], [], ["root"]:
        with pytest.raises(asyncpg.PostgresError) as caught:
            await as_service(db, "SELECT * FROM api.issue_api_key($1, 'new', $2)", own, scopes)
        assert caught.value.sqlstate == "LB001"
    assert await db.fetchval("SELECT count(*) FROM api_keys") == 2


@pytest.mark.parametrize("kind", ["admin", "revoked", "expired", "other secret", "id only", "none"])
async def test_without_such_a_key_nothing_is_done(db, kind):
    """Neither the rights of the service nor those of an administrator are enough."""
    own = await own_key(db, "admin", "submit") if kind == "admin" else await own_key(db, "keys")
    key_id = own.split("_")[1]
    if kind == "revoked":
        await db.execute("SELECT api.revoke_api_key($1)", key_id)
    elif kind == "expired":
        await db.execute("UPDATE api_keys SET expires_at = now()")
    claimed = {"other secret": own[:-1] + ("0" if own[-1] != "0" else "1"), "id only": f"lb_{key_id}_", "none": None}
    for query in (
        "SELECT * FROM api.issue_api_key($1, 'new', '{read}')",
        "SELECT * FROM api.listed_api_keys($1)",
        f"SELECT api.withdraw_api_key($1, '{key_id}')",
    ):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await as_service(db, query, claimed.get(kind, own))
        assert caught.value.sqlstate == "LB001"
        assert "scope keys" in str(caught.value)
    assert await db.fetchval("SELECT count(*) FROM api_keys") == 1
    assert await db.fetchval("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL") == (kind != "revoked")
