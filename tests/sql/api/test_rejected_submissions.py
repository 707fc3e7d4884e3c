import asyncio

import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import submit

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
    (row,) = await db.fetch("SELECT reason, rejected_at <= clock_timestamp() FROM api.rejected_submissions(1)")
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


KEPT = "SELECT count(*) FROM rejected_submissions"


async def test_players_that_nobody_knows_share_one_bound(db, connect):
    """Ids cost nothing to make up: 20,000 on four connections at once, none of which has committed."""
    await submit(db, (2_000_000_000, 5))
    await submit(db, (2_000_000_000, -5))
    connections = [await connect() for _ in range(4)]
    transactions = [connection.transaction() for connection in connections]
    for transaction in transactions:
        await transaction.start()

    async def flood(number, connection):
        for call in range(5):
            first = 1 + (number * 5 + call) * 1000
            outcomes = await submit(connection, *((first + player, -1) for player in range(1000)))
            assert {(row[1], row[7]) for row in outcomes} == {("rejected", "LB003")}

    await asyncio.gather(*(flood(*one) for one in enumerate(connections)))
    # Good submissions, and refusals of players that are known, go on beside it.
    await submit(db, (2_000_000_000, 5), (2_000_000_000, -5))
    assert await db.fetchval(f"{KEPT} WHERE user_id = 2000000000") == 2
    for transaction in transactions:
        await transaction.commit()
    # The flood may have met the turn of a minute, and there the beginning of a count twice.
    assert 100 <= await db.fetchval(f"{KEPT} WHERE user_id <> 2000000000") <= 400
    await assert_exact(db)


async def test_all_players_share_one_bound(db, connect):
    players = range(1, 101)
    await submit(db, *((player, 5) for player in players))
    connections = [await connect() for _ in range(3)]

    async def flood(connection):
        for _ in range(6):
            await submit(connection, *((player, -1) for player in players for _ in range(10)))

    await asyncio.gather(*(flood(connection) for connection in connections))
    assert 1000 <= await db.fetchval(KEPT) <= 4000
    # A new minute begins anew, also after a clock that went back.
    for minute in -1, 1:
        await db.execute(
            "SELECT setval('rejections_kept_seq', (extract(epoch FROM now())::bigint / 60 + $1) * 1000000 + 5000)",
            minute * 2,
        )
        before = await db.fetchval(KEPT)
        await submit(db, (101 + minute, 5), (101 + minute, -1))
        assert await db.fetchval(KEPT) == before + 1


async def test_the_oldest_go_beyond_a_million(db):
    most = await db.fetchval("SELECT internal.max_rejections()")
    assert most == 1_000_000
    await db.execute(
        "INSERT INTO rejected_submissions (id, user_id, score, game_mode, board, error, reason)"
        " OVERRIDING SYSTEM VALUE"
        " SELECT n, 1, 1, 'solo', 'overall', 'LB003', '' FROM unnest($1::bigint[]) AS n",
        [1, 2, 3, 4, most + 2, most + 3],
    )
    assert await db.fetchval("SELECT submission.purge_rejections(2)") == 2
    left = "SELECT array_agg(id ORDER BY id) FROM rejected_submissions"
    assert await db.fetchval(left) == [3, 4, most + 2, most + 3]
    assert await db.fetchval("SELECT submission.purge_rejections(1000)") == 1
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval(left) == [4, most + 2, most + 3]
