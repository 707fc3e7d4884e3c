import asyncpg
import pytest

from tests.support.oracle import assert_exact


async def test_a_plain_insert_after_explicit_ids_does_not_collide(db):
    await db.execute("SELECT api.submit_scores('{1,2,4,5}', '{1,1,1,1}')")
    made = await db.fetch("INSERT INTO users (username) VALUES ('a'), ('b'), ('c') RETURNING id")
    assert [row["id"] for row in made] == [3, 6, 7]


async def test_the_largest_id_does_not_use_the_sequence_up(db):
    await db.execute("SELECT api.submit_score(2147483647, 1)")
    assert await db.fetchval("INSERT INTO users (username) VALUES ('a') RETURNING id") == 1


async def test_deleting_a_player_takes_his_rows_and_his_place_along(db):
    await db.execute("SELECT api.submit_scores('{1,2,3}', '{10,20,30}', NULL, NULL, '{a,b,c}')")
    await db.execute("DELETE FROM users WHERE id = 2")
    for table in ("game_sessions", "leaderboard", "submission_keys"):
        assert await db.fetchval(f"SELECT count(*) FROM {table}") == 2
    await assert_exact(db)
    assert await db.fetchval("SELECT duplicate FROM api.submit_score(2, 20, p_submission_key => 'b')") is False
    await assert_exact(db)


@pytest.mark.parametrize("values", ["(0, 'a')", "(-1, 'a')", "(1, '')", "(1, repeat('x', 256))", "(1, NULL)"])
async def test_bad_rows_are_refused(db, values):
    with pytest.raises((asyncpg.CheckViolationError, asyncpg.NotNullViolationError)):
        await db.execute(f"INSERT INTO users (id, username) VALUES {values}")
