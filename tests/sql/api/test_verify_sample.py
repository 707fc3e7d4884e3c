import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill

SAMPLE = "SELECT * FROM api.verify_sample(1000)"


async def test_a_healthy_board_has_no_row(db):
    await fill(db, *range(200), 5, 5, 5)
    await db.execute("SELECT api.create_board('best-solo', 'solo', 'best')")
    await db.execute("SELECT api.submit_scores('{1,2,900}', '{5,6,7}')")  # which no fold has moved yet
    assert await db.fetch(SAMPLE) == []
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetch(SAMPLE) == []


async def test_an_empty_database_has_no_row(db):
    assert await db.fetch(SAMPLE) == []


async def test_names_a_player_whose_total_is_not_the_ledgers(db):
    await fill(db, 10, 20)
    await db.execute("SET leaderboard.counted = 'on'; INSERT INTO game_sessions (user_id, score) VALUES (2, 5)")
    await db.execute("DELETE FROM leaderboard WHERE user_id = 1")
    found = rows(await db.fetch(f"{SAMPLE} ORDER BY subject"))
    assert found == [("overall", "total", "1", 10, None), ("overall", "total", "2", 25, 20)]


async def test_names_a_total_that_the_ledger_does_not_know(db):
    await fill(db, 10, 20)
    await db.execute("SET leaderboard.counted = 'on'; DELETE FROM game_sessions WHERE user_id = 2")
    found = rows(await db.fetch(SAMPLE))
    assert found == [("overall", "total", "2", None, 20)]


async def test_sees_a_wrong_number_above_all_that_it_drew(db):
    await fill(db, 10, 20)
    await db.execute("UPDATE rank_node SET players[31] = 5, players[68] = 5 WHERE shift = 0")
    assert rows(await db.fetch(SAMPLE)) == [("overall", "rank_index", "totals from 21", 0, 5)]


async def test_names_the_range_where_the_index_is_wrong(db):
    await fill(db, 10, 20)
    await db.execute("UPDATE rank_node SET players[11] = 5, players[66] = 5 WHERE shift = 0")
    assert rows(await db.fetch(f"{SAMPLE} ORDER BY subject")) == [
        ("overall", "rank_index", "totals from 10 to 10", 1, 5),
        ("overall", "rank_index", "totals from 10 to 20", 2, 6),
    ]


async def test_sees_a_fault_high_up_in_the_tree(db):
    """Where no player is, so that it cancels out in every narrow range."""
    scores = [player * 100_000 for player in range(60)]
    await fill(db, *scores)
    assert await db.fetch(SAMPLE) == []
    await db.execute(
        "UPDATE rank_node SET players[66] = players[66] + 3, players[10] = players[10] + 3"
        " WHERE shift = (SELECT max(shift) FROM rank_node)"
    )
    assert {row[1] for row in rows(await db.fetch(SAMPLE))} == {"rank_index"}


async def test_the_service_may_call_it(db):
    await fill(db, 10)
    await db.execute("SET ROLE leaderboard_service")
    assert await db.fetch(SAMPLE) == []


@pytest.mark.parametrize("size", ["0", "1001", "NULL"])
async def test_the_sample_has_a_size(db, size):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.verify_sample({size})")
    assert caught.value.sqlstate == "LB001"
