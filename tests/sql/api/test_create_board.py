import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows

TOTALS = """
    SELECT user_id, total_score, rank
    FROM leaderboard AS l JOIN boards AS b ON b.id = l.board_id
    WHERE b.name = $1 ORDER BY 1
"""


@pytest.fixture
async def ledger(db):
    await db.execute("""
        INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 3) AS g;
        INSERT INTO game_sessions (user_id, score, game_mode, "timestamp") VALUES
            (1, 10, 'solo', '2026-01-01'), (1, 30, 'team', '2026-01-03'), (1, 20, 'team', '2026-01-02'),
            (2, 40, 'solo', '2026-01-01'), (2, 5, 'solo', '2026-01-01'), (3, 99, 'team', '2026-01-01');
        SELECT api.rebuild_leaderboard();
    """)


@pytest.mark.parametrize(
    ("arguments", "totals"),
    [
        ("NULL, 'sum'", [(1, 60, 2), (2, 45, 3), (3, 99, 1)]),
        ("'team', 'sum'", [(1, 50, 2), (3, 99, 1)]),
        ("NULL, 'best'", [(1, 30, 3), (2, 40, 2), (3, 99, 1)]),
        ("'team', 'best', 0, 50", [(1, 30, 1)]),
        ("NULL, 'last'", [(1, 30, 2), (2, 5, 3), (3, 99, 1)]),
        ("'solo', 'last'", [(1, 10, 1), (2, 5, 2)]),
        ("'nobody plays this'", []),
    ],
)
async def test_is_filled_from_the_ledger(db, ledger, arguments, totals):
    await db.execute(f"SELECT api.create_board('new', {arguments})")
    assert rows(await db.fetch(TOTALS, "new")) == totals
    await assert_exact(db, "new")
    await db.execute("SELECT api.submit_scores('{1,2,3,4}', '{7,8,9,10}', '{solo,team,solo,team}')")
    await assert_exact(db, "new")
    await assert_exact(db)


async def test_a_name_is_given_once(db):
    await db.execute("SELECT api.create_board('a')")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("SELECT api.create_board('a', 'team')")
    assert caught.value.sqlstate == "LB012"


@pytest.mark.parametrize(
    "arguments",
    [
        "NULL",
        "''",
        "'a b'",
        "'-a'",
        "'a/b'",
        "repeat('a', 51)",
        "'a', ''",
        "'a', repeat('m', 51)",
        "'a', NULL, 'median'",
        "'a', NULL, NULL",
        "'a', NULL, 'sum', 5, 4",
        "'a', NULL, 'sum', NULL",
        "'a', NULL, 'sum', 0, 9007199254740992",
    ],
)
async def test_bad_arguments(db, arguments):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(f"SELECT api.create_board({arguments})")
    assert caught.value.sqlstate == "LB001"
    assert await db.fetchval("SELECT count(*) FROM boards") == 1


async def test_a_large_ledger_fills_the_index_at_once(db):
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 11000) AS g")
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT id, id % 5000 FROM users")
    await db.execute("SELECT api.create_board('new')")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    assert await db.fetch("SELECT * FROM api.verify_leaderboard('new')") == []


async def test_a_board_that_is_deleted_takes_its_players_along(db, ledger):
    await db.execute("SELECT api.create_board('new')")
    await db.execute("SELECT api.submit_score(1, 5)")
    await db.execute("DELETE FROM boards WHERE name = 'new'")
    assert await db.fetchval("SELECT count(*) FROM leaderboard WHERE board_id <> 1") == 0
    assert await db.fetchval("SELECT count(*) FROM rank_state") == 1
    assert await db.fetchval("SELECT count(*) FROM rank_node WHERE board_id <> 1") == 0
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_overall_cannot_be_deleted(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("DELETE FROM boards")
    assert caught.value.sqlstate == "LB001"


async def test_a_board_made_by_plain_sql_can_be_rebuilt(db, ledger):
    await db.execute("INSERT INTO boards (name, game_mode) VALUES ('plain', 'solo')")
    await db.execute("SELECT api.rebuild_leaderboard('plain')")
    assert rows(await db.fetch(TOTALS, "plain")) == [(1, 10, 2), (2, 45, 1)]
    await assert_exact(db, "plain")
