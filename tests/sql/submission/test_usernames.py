"""Names that people can tell apart: what is refused, what stays, and one name whatever its normal form."""

import asyncio
import unicodedata

import asyncpg
import pytest

from service.database import migrate
from tests.support.databases import execute_on
from tests.support.oracle import assert_exact, rows
from tests.support.sql import submit

ZWJ, ZWNJ, VS16 = "\u200d", "\u200c", "\ufe0f"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

STAY = [
    "ada",
    "Ada  Lovelace",
    "\u5c71\u7530\u3000\u592a\u90ce",  # with the blank of Japanese keyboards
    "\u845b\U000e0100",  # a Chinese character in a form of its own
    "Zo\xeb",
    "\u05e9\u05dc\u05d5\u05dd",
    f"\u0645\u06cc{ZWNJ}\u062e\u0648\u0627\u0647\u0645",  # Persian
    f"\u0915\u094d{ZWJ}\u0937",  # Hindi
    f"\u09b0{ZWJ}\u09cd\u09af",  # Bengali
    f"\u0dc1\u0dca{ZWJ}\u0dbb\u0dd3",  # Sinhala
    f"\U0001f468{ZWJ}\U0001f469{ZWJ}\U0001f467",
    f"\U0001f3f3{VS16}{ZWJ}\U0001f308",
    f"\u2764{VS16}{ZWJ}\U0001f525",
    f"1{VS16}\u20e3",
    "\U0001f44b\U0001f3fd",
    "\U0001f1e9\U0001f1ea",
    ENGLAND,
    "\u1820\u180b",
    "\u0600\u0661",  # a visible character of category Cf
    "\u09cd\u0995"[::-1],
    "\U0001fae9",  # younger than Unicode 15
    "n" * 255,
    "e\u0301" * 255,  # 255 as it is stored
]

#: A name, and what is said of it.
GO = [
    ("", "must be 1 to 255 characters, not 0"),
    ("n" * 256, "must be 1 to 255 characters, not 256"),
    ("\u0958" * 200, "must be 1 to 255 characters, not 400"),  # its normal form C is longer
    (" ada", "must not start or end with a space"),
    ("ada\xa0", "must not start or end with a space such as U+00A0"),
    ("\u3000", "must not start or end with a space such as U+3000"),
    ("a\nb", "has U+000A at character 2, a control character"),
    ("a\x7f", "has U+007F at character 2, a control character"),
    ("ab\x85", "has U+0085 at character 3, a control character"),
    ("\u200b", "has U+200B at character 1, which is invisible"),
    ("ad\u200ba", "has U+200B at character 3, which is invisible"),
    ("a\xadb", "has U+00AD at character 2, which is invisible"),
    ("\ufeffada", "has U+FEFF at character 1, which is invisible"),
    ("\u3164", "has U+3164 at character 1, which is invisible"),
    ("\uffa0", "has U+FFA0 at character 1, which is invisible"),
    ("\u115f\u1160", "has U+115F at character 1, which is invisible"),
    ("\u2800", "has U+2800 at character 1, which is invisible"),
    ("a\U000e0041", "has U+E0041 at character 2, which is invisible"),
    ("\U0001f3f4\U000e0067\U000e007f", "has U+E0067 at character 2, which is invisible"),
    ("a\u202eb", "has U+202E at character 2, which changes the direction of text"),
    ("\u2066a", "has U+2066 at character 1, which changes the direction of text"),
    ("a\u200f", "has U+200F at character 2, which changes the direction of text"),
    ("a\u2028b", "has U+2028 at character 2, which ends the line"),
    ("a\u200ab", "has U+200A at character 2, a space that is hard to see"),
    ("\ue000", "has U+E000 at character 1, which has no defined meaning"),
    ("a\ufdd0", "has U+FDD0 at character 2, which has no defined meaning"),
    ("a\U0001ffff", "has U+1FFFF at character 2, which has no defined meaning"),
    (f"a{ZWJ}b", "has U+200D at character 2, which is invisible and has no effect there"),
    (f"{ZWJ}\u0915", "has U+200D at character 1, which is invisible and has no effect there"),
    (f"\u0645{ZWNJ}", "has U+200C at character 2, which is invisible and has no effect there"),
    (f"\u0645{ZWNJ}{ZWNJ}\u0645", "has U+200C at character 2, which is invisible and has no effect there"),
    (f"\U0001f468{ZWJ}a", "has U+200D at character 2, which is invisible and has no effect there"),
    (f"a{VS16}", "has U+FE0F at character 2, which is invisible and has no effect there"),
    (f"1{VS16}", "has U+FE0F at character 2, which is invisible and has no effect there"),
    ("\ufe00", "has U+FE00 at character 1, which is invisible and has no effect there"),
    ("\u0301", "starts with U+0301, which combines"),
    ("\u20e3", "starts with U+20E3, which combines"),
    ("\u093fa", "starts with U+093F, which combines"),
]


async def test_a_name_that_can_be_read_stays(db, subtests):
    for player, name in enumerate(STAY, 1):
        with subtests.test(name=ascii(name)):
            assert [row[1] for row in await submit(db, (player, 5, None, name))] == ["accepted"]
            stored = await db.fetchval("SELECT username FROM users WHERE id = $1", player)
            assert stored == unicodedata.normalize("NFC", name)
            await db.execute("DELETE FROM users")
            await db.execute("INSERT INTO users (username) VALUES ($1)", name)
            assert await db.fetchval("SELECT username FROM users") == stored
            await db.execute("DELETE FROM users")


async def test_one_that_cannot_is_refused_with_the_character(db, subtests):
    for name, told in GO:
        with subtests.test(name=ascii(name)):
            ((_, status, *_, error, message, _, _), neighbour) = await submit(db, (1, 5, None, name), (2, 5))
            assert (status, error, neighbour[1]) == ("rejected", "LB005", "accepted")
            assert message.startswith(f"username {told}")
    assert await db.fetchval("SELECT count(*) FROM users") == 1


async def test_plain_sql_is_held_to_the_same(db):
    await db.execute("INSERT INTO users (id, username) VALUES (1, 'ada')")
    for statement in (
        "INSERT INTO users (username) VALUES ($1)",
        "UPDATE users SET username = $1",
        "INSERT INTO users (id, username) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET username = $1",
    ):
        for name, told in GO:
            with pytest.raises(asyncpg.PostgresError) as caught:
                await db.execute(statement, name)
            # The length is the table's own rule where a name is plain ASCII.
            assert caught.value.sqlstate == "LB005" or (len(name) in {0, 256} and name.isascii())
            assert told in str(caught.value) or caught.value.sqlstate == "23514"
    assert rows(await db.fetch("SELECT id, username FROM users")) == [(1, "ada")]


async def test_every_character_that_cannot_be_seen_is_refused(db):
    """Held against Python's tables: whatever is a control, format, private or separating character."""
    fillers = {0x115F, 0x1160, 0x3164, 0xFFA0}
    # All but most of the letters without case and of the private and unassigned planes, 900,000 of them.
    planes = [
        c
        for c in range(1, 0x110000)
        if not 0xD800 <= c < 0xE000
        and (c % 97 == 0 or c in fillers or unicodedata.category(chr(c)) not in {"Lo", "Co", "Cn"})
    ]
    refused = {
        row[0]
        for row in await db.fetch(
            "SELECT c FROM unnest($1::integer[]) AS c WHERE internal.text_problem('a' || chr(c) || 'b') IS NOT NULL",
            planes,
        )
    }
    visible = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    unseen = {c for c in planes if unicodedata.category(chr(c)) in {"Cc", "Cf", "Co", "Zl", "Zp"}} - visible
    assert unseen <= refused
    # And letters, marks, figures and signs are not, but for fillers, selectors and signs without a picture.
    assigned = {c for c in planes if unicodedata.category(chr(c))[0] in "LNPS"}
    assert assigned & refused == fillers | {0x2800, 0xFFFC, 0x1D159}
    marks = {c for c in planes if unicodedata.category(chr(c))[0] == "M"}
    selectors = {0x34F, 0x17B4, 0x17B5, *range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), 0x16FE4}
    assert marks & refused == selectors | set(range(0xE0100, 0xE01F0))
    nonsense = [*range(0xFDD0, 0xFDF0)]
    nonsense += [plane | low for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)]
    count = "SELECT count(internal.text_problem('a' || chr(c))) FROM unnest($1::integer[]) AS c"
    assert await db.fetchval(count, nonsense) == len(nonsense)
    begins = {
        row[0]
        for row in await db.fetch(
            "SELECT c FROM unnest($1::integer[]) AS c WHERE internal.username_problem(chr(c)) ~ 'starts with'",
            planes,
        )
    }
    assert marks - refused <= begins
    assert not begins & assigned


async def test_one_name_in_two_normal_forms_is_one_name(db):
    (first, second) = await submit(db, (1, 5, None, "Zoe\u0308"), (2, 5, None, "Zo\xeb"))
    assert (first[1], second[1], second[7]) == ("accepted", "rejected", "LB020")
    (again,) = await submit(db, (3, 5, None, "Zoe\u0308"))
    assert (again[1], again[7]) == ("rejected", "LB020")
    for name in "Zoe\u0308", "Zo\xeb":
        with pytest.raises(asyncpg.UniqueViolationError):
            await db.execute("INSERT INTO users (username) VALUES ($1)", name)
    assert rows(await db.fetch("SELECT id, username FROM users")) == [(1, "Zo\xeb")]
    await assert_exact(db)


async def test_two_calls_at_once_with_two_forms_register_one_player(db, connect):
    one, other = await connect(), await connect()
    transaction = one.transaction()
    await transaction.start()
    await submit(one, (1, 5, None, "Zoe\u0308"))
    waiting = asyncio.ensure_future(submit(other, (2, 5, None, "Zo\xeb"), (3, 5)))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await transaction.commit()
    assert [(row[1], row[7]) for row in await waiting] == [("rejected", "LB020"), ("accepted", None)]


async def test_modes_boards_and_keys_have_names_that_can_be_read_too(db):
    outcomes = await submit(db, (1, 5, "so\u200blo"), (1, 5, "e\u0301"), (1, 5, "m\nm"), (1, 5, "Duell \u2694"))
    assert [(row[1], row[7]) for row in outcomes] == [("rejected", "LB004")] * 3 + [("accepted", None)]
    assert outcomes[0][8].startswith("game_mode has U+200B at character 3")
    assert "NFC" in outcomes[1][8]
    for call in (
        "api.create_board('b', U&'so\\200Blo')",
        "api.create_board('b', U&'e\\0301')",
        "api.create_api_key(U&'game\\202E server', '{read}')",
    ):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.execute(f"SELECT {call}")
        assert caught.value.sqlstate == "LB001", call


async def test_names_from_before_the_rule_go_on(postgres):
    """A database of the release before: its odd names stay, two forms of one name stay two players."""
    name = f"test_old_names_{id(postgres)}"
    execute_on(postgres, f"CREATE DATABASE {name}")
    url = postgres.url(database=name)
    try:
        migrate.apply(url)
        while migrate.rollback_last(url) != "0007_names_and_rejections":
            pass
        db = await asyncpg.connect(url)
        odd = [
            (1, "\u200bghost"),
            (2, "Zo\xeb"),
            (3, "Zoe\u0308"),
            (4, "Ame\u0301lie"),
            (5, " ada"),
            (6, "n" * 64),
        ]
        await db.executemany("INSERT INTO users (id, username) VALUES ($1, $2)", odd)
        with pytest.raises(asyncpg.CheckViolationError):
            await db.execute("INSERT INTO users (id, username) VALUES (7, repeat('n', 65))")
        migrate.apply(url)
        # Only a name that no other player has is normalised; it looks the same.
        kept = [
            (1, "\u200bghost"),
            (2, "Zo\xeb"),
            (3, "Zoe\u0308"),
            (4, "Am\xe9lie"),
            (5, " ada"),
            (6, "n" * 64),
        ]
        assert rows(await db.fetch("SELECT id, username FROM users ORDER BY id")) == kept
        outcomes = await submit(db, *((player, 5, None, None) for player in range(1, 7)))
        assert {row[1] for row in outcomes} == {"accepted"}
        await db.execute("UPDATE users SET join_date = now()")
        await db.execute("UPDATE users SET username = username")
        (taken, new) = await submit(db, (8, 5, None, "Ame\u0301lie"), (9, 5, None, "n" * 65))
        assert (taken[7], new[1]) == ("LB020", "accepted")
        await db.close()
    finally:
        execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def test_a_database_of_another_encoding_works_too(postgres):
    name = f"test_latin1_{id(postgres)}"
    execute_on(
        postgres,
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'",
    )
    try:
        url = postgres.url(database=name)
        migrate.apply(url)
        db = await asyncpg.connect(url)
        outcomes = await submit(db, (1, 5, None, "Zo\xeb"), (2, 5, None, "a\nb"), (3, 5, None, " a"))
        assert [row[1] for row in outcomes] == ["accepted", "rejected", "rejected"]
        await db.close()
    finally:
        execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")
