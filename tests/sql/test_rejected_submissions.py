import asyncpg
import pytest

from tests.sql.test_submit_scores import submit
from tests.standings import rows

PAGE = "SELECT id, user_id, score, game_mode, board, submission_key, error FROM api.rejected_submissions"


async def test_the_newest_first_page_by_page(db):
    await db.execute("SELECT api.create_board('other')")
    await submit(db, (1, -1), (2, -2, "team", None, "k"))
    await submit(db, (1, -3), board="other")
    first = rows(await db.fetch(f"{PAGE}(2)"))
    assert [row[1:] for row in first] == [
        (1, -3, "solo", "other", None, "LB003"),
        (2, -2, "team", "overall", "k", "LB003"),
    ]
    assert [row[1:3] for row in rows(await db.fetch(f"{PAGE}(2, $1)", first[-1][0]))] == [(1, -1)]
    assert [row[2] for row in rows(await db.fetch(f"{PAGE}(p_user_id => 1)"))] == [-3, -1]
    assert [row[2] for row in rows(await db.fetch(f"{PAGE}(p_board => 'overall'))"[:-1]))] == [-2, -1]
    (row,) = await db.fetch(
        "SELECT reason, rejected_at <= clock_timestamp() FROM api.rejected_submissions(1)"
    )
    assert row[0] == "score must be an integer from 0 to 2147483647 on board other"
    assert row[1]


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("0", "LB001"),
        ("1001", "LB001"),
        ("NULL", "LB001"),
        ("1, NULL, 0", "LB002"),
        ("1, NULL, 1, 'no'", "LB010"),
    ],
)
async def test_bad_arguments(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"{PAGE}({arguments})")
    assert caught.value.sqlstate == sqlstate
