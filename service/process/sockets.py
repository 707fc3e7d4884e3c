"""The sockets of HOST and PORT: bound at the start, listened on when everything else is ready."""

import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from typing import Any

from service.settings import Settings

#: What HOST can be for all of the machine, and whose addresses those are.
_ALL = {"0.0.0.0": "IPv4", "::": "IPv4 and IPv6"}
_ADVICE = "Use 127.0.0.1, or for all addresses 0.0.0.0, or :: with those of IPv6."


class ListenError(Exception):
    """HOST and PORT cannot be used; the message is for the operator."""


@contextlib.contextmanager
def bound(settings: Settings) -> Iterator[list[list[socket.socket]]]:
    """For each worker the sockets of HOST and PORT, not listening yet: what is not ready refuses connections.

    Several workers have sockets of their own on the one port (SO_REUSEPORT), among which the system spreads
    the connections. They belong to this process, so a connection that is made while a worker is started again
    waits for it. Raises ListenError.
    """
    with contextlib.ExitStack() as stack:
        if settings.workers == 1:
            yield [_claim(settings, settings.port, stack, shared=False)]
            return
        with contextlib.ExitStack() as probe:
            # Alone first: with a shared port the system would not say that another program has it.
            port = _claim(settings, settings.port, probe, shared=False)[0].getsockname()[1]
        yield [_claim(settings, port, stack, shared=True) for _ in range(settings.workers)]


def address(settings: Settings, sockets: list[socket.socket]) -> str:
    """Where the service answers, as a URL that this machine can open."""
    host = "localhost" if settings.host in _ALL else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{sockets[0].getsockname()[1]}"


def others(settings: Settings) -> str:
    """What there is to add to `address`: that it is not the only one."""
    return f"(and all {_ALL[settings.host]} addresses of this machine) " if settings.host in _ALL else ""


def port_error(settings: Settings, error: OSError) -> ListenError:
    """What an operator is told when HOST and PORT cannot be used."""
    if error.errno == errno.EADDRINUSE:
        other = settings.port + 1 if settings.port < 65535 else 8000
        return ListenError(
            f"port {settings.port} is in use by another program. Stop that, or use another port: PORT={other} make run"
        )
    if error.errno == errno.EACCES:
        return ListenError(f"port {settings.port} may not be used by this user. Use one above 1023: PORT=8000 make run")
    if error.errno == errno.EADDRNOTAVAIL:
        return ListenError(f"HOST={settings.host!r} is not an address of this machine. {_ADVICE}")
    return ListenError(f"HOST={settings.host!r} PORT={settings.port} cannot be used: {os.strerror(error.errno or 0)}.")


def _claim(settings: Settings, port: int, stack: contextlib.ExitStack, *, shared: bool) -> list[socket.socket]:
    try:
        return bind(settings, port, stack, shared=shared)
    except OSError as error:
        raise port_error(settings, error) from error


def bind(settings: Settings, port: int, stack: contextlib.ExitStack, *, shared: bool = False) -> list[socket.socket]:
    """Sockets of HOST, on whichever port, that `stack` closes. Raises OSError, or ListenError for HOST."""
    sockets: list[socket.socket] = []
    for family, kind, protocol, _, place in dict.fromkeys(_addresses(settings, port)):
        one = stack.enter_context(socket.socket(family, kind, protocol))
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            # The one socket of all addresses takes IPv4 as well; who comes that way is known by his IPv4
            # address (addresses.py).
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, place[0] != "::")
        if sockets and port == 0:
            # HOST has several addresses: all of them get the port that the first one was given.
            place = (place[0], sockets[0].getsockname()[1], *place[2:])
        one.bind(place)
        sockets.append(one)
    return sockets


def _addresses(settings: Settings, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(
            settings.host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
        )
    except (socket.gaierror, UnicodeError):
        raise ListenError(f"HOST={settings.host!r} is not a known address. {_ADVICE}") from None
