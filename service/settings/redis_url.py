"""Reads REDIS_URL: docs/redis-url.md has its forms and options.

Nothing in it is ignored or guessed. An error names the part or the option that is wrong, and never quotes a value:
it may be a piece of a password.
"""

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from service.settings.urls import ESCAPE, HOST, QUERY, USER_OR_PASSWORD, UrlError, decoded

_FORMS = (
    "write it as redis://user:password@host:6379/0, rediss://... (TLS), unix:///path/of/the/socket,"
    " redis+sentinel://sentinel1,sentinel2/name_of_the_master or redis+cluster://host1,host2"
)

_SCHEME = re.compile(r"(redis|rediss|unix|(rediss?)\+(sentinel|cluster))")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:%\s]+)(?::([0-9]{1,5}))?")
_DATABASE = re.compile(r"[0-9]{1,5}")
_KEY_PREFIX = re.compile(r"[A-Za-z0-9_.-]{1,50}")

_TLS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_password")
_TLS_MODES = ("ssl_cert_reqs", "ssl_check_hostname", "ssl_min_version")
_VERIFY = {"required": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL, "none": ssl.CERT_NONE}
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TLS_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}

#: Options of redis-py that the service sets itself, and what to use instead.
_SET_BY_THE_SERVICE = {
    **dict.fromkeys(("socket_timeout", "socket_connect_timeout", "timeout"), "use REDIS_TIMEOUT_MS"),
    **dict.fromkeys(
        ("max_connections", "protocol", "decode_responses", "encoding", "health_check_interval", "retry_on_timeout"),
        "the service sets it itself",
    ),
}


@dataclass(frozen=True, kw_only=True)
class RedisUrl:
    """What an address says."""

    #: "server", "sentinel" (`nodes` are the sentinels) or "cluster" (`nodes` are some of its nodes).
    kind: str
    nodes: tuple[tuple[str, int], ...] = ()
    #: Of a Unix socket; then there are no nodes.
    path: str | None = None
    #: The name under which the sentinels watch the server.
    master_name: str = ""
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sentinel_username: str | None = None
    sentinel_password: str | None = field(default=None, repr=False)
    #: redis-py's arguments for TLS; None without TLS.
    tls: Mapping[str, object] | None = field(default=None, repr=False)
    #: What every key begins with. A cluster keeps all of them on one shard, by their hash tag.
    key_prefix: str = "leaderboard:"


def parse(url: str) -> RedisUrl:
    """Raises UrlError, also for a file of TLS that cannot be used."""
    scheme, separator, rest = url.partition("://")
    match = _SCHEME.fullmatch(scheme)
    if not separator or match is None:
        raise UrlError(_FORMS)
    kind = match[3] or "server"
    if _CONTROL.search(url):
        raise UrlError(f"it has a control character. In each part, {ESCAPE}")
    end = re.search(r"[/?#]|$", rest)
    assert end is not None
    authority, behind = rest[: end.start()], rest[end.start() :]
    # A raw / ? or # in a password would start the path, and the rest before it would be the host.
    if "#" in behind or "@" in behind:
        raise UrlError(USER_OR_PASSWORD)
    login, _, hosts = authority.rpartition("@")
    _check_login(url, login)
    username, _, password = login.partition(":")
    path, _, query = behind.partition("?")
    options = _options(query, kind, tls=scheme.startswith("rediss"), unix=scheme == "unix")
    _merge(options, username=decoded("user", username), password=decoded("password", password))
    master_name = ""
    socket = None
    if scheme == "unix":
        socket = decoded("path", path)
        if not socket or hosts:
            raise UrlError("a unix:// address needs the path of the socket, as in unix:///run/redis.sock")
    elif kind == "cluster":
        if path.strip("/") not in ("", "0"):
            raise UrlError("the part after its hosts must be empty: a cluster has no numbered databases")
    else:
        number = path.strip("/")
        if kind == "sentinel":
            name, _, number = number.partition("/")
            master_name = decoded("path", name)
            if not master_name:
                raise UrlError("it needs the name of the master after the hosts, as in redis+sentinel://host/mymaster")
        if number and not _DATABASE.fullmatch(number):
            raise UrlError(
                "the part after its host must be the number of a database, as in redis://host/0"
                if kind == "server"
                else "the part after the name of the master must be the number of a database, as in /mymaster/0"
            )
        _merge(options, db=number)
    prefix = options.get("key_prefix", "leaderboard")
    return RedisUrl(
        kind=kind,
        nodes=() if scheme == "unix" else tuple(_nodes(hosts, 26379 if kind == "sentinel" else 6379)),
        path=socket,
        master_name=master_name,
        database=int(options.get("db", "0")),
        username=options.get("username"),
        password=options.get("password"),
        sentinel_username=options.get("sentinel_username"),
        sentinel_password=options.get("sentinel_password"),
        tls=_tls(options) if scheme.startswith("rediss") else None,
        key_prefix=f"{{{prefix}}}:" if kind == "cluster" else f"{prefix}:",
    )


def _check_login(url: str, login: str) -> None:
    try:
        urlsplit(url)
    except ValueError:
        # The parser's own message may quote the address and its password.
        raise UrlError(
            "it is not a valid address: check its host and port; if they are right, " + USER_OR_PASSWORD
        ) from None
    if "@" in login or "[" in login or "]" in login:
        raise UrlError(USER_OR_PASSWORD)


def _nodes(hosts: str, default_port: int) -> Iterator[tuple[str, int]]:
    for host in hosts.split(",") if hosts else ["localhost"]:
        match = _HOST.fullmatch(host)
        if match is None:
            raise UrlError(HOST)
        port = int(match[2] or default_port)
        if not 1 <= port <= 65535:
            raise UrlError("its port is not a number from 1 to 65535")
        yield match[1].strip("[]"), port


def _options(query: str, kind: str, *, tls: bool, unix: bool) -> dict[str, str]:
    known = ["username", "password", "key_prefix"]
    if kind != "cluster":
        known.append("db")
    if kind == "sentinel":
        known += ["sentinel_username", "sentinel_password"]
    if tls:
        known += [*_TLS, *_TLS_MODES]
    found: dict[str, str] = {}
    for part in query.split("&") if query else ():
        name, equals, value = part.partition("=")
        if not equals or not re.fullmatch(r"[a-z_]{1,40}", name):
            raise UrlError(QUERY)
        if name in _SET_BY_THE_SERVICE:
            raise UrlError(
                f"it has the option {name}, which cannot be set here ({_SET_BY_THE_SERVICE[name]}): remove it"
            )
        if name not in known:
            reason = (
                "needs rediss://" if name in (*_TLS, *_TLS_MODES) else f"is unknown here; known are {', '.join(known)}"
            )
            raise UrlError(f"its option {name} {reason}")
        if name in found:
            raise UrlError(f"it has the option {name} twice: remove one")
        if not value:
            raise UrlError(f"its option {name} is empty: give a value or remove it")
        found[name] = decoded(f"option {name}", value)
    if "db" in found and not _DATABASE.fullmatch(found["db"]):
        raise UrlError("its option db must be the number of a database")
    if not _KEY_PREFIX.fullmatch(found.get("key_prefix", "leaderboard")):
        raise UrlError("its option key_prefix must be 1 to 50 letters, digits, - . or _")
    return found


def _merge(options: dict[str, str], **given: str) -> None:
    """Adds what stands before the options."""
    for name, value in given.items():
        if value and name in options:
            raise UrlError(f"it has {name} twice, the second time as an option: remove one")
        if value:
            options[name] = value


def _tls(options: Mapping[str, str]) -> dict[str, object]:
    verify = options.get("ssl_cert_reqs", "required").lower().removeprefix("cert_")
    if verify not in _VERIFY:
        raise UrlError("its option ssl_cert_reqs must be required, optional or none")
    check_hostname = options.get("ssl_check_hostname", "false" if verify == "none" else "true").lower()
    if check_hostname not in _FLAGS:
        raise UrlError("its option ssl_check_hostname must be true or false")
    if _FLAGS[check_hostname] and verify == "none":
        raise UrlError("its option ssl_check_hostname cannot be true while ssl_cert_reqs is none")
    version = options.get("ssl_min_version", "1.2").lower().removeprefix("tlsv")
    if version not in _TLS_VERSIONS:
        raise UrlError("its option ssl_min_version must be 1.2 or 1.3")
    if "ssl_keyfile" in options and "ssl_certfile" not in options:
        raise UrlError("its option ssl_keyfile needs ssl_certfile")
    if "ssl_password" in options and "ssl_certfile" not in options:
        raise UrlError("its option ssl_password, of the key, needs ssl_certfile")
    _check_files(options)
    return {
        **{name: options[name] for name in _TLS if name in options},
        "ssl_cert_reqs": verify,
        "ssl_check_hostname": _FLAGS[check_hostname],
        "ssl_min_version": _TLS_VERSIONS[version],
    }


def _check_files(options: Mapping[str, str]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if "ssl_ca_certs" in options:
        try:
            context.load_verify_locations(options["ssl_ca_certs"])
        except OSError as error:  # of which SSLError is one
            raise UrlError(f"its option ssl_ca_certs: {_file_problem(error, 'certificates')}") from None
    if "ssl_certfile" in options:
        try:
            # Never asks at the terminal: without ssl_password the password is empty.
            context.load_cert_chain(
                options["ssl_certfile"], options.get("ssl_keyfile"), options.get("ssl_password", "")
            )
        except OSError as error:
            raise UrlError(
                "its options ssl_certfile and ssl_keyfile: "
                + _file_problem(error, "a certificate and its key, or ssl_password is not that of the key")
            ) from None


def _file_problem(error: OSError, wanted: str) -> str:
    if isinstance(error, ssl.SSLError):
        return f"the file does not hold {wanted}"
    return f"the file cannot be read ({error.strerror})"
