"""PostgreSQL's own programs (pg_dump, pg_restore, psql): which fits a server, and how it gets an address."""

import contextlib
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.embedded import EmbeddedServerError
from service.embedded.postgres import program
from service.settings import environment_without, urls

#: Where Debian's packages have the programs of each version.
_PACKAGES = Path("/usr/lib/postgresql")


class ToolError(Exception):
    """A program is missing, too old, or failed. The message says what to do."""


def find(name: str, server: int = 0) -> str:
    """The program `name`, of the major version `server` or a later one: an older one refuses.

    The wheel's, or else one of PATH or of Debian's packages. Raises ToolError.
    """
    candidates: list[str] = []
    with contextlib.suppress(EmbeddedServerError):
        candidates.append(str(program(name)))
    if found := shutil.which(name):
        candidates.append(found)
    candidates += sorted((str(path) for path in _PACKAGES.glob(f"*/bin/{name}")), reverse=True)
    versions = [(version, path) for path in candidates if (version := _major(path)) is not None]
    for version, path in versions:
        if version >= server:
            return path
    offered = ", ".join(f"{path} is {version}" for version, path in versions) or "there is none"
    raise ToolError(
        f"{name} of PostgreSQL {server} or later is needed, and {offered}. Install the client programs"
        f" (postgresql-client-{server} on Debian and Ubuntu), or put theirs on PATH."
        if server
        else f"{name} is needed, and there is none. Install the client programs of PostgreSQL."
    )


def _major(path: str) -> int | None:
    try:
        output = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\) (\d+)", output)
    return int(match[1]) if match else None


def server_version(url: str) -> int:
    """The major version of the server at `url`. Raises ToolError."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            return connection.info.server_version // 10_000
    except psycopg.ProgrammingError:
        raise ToolError(urls.UNREADABLE) from None
    except psycopg.Error as error:
        raise ToolError(f"the database cannot be reached: {' '.join(str(error).split())}") from error


def address(url: str) -> tuple[str, dict[str, str]]:
    """An address for a program's command line, and its environment: that has the password, for every user of
    the machine can read the command line.
    """
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    environ = environment_without(_OF_CLIENTS)
    if "password" in parts:
        environ["PGPASSWORD"] = parts.pop("password")
    return make_conninfo("", **parts), environ


#: What would change what the programs do.
_OF_CLIENTS = frozenset({"PGOPTIONS", "PGCLIENTENCODING", "PGDATABASE", "PSQLRC"})


def failure(name: str, errors: str) -> ToolError:
    """What a program that failed wrote, in one line."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return ToolError(f"{name} failed: {'; '.join(lines[:4]) or 'it said nothing'}")
