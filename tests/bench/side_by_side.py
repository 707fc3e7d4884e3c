"""What benchmarks of one service in several set-ups, on one database, begin and end with."""

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from service.embedded import EmbeddedPostgres
from tests.bench.command import Say
from tests.bench.compare import Run
from tests.bench.options import BenchOptions
from tests.bench.servers import create_key, fill_database, running, warm, write_every_page
from tests.bench.stack import NO_CHECKPOINTS


@contextlib.contextmanager
def loaded(folder: Path, options: BenchOptions, say: Say) -> Iterator[tuple[EmbeddedPostgres, str]]:
    """A server whose database is filled and warm, with no checkpoint near, and an API key of it."""
    with running(EmbeddedPostgres(folder / "postgres", conf=NO_CHECKPOINTS)) as postgres:
        url = postgres.url()
        say(f"loading {options.players:,} players and {options.sessions:,} sessions")
        fill_database(url, options.players, options.sessions)
        warm(url)
        write_every_page(url, options.players)
        yield postgres, create_key(url)


def concluded(
    described: Any, options: BenchOptions, runs: Sequence[Run], table: str, wrong: int
) -> tuple[str, dict[str, Any], bool]:
    """Prints the table with what failed. Returns the text, the result to save, and whether anything failed. `wrong`:
    differences in the database.
    """
    errors = sum(sum(run.errors.values()) for run in runs)
    text = f"{table}\n\nFailed requests: {errors}. Differences by `api.verify_leaderboard()` afterwards: {wrong}."
    print(text)
    result = {
        "machine": described,
        "options": dataclasses.asdict(options),
        "runs": [dataclasses.asdict(run) for run in runs],
    }
    return text, result, bool(errors or wrong)
