"""What lists of players can show beside names and totals."""

import json
import random

import asyncpg
import pytest

from tests.support.oracle import TOTALS, rows

DETAILS = "SELECT * FROM api.row_details($1, $2, $3, $4, $5)"


async def details(db, board, *players, attributes=False, metadata=False, ids=False):
    found = await db.fetch(DETAILS, board, list(players), attributes, metadata, ids)
    return {
        row["user_id"]: (json.loads(row["attributes"] or "null"), json.loads(row["metadata"] or "null"), row["player"])
        for row in found
    }


async def submit(db, player, score, **metadata):
    await db.execute("SELECT api.submit_score($1, $2, p_metadata => $3)", player, score, json.dumps(metadata))


async def test_attributes_and_external_ids(db):
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'a'), (2, 'b')")
    await db.execute('SELECT api.set_attributes(1, \'{"country": "DE"}\')')
    await db.execute("SELECT api.link_player(2, 'steam:2')")
    await db.execute("SELECT api.link_player(2, 'a')")
    found = await details(db, "overall", 2, 1, 9, 1, attributes=True, ids=True)
    assert found == {1: ({"country": "DE"}, None, None), 2: (None, None, "steam:2")}
    assert await details(db, "overall", 1, 2) == {1: (None, None, None), 2: (None, None, None)}
    assert await details(db, "overall", attributes=True) == {}


@pytest.mark.parametrize("low", [False, True])
@pytest.mark.parametrize("ties", ["shared", "earliest"])
@pytest.mark.parametrize("aggregate", ["best", "last", "first", "sum", "count"])
async def test_the_metadata_is_that_of_the_session_that_made_the_total(db, aggregate, ties, low):
    await db.execute(
        "SELECT api.create_board('b', p_aggregate => $1, p_ties => $2, p_lowest_wins => $3, p_max_score => 8,"
        " p_split_by => 'country')",
        aggregate, ties, low,
    )  # fmt: skip
    await db.execute("INSERT INTO users (id, username, attributes) SELECT i, 'u' || i, '{\"country\": \"DE\"}'"
                     " FROM generate_series(1, 4) AS i")  # fmt: skip
    chosen = random.Random(aggregate)
    for run in range(60):
        await submit(db, chosen.randint(1, 4), chosen.randint(0, 12), run=run)
    await db.execute("SELECT * FROM api.void_sessions('op', 'why', p_session_id => 3)")
    await db.execute("SELECT * FROM api.void_sessions('op', 'why', p_user_id => 1, p_above => 7)")
    sessions = await db.fetch('SELECT * FROM game_sessions WHERE void_id IS NULL AND score <= 8 ORDER BY "timestamp"')
    expected = {}
    for player in range(1, 5):
        _, made_by = TOTALS[aggregate]([one for one in sessions if one["user_id"] == player], low)
        metadata = await db.fetchval("SELECT metadata FROM game_sessions WHERE id = $1", made_by)
        expected[player] = (None, None if aggregate in ("sum", "count") else json.loads(metadata), None)
    assert await details(db, "b", 1, 2, 3, 4, metadata=True) == expected
    assert await details(db, "b/DE", 1, 2, 3, 4, metadata=True) == expected
    assert await details(db, "b", 1, 2, 3, 4) == dict.fromkeys(range(1, 5), (None, None, None))


async def test_the_metadata_of_a_season_is_that_of_its_sessions(db):
    await db.execute("SELECT api.create_board('cup', p_aggregate => 'best', p_manual_seasons => true,"
                     " p_grace => '1 hour', p_split_by => 'country')")  # fmt: skip
    await db.execute("INSERT INTO users (id, username, attributes) VALUES (1, 'a', '{\"country\": \"DE\"}')")
    await submit(db, 1, 10, season=1)
    await db.execute("SELECT api.end_season('cup')")
    assert await details(db, "cup", 1, metadata=True) == {1: (None, None, None)}
    await submit(db, 1, 5, season=2)
    for board, season in (("cup", 2), ("cup/DE", 2), ("cup@1", 1), ("cup@previous/DE", 1)):
        assert await details(db, board, 1, metadata=True) == {1: (None, {"season": season}, None)}
    await db.execute("SELECT * FROM api.ban_players('op', 'why', '{1}')")
    assert await details(db, "cup", 1, metadata=True) == {1: (None, None, None)}
    await db.execute("SELECT api.submit_score(2, 3)")  # without metadata
    assert await details(db, "cup", 2, metadata=True) == {2: (None, None, None)}


@pytest.mark.parametrize(
    ("board", "players", "error"),
    [("overall", None, "LB001"), ("overall", [1] * 1001, "LB001"), ("nowhere", [], "LB010"),
     ("overall/DE", [], "LB018"), ("overall@1", [], "LB014"), (None, [], "LB010")],
)  # fmt: skip
async def test_bad_arguments(db, board, players, error):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(DETAILS, board, players, True, True, True)
    assert caught.value.sqlstate == error


async def test_beside_the_best_players(db):
    """As the service asks for it: one statement."""
    await db.execute("SELECT api.create_board('b', p_aggregate => 'best')")
    await submit(db, 1, 10, car="red")
    await submit(db, 2, 20, car="blue")
    found = await db.fetch(
        "WITH t AS MATERIALIZED (SELECT * FROM api.top_players(10, p_board => 'b'))"
        " SELECT t.rank, d.user_id, d.metadata ->> 'car' FROM t"
        " LEFT JOIN api.row_details('b', (SELECT array_agg(t.user_id) FROM t), false, true, false) AS d USING (user_id)"
        " ORDER BY t.rank"
    )
    assert rows(found) == [(1, 2, "blue"), (2, 1, "red")]
