"""Archives of closed seasons: every read of them equals plain SQL over the totals that were archived."""

import asyncio
import random

import asyncpg
import pytest

from service.database import migrate
from tests.support.oracle import rows
from tests.support.seasons import ARCHIVES, CLOSED_SEASON, TRUTH, add_board, close, season
from tests.support.waiting import until

#: Around the sizes of the blocks.
SIZES = [0, 1, 2, 215, 216, 217, 239, 240, 241, 432, 433, 1100]
PAGE = "SELECT place, rank, user_id, total_score FROM archive.page($1, $2, $3)"


def shared(count, spread):
    """Totals of players whose ids have gaps. A small spread makes long ties."""
    return [(7 + 3 * i, i * 7919 % spread - spread // 3, None) for i in range(count)]


def earliest(count, spread):
    """The same, with the sessions that made them in another order than the ids."""
    return [(user_id, total, user_id * 104729 % 1000003) for user_id, total, _ in shared(count, spread)]


async def archived(db, board_id, number, totals):
    """A closed season with these totals, and its places according to leaderboard."""
    ranking_id = await season(db, board_id, number, totals)
    truth = [dict(row) for row in await db.fetch(TRUTH, ranking_id)]
    await close(db, ranking_id)
    return ranking_id, truth


async def assert_archived(db, ranking_id, truth):
    """Every read of the archive, for each of its players and totals, and those between them."""
    places = [(row["place"], row["rank"], row["user_id"], row["total_score"]) for row in truth]
    assert rows(await db.fetch(PAGE, ranking_id, 1, len(truth) + 1)) == places
    user_ids = [row["user_id"] for row in truth if row["user_id"]]
    asked = sorted({asked for user_id in user_ids for asked in (user_id - 1, user_id, user_id + 1)} | {0, 2**31 - 1})
    found = await db.fetch(
        "SELECT user_id, total_score, rank FROM archive.entries($1, $2) ORDER BY user_id", ranking_id, asked
    )
    assert rows(found) == sorted((row["user_id"], row["total_score"], row["rank"]) for row in truth if row["user_id"])
    found = await db.fetch(
        "SELECT i, p.place FROM unnest($2::int[]) AS i CROSS JOIN LATERAL archive.place_of($1, i) AS p ORDER BY 2",
        ranking_id,
        asked,
    )
    assert rows(found) == [(row["user_id"], row["place"]) for row in truth if row["user_id"]]
    totals = [row["total_score"] for row in truth]
    edges = sorted({edge for total in totals for edge in (total - 1, total)} | {-(2**62), 2**62})
    found = await db.fetch(
        "SELECT e, c.* FROM unnest($2::bigint[]) AS e CROSS JOIN LATERAL archive.count_above($1, e) AS c ORDER BY 1",
        ranking_id,
        edges,
    )
    assert rows(found) == [(edge, sum(total > edge for total in totals), len(truth)) for edge in edges]
    assert rows(await db.fetch("SELECT * FROM archive.total_range($1)", ranking_id)) == [
        (min(totals, default=None), max(totals, default=None))
    ]


@pytest.mark.parametrize("spread", [1, 5, 10**6])
async def test_an_archive_is_what_leaderboard_was(db, spread):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    made = [await archived(db, board_id, number, shared(count, spread)) for number, count in enumerate(SIZES, 1)]
    for count, (ranking_id, truth) in zip(SIZES, made, strict=True):
        assert len(truth) == count
        assert await db.fetchval("SELECT players FROM rankings WHERE id = $1", ranking_id) == count
        await assert_archived(db, ranking_id, truth)


async def test_ties_keep_the_order_of_who_got_there_first(db):
    board_id = await add_board(db, "seasons", manual_seasons="true", ties="earliest")
    for number, count in enumerate([1, 217, 1100], 1):
        ranking_id, truth = await archived(db, board_id, number, earliest(count, 5))
        assert count == 1 or [row["user_id"] for row in truth if row["rank"] == 1] != sorted(
            row["user_id"] for row in truth if row["rank"] == 1
        )
        await assert_archived(db, ranking_id, truth)


async def test_totals_of_every_size(db):
    board_id = await add_board(db, "seasons", manual_seasons="true", lowest_wins="true")
    randomly = random.Random(5)
    totals = [1 - 2**53, 2**53 - 1, -1, 0, 1, *(randomly.randint(-(2**50), 2**50) for _ in range(500))]
    await assert_archived(db, *await archived(db, board_id, 1, [(i, total, None) for i, total in enumerate(totals, 1)]))


async def test_pages_begin_and_end_anywhere(db):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    randomly = random.Random(7)
    for number, count in enumerate([0, 1, 216, 500], 1):
        ranking_id, truth = await archived(db, board_id, number, shared(count, 40))
        places = [(row["place"], row["rank"], row["user_id"], row["total_score"]) for row in truth]
        for _ in range(50):
            first, limit = randomly.randint(1, count + 300), randomly.choice([0, 1, 2, 10, 217, 600])
            assert rows(await db.fetch(PAGE, ranking_id, first, limit)) == places[first - 1 : first - 1 + limit]


async def next_place(db, ranking_id, total, tie, user_id):
    return await db.fetchval("SELECT archive.place_after($1, $2, $3, $4)", ranking_id, total, tie, user_id)


@pytest.mark.parametrize("spread", [1, 4, 10**6])
async def test_a_cursor_leads_to_the_place_after_it(db, spread):
    """Also that of a player who is not there, or had another total."""
    board_id = await add_board(db, "seasons", manual_seasons="true")
    for number, count in enumerate([0, 1, 217, 700], 1):
        ranking_id, truth = await archived(db, board_id, number, shared(count, spread))
        order = [(-row["total_score"], row["user_id"]) for row in truth]
        randomly = random.Random(count)
        cursors = [(-total, user_id) for total, user_id in randomly.sample(order, min(count, 60))]
        cursors += [
            (total + randomly.choice([-1, 0, 0, 1]), max(0, user_id + randomly.choice([-500, -1, 1, 500])))
            for total, user_id in cursors
        ]
        for total, user_id in [*cursors, (2**60, 1), (-(2**60), 1)]:
            expected = 1 + sum(place <= (-total, user_id) for place in order)
            assert await next_place(db, ranking_id, total, None, user_id) == expected, (total, user_id)


async def test_a_cursor_with_a_tie_misses_no_player(db):
    board_id = await add_board(db, "seasons", manual_seasons="true", ties="earliest")
    ranking_id, truth = await archived(db, board_id, 1, earliest(500, 3))
    for row in truth:
        cursor = (row["total_score"], row["tie"], row["user_id"])
        assert await next_place(db, ranking_id, *cursor) == row["place"] + 1
    # The player is not there, or had another total: the tie begins again.
    for total, user_id in [(1, 8), (1, truth[0]["user_id"] if truth[0]["total_score"] != 1 else truth[-1]["user_id"])]:
        first = min(row["place"] for row in truth if row["total_score"] == total)
        assert await next_place(db, ranking_id, total, 12345, user_id) == first


async def test_a_histogram_counts_every_player(db):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    ranking_id, truth = await archived(db, board_id, 1, shared(1000, 777))
    totals = [row["total_score"] for row in truth]
    for first, width, buckets in [(min(totals), 100, 8), (-300, 1, 50), (0, 10**6, 1), (-(10**9), 10**8, 20)]:
        found = await db.fetch("SELECT * FROM archive.histogram($1, $2, $3, $4)", ranking_id, first, width, buckets)
        assert rows(found) == [
            (start, start + width - 1, sum(start <= total < start + width for total in totals))
            for start in range(first, first + width * buckets, width)
        ]


# --- writing ---------------------------------------------------------------------------------------------------


async def test_a_season_that_was_never_filled_is_archived_from_the_ledger(db):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    ranking_id = await season(db, board_id, 1)
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 600) AS g")
    await db.execute(
        "INSERT INTO game_sessions (user_id, score, timestamp)"
        " SELECT 1 + g * 31 % 400, g % 50, '2020-01-01 12:00 UTC' FROM generate_series(1, 2000) AS g"
    )
    await db.execute("DELETE FROM leaderboard WHERE board_id = $1", ranking_id)
    await db.execute("UPDATE rankings SET filled_to = 0, closing_xid = '0' WHERE id = $1", ranking_id)
    await close(db, ranking_id)
    truth = await db.fetch(
        "SELECT row_number() OVER (ORDER BY sum(g.score) DESC, g.user_id) AS place,"
        " rank() OVER (ORDER BY sum(g.score) DESC) AS rank, g.user_id, sum(g.score)::bigint AS total_score"
        " FROM game_sessions AS g GROUP BY g.user_id ORDER BY 1"
    )
    assert len(truth) == 400
    await assert_archived(db, ranking_id, truth)


async def test_an_archive_is_written_once_and_in_a_transaction_that_sees_what_it_locks(db):
    ranking_id = await season(db, await add_board(db, "seasons", manual_seasons="true"), 1, shared(10, 5))
    async with db.transaction(isolation="repeatable_read"):
        with pytest.raises(asyncpg.PostgresError, match="READ COMMITTED") as raised:
            async with db.transaction():
                await db.execute("SELECT archive.write($1)", ranking_id)
    assert raised.value.sqlstate == "LB030"
    assert await db.fetchval("SELECT archive.write($1)", ranking_id) == 10
    with pytest.raises(asyncpg.UniqueViolationError):
        await db.execute("SELECT archive.write($1)", ranking_id)


async def test_a_dropped_archive_leaves_the_others_alone(db):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    first, _ = await archived(db, board_id, 1, shared(300, 20))
    second, truth = await archived(db, board_id, 2, shared(300, 30))
    third, _ = await archived(db, board_id, 3, shared(300, 40))
    await db.execute("SELECT archive.drop($1)", first)
    await db.execute("DELETE FROM rankings WHERE id = $1", third)
    for table in ("season_places", "season_players"):
        assert rows(await db.fetch(f"SELECT DISTINCT ranking_id FROM {table}")) == [(second,)]
    await assert_archived(db, second, truth)


# --- deleted players -------------------------------------------------------------------------------------------


def without(truth, gone):
    return [{**row, "user_id": 0 if row["user_id"] in gone else row["user_id"]} for row in truth]


async def ids_in(db):
    return {
        user_id
        for (user_id,) in await db.fetch(
            "SELECT unnest(user_ids) FROM season_places UNION SELECT unnest(user_ids) FROM season_players"
            " UNION SELECT first_user_id FROM season_players"
        )
    } - {0}


async def test_a_deleted_player_leaves_the_archives_and_no_rank_changes(db):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    made = [await archived(db, board_id, number, shared(count, 9)) for number, count in [(1, 1), (2, 250), (3, 600)]]
    players = {user_id for user_id, *_ in shared(600, 9)}
    gone = set()
    # The first one of a block, one within, several of one block and the only one of a season.
    for deleted in ([7], [7 + 3 * 240], [301, 304], [10, 13, 16, 700, 1801], sorted(players - {19, 400})):
        await db.execute("DELETE FROM users WHERE id = ANY ($1)", deleted)
        gone |= set(deleted)
        assert await ids_in(db) == players - gone
        for ranking_id, truth in made:
            await assert_archived(db, ranking_id, without(truth, gone))
    assert await db.fetchval("SELECT count(*) FROM season_players") == 2  # a block that is empty goes


async def test_a_player_with_the_id_of_a_deleted_one_does_not_get_the_places(db):
    ranking_id, _ = await archived(db, await add_board(db, "seasons", manual_seasons="true"), 1, shared(10, 5))
    await db.execute("DELETE FROM users WHERE id = 7")
    await db.execute("INSERT INTO users (id, username) VALUES (7, 'another')")
    assert await db.fetch("SELECT * FROM archive.entries($1, '{7}')", ranking_id) == []


async def test_without_players_the_places_stay(db):
    ranking_id, truth = await archived(db, await add_board(db, "seasons", manual_seasons="true"), 1, shared(500, 9))
    await db.execute("TRUNCATE users CASCADE")
    assert await ids_in(db) == set()
    await assert_archived(db, ranking_id, without(truth, {row["user_id"] for row in truth}))


async def test_a_delete_needs_to_see_all_archives_only_if_there_are_seasons(db):
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'a'), (2, 'b')")
    async with db.transaction(isolation="repeatable_read"):
        await db.execute("DELETE FROM users WHERE id = 1")
    await add_board(db, "seasons", manual_seasons="true")
    with pytest.raises(asyncpg.PostgresError, match="READ COMMITTED"):
        async with db.transaction(isolation="repeatable_read"):
            await db.execute("DELETE FROM users WHERE id = 2")


# --- beside other sessions -------------------------------------------------------------------------------------


async def started(db, connection, statement, *arguments):
    """A task that runs the statement in another session, once it waits for a lock."""
    pid = await connection.fetchval("SELECT pg_backend_pid()")
    task = asyncio.create_task(connection.fetchval(statement, *arguments))
    await until(lambda: db.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid))
    return task


async def test_a_player_who_is_being_deleted_is_not_archived(db, connect):
    ranking_id = await season(db, await add_board(db, "seasons", manual_seasons="true"), 1, shared(5, 3))
    other = await connect()
    async with db.transaction():
        await db.execute("DELETE FROM users WHERE id = 7")
        writing = await started(db, other, "SELECT archive.write($1)", ranking_id)
    assert await writing == 4
    assert 7 not in await ids_in(db)


async def test_a_delete_waits_until_the_archive_is_written(db, connect):
    ranking_id = await season(db, await add_board(db, "seasons", manual_seasons="true"), 1, shared(5, 3))
    other = await connect()
    async with db.transaction():
        await db.execute("SELECT archive.write($1)", ranking_id)
        deleting = await started(db, other, "DELETE FROM users WHERE id = 7")
    await deleting
    assert await ids_in(db) == {10, 13, 16, 19}


async def test_deletes_of_players_of_one_block_follow_each_other(db, connect):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    made = [await archived(db, board_id, number, shared(5, number)) for number in (1, 2, 3)]
    other = await connect()
    async with db.transaction():
        await db.execute("DELETE FROM users WHERE id = 7")
        deleting = await started(db, other, "DELETE FROM users WHERE id = 10")
    await deleting
    for ranking_id, truth in made:
        await assert_archived(db, ranking_id, without(truth, {7, 10}))


async def test_a_season_is_dropped_beside_a_delete_of_its_players(db, connect):
    board_id = await add_board(db, "seasons", manual_seasons="true")
    first, _ = await archived(db, board_id, 1, shared(5, 3))
    second, truth = await archived(db, board_id, 2, shared(5, 2))
    other = await connect()
    async with db.transaction():
        await db.execute("DELETE FROM users WHERE id = 7")
        dropping = await started(db, other, "SELECT archive.drop($1)", first)
        await db.execute("DELETE FROM users WHERE id = 10")
    await dropping
    assert await db.fetchval("SELECT count(*) FROM season_places WHERE ranking_id = $1", first) == 0
    await assert_archived(db, second, without(truth, {7, 10}))


async def test_old_seasons_are_dropped_beside_a_delete_of_their_players(db, connect):
    """Both lock the seasons in one order, so they do not deadlock."""
    board_id = await add_board(db, "seasons", manual_seasons="true", keep_seasons="1")
    made = [(await archived(db, board_id, number, shared(5, number)))[0] for number in (1, 2, 3)]
    await db.execute("UPDATE rankings SET cleared = true WHERE closed_at IS NOT NULL")
    deleter, dropper = await connect(), await connect()
    async with db.transaction():
        await db.execute("SELECT FROM rankings WHERE id = $1 FOR UPDATE", made[0])
        deleting = await started(db, deleter, "DELETE FROM users WHERE id = 7")
        dropping = await started(db, dropper, "SELECT board.drop_old_seasons()")
    await deleting
    assert await dropping is True
    assert rows(await db.fetch("SELECT id FROM rankings WHERE board_id = $1", board_id)) == [(made[2],)]


async def test_submissions_wait_for_no_archive(db, connect):
    ranking_id = await season(db, await add_board(db, "seasons", manual_seasons="true"), 1, shared(5, 3))
    other = await connect()
    await other.execute("SET lock_timeout = '5s'")
    async with db.transaction():
        await db.execute("SELECT archive.write($1)", ranking_id)
        await other.execute("SELECT api.submit_score(7, 5), api.submit_score(99, 5)")


# --- rollback ----------------------------------------------------------------------------------------------------


def roll_back(url, oldest):
    """Rolls back the newest migrations, up to this one."""
    while migrate.rollback_last(url) != oldest:
        pass


async def test_archives_are_not_lost_by_a_rollback(database_url, db):
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 300) AS g")
    await db.execute(CLOSED_SEASON)
    before = await db.fetch(ARCHIVES)
    with pytest.raises(migrate.MigrationError, match="closed seasons, whose archives would be lost: seasons"):
        await asyncio.to_thread(roll_back, database_url, "0019_season_archives")
    await asyncio.to_thread(migrate.apply, database_url)
    assert await db.fetch(ARCHIVES) == before
    await db.execute("DELETE FROM boards WHERE name = 'seasons'")
    await asyncio.to_thread(roll_back, database_url, "0019_season_archives")
    assert await db.fetchval("SELECT to_regclass('season_places') IS NULL AND to_regnamespace('archive') IS NULL")
    await asyncio.to_thread(migrate.apply, database_url)
    await db.execute("SELECT api.submit_score(1, 5); DELETE FROM users WHERE id = 1")
