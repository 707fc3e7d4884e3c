"""What a call costs, and what it answers, does not depend on boards that it does not concern."""

import random

import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill, submit

BOARDS = 1000
#: Of other modes, or any mode and other bounds: none of them counts what these tests submit.
OTHERS = """
    INSERT INTO boards (name, game_mode, aggregate, min_score, max_score, max_submissions_per_minute)
    SELECT 'board-' || g, CASE WHEN g % 2 = 0 THEN 'level-' || g END, (ARRAY['sum', 'best', 'last'])[1 + g % 3],
           1000000, 2000000, CASE WHEN g % 5 = 0 THEN 3 END
    FROM generate_series(2, $1::integer) AS g"""
ROWS_READ = """
    SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(c.oid)), 0)::bigint FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')"""
#: Rows and index entries that a call may read.
CALLS = {
    "SELECT * FROM api.submit_scores('{1}', '{5}')": 100,
    "SELECT * FROM api.submit_scores('{1,2,3,9}', '{5,6,7,8}', '{solo,solo,team,solo}', NULL, '{a,b,c,d}')": 300,
    "SELECT * FROM api.submit_score(2, 5, p_with_rank => true)": 150,
    "INSERT INTO leaderboard (user_id, total_score) VALUES (10, 5)": 50,
    "UPDATE leaderboard SET total_score = total_score + 1 WHERE user_id = 1": 50,
    "SELECT * FROM api.player_rank(1)": 50,
    "SELECT * FROM api.top_players()": 60,
    "SELECT api.fill_boards()": 10,
}


@pytest.fixture
async def many(db):
    await fill(db, *range(100, 1000, 100))
    await db.execute("INSERT INTO users (id, username) VALUES (10, 'ten')")
    await db.execute(OTHERS, BOARDS)
    await db.execute("SELECT api.fold_ranks()")
    await db.execute("VACUUM ANALYZE")


async def read(db, call):
    """How many rows and index entries the call reads. It is rolled back."""
    transaction = db.transaction()
    await transaction.start()
    before = await db.fetchval(ROWS_READ)
    await db.execute(call)
    found = await db.fetchval(ROWS_READ) - before
    await transaction.rollback()
    return found


@pytest.mark.parametrize("call", CALLS)
async def test_a_call_reads_no_boards_that_it_does_not_concern(db, many, call):
    assert await read(db, call) <= CALLS[call]


async def test_a_fold_and_the_status_look_at_each_board_once_at_most(db, many):
    """One pass over rank_state; status also has the names of the boards."""
    await db.execute("SELECT api.submit_scores('{1,2,3}', '{5,6,7}')")
    assert await read(db, "SELECT api.fold_ranks()") <= BOARDS + 300
    assert await read(db, "SELECT api.fold_ranks()") <= BOARDS + 300
    assert await read(db, "SELECT * FROM api.rank_index_status()") <= 3 * BOARDS + 300


@pytest.mark.parametrize("rows_of_deltas", ["few", "many"])
async def test_the_rankings_with_pending_deltas_are_found(db, rows_of_deltas):
    await db.execute(OTHERS, 50)
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 20) AS g")
    if rows_of_deltas == "many":  # so many that the table is not walked from ranking to ranking
        await db.execute("INSERT INTO rank_delta SELECT pg_current_xact_id(), 7, 5, 5 FROM generate_series(1, 12000)")
        assert await db.fetchval("SELECT api.fold_ranks()") == 12000
        assert await db.fetchval("SELECT pg_relation_size('rank_delta')") > 524288
    for board_id in (2, 9, 50, 1):
        await db.execute(
            "INSERT INTO leaderboard (board_id, user_id, total_score) VALUES ($1, $1 % 20 + 1, 5)", board_id
        )
    found = {row[0] for row in await db.fetch("SELECT * FROM rank_index.dirty_boards()")}
    assert found == {2, 9, 50, 1}
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 4
    assert await db.fetchval("SELECT api.fold_ranks()") == 4
    assert await db.fetch("SELECT * FROM rank_index.dirty_boards()") == []
    assert await db.fetch("SELECT * FROM api.verify_leaderboard() WHERE check_name <> 'total'") == []


async def test_a_transaction_in_flight_is_folded_once_it_has_ended(db, connect):
    await fill(db, 10, 20)
    await db.execute("SELECT api.fold_ranks()")
    other = await connect()
    async with other.transaction():
        await other.execute("SELECT api.submit_score(1, 5)")
        await db.execute("SELECT api.submit_score(2, 5)")
        assert await db.fetchval("SELECT api.fold_ranks()") == 1
    assert await db.fetch("SELECT * FROM rank_index.dirty_boards()") != []
    assert await db.fetchval("SELECT api.fold_ranks()") == 1
    await assert_exact(db)


@pytest.mark.parametrize("seed", range(3))
async def test_ranks_on_many_boards_are_those_of_the_ledger(db, seed):
    """Boards of random rules, made before, between and after submissions, some deleted or changed."""
    randomly = random.Random(seed)
    modes = ["solo", "team", "duel"]
    names = []
    for step in range(30):
        for _ in range(randomly.randint(0, 3)):
            names.append(f"b{len(names)}-{step}")
            low = randomly.choice([-50, 0, 0, 20])
            await db.execute(
                "SELECT api.create_board($1, $2, $3, $4, $5)",
                names[-1],
                randomly.choice([None, None, *modes]),
                randomly.choice(["sum", "best", "last"]),
                low,
                low + randomly.choice([10, 60, 2147483647]),
            )
        if names and randomly.random() < 0.2:
            await db.execute("DELETE FROM boards WHERE name = $1", names.pop(randomly.randrange(len(names))))
        if names and randomly.random() < 0.2:
            await db.execute("SELECT api.set_score_rules($1, p_max_score => 70)", randomly.choice(names))
        items = [
            (randomly.randint(1, 12), randomly.randint(0, 100), randomly.choice(modes))
            for _ in range(randomly.choice([1, 1, 5, 20]))
        ]
        await submit(db, *items)
        if randomly.random() < 0.3:
            await db.execute("SELECT api.fold_ranks()")
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    for name in ["overall", *names]:
        await assert_exact(db, name)


# --- rankings that are no boards: seasons to come ----------------------------------------------------------

SEASON = """
    INSERT INTO rankings (board_id, number, starts_at, ends_at)
    VALUES (1, 2, '2020-01-01', '2020-02-01') RETURNING id"""


async def test_a_change_of_boards_leaves_other_rankings_alone(db):
    await fill(db, 10, 20, 30)
    season = await db.fetchval(SEASON)
    await db.execute("INSERT INTO rank_state (board_id) VALUES ($1)", season)
    await db.execute("INSERT INTO leaderboard (board_id, user_id, total_score) SELECT $1, id, 7 FROM users", season)
    await db.execute("SELECT api.fold_ranks()")
    for change in (
        "SELECT api.create_board('new')",
        "DELETE FROM boards WHERE name = 'new'",
        "UPDATE boards SET name = 'total' WHERE id = 1",
    ):
        await db.execute(change)
        assert await db.fetchval("SELECT count(*) FROM leaderboard WHERE board_id = $1", season) == 3
        assert await db.fetchval("SELECT players FROM rank_state WHERE board_id = $1", season) == 3
        assert await db.fetchval("SELECT count(*) FROM rank_node WHERE board_id = $1", season) == 1


async def test_a_deleted_board_takes_its_rankings_along(db):
    board = await db.fetchval("SELECT api.create_board('b')")
    season = await db.fetchval(SEASON.replace("(1, 2,", f"({board}, 2,"))
    await db.execute("INSERT INTO rank_state (board_id) VALUES ($1)", season)
    await fill(db, 10, 20)
    await db.execute(
        "INSERT INTO leaderboard (board_id, user_id, total_score) SELECT $1, id, 7 FROM users ON CONFLICT DO NOTHING",
        season,
    )
    await db.execute("DELETE FROM boards WHERE name = 'b'")
    for table in ("leaderboard", "rank_state", "rank_node", "rank_delta"):
        assert await db.fetchval(f"SELECT count(*) FROM {table} WHERE board_id <> 1") == 0
    assert rows(await db.fetch("SELECT id, board_id FROM rankings")) == [(1, 1)]
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_board_cannot_take_the_id_of_a_ranking(db):
    season = await db.fetchval(SEASON)
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("INSERT INTO boards (id, name) VALUES ($1, 'b')", season)
    assert caught.value.sqlstate == "LB001"
    await db.execute("INSERT INTO boards (name) VALUES ('b')")


@pytest.mark.parametrize("players", [5, 10_500])
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM leaderboard WHERE board_id = 77",
        "UPDATE leaderboard SET total_score = total_score + 1 WHERE board_id = 77",
        "UPDATE leaderboard SET board_id = 1 WHERE board_id = 77",
        "DELETE FROM users",
        "UPDATE leaderboard SET total_score = total_score + 1",
    ],
)
async def test_rows_of_an_unknown_ranking_change_no_tree(db, players, change):
    await db.execute(
        "INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, $1::integer) AS g", players + 3
    )
    await db.execute("INSERT INTO leaderboard (user_id, total_score) SELECT id, 9 FROM users WHERE id <= 3")
    await db.execute("SET session_replication_role = replica")
    await db.execute(
        "INSERT INTO leaderboard (board_id, user_id, total_score) SELECT 77, id, 5 FROM users WHERE id > 3"
    )
    await db.execute("RESET session_replication_role")
    await db.execute(change)
    assert await db.fetchval("SELECT count(*) FROM rank_delta WHERE board_id = 77") == 0
    assert await db.fetchval("SELECT count(*) FROM rank_node WHERE board_id = 77") == 0
    await assert_exact_or_large(db, players)
    assert await db.fetchval("SELECT api.fold_ranks()") >= 0
    await assert_exact_or_large(db, players)


async def assert_exact_or_large(db, players):
    if players < 1000:
        await assert_exact(db, ledger=False)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard('overall') WHERE check_name <> 'total'") == []
