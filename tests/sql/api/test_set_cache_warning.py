import asyncio

import asyncpg
import pytest

from tests.support.sql import look, warn


async def test_a_renewal_is_told_from_a_new_one(db):
    first, renewed = await warn(db, "one")
    assert renewed is False
    second, renewed = await warn(db, "one", first)
    assert renewed is True
    assert second != first
    assert await look(db) == (second, {"one": str(second)})


async def test_one_that_did_not_stand_all_the_time_is_new(db, subtests):
    first, _ = await warn(db, "one")
    with subtests.test("another process has another warning"):
        assert (await warn(db, "other", first))[1] is False
    with subtests.test("it is forgotten"):
        assert (await warn(db, "one", None))[1] is False
    with subtests.test("it was replaced"):
        assert (await warn(db, "one", first))[1] is False
    with subtests.test("it was cleared"):
        token, _ = await warn(db, "one")
        await db.execute("SELECT api.clear_cache_warning('one', $1)", token)
        assert (await warn(db, "one", token))[1] is False


@pytest.mark.parametrize("process", [None, "", "x" * 256])
async def test_a_process_has_a_name(db, process):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await warn(db, process)
    assert caught.value.sqlstate == "LB001"
    assert await look(db) == (None, {})


async def test_many_at_once(connect):
    """None is lost, and each renewal finds its own."""
    connections = [await connect() for _ in range(4)]

    async def outage(number):
        token = None
        for turn in range(25):
            before = token
            token, renewed = await warn(connections[number], f"process {number}", before)
            assert renewed == (turn > 0)
        return str(token)

    tokens = await asyncio.gather(*(outage(number) for number in range(4)))
    _, stand = await look(connections[0])
    assert stand == {f"process {number}": token for number, token in enumerate(tokens)}
