"""The sockets of HOST and PORT: bound at the start, listened on when everything else is ready."""

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from service.errors import OperatorError
from service.settings import Settings

#: Values of HOST for all addresses of the machine, and their kind.
_ALL = {"0.0.0.0": "IPv4", "::": "IPv4 and IPv6"}
_ADVICE = "Use 127.0.0.1 for this machine, 0.0.0.0 for all IPv4 addresses, or :: for all IPv4 and IPv6."

#: Linux drops packets to a socket that have a lower time to live than this option says. Clients send at most 128.
_IP_MINTTL = 21
_IPV6_MINHOPCOUNT = 73
_MAX_TTL = 255


class ListenError(OperatorError):
    """HOST and PORT cannot be used."""


@contextlib.contextmanager
def bound(settings: Settings) -> Iterator[list[list[socket.socket]]]:
    """The sockets of HOST and PORT for each worker. They do not listen yet, so connections are refused until the
    service is ready.

    Each of several workers has its own sockets on the port (SO_REUSEPORT), and the system spreads connections among
    them. They belong to this process, so a connection made while a worker restarts waits for it. Raises ListenError.
    """
    with contextlib.ExitStack() as stack:
        if settings.workers == 1:
            yield [_claim(settings, settings.port, stack, shared=False)]
            return
        with contextlib.ExitStack() as probe:
            # Without sharing first: the system would not report that another program uses a shared port.
            port = _claim(settings, settings.port, probe, shared=False)[0].getsockname()[1]
        yield [_claim(settings, port, stack, shared=True) for _ in range(settings.workers)]


def address(settings: Settings, sockets: list[socket.socket]) -> str:
    """The service's URL, as seen from this machine."""
    host = "localhost" if settings.host in _ALL else settings.url_host
    return f"http://{host}:{sockets[0].getsockname()[1]}"


def others(settings: Settings) -> str:
    """A note on further addresses beside `address`, if there are any."""
    return f"(and all {_ALL[settings.host]} addresses of this machine) " if settings.host in _ALL else ""


def port_error(settings: Settings, error: OSError) -> ListenError:
    """The error for HOST and PORT that cannot be used."""
    if error.errno == errno.EADDRINUSE:
        other = settings.port + 1 if settings.port < 65535 else 8000
        return ListenError(
            f"port {settings.port} is in use by another program. Stop it, or use another port: PORT={other} make run"
        )
    if error.errno == errno.EACCES:
        return ListenError(f"port {settings.port} may not be used by this user. Use one above 1023: PORT=8000 make run")
    if error.errno == errno.EADDRNOTAVAIL:
        return ListenError(f"HOST={settings.host!r} is not an address of this machine. {_ADVICE}")
    return ListenError(f"HOST={settings.host!r} PORT={settings.port} cannot be used: {os.strerror(error.errno or 0)}.")


def _claim(settings: Settings, port: int, stack: contextlib.ExitStack, *, shared: bool) -> list[socket.socket]:
    try:
        return bind(settings.host, port, stack, shared=shared)
    except OSError as error:
        raise port_error(settings, error) from error


def refuse_new(sockets: Iterable[socket.socket]) -> None:
    """Lets no new connection begin on listening sockets; those that wait to be accepted stay.

    Closing a socket resets the connections in its queue, and a busy service always has some there. So before it is
    closed, the system drops the first packet (SYN) of each new one: the client tries again a second later, and is then
    refused. Where the system cannot do that, those connections are reset.
    """
    if sys.platform != "linux":
        return
    for one in sockets:
        with contextlib.suppress(OSError):
            one.setsockopt(socket.IPPROTO_IP, _IP_MINTTL, _MAX_TTL)
        if one.family == socket.AF_INET6:
            with contextlib.suppress(OSError):
                one.setsockopt(socket.IPPROTO_IPV6, _IPV6_MINHOPCOUNT, _MAX_TTL)


def bind(
    host: str, port: int, stack: contextlib.ExitStack, *, shared: bool = False, setting: str = "HOST"
) -> list[socket.socket]:
    """Sockets of `host` and `port`, closed by `stack`. Raises OSError, or ListenError for an unknown host, which names
    the `setting` that it comes from.
    """
    sockets: list[socket.socket] = []
    for family, kind, protocol, _, place in dict.fromkeys(_addresses(host, port, setting)):
        one = stack.enter_context(socket.socket(family, kind, protocol))
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            # The socket for all addresses accepts IPv4 too; such clients are known by their IPv4 address
            # (access/client_address.py).
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, place[0] != "::")
        if sockets and port == 0:
            # HOST has several addresses: all get the port that the first one got.
            place = (place[0], sockets[0].getsockname()[1], *place[2:])
        one.bind(place)
        sockets.append(one)
    return sockets


def _addresses(host: str, port: int, setting: str) -> list[Any]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV)
    except (socket.gaierror, UnicodeError):
        raise ListenError(f"{setting}={host!r} is not a known address. {_ADVICE}") from None
