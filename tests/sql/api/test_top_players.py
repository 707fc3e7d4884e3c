import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill


async def test_ties_share_a_rank_and_the_next_rank_skips(db):
    await fill(db, 50, 70, 70, 60, 50, 50, 10)
    top = rows(await db.fetch("SELECT rank, user_id, total_score FROM api.top_players()"))
    assert top == [(1, 2, 70), (1, 3, 70), (3, 4, 60), (4, 1, 50), (4, 5, 50), (4, 6, 50), (7, 7, 10)]


async def test_gives_ten_rows_by_default_and_the_limit_otherwise(db):
    await fill(db, *range(30))
    assert len(await db.fetch("SELECT * FROM api.top_players()")) == 10
    assert len(await db.fetch("SELECT * FROM api.top_players(1)")) == 1
    assert len(await db.fetch("SELECT * FROM api.top_players(1000)")) == 30


async def test_pages_through_ties_without_gap_or_repetition(db):
    await fill(db, *([5] * 10), *([7] * 4), 6, 1, 1)
    await assert_exact(db)


async def test_a_page_may_follow_a_place_that_nobody_holds(db):
    await fill(db, 10, 20, 30)
    page = rows(await db.fetch("SELECT rank, user_id FROM api.top_players(10, 25, 99)"))
    assert page == [(2, 2), (3, 1)]
    assert await db.fetch("SELECT * FROM api.top_players(10, -5, 1)") == []


async def test_an_empty_board(db):
    assert await db.fetch("SELECT * FROM api.top_players()") == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("0", "LB001"),
        ("1001", "LB001"),
        ("NULL", "LB001"),
        ("10, 5", "LB001"),
        ("10, NULL, 5", "LB001"),
        ("10, p_board => 'x'", "LB010"),
    ],
)
async def test_bad_arguments(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.top_players({arguments})")
    assert caught.value.sqlstate == sqlstate


@pytest.fixture
async def laps(db):
    """A board on which the lowest total wins, in the order of who got there first."""
    await db.execute(
        "SELECT api.create_board('laps', NULL, 'best', -100000, 100000, p_lowest_wins => true, p_unit => 'ms',"
        " p_ties => 'earliest')"
    )
    await db.execute("SELECT api.submit_scores('{3,1,2,4}', '{700,700,-5,700}', p_board => 'laps')")


async def test_the_lowest_total_wins_and_ties_are_in_the_order_of_time(db, laps):
    page = rows(await db.fetch("SELECT * FROM api.top_players(2, p_board => 'laps')"))
    assert [row[:5] for row in page] == [(1, 2, "user_2", -5, "-0:00.005"), (2, 3, "user_3", 700, "0:00.700")]
    rest = await db.fetch("SELECT rank, user_id FROM api.top_players(9, 700, 3, 'laps', $1)", page[-1][5])
    assert rows(rest) == [(2, 1), (2, 4)]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (-(2**63), [2, 3, 1, 4]),
        (-6, [2, 3, 1, 4]),
        (0, [3, 1, 4]),
        (701, []),
        (2**63 - 1, []),
    ],
)
async def test_a_place_between_totals_of_which_the_lowest_wins(db, laps, after, expected):
    page = await db.fetch("SELECT user_id FROM api.top_players(9, $1, 1, 'laps', 5)", after)
    assert [row[0] for row in page] == expected


@pytest.mark.parametrize(
    "after", ["700, 3, 'laps'", "700, 3, 'laps', NULL", "NULL, NULL, 'laps', 5", "700, NULL, 'laps', 5"]
)
async def test_a_place_in_an_order_by_time_has_a_tie(db, laps, after):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.top_players(9, {after})")
    assert caught.value.sqlstate == "LB001"


@pytest.mark.parametrize("after", [-(2**63), 2**63 - 1])
async def test_places_at_the_ends_of_the_type(db, after):
    await fill(db, 10, 20)
    assert len(await db.fetch("SELECT * FROM api.top_players(9, $1, 1)", after)) == (2 if after > 0 else 0)
