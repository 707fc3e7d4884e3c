import asyncpg
import pytest

from tests.support.oracle import display


@pytest.mark.parametrize(
    ("total", "unit", "decimals", "shown"),
    [
        (83456, "ms", 0, "1:23.456"),
        (3723456, "ms", 0, "1:02:03.456"),
        (0, "ms", 0, "0:00.000"),
        (7, "ms", 0, "0:00.007"),
        (59_999, "ms", 0, "0:59.999"),
        (3_600_000, "ms", 0, "1:00:00.000"),
        (-83456, "ms", 0, "-1:23.456"),
        (360_000_000, "ms", 0, "100:00:00.000"),
        (83, "s", 0, "1:23"),
        (3599, "s", 0, "59:59"),
        (3600, "s", 0, "1:00:00"),
        (8345, "s", 2, "1:23.45"),
        (1250, None, 2, "12.50"),
        (5, "points", 2, "0.05"),
        (-5, "points", 2, "-0.05"),
        (0, None, 1, "0.0"),
        (9007199254740991, None, 9, "9007199.254740991"),
        (1250, None, 0, None),
        (1250, "points", 0, None),
        (None, "ms", 0, None),
        (None, None, 2, None),
    ],
)
async def test_a_total_as_players_read_it(db, total, unit, decimals, shown):
    assert await db.fetchval("SELECT api.display_score($1, $2, $3)", total, unit, decimals) == shown
    assert total is None or display(total, unit, decimals) == shown


async def test_totals_at_the_ends_of_the_type(db):
    assert await db.fetchval("SELECT api.display_score(-9223372036854775808, NULL, 3)") == "-9223372036854775.808"
    assert await db.fetchval("SELECT api.display_score(9223372036854775807, 's')") == "2562047788015215:30:07"


@pytest.mark.parametrize("decimals", ["-1", "10", "NULL"])
async def test_decimals_out_of_range(db, decimals):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT api.display_score(1, 'ms', {decimals})")
    assert caught.value.sqlstate == "LB001"
