"""`make import FILE=scores.csv`: counts old scores from a CSV file, each line once, while the service runs.

    python -m seed.imports [--again] FILE

The lines are read into a temporary table. New players are registered, a thousand at a time. Then one transaction
inserts the sessions into the ledger, updates the totals, and records the file's fingerprint: all or nothing, however
this process ends, and a second run finds the fingerprint. If the file begins with a file that was imported, only the
rest is counted.

Exit status: 0 if the file is counted, or was before; 1 if nothing was counted; 2 for a wrong argument or setting; 130
after Ctrl-C.
"""

import argparse
import functools
import sys
import time
from pathlib import Path

import psycopg

from seed.importer import AlreadyImportedError, Report, import_file
from seed.rejected_file import ImportFailedError
from seed.score_file import KNOWN
from service.commands import command
from service.database import migrate
from service.embedded import owner_database
from service.settings import Settings


def main(arguments: list[str]) -> int:
    """Imports the file that `arguments` name; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m seed.imports",
        description="Count old scores from a CSV file, each line once. Columns: " + ", ".join(KNOWN) + ".",
    )
    parser.add_argument("--again", action="store_true", help="count the file even if it was imported before")
    parser.add_argument("file")
    options = parser.parse_args(arguments)
    work = functools.partial(_import, file=options.file, again=options.again)
    return command.run(work, interrupted="the whole file is counted or none of it; start again to be sure")


def _import(settings: Settings, *, file: str, again: bool) -> int:
    if not file:
        raise command.UsageError("name the file: make import FILE=scores.csv")
    started = time.monotonic()
    try:
        with owner_database(settings, "make import") as url:
            # So that it works before the first `make run`, too.
            migrate.apply(url, service_has_login=settings.service_has_login)
            report = import_file(url, Path(file), again=again, progress=True)
    except AlreadyImportedError as error:
        print(f"{error}. FORCE=1 counts it again", file=sys.stderr)
        return 0
    except psycopg.Error as error:
        raise ImportFailedError(f"nothing was counted: {command.described(error)}") from error
    except OSError as error:
        raise ImportFailedError(f"nothing was counted: {error}") from error
    _print(report, time.monotonic() - started)
    return 0 if report.counted or not report.rejected else 1


def _print(report: Report, seconds: float) -> None:
    if report.known_lines:
        print(f"the first {report.known_lines:,} lines were counted with another file and are skipped")
    if report.ignored:
        print(f"ignored columns: {', '.join(report.ignored)}")
    print(
        f"counted {report.counted:,} sessions of {report.players:,} players,"
        f" {report.new_players:,} of them new, in {seconds:.1f} s"
    )
    if report.other_names:
        print(f"{report.other_names:,} lines have another name for a known player: the names were not changed")
    if report.on_no_board:
        print(f"{report.on_no_board:,} sessions count on no board: their score is outside the bounds of every board")
    if report.rejected:
        print(f"{report.rejected:,} lines were rejected; they are in {report.rejected_file} with the reasons:")
        for number, reason in report.bad:
            print(f"  line {number:,}: {reason}")
        if report.rejected > len(report.bad):
            print(f"  and {report.rejected - len(report.bad):,} more")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
