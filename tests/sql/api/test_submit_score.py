import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows

SUBMIT = """
    SELECT user_id, score, total_score, duplicate, previous_rank, rank
    FROM api.submit_score($1, $2, $3, $4, $5, $6, $7)"""


async def submit(db, user_id, score, mode="solo", name=None, key=None, board="overall", with_rank=False):
    return tuple(await db.fetchrow(SUBMIT, user_id, score, mode, name, key, board, with_rank))


async def test_counts_in_ledger_and_total(db):
    assert await submit(db, 7, 100) == (7, 100, 100, False, None, None)
    assert await submit(db, 7, 50, mode="team") == (7, 50, 150, False, None, None)
    ledger = await db.fetch("SELECT user_id, score, game_mode FROM game_sessions ORDER BY id")
    assert rows(ledger) == [(7, 100, "solo"), (7, 50, "team")]
    assert rows(await db.fetch("SELECT board_id, user_id, total_score, rank FROM leaderboard")) == [(1, 7, 150, None)]
    await assert_exact(db)


async def test_defaults_are_those_of_the_documentation(db):
    row = await db.fetchrow("SELECT * FROM api.submit_score(1, 10)")
    assert tuple(row) == (1, 10, 10, False, None, None, None, None)
    assert await db.fetchval("SELECT game_mode FROM game_sessions") == "solo"


async def test_registers_an_unknown_player_under_the_given_name_or_a_default(db):
    await submit(db, 5, 1)
    await submit(db, 6, 1, name="Ada")
    assert rows(await db.fetch("SELECT id, username FROM users ORDER BY id")) == [(5, "user_5"), (6, "Ada")]


async def test_a_known_player_keeps_his_name(db):
    await submit(db, 6, 1, name="Ada")
    await submit(db, 6, 1, name="Grace")
    assert await db.fetchval("SELECT username FROM users WHERE id = 6") == "Ada"


async def test_a_taken_name_is_refused_and_nothing_is_left(db):
    await submit(db, 6, 1, name="Ada")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await submit(db, 7, 1, name="Ada")
    assert caught.value.sqlstate == "LB020"
    assert await db.fetchval("SELECT count(*) FROM users") == 1
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 1


async def test_a_taken_default_name_does_not_fail_the_submit(db):
    await submit(db, 1, 1, name="user_2")
    assert (await submit(db, 2, 5))[:3] == (2, 5, 5)
    name = await db.fetchval("SELECT username FROM users WHERE id = 2")
    assert name.startswith("user_2_")


async def test_ranks_before_and_after(db):
    assert await submit(db, 1, 100, with_rank=True) == (1, 100, 100, False, None, 1)
    assert await submit(db, 2, 300, with_rank=True) == (2, 300, 300, False, None, 1)
    assert await submit(db, 3, 200, with_rank=True) == (3, 200, 200, False, None, 2)
    assert await submit(db, 1, 150, with_rank=True) == (1, 150, 250, False, 3, 2)
    assert await submit(db, 3, 50, with_rank=True) == (3, 50, 250, False, 3, 2)


async def test_a_key_counts_once_and_gives_the_first_outcome_again(db):
    await submit(db, 1, 1000)
    first = await submit(db, 2, 10, key="a", with_rank=True)
    assert first == (2, 10, 10, False, None, 2)
    await submit(db, 2, 5000)
    assert await submit(db, 2, 10, key="a", with_rank=True) == (2, 10, 10, True, None, 2)
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 2") == 5010
    await assert_exact(db)


async def test_a_key_belongs_to_its_player(db):
    assert (await submit(db, 1, 10, key="a"))[3] is False
    assert (await submit(db, 2, 10, key="a"))[3] is False


@pytest.mark.parametrize("other", [{"score": 11}, {"mode": "team"}, {"board": "solo"}], ids=["score", "mode", "board"])
async def test_a_key_with_other_content_is_refused(db, other):
    await db.execute("SELECT api.create_board('solo')")
    await submit(db, 1, 10, key="a")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await submit(db, 1, other.get("score", 10), other.get("mode", "solo"), None, "a", other.get("board", "overall"))
    assert caught.value.sqlstate == "LB021"
    assert await db.fetchval("SELECT sum(score) FROM game_sessions") == 10


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ({"user_id": 0}, "LB002"),
        ({"user_id": -1}, "LB002"),
        ({"user_id": 2**31}, "LB002"),
        ({"user_id": None}, "LB002"),
        ({"score": None}, "LB003"),
        ({"score": -1}, "LB003"),
        ({"score": 2**31}, "LB003"),
        ({"mode": ""}, "LB004"),
        ({"mode": "x" * 51}, "LB004"),
        ({"mode": "a\nb"}, "LB004"),
        ({"name": ""}, "LB005"),
        ({"name": "x" * 256}, "LB005"),
        ({"name": " Ada"}, "LB005"),
        ({"name": "A\tda"}, "LB005"),
        ({"key": ""}, "LB006"),
        ({"key": "x" * 256}, "LB006"),
        ({"key": "a b"}, "LB006"),
        ({"key": "ü"}, "LB006"),
        ({"board": "nowhere"}, "LB010"),
        ({"board": None}, "LB010"),
    ],
)
async def test_bad_arguments_are_refused_and_leave_nothing(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await submit(db, **{"user_id": 1, "score": 1, **arguments})
    assert caught.value.sqlstate == sqlstate
    assert await db.fetchval("SELECT count(*) FROM users") == 0


async def test_the_limits_themselves_are_accepted(db):
    await submit(db, 2**31 - 1, 2**31 - 1, mode="m" * 50, name="n" * 255, key="!" * 255)
    await submit(db, 1, 0)
    await assert_exact(db)


async def test_vanishes_with_the_callers_transaction(db):
    transaction = db.transaction()
    await transaction.start()
    await submit(db, 1, 10, key="a")
    assert (await db.fetchrow("SELECT * FROM api.player_rank(1)"))["rank"] == 1
    await transaction.rollback()
    assert await db.fetchval("SELECT count(*) FROM users") == 0
    assert (await submit(db, 1, 10, key="a"))[3] is False
    await assert_exact(db)


@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
async def test_needs_a_fresh_snapshot_a_statement(db, isolation):
    """It might wait for a new board and then not see it."""
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation=isolation):
            await submit(db, 1, 10)
    assert caught.value.sqlstate == "LB030"
    assert await db.fetchval("SELECT count(*) FROM users") == 0
