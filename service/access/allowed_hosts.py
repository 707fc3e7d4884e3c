"""The host names under which the service may be called.

This prevents DNS rebinding: a hostile site lets its own name resolve to this machine, so that its pages may read what
the service answers. The Host header then has the site's name, which no page can change.
"""

import functools
import ipaddress
import re
from collections.abc import Callable

from aiohttp import web

from service.settings import Settings

#: Host headers whose result is cached.
_CACHED = 1024
#: DNS names have 253 characters at most, and a port 6.
_MAX_LENGTH = 260
_HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]*)?")

Check = Callable[[str], bool]


def check(settings: Settings) -> Check | None:
    """Tells whether a Host header is allowed. None if every one is: ALLOWED_HOSTS is not set and the service listens
    for other machines, which may use any name.
    """
    if settings.allowed_hosts:
        return _cached(functools.partial(_is_among, settings.allowed_hosts))
    return loopback_check(settings.host)


def loopback_check(host: str) -> Check | None:
    """The same by HOST alone: a service that listens on loopback is called by loopback names only."""
    return _cached(_is_loopback) if _is_loopback(host.lower()) else None


def is_reachable(settings: Settings) -> bool:
    """Whether other machines can probably reach the service: by its HOST, or through a proxy."""
    return (
        not _is_loopback(settings.host.lower())
        or bool(settings.trusted_proxies)
        or not all(map(_is_loopback, settings.allowed_hosts))
    )


def named(request: web.Request) -> tuple[str, ...]:
    """The hosts that a request names: in its Host header and, if its target is an absolute URL (`GET http://...`, as
    proxies get it), in that (RFC 9112 section 3.2.2).
    """
    # Not request.host, which is this machine's name if there is no header.
    header = request.headers.get("Host", "")
    if request.raw_path.startswith("/"):
        return (header,)
    return header, request.url.host_port_subcomponent or ""


def _cached(is_allowed: Check) -> Check:
    @functools.lru_cache(maxsize=_CACHED)
    def checked(header: str) -> bool:
        match = _HOST.fullmatch(header.lower())
        # A name with a dot at its end resolves to the same host.
        return match is not None and is_allowed(match[1].removesuffix("."))

    return lambda header: len(header) <= _MAX_LENGTH and checked(header)


def _is_among(allowed: tuple[str, ...], host: str) -> bool:
    return any(host.endswith(name.removeprefix("*")) if name.startswith("*.") else host == name for name in allowed)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return address.is_loopback
