"""Players by the ids of their games: registered on first use, once, also when many clients do so at the same time."""

import asyncio
import json

import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows

SUBMIT = "SELECT * FROM api.submit_scores($1, $2, p_players => $3, p_usernames => $4, p_submission_keys => $5)"


async def submit(db, *items):
    """Items are (player, score) and, if need be, name and key. A player that is a number is a user id."""
    items = [(*item, *[None] * (4 - len(item))) for item in items]
    return await db.fetch(
        SUBMIT,
        [item[0] if isinstance(item[0], int) else None for item in items],
        [item[1] for item in items],
        [None if isinstance(item[0], int) else item[0] for item in items],
        [item[2] for item in items],
        [item[3] for item in items],
    )


async def totals(db):
    found = await db.fetch(
        """SELECT coalesce(i.external_id, l.user_id::text), l.total_score
        FROM leaderboard AS l LEFT JOIN player_ids AS i USING (user_id) ORDER BY 1"""
    )
    return dict(rows(found))


async def test_an_unknown_player_is_registered_once(db):
    first = await submit(db, ("steam:76561198000000000", 5), ("device/abc", 7, "Ada"), ("steam:76561198000000000", 1))
    assert [row["status"] for row in first] == ["accepted"] * 3
    assert first[0]["user_id"] == first[2]["user_id"] != first[1]["user_id"]
    (again,) = await submit(db, ("steam:76561198000000000", 10))  # the short way
    assert (again["user_id"], again["total_score"]) == (first[0]["user_id"], 16)
    assert await totals(db) == {"steam:76561198000000000": 16, "device/abc": 7}
    assert (
        rows(await db.fetch("SELECT username FROM users ORDER BY id"))
        == [
            (f"user_{first[0]['user_id']}",),
            ("Ada",),
        ]
        or await db.fetchval("SELECT count(*) FROM users WHERE username = 'Ada'") == 1
    )
    assert await db.fetchval("SELECT api.find_player('device/abc')") == first[1]["user_id"]
    await assert_exact(db)


async def test_numbers_and_ids_in_one_call(db):
    await submit(db, (7, 1))
    outcomes = await submit(db, (7, 2), ("a", 3), (8, 4), ("b", 5), ("a", 6))
    assert [row["status"] for row in outcomes] == ["accepted"] * 5
    assert await totals(db) == {"7": 3, "8": 4, "a": 9, "b": 5}
    await assert_exact(db)


async def test_new_players_never_get_an_id_that_a_game_has_given(db):
    await db.execute("SELECT setval('users_id_seq', 1, false)")
    await submit(db, *((number, 1) for number in range(1, 6)))
    outcomes = await submit(db, ("a", 1), ("b", 1))
    assert {row["user_id"] for row in outcomes}.isdisjoint(range(1, 6))


async def test_one_id_in_two_unicode_forms_is_one_player(db):
    await submit(db, ("caf\u00e9", 1))
    await submit(db, ("cafe\u0301", 2))
    assert await totals(db) == {"caf\u00e9": 3}
    assert await db.fetchval("SELECT api.find_player('cafe\u0301')") is not None


@pytest.mark.parametrize(
    ("player", "told"),
    [
        ("", "1 to 128"),
        ("x" * 129, "1 to 128"),
        ("a\nb", "control character"),
        (" a", "begin or end with a space"),
        ("42", "send it as user_id"),
        ("2147483647", "send it as user_id"),
    ],
)
async def test_what_cannot_be_an_id_is_refused(db, player, told):
    ours, other = await submit(db, (player, 5), ("good", 5))
    assert (ours["status"], ours["error"], other["status"]) == ("rejected", "LB008", "accepted")
    assert told in ours["message"]
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.submit_score(NULL, 5, p_player => $1)", player)
    assert caught.value.sqlstate == "LB008"
    assert await totals(db) == {"good": 5}


async def test_numbers_beyond_a_user_id_are_ids(db):
    outcomes = await submit(db, ("2147483648", 1), ("76561198000000000", 2), ("9" * 128, 3), ("x" * 128, 4))
    assert [row["status"] for row in outcomes] == ["accepted"] * 4


async def test_a_number_and_an_id_together_are_refused(db):
    await submit(db, (1, 1), ("a", 1))
    for players in ["a"], ["b"], ["42"]:
        (row,) = await db.fetch("SELECT * FROM api.submit_scores('{1}', '{5}', p_players => $1)", players)
        assert (row["status"], row["error"]) == ("rejected", "LB008")
    (row,) = await db.fetch("SELECT * FROM api.submit_scores('[2:2]={1}', '{5}', p_players => '[3:3]={a}')")
    assert (row["status"], row["error"]) == ("rejected", "LB008")
    (row,) = await db.fetch("SELECT * FROM api.submit_scores('{NULL}', '{5}', p_players => '{NULL}')")
    assert (row["status"], row["error"]) == ("rejected", "LB002")
    assert await totals(db) == {"1": 1, "a": 1}


async def test_a_refused_item_registers_no_player(db):
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => 100, p_max_gain_per_hour => 50)")
    await submit(db, (1, 1, "Ada"))
    outcomes = await submit(db, ("a", 101), ("b", 51), ("c", 5, "Ada"), ("d", 5))
    assert [row["error"] for row in outcomes] == ["LB003", "LB025", "LB020", None]
    assert "player c is taken" in outcomes[2]["message"]
    assert await db.fetchval("SELECT array_agg(external_id) FROM player_ids") == ["d"]
    assert await db.fetchval("SELECT count(*) FROM users") == 2


async def test_a_retry_counts_once(db):
    first = await submit(db, ("a", 5, None, "key"))
    again = await submit(db, ("a", 5, None, "key"))
    assert (first[0]["status"], again[0]["status"], again[0]["total_score"]) == ("accepted", "replayed", 5)
    user_id = first[0]["user_id"]
    assert [row["status"] for row in await submit(db, (user_id, 5, None, "key"))] == ["replayed"]


async def test_clients_that_register_the_same_players_at_once(db, connect):
    """None gets two players, no player is left over, and every score counts."""
    players = [f"p{number}" for number in range(40)]

    async def client(number):
        own = await connect()
        for call in range(8):
            some = [players[(number * 3 + call * 5 + step) % 40] for step in range(20)]
            for row in await submit(own, *((player, 1, None, f"{number}-{call}") for player in some)):
                assert row["status"] == "accepted", row

    await asyncio.gather(*(client(number) for number in range(8)))
    found = await totals(db)
    assert sorted(found) == sorted(players)
    assert sum(found.values()) == 8 * 8 * 20
    assert await db.fetchval("SELECT count(*) FROM users") == 40
    await assert_exact(db)


async def test_metadata_is_kept_with_the_session(db):
    ask = "SELECT * FROM api.submit_scores($1, $2, p_metadata => $3)"
    good = json.dumps({"car": "red", "laps": [1.5, 2]})
    long = json.dumps({"a": "x" * 1010})
    kept = await db.fetch(ask, [1, 1, 1, 1], [5, 6, 7, 8], [good, None, "{}", long])
    assert [row["status"] for row in kept] == ["accepted"] * 4
    found = await db.fetch("SELECT metadata FROM game_sessions ORDER BY id")
    assert [row[0] and json.loads(row[0]) for row in found] == [json.loads(good), None, {}, json.loads(long)]
    for bad in "[1]", "1", "null", "{", "", '{"a": "\\u0000"}', json.dumps({"a": "x" * 1020}), "{" + " " * 9000 + "}":
        (row,) = await db.fetch(ask, [1], [5], [bad])
        assert (row["status"], row["error"]) == ("rejected", "LB009"), bad
    assert await db.fetchval("SELECT total_score FROM leaderboard") == 26
    (row,) = await db.fetch("SELECT * FROM api.submit_score(2, 5, p_metadata => $1)", good)
    assert row["total_score"] == 5
