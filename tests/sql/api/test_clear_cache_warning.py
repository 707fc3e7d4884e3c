from tests.support.sql import look, warn

CLEAR = "SELECT api.clear_cache_warning($1, $2)"


async def test_it_stands_no_more(db):
    one, _ = await warn(db, "one")
    other, _ = await warn(db, "other")
    assert await db.fetchval(CLEAR, "one", one) is True
    assert await look(db) == (other, {"other": str(other)})
    assert await db.fetchval(CLEAR, "one", one) is False


async def test_one_that_was_renewed_stays(db):
    """Who clears what a dead process left must not clear what one has that is alive after all."""
    first, _ = await warn(db, "one")
    second, _ = await warn(db, "one", first)
    assert await db.fetchval(CLEAR, "one", first) is False
    assert await look(db) == (second, {"one": str(second)})


async def test_nothing_to_clear(db):
    assert await db.fetchval(CLEAR, "one", None) is False
    assert await look(db) == (None, {})
