"""Whose request it is: the address of the client, which behind a proxy is not the one that connected.

Anybody may send `X-Forwarded-For`, so it counts only where TRUSTED_PROXIES says who wrote it. Each proxy
appends the address that it was called from. Read from the right, what a trusted proxy wrote is true, and the
first address that is no trusted proxy's is the client. What stands left of it the client may have made up.
"""

import functools
import ipaddress
import re
from collections.abc import Sequence

from aiohttp import web

from service.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: An address with a port, as some proxies write it: 192.0.2.7:4711, [2001:db8::7]:4711 or [2001:db8::7].
_WITH_PORT = re.compile(r"(?:([0-9.]+):[0-9]+|\[([^\]]*)\](?::[0-9]+)?)")

#: A home or a server is given a /64 at least and may use each of its 2**64 addresses, one a request.
_IPV6_CLIENT_BITS = 64


def of(request: web.Request, trusted: tuple[Network, ...]) -> str:
    """The address of the request's client. `trusted` are the proxies whose X-Forwarded-For counts."""
    if not trusted:
        return _plain(request.remote or "")
    return client(request.remote or "", request.headers.getall("X-Forwarded-For", ()), trusted)


def client(peer: str, forwarded: Sequence[str], trusted: tuple[Network, ...]) -> str:
    """The client behind `peer`, by the `forwarded` lines of X-Forwarded-For. What is not an address ends the
    search: then the client is the last proxy that is known.
    """
    found = _plain(peer)
    hops = ",".join(forwarded).split(",")
    while hops and _is_trusted(found, trusted):
        hop = _parse(hops.pop())
        if hop is None:
            break
        found = str(hop)
    return found


@functools.lru_cache(maxsize=4096)
def limited_as(address: str) -> str:
    """What the client of an address is counted as. An IPv6 client is its network of 64 bits: otherwise it had
    as many limits as it has addresses.
    """
    parsed = _parse(address)
    if not isinstance(parsed, ipaddress.IPv6Address):
        return address if parsed is not None else "unknown"
    return str(ipaddress.IPv6Network((parsed.packed, _IPV6_CLIENT_BITS), strict=False))


@functools.lru_cache(maxsize=4096)
def _plain(peer: str) -> str:
    parsed = _parse(peer)
    return peer if parsed is None else str(parsed)


@functools.lru_cache(maxsize=4096)
def _is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    parsed = _parse(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parse(text: str) -> Address | None:
    """An address as it stands in X-Forwarded-For. An IPv4 address in IPv6's clothes counts as what it is."""
    text = text.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.scope_id is not None:
            # The zone of a link-local address is this machine's name for the link, and any text at all.
            return ipaddress.IPv6Address(int(address))
    return address
