"""How the text of a setting becomes its value. Each parser raises Problem, or UrlError for a URL."""

import ipaddress
import re
from collections.abc import Callable, Iterator

from service.settings import database_url as database_urls
from service.settings import origins
from service.settings import redis_url as redis_urls

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Problem(ValueError):
    """Why a value is refused: the end of a sentence that starts with the variable and its value."""


def integer(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # int() alone would also take "1_000", "+5" and digits of other scripts.
        if re.fullmatch(r"-?[0-9]{1,12}", text) and low <= int(text) <= high:
            return int(text)
        raise Problem(f"use a whole number from {low} to {high}")

    return parse


def flag(text: str) -> bool:
    lowered = text.lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise Problem("use 1 or 0")


def choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise Problem(f"use one of {', '.join(choices)}")

    return parse


def database_url(text: str) -> str:
    return database_urls.checked(text)


def redis_url(text: str) -> str:
    redis_urls.parse(text)
    return text


def origin_list(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for origin in _listed(text):
        try:
            found.append(origins.normal(origin))
        except origins.OriginError as error:
            raise Problem(f"{origin!r} {error}") from None
    return tuple(dict.fromkeys(found))


def embed_list(text: str) -> tuple[str, ...]:
    """Origins as the directive frame-ancestors of a Content-Security-Policy takes them."""
    if text == "*":
        return ("*",)
    found = origin_list(text)
    for origin in found:
        # It knows neither pages without an origin nor IPv6 addresses.
        if origin == origins.NULL or origin.endswith(("://", "://.")) or "[" in origin:
            raise Problem(
                f"browsers do not compare {origin!r} with the page around a frame: use https://game.example.com,"
                " https://*.example.com, or * alone for every site"
            )
    return found


def site_list(text: str) -> tuple[str, ...]:
    """Origins of web sites, each exactly: without wildcards."""
    found = origin_list(text)
    for origin in found:
        if not origin.startswith(("http://", "https://")) or "*" in origin or "[" in origin:
            raise Problem(f"{origin!r} is not one web site: use scheme and host, such as https://avatars.example.com")
    return found


def public_url(text: str) -> str:
    try:
        origin = origins.normal(text)
    except origins.OriginError as error:
        raise Problem(f"it {error}") from None
    if not origin.startswith(("http://", "https://")) or "*" in origin:
        raise Problem("use scheme and host without a path, such as https://scores.example.com")
    return origin


def network_list(text: str) -> tuple[Network, ...]:
    networks: list[Network] = []
    for part in _listed(text):
        try:
            networks.append(_unmapped(ipaddress.ip_network(part)))
        except ValueError:
            raise Problem(
                f"{part!r} is not an address or a network: use the form 192.0.2.7, 10.0.0.0/8 or fd00::/8 (no bits set"
                " after the prefix), separated by commas"
            ) from None
    return tuple(networks)


def _unmapped(network: Network) -> Network:
    """An IPv4-mapped IPv6 network as the IPv4 network, as addresses are compared."""
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return network if mapped is None else ipaddress.IPv4Network((mapped, network.prefixlen - 96))


#: A name, perhaps after `*.`, or an address, in brackets if IPv6.
_HOST_NAME = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


def host_list(text: str) -> tuple[str, ...]:
    hosts = tuple(_listed(text.lower()))
    for host in hosts:
        if not _HOST_NAME.fullmatch(host):
            raise Problem(
                f"{host!r} is not a host name: use names without scheme and port, such as board.example.com or"
                " *.example.com, separated by commas"
            )
    return hosts


def _listed(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def text(text: str) -> str:
    return text


def host(text: str) -> str:
    """An IPv6 address may have brackets, as in a URL."""
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text
