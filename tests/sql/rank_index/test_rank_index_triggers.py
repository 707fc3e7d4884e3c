"""Whatever writes leaderboard keeps the rank index exact."""

import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.sql import fill


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE leaderboard SET total_score = 35 WHERE user_id = 1",
        "UPDATE leaderboard SET total_score = total_score + 1000",
        "UPDATE leaderboard SET total_score = -total_score",
        "UPDATE leaderboard SET user_id = 9 WHERE user_id = 1",
        "UPDATE leaderboard SET user_id = 9, total_score = 77 WHERE user_id = 1",
        "UPDATE leaderboard SET board_id = 2 WHERE user_id <= 2",
        "UPDATE leaderboard SET rank = 5",
        "DELETE FROM leaderboard WHERE user_id IN (2, 3)",
        "DELETE FROM users WHERE id IN (1, 4)",
        "TRUNCATE leaderboard",
        "TRUNCATE users CASCADE",
        "INSERT INTO leaderboard (user_id, total_score) VALUES (9, 20)",
        "INSERT INTO leaderboard (user_id, total_score) VALUES (1, 5) ON CONFLICT (user_id, board_id) "
        "DO UPDATE SET total_score = 6",
        "INSERT INTO leaderboard (user_id, total_score) VALUES (1, 5) ON CONFLICT DO NOTHING",
        "WITH gone AS (DELETE FROM leaderboard WHERE user_id = 1 RETURNING *) SELECT * FROM gone",
    ],
)
@pytest.mark.parametrize("folded", [False, True])
async def test_plain_statements(db, change, folded):
    await fill(db, 10, 20, 20, 40)
    await db.execute(
        "INSERT INTO users (id, username) VALUES (9, 'nine');"
        "INSERT INTO boards (name, game_mode) VALUES ('second', 'nobody plays this')"
    )
    if folded:
        await db.execute("SELECT api.fold_ranks()")
    await db.execute(change)
    await assert_exact(db, ledger=False)
    await assert_exact(db, "second", ledger=False)
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db, ledger=False)
    await assert_exact(db, "second", ledger=False)


async def test_copy(db):
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 50) AS g")
    await db.copy_records_to_table(
        "leaderboard", records=[(1, i, i % 7) for i in range(1, 51)], columns=["board_id", "user_id", "total_score"]
    )
    await assert_exact(db, ledger=False)


async def test_a_merge(db):
    await fill(db, 10, 20, 30)
    await db.execute("INSERT INTO users (id, username) VALUES (9, 'nine')")
    await db.execute("""
        MERGE INTO leaderboard AS l
        USING (VALUES (1, 99), (2, NULL), (9, 5)) AS n(user_id, total) ON l.user_id = n.user_id
        WHEN MATCHED AND n.total IS NULL THEN DELETE
        WHEN MATCHED THEN UPDATE SET total_score = n.total
        WHEN NOT MATCHED THEN INSERT (user_id, total_score) VALUES (n.user_id, n.total)
    """)
    await assert_exact(db, ledger=False)


async def test_a_statement_that_fails_leaves_no_delta(db):
    await fill(db, 10, 20)
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute("UPDATE leaderboard SET total_score = CASE user_id WHEN 1 THEN 5 ELSE 9007199254740992 END")
    await assert_exact(db)


async def test_a_subtransaction_that_rolls_back_leaves_no_delta(db):
    await fill(db, 10, 20)
    async with db.transaction():
        await db.execute("SELECT api.submit_score(1, 5)")
        savepoint = db.transaction()
        await savepoint.start()
        await db.execute("SELECT api.submit_score(2, 500)")
        await savepoint.rollback()
        await db.execute("SELECT api.submit_score(1, 1)")
        await assert_exact(db)
    await assert_exact(db)
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE leaderboard SET total_score = total_score * 3 + 1",
        "UPDATE leaderboard SET total_score = -total_score",
        "UPDATE leaderboard SET board_id = 2",
        "UPDATE leaderboard SET rank = 1",
        "DELETE FROM leaderboard WHERE user_id > 500",
        "TRUNCATE leaderboard",
        "SELECT api.materialize_ranks()",
    ],
)
async def test_a_bulk_statement_goes_into_the_tree_at_once(db, change):
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 12000) AS g")
    await db.execute("INSERT INTO boards (name, game_mode) VALUES ('second', 'nobody plays this')")
    await db.execute("INSERT INTO leaderboard (user_id, total_score) SELECT id, id % 3000 FROM users")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    assert await db.fetch("SELECT * FROM api.verify_leaderboard() WHERE check_name <> 'total'") == []
    await db.execute("UPDATE leaderboard SET total_score = 7 WHERE user_id = 1")
    await db.execute(change)
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") <= 1
    assert await db.fetch("SELECT * FROM api.verify_leaderboard() WHERE check_name <> 'total'") == []


async def test_a_bulk_statement_needs_a_fresh_snapshot_a_statement(db):
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 10001) AS g")
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation="repeatable_read"):
            await db.execute("INSERT INTO leaderboard (user_id, total_score) SELECT id, 1 FROM users")
    assert caught.value.sqlstate == "LB030"


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO leaderboard (board_id, user_id, total_score) VALUES (5, 1, 10)",
        "INSERT INTO leaderboard (board_id, user_id, total_score) SELECT 5, id, 1 FROM users",
        "UPDATE leaderboard SET board_id = 5",
    ],
)
async def test_a_board_that_does_not_exist(db, change):
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 10001) AS g")
    await db.execute("INSERT INTO leaderboard (user_id, total_score) VALUES (7, 7)")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(change)
    assert caught.value.sqlstate == "LB010"
    await assert_exact(db, ledger=False)


async def test_the_documented_bulk_load_leaves_exact_ranks(db):
    await db.execute("INSERT INTO users (username) SELECT 'user_' || generate_series(1, 300)")
    await db.execute("""
        INSERT INTO game_sessions (user_id, score, game_mode, timestamp)
        SELECT floor(random() * 300 + 1)::int, floor(random() * 100 + 1)::int,
               CASE WHEN random() > 0.5 THEN 'solo' ELSE 'team' END,
               NOW() - INTERVAL '1 day' * floor(random() * 365)
        FROM generate_series(1, 1500)
    """)
    await db.execute("""
        INSERT INTO leaderboard (user_id, total_score, rank)
        SELECT user_id, SUM(score), RANK() OVER (ORDER BY SUM(score) DESC) FROM game_sessions GROUP BY user_id
    """)
    await assert_exact(db)
    assert (
        await db.fetchval(
            "SELECT count(*) FROM leaderboard AS l "
            "JOIN api.player_ranks(ARRAY(SELECT id::bigint FROM users)) "
            "AS r USING (user_id) WHERE l.rank <> r.rank"
        )
        == 0
    )
