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


async def test_names_seasons_and_players_by_the_totals_that_they_see(db):
    await db.execute("SELECT api.create_board('b', NULL, 'best', p_lowest_wins => true, p_manual_seasons => true)")
    await db.execute("SELECT api.submit_scores('{1,2}', '{10,20}')")
    await db.execute("ALTER TABLE leaderboard DISABLE TRIGGER USER")
    await db.execute("UPDATE leaderboard SET total_score = -5 WHERE board_id > 1 AND user_id = 2")
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard('b') WHERE check_name = 'total'")) == [
        ("b@1", "total", "2", 20, 5)
    ]


@pytest.mark.parametrize("verify", ["api.verify_leaderboard()", "api.verify_sample(1000)"])
async def test_names_a_wrong_order_within_a_tie(db, verify):
    await db.execute("SELECT api.create_board('b', p_ties => 'earliest')")
    await db.execute("SELECT api.submit_scores('{1,2}', '{10,10}')")
    await db.execute("UPDATE leaderboard SET tie = 77 WHERE board_id = 2 AND user_id = 2")
    assert rows(await db.fetch(f"SELECT board, check_name, subject, found FROM {verify}")) == [("b", "tie", "2", 77)]
    await db.execute("SELECT api.rebuild_leaderboard('b')")
    assert await db.fetch(f"SELECT * FROM {verify}") == []


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM season_places", "UPDATE season_places SET first_place = 3", "UPDATE rankings SET players = 5"],
)
async def test_names_an_archive_that_lacks_players(db, damage):
    await db.execute("SELECT api.create_board('b', p_manual_seasons => true)")
    await db.execute("SELECT api.submit_scores('{1,2}', '{10,10}')")
    await db.execute("SELECT archive.write(id) FROM rankings WHERE id > 1")
    await db.execute("UPDATE rankings SET closing_xid = '0', closed_at = now(), players = 2 WHERE id > 1")
    assert await db.fetch("SELECT * FROM api.verify_leaderboard('b')") == []
    await db.execute(damage)
    assert rows(await db.fetch("SELECT board, check_name, subject FROM api.verify_leaderboard('b')")) == [
        ("b@1", "archive", "players")
    ]


async def test_what_is_left_of_a_closed_season_is_not_looked_at(db):
    await db.execute("SELECT api.create_board('b', p_manual_seasons => true)")
    await db.execute("SELECT api.submit_scores('{1,2}', '{10,10}')")
    await db.execute("UPDATE rankings SET closing_xid = '3' WHERE id > 1")  # nothing counts any more
    await db.execute("DELETE FROM rank_state WHERE board_id > 1")
    await db.execute("SELECT api.submit_scores('{1,2}', '{10,10}')")
    for check in ("api.verify_leaderboard()", "api.verify_sample(1000)"):
        assert await db.fetch(f"SELECT * FROM {check}") == []
    await db.execute("SELECT api.rebuild_leaderboard()")
    assert await db.fetchval("SELECT api.materialize_ranks('b')") == 0
    assert rows(await db.fetch("SELECT total_score FROM leaderboard WHERE board_id > 1")) == [(10,), (10,)]
