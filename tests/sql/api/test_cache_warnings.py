from tests.support.sql import look, warn


async def test_none_ever_set(db):
    assert await look(db) == (None, {})


async def test_what_stands_and_which_was_the_last(db):
    one, _ = await warn(db, "one")
    assert await look(db) == (one, {"one": str(one)})
    other, _ = await warn(db, "other")
    assert await look(db) == (other, {"one": str(one), "other": str(other)})


async def test_one_that_came_and_went_between_two_looks_shows(db):
    seen = {(await look(db))[0]}
    for _ in range(5):
        token, _ = await warn(db, "one")
        await db.execute("SELECT api.clear_cache_warning('one', $1)", token)
        latest, stand = await look(db)
        assert stand == {}
        assert latest not in seen
        seen.add(latest)


async def test_the_table_holds_one_row(db):
    await warn(db, "one")
    await warn(db, "other")
    assert await db.fetchval("SELECT count(*) FROM cache_warnings") == 1


async def test_an_emptied_table_is_none_ever_set(db):
    await warn(db, "one")
    await db.execute("TRUNCATE cache_warnings")
    assert await look(db) == (None, {})
    token, renewed = await warn(db, "one")
    assert not renewed
    assert await look(db) == (token, {"one": str(token)})
