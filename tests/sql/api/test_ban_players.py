import datetime as dt

import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill, submit

TOTALS = "SELECT user_id, rank, total_score FROM api.top_players(1000)"
RANK = "SELECT user_id, total_score, rank, players, hidden FROM api.player_rank($1)"


@pytest.mark.parametrize("hide", [False, True])
async def test_banned_players_leave_the_boards_and_see_themselves(db, hide):
    await fill(db, 50, 40, 30, 20)
    tried = await db.fetchrow("SELECT * FROM api.ban_players('m', 'r', '{2,3,2}', NULL, $1, true)", hide)
    assert tuple(tried) == (None, 0, 2, 2)
    await assert_exact(db)
    done = await db.fetchrow("SELECT * FROM api.ban_players('m', 'r', '{2,3,2}', NULL, $1)", hide)
    assert tuple(done)[1:] == (0, 2, 2)
    assert rows(await db.fetch(TOTALS)) == [(1, 1, 50), (4, 2, 20)]
    hidden = None if hide else True
    assert tuple(await db.fetchrow(RANK, 2)) == (2, 40, 2, 3, hidden)
    assert tuple(await db.fetchrow(RANK, 3)) == (3, 30, 2, 3, hidden)
    assert tuple(await db.fetchrow(RANK, 4)) == (4, 20, 2, 2, None)
    found = await db.fetch("SELECT user_id, rank, rank_among, players, hidden FROM api.player_ranks('{1,2,3,4,5}')")
    assert rows(found) == [(1, 1, 1, 2, None), (2, 2, 2, 3, hidden), (3, 2, 2, 3, hidden), (4, 2, 2, 2, None)]
    found = await db.fetch("SELECT user_id, rank, hidden FROM api.players_around(3, 5)")
    assert rows(found) == [(1, 1, None), (3, 2, hidden), (4, 2, None)]
    await assert_exact(db)


async def test_what_they_submit_is_kept_for_later(db):
    await fill(db, 50, 40)
    await db.execute("SELECT api.ban_players('m', 'r', '{2}')")
    await submit(db, (2, 100))
    assert rows(await db.fetch(TOTALS)) == [(1, 1, 50)]
    assert tuple(await db.fetchrow(RANK, 2)) == (2, 140, 1, 2, True)
    await db.execute("SELECT api.unban_players('m', 'r', '{2}')")
    assert rows(await db.fetch(TOTALS)) == [(2, 1, 140), (1, 2, 50)]
    await assert_exact(db)


async def test_a_player_whose_sessions_are_all_void_sees_nothing(db):
    await fill(db, 50, 40)
    await db.execute("SELECT api.ban_players('m', 'r', '{2}'), api.void_sessions('m', 'r', 2)")
    for call in ("player_rank(2)", "players_around(2)"):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.fetch(f"SELECT * FROM api.{call}")
        assert caught.value.sqlstate == "LB011"
    assert await db.fetch("SELECT * FROM api.player_ranks('{2}')") == []


async def test_a_closed_season_shows_where_they_would_be(db):
    await fill(db, 50, 40, 30)
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true)")
    await db.execute("SELECT api.ban_players('m', 'r', '{2}')")
    await db.execute("SELECT api.end_season('cup')")
    while await db.fetchval("SELECT api.close_seasons()"):
        pass
    found = await db.fetchrow("SELECT rank, players, total_score, season, hidden FROM api.player_rank(2, 'cup@1')")
    assert tuple(found) == (2, 3, 40, 1, True)
    found = await db.fetch("SELECT user_id, rank, hidden FROM api.players_around(2, 1, 'cup@1')")
    assert rows(found) == [(1, 1, None), (2, 2, True), (3, 2, None)]
    # Who was on it when it closed stays there, banned or not.
    await db.execute("SELECT api.ban_players('m', 'r', '{3}')")
    found = await db.fetchrow("SELECT rank, players, hidden FROM api.player_rank(3, 'cup@1')")
    assert tuple(found) == (2, 2, None)


async def test_a_ban_replaces_the_one_before(db):
    await fill(db, 50, 40)
    await db.execute("SELECT api.ban_players('m', 'r', '{2}', p_hide => true)")
    marker = await db.fetchval("SELECT change_marker FROM api.rank_index_status()")
    assert tuple(await db.fetchrow("SELECT * FROM api.ban_players('m', 'r', '{2}')"))[1:] == (0, 1, 0)
    assert (await db.fetchrow(RANK, 2))["hidden"] is True
    # It changes no total, but what the player sees.
    assert marker != await db.fetchval("SELECT change_marker FROM api.rank_index_status()")


async def test_a_player_without_sessions(db):
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'a')")
    assert tuple(await db.fetchrow("SELECT * FROM api.ban_players('m', 'r', '{1}')"))[1:] == (0, 1, 0)


async def test_more_than_the_index_takes_as_deltas(db):
    """10,001 totals: they leave the tree itself, and come back to it."""
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 10010) AS g")
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT g, g % 50 FROM generate_series(1, 10010) AS g")
    everyone = "ARRAY(SELECT generate_series(1, 10001)::bigint)"
    assert (await db.fetchrow(f"SELECT * FROM api.ban_players('m', 'r', {everyone})"))["ranks"] == 10001
    assert await db.fetchval("SELECT players FROM api.rank_of_score(0)") == 9
    assert (await db.fetchrow(f"SELECT * FROM api.unban_players('m', 'r', {everyone})"))["ranks"] == 10001
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("'m', 'r', NULL", "LB001"),
        ("'m', 'r', '{}'", "LB001"),
        ("'m', 'r', '{NULL}'", "LB002"),
        ("'m', 'r', '{0}'", "LB002"),
        ("'m', 'r', array_fill(1::bigint, ARRAY[100001])", "LB001"),
        ("'m', 'r', '{1,77,78}'", "LB011"),
        ("'m', 'r', '{1}', now()", "LB001"),
        ("'m', '', '{1}'", "LB001"),
    ],
)
async def test_bad_arguments(db, arguments, sqlstate):
    await fill(db, 10)
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.ban_players({arguments})")
    assert caught.value.sqlstate == sqlstate
    assert await db.fetchval("SELECT ban_id FROM users WHERE id = 1") is None
    if sqlstate == "LB011":
        assert str(caught.value) == "there is no player 77, 78"


async def test_deleting_a_player_leaves_nothing_of_them(db):
    await fill(db, 10, 20)
    await db.execute("SELECT api.ban_players('m', 'r', '{1}'), api.void_sessions('m', 'r', 1)")
    await db.execute("DELETE FROM users WHERE id = 1")
    log = rows(await db.fetch("SELECT action, user_id, filter, players FROM api.moderation_log()"))
    assert log == [("void", None, None, 1), ("ban", None, None, 1)]
    assert await db.fetch("SELECT * FROM moderation_players") == []
    for act in await db.fetch("SELECT id FROM moderation ORDER BY id"):
        assert tuple(await db.fetchrow("SELECT * FROM api.undo_act('m', 'r', $1)", act["id"]))[1:] == (0, 0, 0)
    # Somebody else with the id is not banned.
    await submit(db, (1, 5))
    assert tuple(await db.fetchrow(RANK, 1)) == (1, 5, 2, 2, None)


async def test_until(db):
    await fill(db, 10)
    until = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    await db.execute("SELECT api.ban_players('m', 'r', '{1}', $1)", until)
    assert await db.fetchval("SELECT until FROM api.moderation_log()") == until
    assert await db.fetchval("SELECT api.lift_bans()") is False
