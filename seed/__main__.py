"""`make seed`: fills the service's database with a deterministic data set.

    python -m seed [--users N] [--sessions N] [--random-seed N] [--end TIME] [--replace]

Exit status: 0 if the data set is loaded, 1 if not (the database is unchanged), 2 for a wrong argument or setting, 130
after Ctrl-C.
"""

import argparse
import functools
import sys
import time
from datetime import UTC, datetime

import asyncpg

from seed.generate import SeedError, generate
from service.commands import command
from service.database import migrate
from service.embedded import owner_database
from service.settings import Settings


def main(arguments: list[str]) -> int:
    """Loads the data set that `arguments` ask for; returns the exit status."""
    work = functools.partial(_load, options=_parse(arguments))
    return command.run(work, interrupted="the database is as it was, or has the whole data set")


def _load(settings: Settings, *, options: argparse.Namespace) -> None:
    with owner_database(settings, "make seed") as url:
        # So that it works before the first `make run`, too.
        migrate.apply(url, service_has_login=settings.service_has_login)
        started = time.monotonic()
        try:
            generate(
                url,
                users=options.users,
                sessions=options.sessions,
                random_seed=options.random_seed,
                replace=options.replace,
                progress=True,
                end=options.end or datetime.now(UTC),
                with_boards=True,
            )
        except ValueError as error:
            raise command.UsageError(str(error)) from error
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise SeedError(f"the database failed and nothing was loaded: {error}") from error
        seconds = time.monotonic() - started
    print(f"loaded {options.users:,} players and {options.sessions:,} sessions in {seconds:.1f} s")


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m seed",
        description="Load players and their sessions of the last year, with exact totals and ranks, on the board"
        " overall and on a daily, a weekly (split by country) and a monthly one. The same arguments give the same rows."
        " An interrupted load leaves the database unchanged.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--users", type=int, default=1_000_000, metavar="N", help="players")
    parser.add_argument("--sessions", type=int, default=5_000_000, metavar="N", help="sessions of all players")
    parser.add_argument("--random-seed", type=int, default=1, metavar="N", help="another number gives other rows")
    parser.add_argument(
        "--end", type=_time, metavar="TIME", help="when the year of sessions ends, such as 2026-01-01T00:00Z (now)"
    )
    parser.add_argument("--replace", action="store_true", help="delete all players of the database first")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
