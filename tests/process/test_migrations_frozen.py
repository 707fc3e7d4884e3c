"""Applied migrations never change: yoyo knows them by name, so an edit would reach new databases only."""

import hashlib
from collections import Counter
from pathlib import Path

from service.database import migrate
from service.database.migrate import Sources

_FROZEN = Path(__file__).with_name("migrations.sha256")


def test_no_migration_was_edited_or_removed() -> None:
    frozen = dict(reversed(line.split("  ")) for line in _FROZEN.read_text().splitlines())
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Sources.from_ini().migrations.glob("*.sql"))
    }
    changed = {name for name in frozen if found.get(name) != frozen[name]}
    assert not changed, f"put {sorted(changed)} back, and write a new migration for what is to change"
    new = [f"{found[name]}  {name}" for name in found if name not in frozen]
    assert not new, "\n".join([f"add to {_FROZEN.name}, once they are final:", *new])


def test_every_migration_can_be_taken_back() -> None:
    names = {path.name for path in Sources.from_ini().migrations.glob("*.sql")}
    forward = {name for name in names if not name.endswith(".rollback.sql")}
    assert names - forward == {name.replace(".sql", ".rollback.sql") for name in forward}


def test_no_name_is_used_twice() -> None:
    """A deploy takes what exists under a name of a pending migration for another program's, and refuses."""
    twice = [name for name, times in Counter(migrate.created()).items() if times > 1]
    assert twice == []
