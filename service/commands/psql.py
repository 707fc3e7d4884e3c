"""`make psql`: psql on the service's database as its owner, whether or not the service runs.

    python -m service.commands.psql [argument of psql]...

A file on standard input ends at its first error, and the exit status says so.
"""

import functools
import signal
import subprocess
import sys

from service.commands import command, database_tools
from service.embedded import owner_database
from service.settings import Settings


def main(arguments: list[str]) -> int:
    """Runs psql with `arguments` after the address; returns its exit status."""
    return command.run(functools.partial(_run, arguments=arguments))


def _run(settings: Settings, *, arguments: list[str]) -> int:
    if not sys.stdin.isatty():
        arguments = ["--no-psqlrc", "--set=ON_ERROR_STOP=1", *arguments]
    with (
        owner_database(settings, "make psql") as url,
        database_tools.address(url, without=()) as (conninfo, environ),
    ):
        # Ctrl-C is for psql, where it cancels a query, and must not stop the server. A handler, since psql would
        # inherit "ignore".
        signal.signal(signal.SIGINT, lambda number, frame: None)
        psql = database_tools.find("psql", url=url)
        return subprocess.call([psql, conninfo, *arguments], env=environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
