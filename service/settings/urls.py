"""Checks the addresses of PostgreSQL the way the drivers read them.

The drivers read a malformed address differently: asyncpg accepts a raw `%`, libpq refuses it; both end the password at
the first `@` and take the rest of it for a part of the host. Their complaints then quote the address, and with it the
password. So an address is passed on only if both drivers read it the same way. An error names the part that is wrong
and never quotes it.
"""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urlsplit


class UrlError(ValueError):
    """What is wrong with an address and what to write: the end of a sentence, without any part of the address."""


#: The error message if a driver cannot read an address after all. The driver's own message may quote it.
UNREADABLE = (
    "the database driver cannot read the address of the database; its message is not shown, since it may contain the"
    " password: check DATABASE_URL and SERVICE_DATABASE_URL"
)

_ESCAPE = (
    "write each character except letters, digits and - . _ ~ as % and two hexadecimal digits: @ is %40,"
    " % is %25, : is %3A, / is %2F, ? is %3F, # is %23, [ is %5B, ] is %5D, a space is %20"
)
_USER_OR_PASSWORD = f"a character of its user or its password is not escaped: {_ESCAPE}"
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
_PORT = re.compile(r"[0-9]{1,5}")
_HOST = re.compile(r"(?:\[[0-9A-Za-z:.%]+\]|[^\[\]:]+)(?::(.*))?", re.DOTALL)
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,62}")


def check_postgresql(url: str, *, libpq: bool) -> None:
    """Raises UrlError unless asyncpg reads in `url` what it says and, if `libpq` reads it too, the same."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres"):  # in lower case, or libpq takes it for something else
        raise UrlError("write it as postgresql://user:password@host:5432/database")
    end = re.search(r"[/?#]|$", rest)
    assert end is not None
    authority, behind = rest[: end.start()], rest[end.start() :]
    if _BLANK.search(url):
        raise UrlError(f"it has a space or a control character. In each part, {_ESCAPE}")
    if "#" in behind or "@" in behind or authority.count("@") > 1:
        raise UrlError(_USER_OR_PASSWORD)
    login, _, hosts = authority.rpartition("@")
    user, colon, password = login.partition(":")
    for name, value in (("user", user), ("password", password)):
        if "[" in value or "]" in value or not _is_escaped(value):
            raise UrlError(f"a character of its {name} is not escaped: {_ESCAPE}")
    given = {name for name, there in (("user", user), ("password", colon), ("host", hosts)) if there}
    for host in hosts.split(",") if hosts else ():
        match = _HOST.fullmatch(host)
        if match is None or not _is_escaped(host):
            raise UrlError(
                "its host is not valid: use a name, an address, or an IPv6 address in brackets, then a colon and the"
                " port if needed; if that is right, " + _USER_OR_PASSWORD
            )
        if match[1] is not None:
            given.add("port")
            _check_port(match[1])
    path, _, query = behind.partition("?")
    if not _is_escaped(path):
        raise UrlError(f"a character of the name of its database is not escaped: {_ESCAPE}")
    if path.strip("/"):
        given.add("dbname")
    for name, value in _parameters(query):
        if ("dbname" if name == "database" else name) in given:
            raise UrlError(f"it has {name} twice, and the drivers use different ones: remove one")
        given.add(name)
        if name == "sslmode" and value not in _SSL_MODES:
            raise UrlError(f"its sslmode must be one of {', '.join(_SSL_MODES)}")
        if name == "port":
            for port in value.split(","):
                _check_port(port)
        if libpq and name not in _libpq_parameters():
            raise UrlError(f"PostgreSQL's client library does not know the parameter {name}: remove it")
    _split(url)


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    for part in query.split("&") if query else ():
        name, equals, value = part.partition("=")
        if not equals or not _PARAMETER.fullmatch(name):
            raise UrlError(
                "the part after its ? must be name=value, several separated by &; if there should be no ?,"
                " " + _USER_OR_PASSWORD
            )
        # asyncpg reads + as a space, and libpq refuses a second =.
        if "=" in value or "+" in value or not _is_escaped(value):
            raise UrlError(f"a character of its {name} is not escaped: {_ESCAPE}, = is %3D, + is %2B")
        yield name, unquote(value)


def _libpq_parameters() -> set[str]:
    # Loaded only without the embedded database.
    from psycopg.pq import Conninfo

    return {option.keyword.decode() for option in Conninfo.get_defaults()} | {"ssl"}


def _check_port(text: str) -> None:
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= 65535:
        raise UrlError("its port is not a number from 1 to 65535; if there should be none, " + _USER_OR_PASSWORD)


def _is_escaped(text: str) -> bool:
    return not _BAD_ESCAPE.search(text) and _is_text(text)


def _is_text(text: str) -> bool:
    try:
        unquote_to_bytes(text).decode()
    except UnicodeError:
        return False
    return True


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        # The parser's own message may quote the address and its password.
        raise UrlError(
            "it is not a valid address: check its host and port; if they are right, " + _USER_OR_PASSWORD
        ) from None
    return parts
