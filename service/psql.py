"""`make psql`: psql on the service's database, as its owner, whether or not the service runs.

    python -m service.psql [argument of psql]...

A file on standard input ends at its first error, with an exit status that says so.
"""

import os
import shutil
import signal
import subprocess
import sys

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.embedded import EmbeddedServerError, owner_database
from service.embedded.postgres import program
from service.settings import SettingsError, load


def main(arguments: list[str]) -> int:
    """Runs psql with `arguments` after the address; returns its exit status."""
    try:
        with owner_database(load(), "make psql") as url:
            return _run(url, arguments)
    except (SettingsError, EmbeddedServerError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run(url: str, arguments: list[str]) -> int:
    address = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    if "password" in address:
        # Not on the command line, which every user of the machine can read.
        os.environ["PGPASSWORD"] = address.pop("password")
    command = [_psql(), make_conninfo("", **address)]
    if not sys.stdin.isatty():
        command += ["--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    # Ctrl-C is for psql (it cancels a query), and must not stop the server under it. A handler, since
    # "ignore" would be inherited by psql.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    return subprocess.call([*command, *arguments])


def _psql() -> str:
    """The wheel's psql, or the system's where the wheel does not exist for the platform."""
    try:
        return str(program("psql"))
    except EmbeddedServerError:
        found = shutil.which("psql")
        if found is None:
            raise
        return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
