"""Warnings and the server; the boundaries are in test_next_boundary.py."""

from tests.support.sql import look, warn


async def status(db):
    return await db.fetchrow("SELECT latest, stand, server FROM api.cache_status()")


async def test_none_ever_set(db):
    assert tuple(await status(db)) == (None, "{}", None)


async def test_it_shows_warnings_as_the_older_function_does(db):
    await warn(db, "one")
    await db.execute("SELECT api.set_cache_server('one', NULL, 'a')")
    latest, stand, server = await status(db)
    older = await db.fetchrow("SELECT * FROM api.cache_warnings()")
    assert (latest, stand) == tuple(older)
    assert (await look(db))[0] == latest
    assert server == f"a {latest}"


async def test_an_emptied_table(db):
    await db.execute("SELECT api.set_cache_server('one', NULL, 'a')")
    await db.execute("TRUNCATE cache_warnings")
    assert tuple(await status(db)) == (None, "{}", None)
