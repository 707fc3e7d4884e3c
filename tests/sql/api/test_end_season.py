"""Manual seasons end by a call: every session counts on one of both seasons."""

import asyncio

import asyncpg
import pytest

from tests.support.seasons import add_board, add_season, close_seasons, seasons


@pytest.fixture
async def manual(db):
    """A board with its first season, and two players on it."""
    await add_board(db, "manual", manual_seasons="true", grace="10 minutes")
    return await add_season(db, "manual", 1, -3600, 10**9, [5, 6])


async def end(db, board="manual"):
    return await db.fetchrow("SELECT * FROM api.end_season($1)", board)


async def test_the_next_season_begins_when_one_ends(db, manual):
    ended, started, at = await end(db)
    assert (ended, started) == (1, 2)
    rows = await db.fetch(
        "SELECT r.starts_at, r.ends_at, r.deadline = CASE WHEN r.ends_at < 'infinity'"
        " THEN r.ends_at + interval '10 min' ELSE 'infinity' END AS grace, s.board_id IS NOT NULL AS tree,"
        " r.ends_at = 'infinity' AS for_ever FROM rankings AS r LEFT JOIN rank_state AS s ON s.board_id = r.id"
        " WHERE r.board_id > 1 ORDER BY r.number"
    )
    assert rows[0]["ends_at"] == rows[1]["starts_at"] == at
    assert rows[0]["grace"] and rows[0]["tree"] and rows[1]["tree"]
    assert rows[1]["for_ever"]
    assert (await end(db))[:2] == (2, 3)
    assert await close_seasons(db) == 0  # within its grace


@pytest.mark.parametrize(
    ("board", "sqlstate", "message"),
    [
        ("overall", "LB001", "has no seasons that a call ends"),
        ("unknown", "LB010", "there is no board"),
        (None, "LB010", "there is no board"),
        ("daily", "LB001", "has no seasons that a call ends"),
        ("later", "LB027", "opens at"),
        ("over", "LB026", "closed at"),
    ],
)
async def test_boards_whose_season_cannot_end(db, board, sqlstate, message):
    await add_board(db, "daily", period="1 day")
    await add_board(db, "later", manual_seasons="true", opens_at="2100-01-01Z")
    await add_board(db, "over", manual_seasons="true", closes_at="2020-01-01Z")
    with pytest.raises(asyncpg.PostgresError, match=message) as error:
        await end(db, board)
    assert error.value.sqlstate == sqlstate


async def test_it_waits_for_submissions_and_they_for_it(db, connect, manual):
    one, other = await connect(), await connect()
    transaction = one.transaction()
    await transaction.start()
    await one.execute("SELECT api.submit_score(1, 10)")
    ending = asyncio.create_task(end(db))
    while not await other.fetchval("SELECT bool_or(NOT granted) FROM pg_locks"):
        assert not ending.done()
        await asyncio.sleep(0.01)
    submitting = asyncio.create_task(other.execute("SELECT api.submit_score(2, 10)"))
    await asyncio.sleep(0.05)
    assert not ending.done() and not submitting.done()
    await transaction.commit()
    at = (await ending)["at"]
    await submitting
    assert await db.fetch('SELECT g.user_id FROM game_sessions AS g WHERE g."timestamp" < $1 AND g.score = 10', at) == [
        (1,)
    ]


async def test_the_clock_was_set_back(db):
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 7, 3600, 7200)
    assert (await end(db))[:2] == (7, 8)
    assert len(await seasons(db, "manual")) == 2


async def test_a_season_that_is_named_ends_once(db, manual):
    assert (await end(db, "manual@1"))[:2] == (1, 2)
    with pytest.raises(asyncpg.PostgresError, match="it is in its season 2") as caught:
        await end(db, "manual@1")
    assert caught.value.sqlstate == "LB026"
    assert (await end(db, "manual@current"))[:2] == (2, 3)
    for board, sqlstate in (("manual@0", "LB014"), ("manual@", "LB014"), ("overall@1", "LB014"), ("none@1", "LB010")):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await end(db, board)
        assert caught.value.sqlstate == sqlstate
