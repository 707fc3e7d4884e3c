"""Which list a read is about: boards, seasons by name and number, and seasons that close meanwhile."""

import asyncio
import datetime as dt

import asyncpg
import pytest

from tests.support.oracle import Row, assert_reads, rows
from tests.support.seasons import TRUTH, add_board, add_seasons, close, season, seasons

RANKING = "SELECT id, board, season, closed FROM board.ranking_of($1)"
TOP = "SELECT rank, user_id, total_score FROM api.top_players(1000, p_board => $1)"


async def error(db, board):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT board.ranking_of($1)", board)
    return caught.value.sqlstate, caught.value.message


async def number(db, board):
    return await db.fetchval("SELECT season FROM board.ranking_of($1)", board)


@pytest.fixture
async def daily(db):
    """A board whose seasons are the days since three days ago; the first and the third have players. Its id."""
    board_id = await add_board(db, "daily", period="1 day", opens_at=str(await day(db, -3)))
    for days in (-3, -1):
        await add_seasons(db, "daily", str(await day(db, days)))
    return board_id


async def day(db, days):
    return await db.fetchval("SELECT date_trunc('day', now(), 'UTC') + $1 * interval '1 day'", days)


async def test_a_board_without_seasons(db):
    assert tuple(await db.fetchrow(RANKING, "overall")) == (1, "overall", None, False)
    for reference in ("overall@current", "overall@previous", "overall@1", "overall@"):
        assert await error(db, reference) == ("LB014", "board overall has no seasons")


@pytest.mark.parametrize("board", ["nowhere", "nowhere@1", "@", "@1", "", " overall", "overall ", "OVERALL", None])
async def test_an_unknown_board(db, board):
    assert (await error(db, board))[0] == "LB010"


async def test_a_board_that_is_not_open_yet_or_any_more_has_its_one_ranking(db):
    await db.execute("SELECT api.create_board('before', p_opens_at => now() + interval '1 day')")
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'u1')")
    await db.execute(
        "INSERT INTO game_sessions (user_id, score, \"timestamp\") VALUES (1, 5, now() - interval '2 days')"
    )
    await db.execute("SELECT api.create_board('after', p_closes_at => now() - interval '1 day')")
    await assert_reads(db, "before", [])
    await assert_reads(db, "after", [(1, 1, "u1", 5, None, None)])


async def test_seasons_by_name_and_number(db, daily):
    await add_seasons(db, "daily", str(await day(db, 0)))
    assert [one[0] for one in await seasons(db, "daily")] == [1, 3, 4]
    for reference, expected in {
        "daily": 4,
        "daily@current": 4,
        "daily@4": 4,
        "daily@previous": 3,
        "daily@3": 3,
        "daily@1": 1,
    }.items():
        assert await number(db, reference) == expected


async def test_a_current_season_that_has_no_row_yet_is_empty(db, daily):
    for reference in ("daily", "daily@current", "daily@4"):
        assert tuple(await db.fetchrow(RANKING, reference)) == (None, "daily", 4, False)
        await assert_reads(db, reference, [], 4)
    assert await number(db, "daily@previous") == 3
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.player_rank(1, 'daily')")
    assert caught.value.sqlstate == "LB011"


async def test_seasons_that_are_not_there(db, daily):
    assert await error(db, "daily@2") == ("LB014", "season 2 of board daily had no players, or is not kept any more")
    assert await error(db, "daily@5") == ("LB014", "board daily is in its season 4; there is no season 5 yet")
    assert (await error(db, "daily@999999999"))[0] == "LB014"
    for nonsense in ("", "0", "-1", "1.0", "01", "next", "Current", "1@2", "9999999999999999999999", "x" * 1000, "1\n"):
        sqlstate, message = await error(db, f"daily@{nonsense}")
        assert sqlstate == "LB014"
        assert message.startswith("a season is current, previous or a number from 1, not ")
        assert len(message) < 200
    await db.execute("DELETE FROM rankings WHERE number = 3")
    assert await error(db, "daily@previous") == ("LB014", "the previous season of board daily had no players")
    await db.execute("UPDATE boards SET keep_seasons = 1 WHERE name = 'daily'")
    assert (await error(db, "daily@3"))[1] == "season 3 of board daily had no players, or is not kept any more"


async def test_the_first_season_has_none_before(db):
    await add_board(db, "first", period="1 day", opens_at=str(await day(db, 0)))
    assert await error(db, "first@previous") == ("LB014", "board first is in its first season")
    assert await number(db, "first") == 1


async def test_a_season_that_was_added_ahead_is_not_there_yet(db, daily):
    await add_seasons(db, "daily", str(await day(db, 0)), str(await day(db, 1)))
    assert await number(db, "daily") == 4
    assert (await error(db, "daily@5"))[1] == "board daily is in its season 4; there is no season 5 yet"


async def test_before_the_first_season(db):
    await add_board(db, "later", period="1 day", opens_at=str(await day(db, 2)))
    for reference in ("later", "later@current", "later@1"):
        assert tuple(await db.fetchrow(RANKING, reference)) == (None, "later", 1, False)
        await assert_reads(db, reference, [], 1)
    assert (await error(db, "later@previous"))[0] == "LB014"
    await add_seasons(db, "later", str(await day(db, 2)), now=str(await day(db, 2)))
    assert await db.fetchval("SELECT id FROM board.ranking_of('later')") is not None


async def test_after_the_last_season(db):
    """The last one stays the current one, with or without a row."""
    closes_at = await day(db, -1)
    board_id = await add_board(
        db, "over", period="1 day", opens_at=str(await day(db, -3)), closes_at=str(closes_at - dt.timedelta(hours=2))
    )
    await add_seasons(db, "over", str(await day(db, -3)))
    assert tuple(await db.fetchrow(RANKING, "over")) == (None, "over", 2, False)
    assert await number(db, "over@previous") == 1
    await add_seasons(db, "over", str(await day(db, -2)))
    ranking_id = await db.fetchval("SELECT id FROM rankings WHERE board_id = $1 AND number = 2", board_id)
    assert tuple(await db.fetchrow(RANKING, "over@2")) == (ranking_id, "over", 2, False)
    await close(db, ranking_id)
    assert tuple(await db.fetchrow(RANKING, "over")) == (ranking_id, "over", 2, True)
    await assert_reads(db, "over", [], 2)


async def test_a_board_whose_seasons_end_by_a_call(db):
    await db.execute("SELECT api.create_board('manual', p_manual_seasons => true)")
    assert await number(db, "manual") == await number(db, "manual@1") == 1
    assert await error(db, "manual@previous") == ("LB014", "board manual is in its first season")
    await db.execute(
        "SELECT api.create_board('manual-later', p_manual_seasons => true, p_opens_at => now() + interval '1 day')"
    )
    assert await number(db, "manual-later") == 1
    await assert_reads(db, "manual-later", [], 1)


async def test_a_season_that_is_computed_from_the_ledger_is_being_filled(db, daily):
    await db.execute("UPDATE rankings SET filled_to = 0, closing_xid = '0' WHERE number = 3")
    sqlstate, message = await error(db, "daily@previous")
    assert (sqlstate, message) == (
        "LB032",
        "board daily@previous is being filled from the ledger; retry later",
    )


async def test_boards_are_listed_with_their_seasons(db, daily):
    columns = "board, players, period, season, season_starts_at, next_reset_at"
    assert rows(await db.fetch(f"SELECT {columns} FROM api.list_boards()")) == [
        ("overall", 0, None, None, None, None),
        ("daily", 0, "daily", 4, await day(db, 0), await day(db, 1)),
    ]
    await db.execute("DELETE FROM boards WHERE name = 'daily'")
    await db.execute("SELECT api.create_board('last-day', p_period => '24 hours', p_closes_at => $1)", await day(db, 1))
    columns = "period, season, season_starts_at, next_reset_at"
    assert tuple(await db.fetchrow(f"SELECT {columns} FROM api.list_boards() OFFSET 1")) == (
        "24:00:00", 1, await day(db, 0), None,
    )  # fmt: skip


@pytest.mark.parametrize("analyzed", [False, True])
async def test_past_seasons_cost_upkeep_and_reads_of_the_running_one_nothing(db, analyzed):
    board_id = await add_board(db, "many", period="1 day", opens_at=str(await day(db, -5000)), keep_seasons="5000")
    await db.execute(
        "INSERT INTO rankings"
        " (board_id, number, starts_at, ends_at, deadline, closing_xid, closed_at, players, cleared)"
        " SELECT $1, i, d.day, d.day + interval '1 day', d.day + interval '1 day', '3', now(), 0, true"
        " FROM generate_series(1, 5000) AS i"
        " CROSS JOIN LATERAL (SELECT date_trunc('day', now(), 'UTC') - (5001 - i) * interval '1 day' AS day) AS d",
        board_id,
    )
    await add_seasons(db, "many", str(await day(db, 0)))
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'u1')")
    await db.execute("SELECT api.submit_score(1, 5, p_board => 'many')")
    if analyzed:
        await db.execute("ANALYZE")
    read = """
        SELECT sum(pg_stat_get_xact_tuples_returned(c.oid))::bigint FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')"""
    for call in (
        "api.player_rank(1, 'many')",
        "api.top_players(10, p_board => 'many')",
        "api.player_ranks('{1}', 'many@current')",
        "board.ranking_of('many@previous')",
        "board.ranking_of('many@2500')",
        "api.list_boards()",
        "api.cache_status()",
        "api.next_boundary()",
        "board.add_missing_seasons()",
        "board.mark_closing()",
        "board.close_season()",
        "board.clear_season()",
        "board.drop_old_seasons()",
        "board.live_rankings(NULL)",
    ):
        async with db.transaction():
            await db.fetch(f"SELECT * FROM {call}")  # planning looks at the ends of indexes
            before = await db.fetchval(read)
            assert len(await db.fetch(f"SELECT * FROM {call}")) > 0
            assert await db.fetchval(read) - before < 60, call


# --- seasons that close ----------------------------------------------------------------------------------------


async def archived_season(db, totals, **columns):
    """A board with seasons whose second one runs, and the first one is not closed yet."""
    board_id = await add_board(db, "season", manual_seasons="true", **columns)
    ranking_id = await season(db, board_id, 1, totals)
    running = await season(db, board_id, 2, [(1, 77, 5)])
    await db.execute("UPDATE rankings SET ends_at = 'infinity' WHERE id = $1", running)
    return ranking_id


async def order_of(db, ranking_id) -> list[Row]:
    """What the archive of a season will have to show."""
    found = await db.fetch(TRUTH, ranking_id)
    return [
        (row["rank"], row["user_id"], f"u{row['user_id']}", -row["total_score"], None, row["place"]) for row in found
    ]


async def test_reads_of_an_archive(db):
    totals = [(i, i * 7919 % 40 - 15, i * 104729 % 1000003) for i in range(1, 600)]
    ranking_id = await archived_season(db, totals, lowest_wins="true", ties="earliest")
    order = await order_of(db, ranking_id)
    await close(db, ranking_id)
    for reference in ("season@1", "season@previous"):
        await assert_reads(db, reference, order, 1)


@pytest.mark.parametrize("ties", ["shared", "earliest"])
async def test_a_page_follows_the_one_before_though_the_season_has_closed_meanwhile(db, ties):
    totals = [(i, i % 3, i * 104729 % 1000003 if ties == "earliest" else None) for i in range(1, 40)]
    ranking_id = await archived_season(db, totals, ties=ties)
    after = "SELECT * FROM api.top_players(100, $1, $2, 'season@1', $3)"
    live = await db.fetch("SELECT * FROM api.top_players(100, p_board => 'season@1')")
    assert len(live) == 39
    await close(db, ranking_id)
    for place, row in enumerate(live, 1):
        page = await db.fetch(after, row["total_score"], row["user_id"], row["tie"])
        assert [one["user_id"] for one in page] == [one["user_id"] for one in live[place:]]


async def test_pages_go_past_players_who_were_deleted_since(db):
    ranking_id = await archived_season(db, [(i, i // 20, None) for i in range(1, 61)])
    await close(db, ranking_id)
    await db.execute("DELETE FROM users WHERE id BETWEEN 10 AND 30 OR id = 60")
    order = rows(await db.fetch("SELECT * FROM api.top_players(1000, p_board => 'season@1')"))
    assert [row[5] for row in order] == list(range(1, 61))
    assert {row[2] for row in order if row[1] == 0} == {"deleted"}
    for limit in (1, 7):
        paged = []
        while page := rows(
            await db.fetch(
                "SELECT * FROM api.top_players($1, $2, $3, 'season@1', $4)",
                limit,
                *((paged[-1][3], paged[-1][1], paged[-1][5]) if paged else (None, None, None)),
            )
        ):
            paged += page
            assert len(paged) <= 60
        assert paged == order
    assert await db.fetch("SELECT * FROM api.player_ranks('{10,60}', 'season@1')") == []


async def test_one_snapshot_sees_a_season_either_live_or_archived(db, connect):
    totals = [(i, i * 7919 % 40, None) for i in range(1, 300)]
    ranking_id = await archived_season(db, totals)
    expected = await db.fetch(TOP, "season@1")
    other = await connect()
    async with other.transaction(isolation="repeatable_read"):
        assert await other.fetch(TOP, "season@1") == expected
        await close(db, ranking_id)
        assert await db.fetch(TOP, "season@1") == expected
        assert await other.fetchval("SELECT closed FROM board.ranking_of('season@1')") is False
        assert await other.fetch(TOP, "season@1") == expected
    assert await other.fetchval("SELECT closed FROM board.ranking_of('season@1')") is True
    assert await other.fetch(TOP, "season@1") == expected


async def test_reads_beside_seasons_that_close_are_never_empty_or_mixed(db, connect):
    board_id = await add_board(db, "season", manual_seasons="true")
    ids = [await season(db, board_id, one, [(i, i * one % 40, None) for i in range(1, 100)]) for one in range(1, 21)]
    expected = {f"season@{one}": await db.fetch(TOP, f"season@{one}") for one in range(1, 21)}
    readers = [await connect(), await connect()]
    closing = asyncio.Event()

    async def read(reader):
        count = 0
        while not closing.is_set():
            for reference, found in expected.items():
                assert await reader.fetch(TOP, reference) == found
                rank = await reader.fetchrow("SELECT rank, players FROM api.player_rank(7, $1)", reference)
                assert tuple(rank) == (next(row["rank"] for row in found if row["user_id"] == 7), 99)
                count += 1
        return count

    reading = [asyncio.create_task(read(reader)) for reader in readers]
    try:
        for ranking_id in ids:
            await close(db, ranking_id)
    finally:
        closing.set()
    assert min(await asyncio.gather(*reading)) > 0
