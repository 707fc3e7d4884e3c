"""api.issue_api_key, api.listed_api_keys and api.withdraw_api_key, whose caller holds a key with the scope keys; and
api.find_players.
"""

import asyncpg
import pytest


async def new_key(db, *scopes):
    return await db.fetchval("SELECT api_key FROM api.create_api_key('own', $1)", list(scopes))


async def test_a_key_issues_lists_and_withdraws_others(db):
    own = await new_key(db, "keys")
    issued = await db.fetchrow("SELECT * FROM api.issue_api_key($1, 'game', '{submit,play}')", own)
    assert issued["api_key"].startswith(f"lb_{issued['id']}_")
    listed = {row["id"]: row for row in await db.fetch("SELECT * FROM api.listed_api_keys($1)", own)}
    assert (listed[issued["id"]]["name"], listed[issued["id"]]["scopes"]) == ("game", ["play", "submit"])
    withdrawn = await db.fetchval("SELECT api.withdraw_api_key($1, $2)", own, issued["id"])
    assert withdrawn == await db.fetchval("SELECT revoked_at FROM api_keys WHERE id = $1", issued["id"])


async def test_who_holds_no_such_key_may_do_nothing(db, subtests):
    own, other = await new_key(db, "keys"), await new_key(db, "admin", "moderate", "play", "read", "submit")
    expired = await new_key(db, "keys")
    await db.execute("UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE id = $1", expired[3:15])
    revoked = await new_key(db, "keys")
    await db.execute("SELECT api.revoke_api_key($1)", revoked[3:15])
    for key in None, "", other, expired, revoked, own[:-1], own.upper(), own[:16] + "0" * 64:
        for call in (
            "SELECT api.issue_api_key($1, 'x', '{read}')",
            "SELECT api.listed_api_keys($1)",
            "SELECT api.withdraw_api_key($1, '0123456789ab')",
        ):
            with subtests.test(key=key, call=call), pytest.raises(asyncpg.PostgresError, match="scope keys") as error:
                await db.fetch(call, key)
            assert error.value.sqlstate == "LB001"


async def test_nothing_gives_the_scope_keys_but_the_owner(db):
    own = await new_key(db, "keys")
    with pytest.raises(asyncpg.PostgresError, match="only the owner"):
        await db.fetch("SELECT api.issue_api_key($1, 'x', '{read,keys}')", own)


async def test_find_players(db):
    for number, name in enumerate(("a", "é", "b"), 1):
        await db.execute("SELECT api.submit_score($1, 1)", number)
        await db.execute("INSERT INTO player_ids (external_id, user_id) VALUES ($1, $2)", name, number)
    rows = await db.fetch("SELECT * FROM api.find_players($1)", ["a", "e\u0301", "none", "a"])
    assert {(row["player"], row["user_id"]) for row in rows} == {("a", 1), ("e\u0301", 2)}
    with pytest.raises(asyncpg.PostgresError, match="10000"):
        await db.fetch("SELECT * FROM api.find_players($1)", ["a"] * 10_001)
