"""`make migrate`: brings the service's database to this release.

python -m service.commands.migrate                    applies pending migrations and deploys all functions
python -m service.commands.migrate --rollback-last    rolls the newest migration back
"""

import argparse
import functools
import logging
import sys

from service.commands import command
from service.database import migrate
from service.embedded import owner_database
from service.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Migrates and prints what it did; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m service.commands.migrate", description="Migrate the service's database."
    )
    parser.add_argument("--rollback-last", action="store_true", help="roll the newest migration back instead")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("service").setLevel(logging.INFO)
    return command.run(functools.partial(_migrate, rollback=options.rollback_last))


def _migrate(settings: Settings, *, rollback: bool) -> None:
    with owner_database(settings, "make migrate") as url:
        if rollback:
            print(f"rolled back {migrate.rollback_last(url) or 'nothing: no migration is applied'}")
            return
        applied = migrate.apply(url, service_has_login=settings.service_has_login)
    for name in applied:
        print(f"applied {name}")
    count = len(migrate.Sources.from_ini().function_files())
    print(f"{'' if applied else 'no migration was pending; '}deployed {count} function files")


if __name__ == "__main__":
    sys.exit(main())
