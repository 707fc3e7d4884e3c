import asyncpg
import pytest

from tests.support.oracle import rows


async def test_finds_those_that_there_are(db):
    await db.execute("SELECT api.submit_scores('{NULL,NULL}', '{1,2}', p_players => $1)", ["steam:1", "caf\u00e9"])
    ids = dict(rows(await db.fetch("SELECT external_id, user_id FROM player_ids")))
    asked = ["cafe\u0301", "steam:1", "steam:1", "steam:2", "", "42"]
    found = await db.fetch("SELECT player, user_id FROM api.find_players($1) ORDER BY 1", asked)
    assert rows(found) == [("cafe\u0301", ids["caf\u00e9"]), ("steam:1", ids["steam:1"])]
    assert await db.fetch("SELECT * FROM api.find_players('{}')") == []


async def test_one_is_found_or_refused(db):
    await db.execute("SELECT api.submit_scores('{NULL}', '{1}', p_players => '{steam:1}')")
    user_id = await db.fetchval("SELECT user_id FROM player_ids")
    assert await db.fetchval("SELECT api.find_player('steam:1')") == user_id
    assert await db.fetchval("SELECT rank FROM api.player_rank(api.find_player('steam:1'))") == 1
    for player, sqlstate in ("steam:2", "LB011"), ("42", "LB008"), ("", "LB008"), (None, "LB008"):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.fetchval("SELECT api.find_player($1)", player)
        assert caught.value.sqlstate == sqlstate


async def test_more_than_ten_thousand_are_refused(db):
    assert await db.fetch("SELECT * FROM api.find_players($1)", ["x"] * 10_000) == []
    for asked in ["x"] * 10_001, None:
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.fetch("SELECT * FROM api.find_players($1)", asked)
        assert caught.value.sqlstate == "LB001"
