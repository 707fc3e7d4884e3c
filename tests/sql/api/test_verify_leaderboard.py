import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill


async def test_names_a_player_whose_total_is_not_the_ledgers(db):
    await fill(db, 10, 20)
    await db.execute("SET leaderboard.counted = 'on'; INSERT INTO game_sessions (user_id, score) VALUES (2, 5)")
    await db.execute("DELETE FROM leaderboard WHERE user_id = 1")
    found = rows(await db.fetch("SELECT * FROM api.verify_leaderboard() ORDER BY subject"))
    assert found == [("overall", "total", "1", 10, None), ("overall", "total", "2", 25, 20)]


async def test_names_the_slot_that_is_wrong(db):
    await fill(db, 10, 20)
    await db.execute("UPDATE rank_node SET players[11] = 5, players[66] = 5 WHERE shift = 0")
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == [
        ("overall", "rank_index", "level 0 position 10", 1, 5)
    ]


async def test_names_a_wrong_number_of_players(db):
    await fill(db, 10, 20)
    await db.execute("UPDATE rank_state SET players = 7")
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == [
        ("overall", "rank_index", "players", 2, 7)
    ]


async def test_names_players_of_a_board_that_is_gone(db):
    await fill(db, 10)
    await db.execute("ALTER TABLE leaderboard DISABLE TRIGGER USER")
    await db.execute("INSERT INTO leaderboard (board_id, user_id, total_score) VALUES (77, 1, 5)")
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == [(None, "orphan", "board id 77", 0, 1)]
    assert await db.fetch("SELECT * FROM api.verify_leaderboard('overall')") == []


async def test_unknown_board(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.verify_leaderboard('nowhere')")
    assert caught.value.sqlstate == "LB010"
