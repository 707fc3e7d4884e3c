"""Attributes of players: declared, checked whatever writes them, and dropped step by step."""

import json

import asyncpg
import pytest

from tests.support.sql import fill

SET = "SELECT api.set_attributes($1, $2)"


async def error_of(db, query, *arguments):
    with pytest.raises(asyncpg.PostgresError) as raised:
        await db.execute(query, *arguments)
    return raised.value.sqlstate


async def set_to(db, **values):
    return json.loads(await db.fetchval(SET, 1, json.dumps(values)))


async def test_values_are_merged_and_removed(db):
    await fill(db, 5)
    assert await set_to(db) == {}
    assert await set_to(db, country="DE", platform="Steam Deck") == {"country": "DE", "platform": "Steam Deck"}
    assert await set_to(db, country="FR", avatar="https://example.com/a.png?b=1") == {
        "country": "FR",
        "platform": "Steam Deck",
        "avatar": "https://example.com/a.png?b=1",
    }
    assert await set_to(db, avatar=None, platform=None, other=None) == {"country": "FR"}
    assert await set_to(db, country=None) == {}
    assert await db.fetchval("SELECT attributes FROM users") is None
    assert await set_to(db, platform="cafe\u0301") == {"platform": "café"}


@pytest.mark.parametrize(
    "values",
    [
        {"color": "red"},
        {"country": "de"},
        {"country": "DEU"},
        {"country": ""},
        {"country": 49},
        {"country": ["DE"]},
        {"country": {"code": "DE"}},
        {"avatar": "javascript:alert(1)"},
        {"avatar": "https://"},
        {"avatar": "https://a b"},
        {"avatar": "https://" + "a" * 500},
        {"platform": "x" * 41},
        {"platform": " x"},
        {"platform": "a\u202eb"},
        {"platform": "a\nb"},
        {"country": "DE", "color": "red"},
    ],
)
async def test_invalid_values_change_nothing(db, values):
    await fill(db, 5)
    await set_to(db, country="AT")
    assert await error_of(db, SET, 1, json.dumps(values)) == "LB017"
    assert await error_of(db, "UPDATE users SET attributes = $1", json.dumps(values)) == "LB017"
    assert (
        await error_of(db, "INSERT INTO users (username, attributes) VALUES ('x', $1)", json.dumps(values)) == "LB017"
    )
    assert await db.fetchval("SELECT attributes FROM users") == '{"country": "AT"}'


@pytest.mark.parametrize("value", ["[]", '"DE"', "null", "1", None])
async def test_attributes_are_an_object(db, value):
    await fill(db, 5)
    assert await error_of(db, SET, 1, value) == "LB017"


async def test_an_unknown_player(db):
    assert await error_of(db, SET, 1, '{"country": "DE"}') == "LB011"


async def test_all_values_together_are_bounded(db):
    await fill(db, 5)
    for number in range(8):
        await db.execute("SELECT api.declare_attribute($1, 'text', 1000)", f"note{number}")
    await set_to(db, **{f"note{number}": "x" * 1000 for number in range(4)})
    assert await error_of(db, SET, 1, json.dumps({"note5": "x" * 1000})) == "LB017"


async def test_declared_attributes(db):
    assert [tuple(row) for row in await db.fetch("SELECT * FROM api.attribute_keys()")] == [
        ("avatar", "url", 500),
        ("country", "country", 2),
        ("platform", "text", 40),
    ]
    declare = "SELECT api.declare_attribute($1, $2, $3)"
    await db.execute(declare, "clan", "text", 5)
    await fill(db, 5)
    await set_to(db, clan="abcde")
    await db.execute(declare, "clan", "text", 3)
    assert await set_to(db, country="DE") == {"clan": "abcde", "country": "DE"}, "a value that is there stays"
    assert await error_of(db, SET, 1, '{"clan": "abcd"}') == "LB017"
    for arguments in (
        ("Clan", "text", 5),
        ("", "text", 5),
        ("x" * 41, "text", 5),
        ("clan", "number", 5),
        ("clan", "text", 0),
        ("clan", "text", 1001),
        (None, "text", 5),
        ("a", None, 5),
        ("a", "text", None),
    ):
        assert await error_of(db, declare, *arguments) == "LB001", arguments
    for number in range(28):
        await db.execute(declare, f"a{number}", "text", 5)
    assert await error_of(db, declare, "b", "text", 5) == "LB001"
    await db.execute(declare, "clan", "text", 100)


async def test_a_dropped_attribute_goes_step_by_step(db):
    await db.execute(
        "INSERT INTO users (id, username, attributes)"
        " SELECT g, 'u' || g, CASE WHEN g % 3 = 0 THEN '{\"platform\": \"PC\"}'::jsonb"
        ' WHEN g % 3 = 1 THEN \'{"platform": "PC", "country": "DE"}\' END'
        " FROM generate_series(1, 6000) AS g"
    )
    drop = "SELECT api.drop_attribute('platform')"
    assert await db.fetchval(drop) is True
    assert await error_of(db, SET, 2, '{"platform": "PC"}') == "LB017"
    assert await error_of(db, "SELECT api.declare_attribute('platform', 'text')") == "LB001"
    assert [row["name"] for row in await db.fetch("SELECT * FROM api.attribute_keys()")] == ["avatar", "country"]
    steps = 1
    while await db.fetchval(drop):
        steps += 1
    assert steps == 4
    assert await db.fetchval("SELECT count(*) FROM users WHERE attributes ? 'platform'") == 0
    assert await db.fetchval("SELECT count(*) FROM users WHERE attributes ? 'country'") == 2000
    assert await db.fetchval("SELECT count(*) FROM users WHERE attributes = '{}'") == 0
    assert await error_of(db, drop) == "LB001"
    await db.execute("SELECT api.declare_attribute('platform', 'text')")


async def test_an_attribute_that_splits_a_board_is_not_dropped(db):
    await db.execute("UPDATE boards SET split_by = 'country'")
    assert await error_of(db, "SELECT api.drop_attribute('country')") == "LB001"
    assert await db.fetchval("SELECT count(*) FROM api.attribute_keys()") == 3
