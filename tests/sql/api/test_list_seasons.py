import datetime as dt

import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.seasons import add_board, close, season

SEASONS = "SELECT season, state, players, winner_user_id, winner_username, winner_total, winner_display"


async def now_running(db, ranking_id):
    await db.execute(
        "UPDATE rankings SET starts_at = now() - interval '1 hour', ends_at = now() + interval '1 hour' WHERE id = $1",
        ranking_id,
    )


async def listed(db, *arguments):
    marks = ", ".join(f"${number}" for number in range(1, len(arguments) + 1))
    return rows(await db.fetch(f"{SEASONS} FROM api.list_seasons({marks})", *arguments))


async def test_seasons_that_run_close_and_are_closed(db):
    board_id = await add_board(db, "b", manual_seasons="true", lowest_wins="true", unit="ms")
    await close(db, await season(db, board_id, 1, [(1, -83456, None), (2, -90000, None), (3, -83456, None)]))
    await close(db, await season(db, board_id, 2))
    await season(db, board_id, 3, [(2, -100, None), (1, -200, None)])
    await now_running(db, await season(db, board_id, 4, [(3, -5, None)]))
    await db.execute("INSERT INTO rankings (board_id, number, starts_at) VALUES ($1, 5, now() + '1 hour')", board_id)
    assert await listed(db, "b") == [
        (4, "running", 1, 3, "u3", 5, "0:00.005"),
        (3, "closing", 2, 2, "u2", 100, "0:00.100"),
        (2, "closed", 0, None, None, None, None),
        (1, "closed", 3, 1, "u1", 83456, "1:23.456"),
    ]
    first, *_, last = await db.fetch("SELECT starts_at, ends_at, closed_at FROM api.list_seasons('b')")
    assert first["closed_at"] is None and last["closed_at"] is not None
    assert last["starts_at"] == dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert last["ends_at"] == dt.datetime(2020, 1, 2, tzinfo=dt.UTC)


async def test_the_winner_of_a_tie_is_the_first_of_the_order(db):
    shared = await add_board(db, "shared", manual_seasons="true")
    earliest = await add_board(db, "earliest", manual_seasons="true", ties="earliest")
    for board_id, ties in (shared, (None, None)), (earliest, (20, 10)):
        totals = [(1, 7, ties[0]), (2, 7, ties[1])]
        await close(db, await season(db, board_id, 1, totals))
        await season(db, board_id, 2, totals)
    for board, winner in ("shared", 1), ("earliest", 2):
        assert await listed(db, board) == [
            (2, "closing", 2, winner, f"u{winner}", 7, None),
            (1, "closed", 2, winner, f"u{winner}", 7, None),
        ]


async def test_pages(db):
    board_id = await add_board(db, "b", manual_seasons="true")
    for number in range(1, 6):
        await close(db, await season(db, board_id, number))
    assert [row[0] for row in await listed(db, "b", 2)] == [5, 4]
    assert [row[0] for row in await listed(db, "b", 2, 4)] == [3, 2]
    assert [row[0] for row in await listed(db, "b", 2, 2)] == [1]
    assert await listed(db, "b", 2, 1) == []
    for limit in (0, 1001, None):
        with pytest.raises(asyncpg.PostgresError, match="limit must be 1 to 1000") as raised:
            await listed(db, "b", limit)
        assert raised.value.sqlstate == "LB001"


async def test_the_current_season_is_listed_before_the_first_score(db):
    await add_board(db, "daily", period="1 day")
    await add_board(db, "ended", period="1 day", closes_at="2001-01-05Z")
    await add_board(db, "later", period="1 day", opens_at="2100-01-01Z")
    ((number, state, players, winner, *_),) = await listed(db, "daily")
    assert (number > 9000, state, players, winner) == (True, "running", 0, None)
    assert await listed(db, "daily", 10, number) == []
    assert await listed(db, "ended") == await listed(db, "later") == []
    await db.execute("SELECT api.submit_score(1, 5)")
    assert await listed(db, "daily", 1) == [(number, "running", 1, 1, "user_1", 5, None)]


async def test_a_season_that_is_being_computed_has_no_winner_yet(db):
    board_id = await add_board(db, "b", manual_seasons="true")
    ranking_id = await season(db, board_id, 1, [(1, 7, None)])
    await db.execute("UPDATE rankings SET filled_to = 0, closing_xid = '0' WHERE id = $1", ranking_id)
    assert await listed(db, "b") == [(1, "closing", None, None, None, None, None)]


async def test_a_deleted_winner(db):
    await close(db, await season(db, await add_board(db, "b", manual_seasons="true"), 1, [(1, 7, None), (2, 5, None)]))
    await db.execute("DELETE FROM users WHERE id = 1")
    assert await listed(db, "b") == [(1, "closed", 2, 0, "deleted", 7, None)]


async def test_boards_without_seasons(db):
    assert await listed(db, "overall") == []
    with pytest.raises(asyncpg.PostgresError, match="there is no board 'nope'") as raised:
        await listed(db, "nope")
    assert raised.value.sqlstate == "LB010"
