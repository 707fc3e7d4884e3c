"""Finding players by the beginning of their name."""

import random

import asyncpg
import pytest

BY_NAME = "SELECT user_id, username FROM api.players_by_name($1, $2, $3, $4)"
ALL_SO_NAMED = """
    SELECT id, username FROM users WHERE starts_with(upper(username), upper($1))
    ORDER BY upper(username) COLLATE "C", id"""


async def register(db, *names):
    await db.executemany("INSERT INTO users (username) VALUES ($1)", [(name,) for name in names])


async def found(db, prefix, page=1000):
    """All pages."""
    rows, place = [], (None, None)
    while True:
        got = [tuple(row) for row in await db.fetch(BY_NAME, prefix, page, *place)]
        rows += got
        if len(got) < page:
            return rows
        place = (got[-1][1], got[-1][0])


async def names(db, prefix):
    return [name for _, name in await found(db, prefix)]


async def test_upper_and_lower_case_are_the_same(db):
    await register(db, "Ada", "ADAM", "adele", "Bob", "ada2")
    assert await names(db, "ad") == await names(db, "AD") == ["Ada", "ada2", "ADAM", "adele"]
    assert await names(db, "adam") == ["ADAM"]
    assert await names(db, "adamx") == await names(db, "x") == []
    assert len(await names(db, "")) == 5


async def test_every_character_stands_for_itself(db):
    await register(db, "100%", "100x", "a_b", "axb", "c\\d", "c\\\\d", "cd", "%", "_", "\\", "'; --", "a.b", "a*")
    for prefix, expected in (
        ("100%", ["100%"]),
        ("a_", ["a_b"]),
        ("c\\", ["c\\d", "c\\\\d"]),
        ("%", ["%"]),
        ("_", ["_"]),
        ("\\", ["\\"]),
        ("'", ["'; --"]),
        ("a.", ["a.b"]),
        ("a*", ["a*"]),
    ):
        assert await names(db, prefix) == expected, prefix


async def test_other_scripts(db):
    await register(db, "Ärger", "ÄRA", "Arger", "Ömer", "Жук", "жаба", "ΣΟΦΟΣ", "Σοφος", "王小明", "王", "🙂a", "é")
    assert await names(db, "är") == await names(db, "ÄR") == ["ÄRA", "Ärger"]
    assert await names(db, "ж") == ["жаба", "Жук"]
    # The letter at the end of a word is another form of the same.
    assert sorted(await names(db, "σοφοσ")) == sorted(await names(db, "Σοφος")) == ["ΣΟΦΟΣ", "Σοφος"]
    assert await names(db, "王") == ["王", "王小明"]
    assert await names(db, "🙂") == ["🙂a"]
    assert await names(db, "e\u0301") == ["é"], "in another normal form"


@pytest.mark.parametrize("seed", range(3))
async def test_pages_equal_a_plain_query(db, seed):
    choose = random.Random(seed)
    alphabet = "aAbB_%\\zZéÉ王🙂 ~"
    some = {"".join(choose.choices(alphabet, k=choose.randint(1, 5))).strip() for _ in range(800)} - {""}
    await register(db, *some)
    for _ in range(40):
        prefix = "".join(choose.choices(alphabet.strip(), k=choose.randint(0, 2)))
        expected = [tuple(row) for row in await db.fetch(ALL_SO_NAMED, prefix)]
        assert await found(db, prefix, choose.randint(1, 30)) == expected, prefix


async def test_a_page_after_a_place_before_the_prefix_is_the_first_one(db):
    await register(db, "a", "b1", "b2", "c")
    assert [row["username"] for row in await db.fetch(BY_NAME, "b", 10, "a", 1)] == ["b1", "b2"]
    assert await db.fetch(BY_NAME, "b", 10, "c", 1) == []


async def test_the_first_external_id_and_attributes_are_shown(db):
    await register(db, "ada")
    await db.execute("SELECT api.link_player(1, 'steam:1'), api.link_player(1, 'device:1')")
    await db.execute('SELECT api.set_attributes(1, \'{"country": "DE"}\')')
    row = await db.fetchrow("SELECT * FROM api.players_by_name('A')")
    assert tuple(row) == (1, "ada", "steam:1", '{"country": "DE"}')


async def test_it_is_one_look_up_however_many_names_begin_so(db, plans):
    await db.execute("INSERT INTO users (username) SELECT 'player' || g FROM generate_series(1, 20000) AS g")
    await db.execute("ANALYZE users")
    plans.clear()
    await db.fetch(BY_NAME, "pla", 20, None, None)
    plan = next(plan for plan in plans if "users_name_idx" in plan)
    assert "Index Cond: (ROW((upper(username))::text, id) > ROW(" in plan
    assert not any("Seq Scan on users" in plan for plan in plans)


@pytest.mark.parametrize(
    "arguments", [(None, 20, None, None), ("a" * 256, 20, None, None), ("a", 20, "a", None), ("a", 20, None, 1)]
)
async def test_bad_arguments(db, arguments):
    with pytest.raises(asyncpg.PostgresError) as raised:
        await db.fetch(BY_NAME, *arguments)
    assert raised.value.sqlstate == "LB001"
