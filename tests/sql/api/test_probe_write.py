import asyncpg
import pytest

PROBE = "SELECT api.probe_write()"


async def test_it_leaves_nothing(db):
    assert await db.fetchval(PROBE) is True
    assert await db.fetchval("SELECT count(*) FROM public.rejected_submissions") == 0


async def test_it_makes_a_file_grow_each_time(db):
    """Room within the present files must not hide that the disk is full."""
    size = "SELECT pg_table_size('public.rejected_submissions')"
    await db.fetchval(PROBE)
    for _ in range(3):
        before = await db.fetchval(size)
        await db.fetchval(PROBE)
        assert await db.fetchval(size) > before


async def test_it_fails_where_a_submission_fails(db):
    await db.execute("SET default_transaction_read_only = on")
    for statement in PROBE, "SELECT api.submit_score(1, 1)":
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await db.fetchval(statement)
