import pytest

from tests.support.sql import fill


async def test_pending_counts_what_no_fold_moved(db):
    await fill(db, 1, 2, 3)
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    await db.execute("SELECT api.submit_scores('{1,2}', '{5,6}')")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 2


async def test_the_age_of_the_horizon_grows_behind_a_long_transaction(db, connect):
    assert await db.fetchval("SELECT horizon_age FROM api.rank_index_status()") == 0
    other = await connect()
    async with other.transaction():
        await other.execute("SELECT pg_current_xact_id()")
        for score in range(5):
            await db.execute("SELECT api.submit_score(1, $1)", score)
        assert await db.fetchval("SELECT horizon_age FROM api.rank_index_status()") == 6


@pytest.mark.parametrize(
    "change",
    [
        "SELECT api.submit_score(1, 5)",
        "SELECT api.submit_score(1, 5); SELECT api.fold_ranks()",
        "UPDATE leaderboard SET total_score = 5 WHERE user_id = 1",
        "DELETE FROM users WHERE id = 1",
        "TRUNCATE leaderboard",
        "UPDATE users SET username = 'renamed' WHERE id = 1",
        "UPDATE users SET username = 'renamed' WHERE id = 1; SELECT api.fold_ranks()",
        "UPDATE boards SET name = 'renamed' WHERE id = 1",
        "UPDATE leaderboard SET total_score = total_score + 1",
        "UPDATE boards SET unit = 'ms'",
        "UPDATE boards SET decimals = 2",
        "SELECT api.create_board('x', p_manual_seasons => true); SELECT api.delete_board('x', 'x');"
        " SELECT api.create_board('x', p_period => 'daily')",
        "SELECT api.create_board('x')",
        "UPDATE leaderboard SET total_score = 19999 - total_score",
        "UPDATE leaderboard SET total_score = 9 WHERE user_id = 1; SELECT api.fold_ranks(); "
        "SELECT api.rebuild_leaderboard()",
    ],
)
async def test_the_marker_differs_after_a_change_and_only_then(db, change):
    await fill(db, *range(20000))
    await db.execute("SELECT api.fold_ranks()")
    marker = "SELECT change_marker FROM api.rank_index_status()"
    before = await db.fetchval(marker)
    assert await db.fetchval(marker) == before
    await db.execute(change)
    assert await db.fetchval(marker) != before
