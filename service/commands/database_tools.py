"""PostgreSQL's own programs (pg_dump, pg_restore, psql): finding one that fits a server, and giving it an address."""

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.embedded import EmbeddedServerError
from service.embedded.postgres import program
from service.errors import OperatorError
from service.settings import database_url, environment_without

#: Where Debian's packages have the programs of each version.
_PACKAGES = Path("/usr/lib/postgresql")
#: Options of libpq that are secret. The first has an environment variable, the others can only be in a file.
_SECRETS = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
#: Environment variables that would change what the programs do.
_CLIENT_VARIABLES = frozenset({"PGOPTIONS", "PGCLIENTENCODING", "PGDATABASE", "PSQLRC"})


class ToolError(OperatorError):
    """A program is missing, too old, or failed."""


def find(name: str, server: int = 0, *, url: str | None = None) -> str:
    """The path of the program `name`: the wheel's, or one on PATH or of Debian's packages. Its major version is at
    least `server`, since an older program refuses a newer server. The wheel's have no TLS: where `url` may want it they
    come last, and not at all if it must have it. Raises ToolError.
    """
    may_encrypt, must_encrypt = _encryption(url) if url else (False, False)
    candidates: list[str] = []
    if on_path := shutil.which(name):
        candidates.append(on_path)
    candidates += sorted((str(path) for path in _PACKAGES.glob(f"*/bin/{name}")), reverse=True)
    if not must_encrypt:
        with contextlib.suppress(EmbeddedServerError):
            candidates.insert(len(candidates) if may_encrypt else 0, str(program(name)))
    versions = [(version, path) for path in candidates if (version := major(path)) is not None]
    for version, path in versions:
        if version >= server:
            return path
    found = ", ".join(f"{path} ({version})" for version, path in versions) or "none"
    raise ToolError(
        f"{name} {server} or later is required; found: {found}. Install the client programs"
        f" (postgresql-client-{server} on Debian and Ubuntu), or put them on PATH."
        if server
        else f"{name} is required; found: none. Install the client programs of PostgreSQL."
    )


def major(path: str) -> int | None:
    """The major version of a program of PostgreSQL; None if it does not run."""
    try:
        output = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\) (\d+)", output)
    return int(match[1]) if match else None


def _encryption(url: str) -> tuple[bool, bool]:
    """Whether a program that connects to `url` may use TLS, and whether it must know TLS."""
    found = database_url.parse(url)
    sslmode = found.parameters["sslmode"]
    return (
        sslmode != "disable" and not all(host.is_socket for host in found.hosts),
        sslmode not in ("disable", "allow", "prefer"),
    )


def server_version(url: str) -> int:
    """The major version of the server at `url`. Raises psycopg.Error."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        return connection.info.server_version // 10_000


@contextlib.contextmanager
def address(url: str, *, without: Collection[str] = _CLIENT_VARIABLES) -> Iterator[tuple[str, dict[str, str]]]:
    """`url` for a program's command line, which every user of the machine can read, and for its environment, which has
    the secrets (and lacks the variables `without`). Raises ToolError, or psycopg.ProgrammingError for a bad address.
    """
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    parts.pop("load_balance_hosts", None)  # unknown to programs before 16; there is only one primary to choose
    environ = environment_without(without)
    secrets = {name: parts.pop(name) for name in _SECRETS if name in parts}
    if "password" in secrets:
        environ["PGPASSWORD"] = secrets.pop("password")
    if not secrets:
        yield make_conninfo("", **parts), environ
        return
    if "service" in parts:
        raise ToolError(f"DATABASE_URL names a libpq service: put {', '.join(secrets)} into that service's file")
    with tempfile.NamedTemporaryFile("w", prefix="leaderboard-service-") as file:  # readable by its owner only
        file.write("\n".join(["[secrets]", *(f"{name}={value}" for name, value in secrets.items()), ""]))
        file.flush()
        environ["PGSERVICEFILE"] = file.name
        yield make_conninfo("", **{**parts, "service": "secrets"}), environ


def failure(name: str, errors: str) -> ToolError:
    """The error output of a program that failed, in one line."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return ToolError(f"{name} failed: {'; '.join(lines[:4]) or 'it gave no reason'}")
