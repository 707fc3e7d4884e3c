import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.sql import fill


async def test_moves_deltas_and_changes_no_rank(db):
    await fill(db, *range(0, 5000, 100))
    assert await db.fetchval("SELECT api.fold_ranks()") == 0
    await db.execute("SELECT api.submit_scores('{1,2,3}', '{777,888,999}')")
    await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") == 3
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    assert await db.fetchval("SELECT count(*) FROM rank_delta") == 0
    await assert_exact(db)


async def test_leaves_the_deltas_of_its_own_transaction(db):
    await fill(db, 1, 2, 3)
    async with db.transaction():
        await db.execute("SELECT api.submit_score(1, 10)")
        assert await db.fetchval("SELECT api.fold_ranks()") == 0
        await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") == 1
    await assert_exact(db)


async def test_the_tree_forgets_empty_nodes(db):
    await fill(db, 10, 100000)
    await db.execute("SELECT api.submit_score(1, 50000)")
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval("SELECT count(*) FROM rank_node WHERE shift = 0") == 2
    await assert_exact(db)


async def test_levels_grow_with_the_totals(db):
    await fill(db, 10, 20)
    assert await db.fetchval("SELECT top_shift FROM rank_state") == 0
    for score, top in ((64, 6), (5000, 12), (300000, 18), (2147483647, 30)):
        await db.execute("SELECT api.submit_score(1, $1)", score)
        await db.execute("SELECT api.fold_ranks()")
        assert await db.fetchval("SELECT top_shift FROM rank_state") == top
        await assert_exact(db)


async def test_forgets_expired_submission_keys_and_no_others(db):
    for key in ("old", "young"):
        await db.execute("SELECT api.submit_score(1, 10, p_submission_key => $1)", key)
    await db.execute("UPDATE submission_keys SET created_at = now() - interval '7 days 1 minute' WHERE key = 'old'")
    await db.execute("UPDATE submission_keys SET created_at = now() - interval '6 days 23 hours' WHERE key = 'young'")
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval("SELECT array_agg(key) FROM submission_keys") == ["young"]
    assert await db.fetchval("SELECT duplicate FROM api.submit_score(1, 10, p_submission_key => 'young')")
    assert not await db.fetchval("SELECT duplicate FROM api.submit_score(1, 10, p_submission_key => 'old')")


async def test_the_horizon_steps_over_rolled_back_deltas(db):
    await fill(db, 1, 2, 3)
    for _ in range(3):
        transaction = db.transaction()
        await transaction.start()
        await db.execute("SELECT api.submit_scores(array_agg(g), array_agg(g)) FROM generate_series(1, 200) AS g")
        await transaction.rollback()
    before = await db.fetchval("SELECT horizon::text::bigint FROM rank_state")
    await db.execute(
        "CREATE PROCEDURE burn() LANGUAGE plpgsql AS 'BEGIN "
        "FOR i IN 1..600 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END'"
    )
    await db.execute("CALL burn()")
    assert await db.fetchval("SELECT api.fold_ranks()") == 0
    assert await db.fetchval("SELECT horizon::text::bigint FROM rank_state") > before + 500
    await assert_exact(db)


async def test_needs_a_fresh_snapshot_a_statement(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation="repeatable_read"):
            await db.execute("SELECT api.fold_ranks()")
    assert caught.value.sqlstate == "LB030"


BACKLOG = "INSERT INTO rank_delta SELECT $1::text::xid8, 1, 10, 10 FROM generate_series(1, $2::int)"


async def test_a_backlog_goes_in_steps(db):
    await fill(db, 10, 20)
    await db.execute("UPDATE rank_state SET horizon = '0'")
    await db.execute(BACKLOG, "10", 150000)
    await db.execute(BACKLOG, "20", 150000)
    assert await db.fetchval("SELECT api.fold_ranks()") == 150000
    await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") == 150000
    assert await db.fetchval("SELECT api.fold_ranks()") == 0
    await assert_exact(db)


async def test_the_deltas_of_one_transaction_go_together(db):
    await fill(db, 10, 20)
    await db.execute("UPDATE rank_state SET horizon = '0'")
    await db.execute(BACKLOG, "10", 250000)
    await db.execute(BACKLOG, "20", 5)
    assert await db.fetchval("SELECT api.fold_ranks()") == 250000
    assert await db.fetchval("SELECT api.fold_ranks()") == 5
    await assert_exact(db)
