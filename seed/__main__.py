"""`make seed`: fills the service's database with a deterministic data set.

    python -m seed [--users N] [--sessions N] [--random-seed N] [--replace]

Exit status: 0 when the data set is loaded, 1 when it is not (the database is as it was), 2 for a wrong
argument or setting, 130 after Ctrl-C.
"""

import argparse
import sys
import time

import asyncpg

from seed.generate import SeedError, generate
from service.database import migrate
from service.embedded import EmbeddedServerError, owner_database
from service.settings import SettingsError, load


def main(arguments: list[str]) -> int:
    """Loads the data set that `arguments` ask for; returns the exit status."""
    options = _parse(arguments)
    try:
        seconds = _run(options)
    except (SettingsError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (SeedError, migrate.MigrationError, EmbeddedServerError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        print(f"error: the database failed, and the load with it: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: the database is as it was, or has the whole data set", file=sys.stderr)
        return 130
    print(f"loaded {options.users:,} players and {options.sessions:,} sessions in {seconds:.1f} s")
    return 0


def _run(options: argparse.Namespace) -> float:
    """Loads the data set and gives the seconds that it took."""
    with owner_database(load(), "make seed") as url:
        migrate.apply(url)  # so that it works before the first `make run`, too
        started = time.monotonic()
        generate(
            url,
            users=options.users,
            sessions=options.sessions,
            random_seed=options.random_seed,
            replace=options.replace,
            progress=True,
        )
        return time.monotonic() - started


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m seed",
        description="Load players and their sessions of a year, with exact totals and ranks. The same numbers"
        " give the same rows. All or nothing: an interrupted load leaves the database as it was.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--users", type=int, default=1_000_000, metavar="N", help="players")
    parser.add_argument("--sessions", type=int, default=5_000_000, metavar="N", help="sessions of all players")
    parser.add_argument("--random-seed", type=int, default=1, metavar="N", help="another number, other rows")
    parser.add_argument("--replace", action="store_true", help="delete all players of the database first")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
