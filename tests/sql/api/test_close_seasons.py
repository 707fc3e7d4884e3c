"""Upkeep of seasons: adding, closing, clearing and dropping, step by step."""

import asyncio

import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.seasons import add_board, add_season, close_seasons, seasons

LEFT = """
    SELECT (SELECT count(*) FROM leaderboard WHERE board_id = $1),
           (SELECT count(*) FROM rank_state WHERE board_id = $1),
           (SELECT count(*) FROM rank_node WHERE board_id = $1),
           (SELECT count(*) FROM rank_delta WHERE board_id = $1)
"""
STATE = "SELECT closing_xid::text, closed_at IS NOT NULL, players, cleared FROM rankings WHERE id = $1"


async def state(db, ranking_id):
    return tuple(await db.fetchrow(STATE, ranking_id))


async def archived(db, ranking_id):
    """(user_id, total, rank) in the order of their places."""
    return rows(
        await db.fetch(
            "SELECT user_id, total_score, rank FROM archive.page($1, 1, 100000) ORDER BY place",
            ranking_id,
        )
    )


@pytest.fixture
async def manual(db):
    await add_board(db, "manual", manual_seasons="true", grace="10 minutes")


async def test_there_is_nothing_to_do_without_seasons(db):
    assert await close_seasons(db) == 0


async def test_a_season_past_its_deadline_is_closed(db, manual):
    over = await add_season(db, "manual", 1, -7200, -3600, [30, 10, 30, 20])
    await db.execute("SELECT api.fold_ranks()")
    live = await add_season(db, "manual", 2, -3600, 3600, [5, 6])
    assert await close_seasons(db) > 2
    assert (await state(db, over))[1:] == (True, 4, True)
    assert await archived(db, over) == [(1, 30, 1), (3, 30, 1), (4, 20, 3), (2, 10, 4)]
    assert tuple(await db.fetchrow(LEFT, over)) == (0, 0, 0, 0)
    assert await state(db, live) == (None, False, None, False)
    assert tuple(await db.fetchrow(LEFT, live))[:2] == (2, 1)
    assert await close_seasons(db) == 0


async def test_a_season_within_its_grace_goes_on(db, manual):
    late = await add_season(db, "manual", 1, -3600, -60, [1])
    assert await close_seasons(db) == 0
    assert await state(db, late) == (None, False, None, False)


async def test_a_plain_board_that_has_closed_is_not_archived(db):
    await db.execute(
        "UPDATE rankings SET ends_at = now() - interval '1 h', deadline = now() - interval '1 h' WHERE id = 1"
    )
    await add_board(db, "manual", manual_seasons="true")
    assert await close_seasons(db) == 0


async def test_each_step_waits_for_transactions_that_may_not_know_of_the_one_before(db, connect, manual):
    over = await add_season(db, "manual", 1, -7200, -3600, [1])
    one, other = await connect(), await connect()

    async def holds(connection):
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SELECT pg_current_xact_id()")
        return transaction

    first = await holds(one)
    assert await db.fetchval("SELECT api.close_seasons()") is True
    assert (await state(db, over))[0] == "0"
    second = await holds(other)
    assert await db.fetchval("SELECT api.close_seasons()") is True
    assert int((await state(db, over))[0]) > 0
    # The second one began between the steps, so it may have looked before the first step was committed.
    for ended in first, second:
        assert await close_seasons(db) == 0
        assert (await state(db, over))[1] is False
        await ended.rollback()
    assert await close_seasons(db) > 0
    assert (await state(db, over))[1] is True


async def test_it_needs_a_transaction_of_its_own(db, manual):
    async with db.transaction():
        await db.execute("SELECT pg_current_xact_id()")
        with pytest.raises(asyncpg.PostgresError, match="needs a transaction of its own") as error:
            await db.execute("SELECT api.close_seasons()")
    assert error.value.sqlstate == "LB030"


async def test_a_restored_one_that_was_closing_does_not_wait_for_ids_of_another_cluster(db, manual):
    over = await add_season(db, "manual", 1, -7200, -3600, [1], closing_xid="'9000000000000000000'")
    await close_seasons(db)
    assert (await state(db, over))[1] is True


async def test_one_session_at_a_time(db, connect, manual):
    over = await add_season(db, "manual", 1, -7200, -3600, [1])
    other = await connect()
    async with db.transaction():
        assert await db.fetchval("SELECT api.close_seasons()") is True
        assert await other.fetchval("SELECT api.close_seasons()") is False
    assert await close_seasons(other) > 0
    assert (await state(db, over))[1] is True


@pytest.mark.parametrize("interrupted", range(6))
async def test_what_is_interrupted_goes_on_from_there(db, connect, manual, interrupted):
    over = await add_season(db, "manual", 1, -7200, -3600, [3, 2, 1])
    for _ in range(interrupted):
        await db.fetchval("SELECT api.close_seasons()")
    other = await connect()
    transaction = other.transaction()
    await transaction.start()
    await other.fetchval("SELECT api.close_seasons()")
    await transaction.rollback()
    await close_seasons(db)
    assert await archived(db, over) == [(1, 3, 1), (2, 2, 2), (3, 1, 3)]
    assert (await state(db, over))[1:] == (True, 3, True)


async def test_rows_are_deleted_in_chunks(db, manual):
    over = await add_season(db, "manual", 1, -7200, -3600, range(12_000))
    counts = []
    while await db.fetchval("SELECT api.close_seasons()"):
        counts.append(await db.fetchval("SELECT count(*) FROM leaderboard WHERE board_id = $1", over))
    assert [count for count in counts if count < 12_000] == [7000, 2000, 0]
    assert (await state(db, over))[1:] == (True, 12_000, True)


async def test_a_row_that_is_locked_is_deleted_later(db, connect, manual):
    over = await add_season(db, "manual", 1, -7200, -3600, [3, 2, 1])
    while not (await state(db, over))[1]:
        await db.execute("SELECT api.close_seasons()")
    other = await connect()
    transaction = other.transaction()
    await transaction.start()
    await other.execute("SELECT FROM leaderboard WHERE board_id = $1 AND user_id = 2 FOR SHARE", over)
    await close_seasons(db)
    assert await db.fetchval("SELECT array_agg(user_id) FROM leaderboard WHERE board_id = $1", over) == [2]
    assert (await state(db, over))[1:] == (True, 3, False)
    await transaction.rollback()
    await close_seasons(db)
    assert (await state(db, over))[1:] == (True, 3, True)


async def test_what_was_closed_is_said(db, manual):
    await add_season(db, "manual", 1, -7200, -3600, [1])
    await add_season(db, "manual", 2, -3600, -3000)
    said = []
    while True:
        more, closed = await db.fetchrow(
            "SELECT c.more, current_setting('leaderboard.closed_seasons', true) FROM api.close_seasons() AS c(more)"
        )
        said += [closed] * bool(closed)
        if not more:
            break
    assert said == [
        '[{"board": "manual", "season": 1, "players": 1}]',
        '[{"board": "manual", "season": 2, "players": 0}]',
    ]


async def test_old_seasons_are_dropped(db):
    await add_board(db, "manual", manual_seasons="true", keep_seasons="2")
    ids = [await add_season(db, "manual", n, -1000 + 100 * n, -900 + 100 * n, [n]) for n in range(1, 6)]
    live = await add_season(db, "manual", 6, -400, 400, [1])
    await close_seasons(db)
    assert [number for number, _, _ in await seasons(db, "manual")] == [4, 5, 6]
    assert [len(await archived(db, one)) for one in ids] == [0, 0, 0, 1, 1]
    assert await db.fetchval("SELECT count(*) FROM leaderboard WHERE board_id <> 1") == 1
    assert await state(db, live) == (None, False, None, False)


# --- seasons of boards with periods -----------------------------------------------------------------------------------


async def test_the_current_season_is_added_and_soon_the_next(db):
    await add_board(db, "daily", period="1 day")
    await add_board(db, "short", period="1 minute")
    await close_seasons(db)
    assert await db.fetchval(
        "SELECT bool_and(n.found = CASE b.name WHEN 'daily' THEN 1 ELSE 2 END) FROM boards AS b"
        " CROSS JOIN LATERAL (SELECT count(*) AS found FROM rankings AS r WHERE r.board_id = b.id"
        " AND r.ends_at > now() AND r.starts_at < now() + interval '2 min') AS n WHERE b.id > 1"
    ) or await db.fetchval("SELECT extract(epoch FROM now())::bigint % 86400 > 86400 - 120")
    assert await close_seasons(db) <= 1


async def begin(db, name, period, ago, **columns):
    """A board that opened so long ago, at a full hour, and has had no upkeep since then."""
    opens_at = await db.fetchval("SELECT (date_trunc('hour', now()) - $1::text::interval)::text", ago)
    await add_board(db, name, period=period, opens_at=opens_at, **columns)
    await db.execute("SELECT board.add_seasons(b, ARRAY[opens_at], opens_at) FROM boards AS b WHERE name = $1", name)


async def test_seasons_that_were_missed_are_empty(db):
    """As after the service was down for three boundaries: the season before them is closed, too."""
    await begin(db, "hourly", "1 hour", "4 hours")
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'a')")
    await db.execute("INSERT INTO leaderboard (board_id, user_id, total_score) SELECT max(id), 1, 7 FROM rankings")
    await close_seasons(db)
    found = await db.fetch(
        "SELECT r.number - first_value(r.number) OVER w AS n, r.players, r.cleared, r.starts_at = lag(r.ends_at) OVER w"
        " AS touches FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = 'hourly'"
        " AND r.starts_at <= now() WINDOW w AS (ORDER BY r.starts_at)"
    )
    assert [tuple(row) for row in found] == [
        (0, 1, True, None),
        (1, 0, True, True),
        (2, 0, True, True),
        (3, 0, True, True),
        (4, None, False, True),
    ]


async def test_the_thousand_last_of_very_many_are_added(db):
    await begin(db, "short", "1 minute", "3 days")
    steps = await close_seasons(db)
    assert steps < 12  # seasons without players are closed together
    number = await db.fetchval(
        "SELECT count(*) FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.id > 1"
    )
    assert 1001 <= number <= 1004
    assert await close_seasons(db) <= 1


async def test_sessions_of_a_missed_season_that_plain_sql_wrote_are_archived(db):
    await begin(db, "hourly", "1 hour", "5 hours")
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'a'), (2, 'b')")
    await db.execute("SET leaderboard.counted = 'on'")  # as if the trigger had found no season
    await db.execute(
        'INSERT INTO game_sessions (user_id, score, "timestamp") VALUES'
        " (1, 5, now() - interval '3 hours'), (2, 7, now() - interval '3 hours'), (2, 1, now() - interval '1 hour')"
    )
    await close_seasons(db)
    found = await db.fetch(
        "SELECT r.id, r.players FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = 'hourly'"
        " AND r.ends_at <= now() ORDER BY r.starts_at"
    )
    assert [row["players"] for row in found] == [0, 0, 2, 0, 1]
    assert await archived(db, found[2]["id"]) == [(2, 7, 1), (1, 5, 2)]
    assert await archived(db, found[4]["id"]) == [(2, 1, 1)]


async def test_a_board_that_closed_while_the_service_was_down(db):
    closes_at = await db.fetchval("SELECT (date_trunc('hour', now()) - interval '90 minutes')::text")
    await begin(db, "hourly", "1 hour", "5 hours", closes_at=closes_at)
    await close_seasons(db)
    assert await db.fetchval(
        "SELECT array_agg(r.number || ' ' || r.players ORDER BY r.number) FROM rankings AS r WHERE r.id > 1"
    ) == ["1 0", "2 0", "3 0", "4 0"]
    assert await close_seasons(db) == 0


async def test_a_board_that_has_not_opened_has_no_season(db):
    await add_board(db, "daily", period="1 day", opens_at="2100-01-01Z")
    assert await close_seasons(db) == 0
    assert await seasons(db, "daily") == []


async def test_upkeep_waits_for_no_submission(db, connect):
    """One that has added a season and is not committed: upkeep waits for that season alone, and not when it closes."""
    await add_board(db, "daily", period="1 day")
    await add_board(db, "manual", manual_seasons="true")
    over = await add_season(db, "manual", 1, -7200, -3600, [1])
    other = await connect()
    await close_seasons(db)
    transaction = other.transaction()
    await transaction.start()
    await other.execute("SELECT internal.lock_boards_shared()")
    again = await add_season(db, "manual", 2, -3000, -2000, [1])
    async with asyncio.timeout(20):
        await close_seasons(db)
    assert [(await state(db, one))[1] for one in (over, again)] == [True, True]
    await transaction.rollback()


@pytest.mark.parametrize(
    "change",
    [
        'SELECT api.alter_board(\'manual\', \'{"unit": "ms", "grace": "20 minutes"}\')',
        "SELECT api.alter_board('manual', '{\"aggregate\": \"best\"}')",
        "SELECT api.end_season('manual')",
        "SELECT api.create_board('new', p_period => 'daily')",
    ],
)
async def test_a_change_of_a_board_does_not_wait_for_an_archive(db, connect, manual, change):
    await add_season(db, "manual", 1, -7200, -3600, [1])
    await add_season(db, "manual", 2, -3600, 3600, [1])
    other = await connect()
    await db.fetchval("SELECT api.close_seasons()")
    await db.fetchval("SELECT api.close_seasons()")
    async with db.transaction():
        assert await db.fetchval("SELECT api.close_seasons()") is True  # the archive is written and not committed
        async with asyncio.timeout(20):
            await other.execute(change)
