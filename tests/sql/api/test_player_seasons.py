import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.seasons import add_board, close, season

RESULTS = "SELECT season, closed, total_score, display, rank, players"


async def results(db, *arguments):
    marks = ", ".join(f"${number}" for number in range(1, len(arguments) + 1))
    return rows(await db.fetch(f"{RESULTS} FROM api.player_seasons({marks})", *arguments))


async def test_the_seasons_of_a_player_closed_and_running(db):
    board_id = await add_board(db, "b", manual_seasons="true", decimals="2")
    await close(db, await season(db, board_id, 1, [(1, 50, None), (2, 70, None), (3, 50, None), (4, 20, None)]))
    await close(db, await season(db, board_id, 2, [(2, 70, None)]))
    await close(db, await season(db, board_id, 3, [(1, 1250, None)]))
    await season(db, board_id, 4, [(1, 5, None), (2, 6, None)])
    assert await results(db, 1, "b") == [
        (4, False, 5, "0.05", 2, 2),
        (3, True, 1250, "12.50", 1, 1),
        (1, True, 50, "0.50", 2, 4),
    ]
    assert [row[0] for row in await results(db, 2, "b")] == [4, 2, 1]
    assert await results(db, 5, "b") == await results(db, 2**40, "b") == await results(db, None, "b") == []
    first = await db.fetchrow("SELECT starts_at, ends_at FROM api.player_seasons(4, 'b')")
    assert [f"{time:%Y-%m-%d}" for time in first] == ["2020-01-01", "2020-01-02"]


async def test_ranks_equal_plain_sql_in_every_season(db):
    board_id = await add_board(db, "b", manual_seasons="true", lowest_wins="true")
    expected = {}
    for number in range(1, 8):
        totals = [(user_id, -(user_id * 7919 % (3 * number)), None) for user_id in range(1, 400, number)]
        ranking_id = await season(db, board_id, number, totals)
        for user_id, rank, total in await db.fetch(
            "SELECT user_id, rank() OVER (ORDER BY total_score DESC), -total_score"
            " FROM leaderboard WHERE board_id = $1",
            ranking_id,
        ):
            expected.setdefault(user_id, []).insert(0, (number, number < 7, total, None, rank, len(totals)))
        if number < 7:
            await close(db, ranking_id)
    for user_id in (*range(1, 400, 13), *range(1, 400, 42)):
        assert await results(db, user_id, "b") == expected[user_id]


async def test_pages(db):
    board_id = await add_board(db, "b", manual_seasons="true")
    for number in range(1, 7):
        await close(db, await season(db, board_id, number, [(1 + number % 2, 5, None)]))
    assert [row[0] for row in await results(db, 1, "b", 2)] == [6, 4]
    assert [row[0] for row in await results(db, 1, "b", 2, 4)] == [2]
    for limit in (0, 1001, None):
        with pytest.raises(asyncpg.PostgresError, match="limit must be 1 to 1000") as raised:
            await results(db, 1, "b", limit)
        assert raised.value.sqlstate == "LB001"


async def test_no_answer_is_without_a_season_that_is_being_computed(db):
    board_id = await add_board(db, "b", manual_seasons="true")
    await close(db, await season(db, board_id, 1, [(1, 7, None)]))
    ranking_id = await season(db, board_id, 2)
    await db.execute("UPDATE rankings SET filled_to = 0, closing_xid = '0' WHERE id = $1", ranking_id)
    with pytest.raises(asyncpg.PostgresError, match="seasons of board b are being computed") as raised:
        await results(db, 1, "b")
    assert raised.value.sqlstate == "LB032"
    assert [row[0] for row in await results(db, 1, "b", 10, 2)] == [1]


async def test_a_deleted_player_has_none(db):
    board_id = await add_board(db, "b", manual_seasons="true")
    await close(db, await season(db, board_id, 1, [(1, 7, None), (2, 5, None)]))
    await db.execute("DELETE FROM users WHERE id = 1")
    assert await results(db, 1, "b") == []
    assert await results(db, 2, "b") == [(1, True, 5, None, 2, 2)]


async def test_boards_without_seasons(db):
    await db.execute("SELECT api.submit_score(1, 5)")
    assert await results(db, 1, "overall") == []
    with pytest.raises(asyncpg.PostgresError, match="there is no board 'nope'") as raised:
        await results(db, 1, "nope")
    assert raised.value.sqlstate == "LB010"
