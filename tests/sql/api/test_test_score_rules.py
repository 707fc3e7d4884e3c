import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill

TEST = "SELECT user_id, username, sessions, worst_score, rules FROM api.test_score_rules"


async def play(db, *sessions):
    """(player, seconds ago, score) in the order in which they were counted."""
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 5) AS g")
    await db.execute(
        'INSERT INTO game_sessions (user_id, score, "timestamp")'
        " SELECT p.user_id, p.score, now() - p.ago * interval '1 second'"
        " FROM unnest($1::int[], $2::int[], $3::int[]) AS p(user_id, ago, score)",
        *zip(*sessions, strict=True),
    )


async def test_bounds(db):
    await play(db, (1, 10, 5), (1, 9, 500), (2, 8, 600), (2, 7, 700), (3, 8 * 86400, 900))
    found = rows(await db.fetch(f"{TEST}('overall', p_min_score => 6, p_max_score => 550)"))
    assert found == [(2, "u2", 2, 700, ["max_score"]), (1, "u1", 1, 5, ["min_score"])]
    found = rows(await db.fetch(f"{TEST}('overall', 9, p_max_score => 550, p_limit => 2)"))
    assert [row[0] for row in found] == [2, 3]
    (times,) = await db.fetch(
        "SELECT extract(epoch FROM now() - first_at)::int, extract(epoch FROM now() - last_at)::int"
        " FROM api.test_score_rules('overall', p_max_score => 550)"
    )
    assert 0 <= times[0] - 8 < 60
    assert times[0] - times[1] == 1


async def test_submissions_per_minute(db):
    await play(db, *((1, 100 - n, 1) for n in range(4)), (2, 200, 1), (2, 139, 1), (2, 100, 1), (3, 9, 1), (3, 9, 1))
    found = rows(await db.fetch(f"{TEST}('overall', p_max_submissions_per_minute => 2)"))
    assert found == [(1, "u1", 2, 1, ["max_submissions_per_minute"])]
    # Two in one call are counted one after the other.
    found = rows(await db.fetch(f"{TEST}('overall', p_max_submissions_per_minute => 1)"))
    assert [(row[0], row[2]) for row in found] == [(1, 3), (2, 1), (3, 1)]


@pytest.mark.parametrize(
    ("aggregate", "low", "expected"),
    [
        ("sum", False, [(1, 2), (3, 2), (2, 1)]),
        ("best", False, [(1, 1), (3, 1)]),
        ("last", False, [(1, 2), (3, 2)]),
        ("first", False, [(3, 1)]),
        ("count", False, []),
        ("best", True, [(3, 1)]),
    ],
)
async def test_gain_per_hour(db, aggregate, low, expected):
    await db.execute("SELECT api.create_board('b', p_aggregate => $1, p_lowest_wins => $2)", aggregate, low)
    of_one = (1, 8000, 10), (1, 300, 70), (1, 200, 61)
    of_others = (2, 100, 40), (2, 99, 45), (3, 9000, 80), (3, 5000, 2), (3, 20, 55)
    await play(db, *of_one, *of_others)
    found = rows(await db.fetch(f"{TEST}('b', p_max_gain_per_hour => 50)"))
    assert [(row[0], row[2]) for row in found] == expected


async def test_score_per_second(db):
    await play(db, (1, 100, 5), (1, 90, 30), (1, 80, 5000), (2, 10, 86400 * 3), (3, 200000, 7), (3, 5, 86400 * 4))
    found = rows(await db.fetch(f"{TEST}('overall', p_max_score_per_second => 3)"))
    # Of the first session, and after more than a day, a day is taken.
    assert found == [
        (1, "u1", 1, 5000, ["max_score_per_second"]),
        (3, "u3", 1, 86400 * 4, ["max_score_per_second"]),
    ]


async def test_void_sessions_are_not_tried(db):
    await play(db, (1, 10, 500), (2, 9, 600))
    await db.execute("SELECT api.void_sessions('m', 'r', 2)")
    assert [row[0] for row in await db.fetch(f"{TEST}('overall', p_max_score => 1)")] == [1]


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("'overall'", "LB001"),
        ("'overall', 0, 1", "LB001"),
        ("'overall', 366, 1", "LB001"),
        ("'overall', p_max_score => 1, p_limit => 0", "LB001"),
        ("'overall', p_max_gain_per_hour => 0", "LB001"),
        ("'no', p_max_score => 1", "LB010"),
    ],
)
async def test_bad_arguments(db, arguments, sqlstate):
    await fill(db, 1)
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"{TEST}({arguments})")
    assert caught.value.sqlstate == sqlstate


async def test_totals_are_those_of_the_season(db):
    """The first score of a season is a gain from nothing, whatever the player had in the one before."""
    await db.execute("SELECT api.create_board('cup', p_aggregate => 'best', p_manual_seasons => true)")
    await play(db, (1, 9000, 90), (2, 20, 90))
    found = rows(await db.fetch(f"{TEST}('cup', p_max_gain_per_hour => 50)"))
    assert [(row[0], row[2]) for row in found] == [(1, 1), (2, 1)]
    await db.execute("SELECT api.end_season('cup')")
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 95), (2, 40)")
    found = rows(await db.fetch(f"{TEST}('cup', p_max_gain_per_hour => 50)"))
    assert [(row[0], row[2]) for row in found] == [(1, 2), (2, 1)]
