"""The advisory locks have names. Their numbers stand with these functions only, and a named lock costs no call."""

import re
from pathlib import Path

import pytest

from tests.support.oracle import rows

ROOT = Path(__file__).parents[3]

LOCKS = {
    "lock_boards": ("ExclusiveLock", 1),
    "lock_boards_shared": ("ShareLock", 1),
    "lock_fold": ("ExclusiveLock", 2),
    "try_lock_fold": ("ExclusiveLock", 2),
    "lock_registration": ("ExclusiveLock", 3),
    "lock_registration_shared": ("ShareLock", 3),
    "lock_deletion": ("ExclusiveLock", 4),
    "lock_deletion_shared": ("ShareLock", 4),
    "try_lock_fill": ("ExclusiveLock", 5),
    "lock_seasons": ("ExclusiveLock", 6),
    "try_lock_seasons": ("ExclusiveLock", 6),
    "try_lock_bans": ("ExclusiveLock", 7),
    "try_lock_copies": ("ExclusiveLock", 8),
}


@pytest.mark.parametrize("name", LOCKS)
async def test_a_lock_is_what_its_name_says_until_the_transaction_ends(db, name):
    held = "SELECT mode, objid FROM pg_locks WHERE locktype = 'advisory' AND classid = 7201 AND pid = pg_backend_pid()"
    async with db.transaction():
        await db.execute(f"SELECT internal.{name}()")
        assert rows(await db.fetch(held)) == [LOCKS[name]]
    assert await db.fetch(held) == []


async def test_the_fold_lock_is_not_waited_for(db, connect):
    other = await connect()
    async with db.transaction():
        assert await db.fetchval("SELECT internal.try_lock_fold()") is True
        assert await other.fetchval("SELECT internal.try_lock_fold()") is False


@pytest.mark.parametrize("name", LOCKS)
async def test_a_lock_is_inlined(db, name):
    plan = "\n".join(row[0] for row in await db.fetch(f"EXPLAIN (VERBOSE, COSTS OFF) SELECT internal.{name}()"))
    assert re.search(r"advisory_xact_lock(_shared)?\(7201, \d\)", plan)
    assert "internal." not in plan


def test_the_numbers_stand_nowhere_else():
    folders = [ROOT / "db" / "functions", ROOT / "service", ROOT / "seed"]
    sources = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".sql", ".py"}]
    using = {f"{path.parent.name}.{path.stem}" for path in sources if re.search(r"\b7201\b", path.read_text())}
    assert using == {f"internal.{name}" for name in LOCKS}
