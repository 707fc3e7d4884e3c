"""Which host names the service answers to.

A page of another site cannot read what a service on this machine answers, unless the site's name suddenly
leads here: DNS rebinding. To the browser the service is then that site. What gives it away is the Host
header: it holds the site's name, and no page can change it.
"""

import functools
import ipaddress
import re
from collections.abc import Callable

from aiohttp import web

from service.settings import Settings

#: So many names are remembered; each is a few bytes of what clients sent.
_REMEMBERED = 1024
#: A longer one is no name that anybody allowed: DNS has 253 characters at most, and a port 6.
_LONGEST = 260
_HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]*)?")

Check = Callable[[str], bool]


def check(settings: Settings) -> Check | None:
    """Says of a Host header whether it may be served; None where any may: there are no ALLOWED_HOSTS and
    other machines are to reach the service, by whatever name.
    """
    if settings.allowed_hosts:
        return _remembering(functools.partial(_is_among, settings.allowed_hosts))
    return loopback_check(settings)


def loopback_check(settings: Settings) -> Check | None:
    """The same by HOST alone: who listens for this machine only is called by its names only."""
    return _remembering(_is_loopback) if _is_loopback(settings.host.lower()) else None


def is_reachable(settings: Settings) -> bool:
    """Whether other machines can be expected to reach the service: by its HOST, or through a proxy."""
    return (
        not _is_loopback(settings.host.lower())
        or bool(settings.trusted_proxies)
        or not all(map(_is_loopback, settings.allowed_hosts))
    )


def named(request: web.Request) -> tuple[str, ...]:
    """The hosts that a request names: by its Host header and, if its target is a whole address as proxies
    are sent it (`GET http://...`), by that one, which then counts (RFC 9112 section 3.2.2).
    """
    # Not request.host, which is this machine's name where there is no header. Two of them are no HTTP.
    header = request.headers.get("Host", "")
    if request.raw_path.startswith("/"):
        return (header,)
    return header, request.url.host_port_subcomponent or ""


def _remembering(is_allowed: Check) -> Check:
    @functools.lru_cache(maxsize=_REMEMBERED)
    def checked(header: str) -> bool:
        match = _HOST.fullmatch(header.lower())
        # A dot at the end says that the name is complete, and leads to the same host.
        return match is not None and is_allowed(match[1].removesuffix("."))

    return lambda header: len(header) <= _LONGEST and checked(header)


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
