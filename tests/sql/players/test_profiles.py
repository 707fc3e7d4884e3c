"""Renaming players, their external ids, and their profile."""

import asyncpg
import pytest

from tests.support.sql import fill, submit

MARKER = "SELECT change_marker FROM api.rank_index_status()"


async def error_of(db, query, *arguments):
    with pytest.raises(asyncpg.PostgresError) as raised:
        await db.execute(query, *arguments)
    return raised.value.sqlstate


async def test_a_new_name_shows_everywhere(db):
    await fill(db, 5, 3)
    assert await db.fetchval("SELECT api.rename_player(1, 'Ada')") == "Ada"
    assert [row["username"] for row in await db.fetch("SELECT * FROM api.top_players()")] == ["Ada", "u2"]
    assert await db.fetchval("SELECT username FROM api.player_profile(1)") == "Ada"
    assert await db.fetchval("SELECT count(*) FROM api.players_by_name('ada')") == 1
    assert await db.fetchval("SELECT api.rename_player(1, 'Ada')") == "Ada", "the same again"
    assert await db.fetchval("SELECT api.rename_player(1, $1)", "e\u0301") == "é"


async def test_invalid_and_taken_names(db):
    await fill(db, 5, 3)
    rename = "SELECT api.rename_player($1, $2)"
    assert await error_of(db, rename, 1, "u2") == "LB020"
    assert await error_of(db, rename, 7, "x") == "LB011"
    assert await error_of(db, rename, None, "x") == "LB011"
    for name in ("", " x", None, "a\u200bb", "x" * 256):
        assert await error_of(db, rename, 1, name) == "LB005", name
    assert [row["username"] for row in await db.fetch("SELECT * FROM api.top_players()")] == ["u1", "u2"]


@pytest.mark.parametrize(
    "change",
    [
        "SELECT api.rename_player(1, 'ada')",
        'SELECT api.set_attributes(1, \'{"country": "DE"}\')',
        "SELECT api.link_player(1, 'steam:1')",
        "SELECT api.unlink_player('steam:2')",
        "UPDATE users SET username = 'ada' WHERE id = 1",
        'UPDATE users SET attributes = \'{"country": "DE"}\' WHERE id = 1',
        "INSERT INTO player_ids (external_id, user_id) VALUES ('steam:1', 1)",
        "UPDATE player_ids SET external_id = 'steam:3'",
        "DELETE FROM player_ids",
    ],
)
async def test_a_change_moves_the_change_marker(db, change):
    await fill(db, 5, 3)
    await db.execute("SELECT api.link_player(2, 'steam:2')")
    seen = {await db.fetchval(MARKER)}
    await db.execute(change)
    seen.add(await db.fetchval(MARKER))
    while await db.fetchval("SELECT api.fold_ranks()"):
        pass
    seen.add(await db.fetchval(MARKER))
    assert len(seen) == 3
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_what_changes_nothing_leaves_it_alone(db):
    await fill(db, 5)
    await db.execute("SELECT api.link_player(1, 'steam:1'), api.set_attributes(1, '{\"country\": \"DE\"}')")
    before = await db.fetchval(MARKER)
    await db.execute("SELECT api.rename_player(1, 'u1'), api.link_player(1, 'steam:1')")
    await db.execute('SELECT api.set_attributes(1, \'{"country": "DE", "platform": null}\')')
    assert await db.fetchval(MARKER) == before


async def test_external_ids(db):
    await fill(db, 5, 3)
    link = "SELECT api.link_player($1, $2)"
    assert await db.fetchval(link, 1, "steam:1") is True
    assert await db.fetchval(link, 1, "steam:1") is False
    assert await db.fetchval(link, 1, "cafe\u0301") is True
    assert await db.fetchval("SELECT api.find_player($1)", "caf\u00e9") == 1
    assert await error_of(db, link, 2, "steam:1") == "LB037"
    assert await error_of(db, link, 3, "steam:3") == "LB011"
    for player in ("", " a", "a" * 129, "42", "a\u200bb", None):
        assert await error_of(db, link, 1, player) == "LB008", player
    assert await db.fetchval("SELECT api.unlink_player('steam:1')") == 1
    assert await error_of(db, "SELECT api.unlink_player('steam:1')") == "LB011"
    assert await error_of(db, "SELECT api.unlink_player('')") == "LB008"
    assert await db.fetchval(link, 2, "steam:1") is True
    assert await db.fetchval("SELECT players FROM api.player_profile(1)") == ["café"]


async def test_a_player_has_at_most_a_hundred_external_ids(db):
    await fill(db, 5)
    for number in range(100):
        await db.execute("SELECT api.link_player(1, $1)", f"device:{number}")
    assert await error_of(db, "SELECT api.link_player(1, 'device:100')") == "LB008"
    assert await db.fetchval("SELECT api.link_player(1, 'device:99')") is False
    players = await db.fetchval("SELECT players FROM api.player_profile(1)")
    assert players == [f"device:{number}" for number in range(100)], "in the order in which they were linked"


async def test_the_profile(db):
    await fill(db, 5)
    row = await db.fetchrow("SELECT user_id, username, players, attributes, act FROM api.player_profile(1)")
    assert tuple(row) == (1, "u1", [], None, None)
    await db.execute(
        "WITH act AS (INSERT INTO moderation (operator, action, reason, until) VALUES ('me', 'ban', 'so', '2100-01-01')"
        " RETURNING id) UPDATE users SET ban_id = act.id FROM act"
    )
    row = await db.fetchrow("SELECT act, action, until::date::text FROM api.player_profile(1)")
    assert tuple(row) == (1, "ban", "2100-01-01")
    assert await error_of(db, "SELECT api.player_profile(2)") == "LB011"


async def test_sessions_page_by_page(db):
    await fill(db, 1)
    await db.execute(
        'INSERT INTO game_sessions (user_id, score, "timestamp", metadata)'
        " SELECT 1, g, '2026-01-01'::timestamptz + g % 5 * interval '1 hour', jsonb_build_object('level', g)"
        " FROM generate_series(1, 20) AS g"
    )
    expected = [row["id"] for row in await db.fetch('SELECT id FROM game_sessions ORDER BY "timestamp" DESC, id DESC')]
    page = "SELECT id FROM api.player_sessions(1, 6, $1)"
    found, before = [], None
    while rows := await db.fetch(page, before):
        found += [row["id"] for row in rows]
        before = found[-1]
    assert found == expected
    assert await error_of(db, page, 10**9) == "LB001"
    assert await error_of(db, "SELECT api.player_sessions(2)") == "LB011"
    assert await error_of(db, "SELECT api.player_sessions(1, 0)") == "LB001"
    assert await db.fetchval("SELECT metadata FROM api.player_sessions(1) WHERE score = 7") == '{"level": 7}'


async def test_void_sessions_are_shown_on_request(db):
    await fill(db, 5)
    await submit(db, (1, 7))
    await db.execute(
        "WITH act AS (INSERT INTO moderation (operator, action, reason) VALUES ('me', 'void', 'speed hack')"
        " RETURNING id) UPDATE game_sessions SET void_id = act.id FROM act WHERE score = 7"
    )
    assert [row["score"] for row in await db.fetch("SELECT * FROM api.player_sessions(1)")] == [5]
    rows = await db.fetch("SELECT score, void_id, reason FROM api.player_sessions(1, p_with_voided => true)")
    assert [tuple(row) for row in rows] == [(7, 1, "speed hack"), (5, None, None)]
