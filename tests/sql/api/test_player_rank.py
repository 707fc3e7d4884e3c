import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.sql import fill


async def test_rank_total_players_and_percentile(db):
    await fill(db, 10, 30, 20, 30)
    assert tuple(await db.fetchrow("SELECT * FROM api.player_rank(2)")) == (2, "u2", 30, 1, 4, 100.0, None, None, None)
    assert tuple(await db.fetchrow("SELECT * FROM api.player_rank(3)")) == (3, "u3", 20, 3, 4, 50.0, None, None, None)
    assert tuple(await db.fetchrow("SELECT * FROM api.player_rank(1)")) == (1, "u1", 10, 4, 4, 25.0, None, None, None)


async def test_sees_the_callers_own_uncommitted_submit(db):
    await fill(db, 10, 30, 20)
    async with db.transaction():
        await db.execute("SELECT api.submit_score(1, 15)")
        assert await db.fetchval("SELECT rank FROM api.player_rank(1)") == 2


@pytest.mark.parametrize("exponent", range(0, 54, 3))
async def test_totals_of_every_size_and_sign(db, exponent):
    """Every level of the tree, its edges, and both top nodes."""
    edge = 2**exponent
    await db.execute("SELECT api.create_board('wide', NULL, 'best', -9007199254740991, 9007199254740991)")
    largest = 2**53 - 1
    scores = {s for e in (edge, -edge) for s in (e - 1, e, e + 1) if abs(s) <= largest} | {
        0,
        63,
        64,
        -63,
        -64,
        -65,
    }
    for half in (sorted(scores)[::2], sorted(scores)[1::2]):
        await db.fetch(
            "SELECT * FROM api.submit_scores($1, $2, p_board => 'wide')",
            [abs(s) % 1000000 + (1 if s >= 0 else 2000000) for s in half],
            half,
        )
        await assert_exact(db, "wide")
        await db.execute("SELECT api.fold_ranks()")
        await assert_exact(db, "wide")


async def test_reads_the_rank_index_and_not_the_players(db):
    """A look-up stays a look-up: at 20,000 players no plan of it scans a table that grows with them."""
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 20000) AS g")
    await db.execute("INSERT INTO leaderboard (user_id, total_score) SELECT id, id * 37 FROM users")
    await db.execute("ANALYZE")
    counters = """
        SELECT relname, seq_tup_read, coalesce(idx_tup_fetch, 0)
        FROM pg_stat_xact_user_tables WHERE schemaname = 'public'
    """
    async with db.transaction():
        await db.fetch("SELECT * FROM api.player_rank(1)")  # planning looks at the ends of indexes
        before = {name: (scanned, fetched) for name, scanned, fetched in await db.fetch(counters)}
        await db.fetch("SELECT * FROM api.player_rank(10000)")
        after = {name: (scanned, fetched) for name, scanned, fetched in await db.fetch(counters)}
    counts = {name: (after[name][0] - before[name][0], after[name][1] - before[name][1]) for name in after}
    assert counts["leaderboard"] == (0, 1)
    assert counts["users"] == (0, 1)
    assert counts["rank_node"][0] == 0
    assert counts["rank_node"][1] <= 4
    assert counts["rank_delta"][0] == 0


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("99", "LB011"),
        ("0", "LB011"),
        ("99999999999", "LB011"),
        ("NULL", "LB011"),
        ("1, 'nowhere'", "LB010"),
        ("1, NULL", "LB010"),
    ],
)
async def test_errors(db, arguments, sqlstate):
    await db.execute("INSERT INTO users (id, username) VALUES (99, 'registered, never played')")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.player_rank({arguments})")
    assert caught.value.sqlstate == sqlstate
