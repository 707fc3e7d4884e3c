"""The address of a request's client, which behind a proxy is not the peer's.

Any client can send `X-Forwarded-For`, so only TRUSTED_PROXIES are believed. Each proxy appends the address that called
it. Read from the right, the first address that is not a trusted proxy's is the client's. Entries further left, or the
whole header when no proxy is trusted, may be forged.
"""

import functools
import ipaddress
import re
from collections.abc import Sequence

from aiohttp import web

from service.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: An address with a port, as some proxies write: 192.0.2.7:4711, [2001:db8::7]:4711 or [2001:db8::7].
_WITH_PORT = re.compile(r"(?:([0-9.]+):[0-9]+|\[([^\]]*)\](?::[0-9]+)?)")

#: A client gets at least a /64 network and may use each of its 2**64 addresses.
_IPV6_CLIENT_BITS = 64


def of(request: web.Request, trusted: tuple[Network, ...]) -> str:
    """The address of the request's client. `trusted` are the proxies whose X-Forwarded-For counts."""
    if not trusted:
        return _plain(request.remote or "")
    return client(request.remote or "", request.headers.getall("X-Forwarded-For", ()), trusted)


def client(peer: str, forwarded: Sequence[str], trusted: tuple[Network, ...]) -> str:
    """The client behind `peer`, according to the `forwarded` lines of X-Forwarded-For. The search ends at an entry that
    is not an address: the client is then the last known proxy.
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
    """The name under which the calls of an address are counted: for IPv6 its /64 network, since one client may use
    all of it.
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
    """The address in an entry of X-Forwarded-For. An IPv4-mapped IPv6 address counts as the IPv4 address."""
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
            # The zone of a link-local address may be any text, and means something on one machine only.
            return ipaddress.IPv6Address(int(address))
    return address
