import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill


async def test_brings_totals_back_to_the_ledger(db):
    await fill(db, 10, 20, 30)
    await db.execute("""
        UPDATE leaderboard SET total_score = 999 WHERE user_id = 1;
        DELETE FROM leaderboard WHERE user_id = 2;
        INSERT INTO users (id, username) VALUES (9, 'ghost');
        INSERT INTO leaderboard (user_id, total_score) VALUES (9, 5);
    """)
    assert len(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == 3
    assert rows(await db.fetch("SELECT * FROM api.rebuild_leaderboard()")) == [("overall", 3, 3)]
    assert rows(await db.fetch("SELECT user_id, total_score, rank FROM leaderboard ORDER BY 1")) == [
        (1, 10, 3),
        (2, 20, 2),
        (3, 30, 1),
    ]
    await assert_exact(db)
    assert rows(await db.fetch("SELECT * FROM api.rebuild_leaderboard()")) == [("overall", 3, 0)]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM rank_node",
        "DELETE FROM rank_delta",
        "UPDATE rank_node SET players[1] = players[1] + 3",
        "UPDATE rank_node SET players[70] = 3 WHERE shift = 0",
        "UPDATE rank_state SET players = 0",
        "UPDATE rank_state SET top_shift = 0",
        "INSERT INTO rank_delta VALUES (pg_current_xact_id(), 1, NULL, 77)",
    ],
)
async def test_repairs_a_damaged_index(db, damage):
    await fill(db, *(i * 1000 for i in range(50)))
    await db.execute("SELECT api.submit_score(1, 5)")
    await db.execute(damage)
    found = rows(await db.fetch("SELECT check_name FROM api.verify_leaderboard()"))
    assert set(found) == {("rank_index",)}
    await db.execute("SELECT api.rebuild_leaderboard()")
    await assert_exact(db)


async def test_rebuilds_the_named_board_or_all(db):
    await fill(db, 10, 20)
    await db.execute("SELECT api.create_board('second')")
    await db.execute("UPDATE leaderboard SET total_score = 1")
    assert rows(await db.fetch("SELECT * FROM api.rebuild_leaderboard('second')")) == [("second", 2, 2)]
    assert rows(await db.fetch("SELECT * FROM api.rebuild_leaderboard()")) == [
        ("overall", 2, 2),
        ("second", 2, 0),
    ]
    await assert_exact(db)
    await assert_exact(db, "second")


async def test_leaves_no_deltas_of_its_own(db):
    await fill(db, *range(1, 100))
    await db.execute("SELECT api.fold_ranks()")
    await db.execute("UPDATE leaderboard SET total_score = total_score + 5")
    await db.execute("SELECT api.rebuild_leaderboard()")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    await assert_exact(db)


async def test_unknown_board(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("SELECT api.rebuild_leaderboard('nowhere')")
    assert caught.value.sqlstate == "LB010"


@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
async def test_needs_a_fresh_snapshot_a_statement(db, isolation):
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation=isolation):
            await db.execute("SELECT api.rebuild_leaderboard()")
    assert caught.value.sqlstate == "LB030"
