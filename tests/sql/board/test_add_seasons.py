"""Seasons get their rankings when a session needs them: in the right order, touching each other, once."""

import asyncio

import pytest

from tests.support.seasons import add_board, add_seasons, seasons


async def test_a_season_is_added_when_it_is_needed(db):
    await add_board(db, "daily", period="1 day", opens_at="2024-02-27 00:00Z")
    assert await add_seasons(db, "daily", "2024-02-28T10:00Z", "2024-02-28T11:00Z") == 1
    assert await add_seasons(db, "daily", "2024-02-28T12:00Z") == 0
    assert await add_seasons(db, "daily", "2024-03-02T10:00Z") == 1
    assert await seasons(db, "daily") == [
        (2, "2024-02-28 00:00", "2024-02-29 00:00"),
        (5, "2024-03-02 00:00", "2024-03-03 00:00"),
    ]
    # It can hold players, and is empty.
    assert await db.fetchval(
        "SELECT count(*) FROM rankings AS r JOIN rank_state AS s ON s.board_id = r.id AND s.version = 0"
        " WHERE r.number IN (2, 5) AND r.filled_to IS NULL AND r.closing_xid IS NULL"
    ) == 2  # fmt: skip


async def test_one_before_is_added_while_it_still_counts(db):
    await add_board(db, "daily", period="1 day", grace="1 hour")
    times = ("2024-02-28T23:59Z", "2024-02-27T12:00Z", "2024-02-29T00:30Z")
    assert await add_seasons(db, "daily", *times, now="2024-02-29T00:59:59Z") == 2
    assert await add_seasons(db, "daily", *times, now="2024-02-29T01:00Z") == 0
    assert [number for number, _, _ in await seasons(db, "daily")] == [8459, 8460]


async def test_the_first_and_the_last_are_cut_off(db):
    await add_board(db, "daily", period="1 day", opens_at="2024-02-28 06:00Z", closes_at="2024-03-01 18:00Z")
    for time in (
        "2024-02-28T05:59Z",
        "2024-02-28T06:00Z",
        "2024-02-29T00:00Z",
        "2024-03-01T17:59Z",
        "2024-03-01T18:00Z",
    ):
        await add_seasons(db, "daily", time)
    assert await seasons(db, "daily") == [
        (1, "2024-02-28 06:00", "2024-02-29 00:00"),
        (2, "2024-02-29 00:00", "2024-03-01 00:00"),
        (3, "2024-03-01 00:00", "2024-03-01 18:00"),
    ]


async def test_a_day_that_does_not_exist_has_no_season(db):
    await add_board(db, "daily", period="1 day", time_zone="Pacific/Apia", opens_at="2011-12-29 00:00-10")
    assert await add_seasons(db, "daily", "2011-12-29T12:00-10:00", "2011-12-31T12:00+14:00") == 2
    assert await seasons(db, "daily") == [
        (1, "2011-12-29 10:00", "2011-12-30 10:00"),
        (3, "2011-12-30 10:00", "2011-12-31 10:00"),
    ]


async def test_boards_without_periods_get_none(db):
    await add_board(db, "manual", manual_seasons="true")
    assert await add_seasons(db, "manual", "2024-02-28T10:00Z") == 0
    assert await add_seasons(db, "overall", "2024-02-28T10:00Z") == 0


async def test_times_that_are_none(db):
    await add_board(db, "daily", period="1 day")
    assert await db.fetchval(
        "SELECT board.add_seasons(b, '{infinity,-infinity,NULL}') FROM boards AS b WHERE name = 'daily'"
    ) == 0  # fmt: skip


async def test_two_add_the_same_one(db, connect):
    await add_board(db, "daily", period="1 day")
    one, other = await connect(), await connect()
    transaction = one.transaction()
    await transaction.start()
    assert await add_seasons(one, "daily", "2024-02-28T10:00Z") == 1
    waiting = asyncio.create_task(add_seasons(other, "daily", "2024-02-28T11:00Z"))
    while not await db.fetchval("SELECT bool_or(NOT granted) FROM pg_locks"):
        assert not waiting.done()
        await asyncio.sleep(0.01)
    await transaction.commit()
    assert await waiting == 0
    assert len(await seasons(db, "daily")) == 1


async def test_two_add_the_same_one_and_the_first_fails(db, connect):
    await add_board(db, "daily", period="1 day")
    one, other = await connect(), await connect()
    transaction = one.transaction()
    await transaction.start()
    await add_seasons(one, "daily", "2024-02-28T10:00Z")
    waiting = asyncio.create_task(add_seasons(other, "daily", "2024-02-28T11:00Z"))
    while not await db.fetchval("SELECT bool_or(NOT granted) FROM pg_locks"):
        assert not waiting.done()
        await asyncio.sleep(0.01)
    await transaction.rollback()
    assert await waiting == 1


@pytest.mark.parametrize(
    ("ends_at", "expected"),
    [
        # As if the zone's rules had been others when day 2 was added: it ended an hour early, or late.
        ("2024-02-28 23:00Z", [("2024-02-28 23:00", "2024-03-01 00:00"), ("2024-03-01 00:00", "2024-03-02 00:00")]),
        ("2024-02-29 01:00Z", [("2024-02-29 01:00", "2024-03-01 00:00"), ("2024-03-01 00:00", "2024-03-02 00:00")]),
    ],
)
@pytest.mark.parametrize("opens_at", ["2024-02-27 00:00Z", "2024-02-26 23:00Z"])
async def test_seasons_adjoin_those_of_other_rules(db, ends_at, expected, opens_at):
    board_id = await add_board(db, "daily", period="1 day", opens_at=opens_at)
    await db.execute(
        "INSERT INTO rankings (board_id, number, starts_at, ends_at)"
        " VALUES ($1, 2, '2024-02-28 00:00Z', $2::text::timestamptz)",
        board_id,
        ends_at,
    )
    # In the odd hour, on the day after, and on the one after that.
    await add_seasons(db, "daily", "2024-02-28T23:30Z", "2024-02-29T00:30Z")
    await add_seasons(db, "daily", "2024-02-29T12:00Z")
    await add_seasons(db, "daily", "2024-03-01T00:00Z")
    assert (await seasons(db, "daily"))[1:] == [(number, *times) for number, times in enumerate(expected, 3)]


async def test_one_between_two_of_other_rules_fills_the_gap(db):
    board_id = await add_board(db, "daily", period="1 day", opens_at="2024-02-27 00:00Z")
    await db.execute(
        "INSERT INTO rankings (board_id, number, starts_at, ends_at) VALUES"
        " ($1, 2, '2024-02-28 00:00Z', '2024-02-28 23:00Z'), ($1, 4, '2024-03-01 01:00Z', '2024-03-02 01:00Z')",
        board_id,
    )
    await add_seasons(db, "daily", "2024-03-01T00:30Z")
    assert (await seasons(db, "daily"))[1] == (3, "2024-02-28 23:00", "2024-03-01 01:00")
