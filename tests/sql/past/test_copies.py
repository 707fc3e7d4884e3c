"""The daily copies of rankings (api.copy_ranks) and what is read from them (api.player_history)."""

import datetime as dt
import random

import asyncpg
import pytest

from tests.support.seasons import close_seasons
from tests.support.sql import fill, unfill

#: Players 1 to 4 with a score at the beginning of each of the last days, at noon.
LAST_DAYS = """
    INSERT INTO game_sessions (user_id, score, "timestamp")
    SELECT u, 10 * u + d, date_trunc('day', now(), 'UTC') - d * interval '1 day' - interval '12 hours'
    FROM generate_series($1::integer, 0, -1) AS d, generate_series(1, 4) AS u
"""
COPIES = "SELECT ranking_id, at, players, same_as = id AS own FROM rank_copies ORDER BY ranking_id, at"


async def copy(db, *arguments):
    """Makes all copies that are missing; the number of steps."""
    steps = 0
    call = f"SELECT api.copy_ranks({', '.join(map(str, arguments))})"
    while await db.fetchval(call):
        steps += 1
        assert steps < 1000
    return steps


@pytest.fixture
async def players(db):
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 4) AS g")


async def test_a_day_has_one_copy_per_ranking(db, players):
    await db.execute(LAST_DAYS, 5)
    await db.execute("SELECT api.create_board('second', p_aggregate => 'best')")
    assert await copy(db) > 0
    midnight = await db.fetchval("SELECT date_trunc('day', now(), 'UTC')")
    days = [midnight - dt.timedelta(days=d) for d in range(5, -1, -1)]
    assert [row["at"] for row in await db.fetch(COPIES)] == days * 2
    assert await copy(db) == 0
    history = await db.fetch("SELECT * FROM api.player_history(2)")
    assert [row["at"] for row in history[:-1]] == days
    totals = [sum(20 + d for d in range(5, last - 1, -1)) for last in range(5, -1, -1)]
    assert [row["total_score"] for row in history] == [*totals, totals[-1]]
    assert {(row["rank"], row["players"]) for row in history} == {(3, 4)}


async def test_days_that_were_missed_are_made_up_for(db, players):
    await db.execute(LAST_DAYS, 40)
    await copy(db)
    made = await db.fetch("SELECT * FROM rank_copies ORDER BY at")
    assert len(made) == 31
    await db.execute("DELETE FROM rank_copies WHERE at < now() - interval '3 days'")
    await copy(db)
    again = await db.fetch("SELECT * FROM rank_copies ORDER BY at")
    assert [(row["at"], row["players"]) for row in again] == [(row["at"], row["players"]) for row in made]


async def test_copies_of_days_without_a_change_share_their_blocks(db, players):
    await db.execute(LAST_DAYS, 9)
    await db.execute("DELETE FROM game_sessions WHERE \"timestamp\" > now() - interval '5 days'")
    before = await db.fetchval("SELECT count(*) FROM game_sessions")
    assert before > 0
    await copy(db)
    own = [row["own"] for row in await db.fetch(COPIES)]
    assert own.count(True) < len(own)
    assert await db.fetchval("SELECT count(DISTINCT copy_id) FROM rank_copy_blocks") == own.count(True)
    histories = [await db.fetch("SELECT rank, players, total_score FROM api.player_history($1)", p) for p in (1, 4)]
    # The copy that has the blocks goes first; the others keep them.
    await db.execute("DELETE FROM rank_copies WHERE same_as = id AND same_as IN"
                     " (SELECT same_as FROM rank_copies WHERE same_as <> id)")  # fmt: skip
    assert not await db.fetchval("SELECT past.delete_copies('-infinity')")
    for player, history in zip((1, 4), histories, strict=True):
        left = await db.fetch("SELECT rank, players, total_score FROM api.player_history($1)", player)
        assert {tuple(row) for row in left} <= {tuple(row) for row in history}
        assert len(left) > 1


async def test_a_copy_of_many_totals(db, database_url):
    """Several blocks, ties, and totals between, above and below those that there are."""
    random.seed(18)
    await fill(db, *(random.choice((1, 3)) * random.randint(0, 2000) for _ in range(5000)))
    at = await db.fetchval("SELECT clock_timestamp()")
    await db.execute("SELECT past.add_copy(1, $1)", at)
    assert await db.fetchval("SELECT count(*) FROM rank_copy_blocks") > 2
    wrong = await db.fetch(
        "SELECT t.total, past.count_above(c.same_as, c.players, t.total),"
        " (SELECT count(*) FROM leaderboard AS l WHERE l.board_id = 1 AND l.total_score > t.total) AS plain"
        " FROM rank_copies AS c, (SELECT generate_series(-3, 6003, 7)::bigint AS total) AS t"
        " WHERE past.count_above(c.same_as, c.players, t.total) <>"
        " (SELECT count(*) FROM leaderboard AS l WHERE l.board_id = 1 AND l.total_score > t.total)"
    )
    assert wrong == []


async def test_an_open_transaction_that_may_add_to_the_day_is_waited_for(db, players, database_url):
    await db.execute(LAST_DAYS, 2)
    other = await asyncpg.connect(database_url)
    try:
        transaction = other.transaction()
        await transaction.start()
        await other.execute(
            "INSERT INTO game_sessions (user_id, score, \"timestamp\") VALUES (1, 1000, now() - interval '1 day')"
        )
        assert not await db.fetchval("SELECT api.copy_ranks()")
        assert await db.fetch(COPIES) == []
        await transaction.commit()
        await copy(db)
        history = await db.fetch("SELECT rank FROM api.player_history(1)")
        assert [row["rank"] for row in history][-2:] == [1, 1]
    finally:
        await other.close()


async def test_one_session_at_a_time(db, players, database_url):
    await db.execute(LAST_DAYS, 2)
    other = await asyncpg.connect(database_url)
    try:
        transaction = other.transaction()
        await transaction.start()
        assert await other.fetchval("SELECT api.copy_ranks()")
        assert not await db.fetchval("SELECT api.copy_ranks()")
        await transaction.rollback()
        assert await db.fetchval("SELECT api.copy_ranks()")
    finally:
        await other.close()


async def test_it_needs_a_transaction_of_its_own(db, players):
    async with db.transaction():
        await db.execute("UPDATE users SET username = 'x' WHERE id = 1")
        with pytest.raises(asyncpg.PostgresError, match="needs a transaction of its own"):
            await db.fetchval("SELECT api.copy_ranks()")


async def test_old_copies_are_deleted(db, players):
    await db.execute(LAST_DAYS, 20)
    await copy(db)
    assert await db.fetchval("SELECT count(*) FROM rank_copies") == 21
    await copy(db, 10)
    assert await db.fetchval("SELECT count(*) FROM rank_copies") == 10
    assert await db.fetchval(
        "SELECT count(*) FROM rank_copy_blocks AS b WHERE NOT EXISTS"
        " (SELECT FROM rank_copies AS c WHERE c.same_as = b.copy_id)"
    ) == 0  # fmt: skip
    await copy(db, 0)
    assert await db.fetch("SELECT FROM rank_copies UNION ALL SELECT FROM rank_copy_blocks") == []
    assert await copy(db, 0) == 0


async def test_the_copies_of_a_deleted_board_are_deleted(db, players):
    await db.execute(LAST_DAYS, 3)
    await db.execute("SELECT api.create_board('second')")
    await copy(db)
    board = await db.fetchval("SELECT id FROM boards WHERE name = 'second'")
    await db.execute("SELECT api.delete_board('second', 'second')")
    await copy(db)
    assert {row["ranking_id"] for row in await db.fetch(COPIES)} == {1}
    assert board != 1


async def test_a_board_that_counts_differently_has_new_copies(db, players):
    await db.execute(LAST_DAYS, 3)
    await db.execute("SELECT api.create_board('second')")
    await copy(db)
    sums = await db.fetch("SELECT * FROM api.player_history(3, p_board => 'second')")
    assert len(sums) == 5
    await db.execute("SELECT api.alter_board('second', $1)", '{"aggregate": "best", "lowest_wins": true}')
    assert len(await db.fetch("SELECT * FROM api.player_history(3, p_board => 'second')")) == 1
    await copy(db)
    lowest = await db.fetch("SELECT * FROM api.player_history(3, p_board => 'second')")
    assert [row["total_score"] for row in lowest] == [33, 32, 31, 30, 30]
    assert {row["rank"] for row in lowest} == {3}
    await db.execute("SELECT api.alter_board('second', $1)", '{"aggregate": "sum", "lowest_wins": false}')
    again = await db.fetch("SELECT * FROM api.player_history(3, p_board => 'second')")
    assert [row[1:] for row in map(tuple, again)] == [row[1:] for row in map(tuple, sums)]


async def test_a_board_that_is_being_filled_has_no_copies(db, players):
    await db.execute(LAST_DAYS, 2)
    await db.execute("SELECT api.create_board('second')")
    await unfill(db, "second")
    await copy(db)
    assert {row["ranking_id"] for row in await db.fetch(COPIES)} == {1}
    with pytest.raises(asyncpg.PostgresError, match="is being filled"):
        await db.fetch("SELECT * FROM api.player_history(1, p_board => 'second')")


async def test_days_begin_in_the_time_zone_of_the_board(db, players):
    await db.execute(LAST_DAYS, 3)
    await db.execute(
        "SELECT api.create_board('second', p_period => 'monthly', p_time_zone => 'Asia/Kathmandu',"
        " p_opens_at => now() - interval '40 days')"
    )
    await close_seasons(db)
    await copy(db)
    ats = await db.fetch(
        "SELECT c.at AT TIME ZONE 'Asia/Kathmandu' AS at FROM rank_copies AS c WHERE c.ranking_id <> 1"
    )
    assert len(ats) >= 3
    assert {row["at"].time() for row in ats} == {dt.time()}


async def test_nothing_is_copied_before_the_first_session(db, players):
    assert await copy(db) == 0
    await db.execute("SELECT api.submit_score(1, 5)")
    assert await copy(db) == 0
    assert await db.fetch(COPIES) == []


async def test_seasons_keep_their_histories(db, players):
    """Copies of a season that was closed meanwhile are made from the ledger."""
    await db.execute(LAST_DAYS, 30)
    await db.execute(
        "SELECT api.create_board('weekly', p_period => 'weekly', p_split_by => 'country',"
        " p_opens_at => now() - interval '30 days')"
    )
    await db.execute('SELECT api.set_attributes(g, \'{"country": "DE"}\') FROM generate_series(1, 2) AS g')
    while await db.fetchval("SELECT api.fill_boards()"):
        pass
    await close_seasons(db)
    await copy(db)
    closed = await db.fetch("SELECT * FROM api.list_seasons('weekly') WHERE state = 'closed'")
    assert len(closed) >= 3
    for season in closed[:3]:
        for name, players_of in (("weekly@{}", 4), ("weekly@{}/DE", 2)):
            board = name.format(season["season"])
            try:
                history = await db.fetch("SELECT * FROM api.player_history(1, $2, $3, $1)", board,
                                         season["starts_at"], season["ends_at"])  # fmt: skip
            except asyncpg.PostgresError as error:
                assert error.sqlstate == "LB011" and "DE" in board  # closed before the board was split
                continue
            final = await db.fetchrow("SELECT * FROM api.player_rank(1, $1)", board)
            assert tuple(history[-1])[1:4] == (final["rank"], final["players"], final["total_score"])
            assert history[-1]["at"] == season["ends_at"]
            # Days of splits are made up for as far as three days back.
            assert len(history) == 7 or players_of == 2
            for row in history[:-1]:
                expected = await db.fetchrow("SELECT * FROM api.rank_at(1, $1, $2)", row["at"], board)
                assert tuple(row)[1:4] == (expected["rank"], expected["players"], expected["total_score"])
                assert row["players"] == players_of


async def test_what_moderation_does_to_the_past(db, players):
    """The totals follow, the ranks of a copy stay as they were."""
    await db.execute(LAST_DAYS, 3)
    await copy(db)
    await db.execute("SELECT api.void_sessions('me', 'why', 4, p_to => now() - interval '2 days')")
    cheater = await db.fetch("SELECT rank, total_score FROM api.player_history(4)")
    assert [tuple(row) for row in cheater] == [(4, 41), (1, 81), (3, 81)][-len(cheater) :] or len(cheater) < 4
    other = await db.fetch("SELECT rank, players FROM api.player_history(3)")
    assert [tuple(row) for row in other] == [(2, 4)] * 4 + [(1, 4)]
    await db.execute("SELECT api.ban_players('me', 'why', '{4}')")
    hidden = await db.fetch("SELECT players, hidden FROM api.player_history(4)")
    assert {tuple(row) for row in hidden} == {(5, True), (4, True)}
    other = await db.fetch("SELECT rank, players FROM api.player_history(3)")
    assert [tuple(row) for row in other] == [(2, 4)] * 4 + [(1, 3)]


async def test_an_erased_player_is_in_no_history(db, players):
    await db.execute(LAST_DAYS, 3)
    await copy(db)
    await db.execute("SELECT api.erase_player(4, 4)")
    with pytest.raises(asyncpg.PostgresError, match="is not on board"):
        await db.fetch("SELECT * FROM api.player_history(4)")
    for table in ("rank_copies", "rank_copy_blocks"):
        columns = await db.fetch("SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0", table)
        assert not {"user_id", "user_ids", "username"} & {row["attname"] for row in columns}


async def test_copies_survive_a_dump_without_a_change(db, players, database_url):
    """Nothing in them depends on the cluster."""
    await db.execute(LAST_DAYS, 3)
    await copy(db)
    before = await db.fetch("SELECT at, rank, total_score FROM api.player_history(2)")
    await db.execute("SELECT * FROM api.rebuild_leaderboard()")
    await copy(db)
    after = await db.fetch("SELECT at, rank, total_score FROM api.player_history(2)")
    assert [tuple(row) for row in after[:-1]] == [tuple(row) for row in before[:-1]]


async def test_a_hidden_player_who_is_last_is_not_behind_all_players(db, players):
    """Copies that were made since do not count the player, who is not to notice."""
    await db.execute(LAST_DAYS, 3)
    await db.execute("SELECT api.submit_score(9, 1)")
    await db.execute("UPDATE game_sessions SET \"timestamp\" = now() - interval '5 days' WHERE user_id = 9")
    await db.execute("SELECT api.ban_players('me', 'why', '{9}', p_hide => true)")
    await copy(db)
    rows = await db.fetch("SELECT rank, players, hidden FROM api.player_history(9)")
    assert len(rows) > 1
    for row in rows:
        assert (row["rank"], row["hidden"]) == (row["players"], None)
