"""Reads DATABASE_URL and SERVICE_DATABASE_URL: docs/database-url.md has their forms and parameters.

PostgreSQL's own client library (libpq, in psycopg) reads them, with the PG* environment variables, service files and
password files that psql takes too. Its result goes to asyncpg, which would read the same address differently. So
migrations, commands and the service connect alike.

libpq ends a password at the first raw `@` and takes the rest for a part of the host, and its messages quote what they
complain about. So an address that may have a raw character in its password is refused here first, and an error names
the part that is wrong.
"""

import difflib
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from service.settings.urls import ESCAPE, HOST, QUERY, USER_OR_PASSWORD, UrlError, decoded

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,62}")
_HOST = re.compile(r"[/@].+|[^/@:?#\[\]%]+|[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?")
_PORT = re.compile(r"[0-9]{1,5}")

#: These make libpq stop before it connects: it refuses the one when it knows the hosts, the other as the last.
_NO_SSL_MODE = "none"
_NO_ADDRESS = "0.0.0.0.0"
_NUMBERS = (
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
)
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir")
#: What libpq can do and the service's driver cannot, and the values that ask for nothing of it.
_UNSUPPORTED: Mapping[str, tuple[str, ...]] = {
    "gssencmode": ("disable", "prefer"),
    "min_protocol_version": ("3.0",),
    "oauth_issuer": (),
    "replication": ("false", "off", "no", "0"),
    "require_auth": (),
    "requirepeer": (),
    "scram_client_key": (),
    "scram_server_key": (),
    "sslcertmode": ("allow", "disable"),
}


@dataclass(frozen=True)
class Host:
    """One of the hosts of an address."""

    #: A name, an address, or the folder of a Unix socket (an abstract one begins with @).
    name: str
    port: int
    #: The IP address to connect to instead of looking up `name`; empty if there is none.
    address: str = ""
    #: Of the address or a password file; empty if there is none.
    password: str = field(default="", repr=False)

    @property
    def is_socket(self) -> bool:
        return not self.address and self.name.startswith(("/", "@"))

    def __str__(self) -> str:
        return self.name if self.is_socket else f"{self.name}:{self.port}"


@dataclass(frozen=True)
class DatabaseUrl:
    """What an address says, once libpq has filled in all that it leaves out."""

    hosts: tuple[Host, ...]
    user: str
    database: str
    #: libpq's other parameters by name: those that are set and those with a default.
    parameters: Mapping[str, str] = field(repr=False)

    def number(self, name: str) -> int | None:
        return int(self.parameters[name]) if name in self.parameters else None


def checked(url: str) -> str:
    """`url`, so that libpq too connects to the server that takes writes if it names several. Raises UrlError."""
    found = parse(url)
    parameters = {}
    if len(found.hosts) > 1 or found.parameters["target_session_attrs"] != "any":
        parameters["target_session_attrs"] = "primary"
        if not found.number("connect_timeout"):
            parameters["connect_timeout"] = "10"  # or a silent host would be waited for as long as TCP does
    if not parameters:
        return url
    separator = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{separator}{urlencode(parameters)}"


def parse(url: str) -> DatabaseUrl:
    """Raises UrlError."""
    _check_form(url)
    hosts, ports, addresses = _hosts(_read(url, _NO_SSL_MODE, sslmode=_NO_SSL_MODE))
    reads = [
        _read(url, _NO_ADDRESS, host=host, port=port, hostaddr=_NO_ADDRESS)
        for host, port in zip(hosts, ports, strict=True)
    ]
    found = [
        Host(host, int(port), address, read.password.decode())
        for host, port, address, read in zip(hosts, ports, addresses, reads, strict=True)
    ]
    parameters = _parameters(reads[0])
    _check_parameters(parameters)
    if parameters.get("sslrootcert") == "system":
        _share_authorities()
    return DatabaseUrl(tuple(found), parameters["user"], parameters["dbname"], parameters)


def _read(url: str, refused: str, **parameters: str) -> "PGconn":
    """A connection that was not made: libpq has read the address, and found nothing wrong but `refused`."""
    # Loaded only when there is an address.
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import PGconn

    try:
        connection = PGconn.connect_start(make_conninfo(url, **parameters).encode())
    except ProgrammingError:
        raise UrlError("it is not a valid address; " + USER_OR_PASSWORD) from None
    message = connection.error_message.decode(errors="replace").strip()
    if f'"{refused}"' not in message:
        if message.startswith("invalid "):
            message = f"{message.partition(chr(34))[0].rstrip(': ')}: docs/database-url.md has the values"
        raise UrlError(message)
    return connection


def _parameters(connection: "PGconn") -> dict[str, str]:
    return {option.keyword.decode(): option.val.decode() for option in connection.info if option.val is not None}


def _hosts(connection: "PGconn") -> tuple[list[str], list[str], list[str]]:
    """The hosts, with a port and an address for each."""
    parameters = _parameters(connection)
    addresses = parameters.get("hostaddr", "").split(",")
    hosts = parameters.get("host", "").split(",")
    if hosts == [""]:
        hosts = addresses if addresses != [""] else [connection.host.decode()]
    if addresses == [""]:
        addresses *= len(hosts)
    ports = [port or "5432" for port in parameters["port"].split(",")]
    if len(ports) == 1:
        ports *= len(hosts)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise UrlError(HOST)
    for port in ports:
        if not _PORT.fullmatch(port) or not 1 <= int(port) <= 65535:
            raise UrlError(f"its port is not a number from 1 to 65535; if there should be none, {USER_OR_PASSWORD}")
    return hosts, ports, addresses


def _check_form(url: str) -> None:
    """Raises UrlError if a character may not be escaped, or for a parameter that libpq does not know."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres"):  # in lower case, or libpq takes it for something else
        raise UrlError("write it as postgresql://user:password@host:5432/database")
    if _BLANK.search(url) or "%00" in url:
        raise UrlError(f"it has a space or a control character. In each part, {ESCAPE}")
    end = re.search(r"[/?]|$", rest)
    assert end is not None
    authority, behind = rest[: end.start()], rest[end.start() :]
    if "#" in rest or "@" in behind or authority.count("@") > 1:
        raise UrlError(USER_OR_PASSWORD)
    login, _, hosts = authority.rpartition("@")
    user, _, password = login.partition(":")
    path, _, query = behind.partition("?")
    for name, value in ("user", user), ("password", password), ("host", hosts), ("database", path):
        decoded(name, value)
    known = _known_parameters()
    for part in query.split("&") if query else ():
        name, equals, value = part.partition("=")
        if not equals or not _PARAMETER.fullmatch(name):
            raise UrlError(QUERY)
        if name not in known:
            like = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            raise UrlError(
                f"PostgreSQL's client library does not know the parameter {name}"
                + (f"; did you mean {like[0]}?" if like else ": remove it")
                + f" (a setting of the server is written as options=-c%20{name}%3Dvalue)"
            )
        if "=" in value:
            raise UrlError(f"a character of its {name} is not escaped: {ESCAPE}, = is %3D")
        decoded(name, value)


def _known_parameters() -> set[str]:
    from psycopg.pq import Conninfo

    return {option.keyword.decode() for option in Conninfo.get_defaults()} | {"ssl"}


def _check_parameters(parameters: Mapping[str, str]) -> None:
    for name in _NUMBERS:
        if not re.fullmatch(r"[0-9]{1,9}", parameters.get(name, "0")):
            raise UrlError(f"its {name} is not a whole number")
    for name in _FILES:
        file = parameters.get(name)
        if file and file != "system" and not Path(file).exists():
            raise UrlError(f"its {name} names a file that does not exist: {file}")
    for name, harmless in _UNSUPPORTED.items():
        if parameters.get(name) and parameters[name] not in harmless:
            raise UrlError(f"the service cannot do what its {name} asks for: remove it")


def _share_authorities() -> None:
    """Tells libpq, which brings an OpenSSL of its own, where the system's certificates are."""
    paths = ssl.get_default_verify_paths()
    for variable, path in (paths.openssl_cafile_env, paths.cafile), (paths.openssl_capath_env, paths.capath):
        if path:
            os.environ.setdefault(variable, path)
