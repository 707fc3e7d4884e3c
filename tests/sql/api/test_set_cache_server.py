import asyncio

import asyncpg
import pytest

from tests.support.sql import look, warn

SET = "SELECT api.set_cache_server($1, $2, $3)"


async def server(db):
    return await db.fetchval("SELECT server FROM api.cache_status()")


async def test_the_first_server_needs_no_warning(db):
    assert await server(db) is None
    assert await db.fetchval(SET, "one", None, "a") is True
    latest, stand = await look(db)
    assert stand == {}
    assert await server(db) == f"a {latest}"


async def test_a_move_warns_and_keeps_other_warnings(db):
    other, _ = await warn(db, "other")
    await db.execute(SET, "one", None, "a")
    assert await db.fetchval(SET, "one", await server(db), "b") is True
    latest, stand = await look(db)
    assert stand == {"one": str(latest), "other": str(other)}
    assert await server(db) == f"b {latest}"


async def test_only_from_the_server_that_is_known(db):
    await db.execute(SET, "one", None, "a")
    before, known = await look(db), await server(db)
    for wrong in None, "a", "b", known.replace("a ", "b "):
        assert await db.fetchval(SET, "one", wrong, "b") is False
    assert (await look(db), await server(db)) == (before, known)


async def test_the_same_name_again_has_another_token(db):
    await db.execute(SET, "one", None, "a")
    first = await server(db)
    await db.execute(SET, "one", first, "a")
    assert await server(db) != first
    assert (await server(db)).split()[0] == "a"


async def test_one_of_many_at_once_moves(connect):
    connections = [await connect() for _ in range(4)]
    await connections[0].execute(SET, "one", None, "a")
    known = await server(connections[0])
    moved = await asyncio.gather(
        *(one.fetchval(SET, f"process {number}", known, "b") for number, one in enumerate(connections))
    )
    assert sorted(moved) == [False, False, False, True]
    _, stand = await look(connections[0])
    assert list(stand) == [f"process {moved.index(True)}"]


@pytest.mark.parametrize(
    ("process", "name"),
    [(None, "a"), ("", "a"), ("x" * 256, "a"), ("one", None), ("one", ""), ("one", "x" * 256), ("one", "a b")],
)
async def test_names_are_checked(db, process, name):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(SET, process, None, name)
    assert caught.value.sqlstate == "LB001"
    assert await server(db) is None
