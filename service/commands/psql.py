"""`make psql`: psql on the service's database, as its owner, whether or not the service runs.

    python -m service.commands.psql [argument of psql]...

A file on standard input ends at its first error, with an exit status that says so.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.embedded import EmbeddedServerError, owner_database
from service.embedded.postgres import program
from service.settings import SettingsError, load, urls

#: Options of libpq that nobody else may see. The first one has a variable for that, the others a file only.
_SECRETS = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")


def main(arguments: list[str]) -> int:
    """Runs psql with `arguments` after the address; returns its exit status."""
    try:
        with owner_database(load(), "make psql") as url:
            return _run(url, arguments)
    except (SettingsError, EmbeddedServerError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except psycopg.ProgrammingError:
        print(f"error: {urls.UNREADABLE}", file=sys.stderr)
        return 1


def _run(url: str, arguments: list[str]) -> int:
    address = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    # Not on the command line, which every user of the machine can read.
    secrets = {name: address.pop(name) for name in _SECRETS if name in address}
    if "password" in secrets:
        os.environ["PGPASSWORD"] = secrets.pop("password")
    if not secrets:
        return _call([_psql(), make_conninfo("", **address)], arguments)
    if "service" in address:
        print(f"error: keep {', '.join(secrets)} in the service's file, not in DATABASE_URL", file=sys.stderr)
        return 1
    with tempfile.NamedTemporaryFile("w", prefix="leaderboard-psql-") as file:  # readable by its owner only
        file.write("\n".join(["[secrets]", *(f"{name}={value}" for name, value in secrets.items()), ""]))
        file.flush()
        os.environ["PGSERVICEFILE"] = file.name
        return _call([_psql(), make_conninfo("", **{**address, "service": "secrets"})], arguments)


def _call(command: list[str], arguments: list[str]) -> int:
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
