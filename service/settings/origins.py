"""Origins of web pages, in CORS_ORIGINS and as browsers send them (RFC 6454 and the URL Standard)."""

import ipaddress
import re
from urllib.parse import urlsplit

from yarl import URL

#: The origin of pages without one: files, sandboxed frames, some apps.
NULL = "null"

_DEFAULT_PORTS = {"http": 80, "https": 443}
#: Schemes that are not of pages, or of pages whose origin is null.
_NOT_PAGES = {"about", "blob", "data", "ftp", "javascript", "postgres", "postgresql", "redis", "ws", "wss"}
#: More characters than any host with scheme and port has.
_MAX_LENGTH = 320
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
#: Apps choose their own names: app://., capacitor://localhost, tauri://localhost.
_APP_NAME = re.compile(r"[a-z0-9._-]+")


class OriginError(ValueError):
    """What is wrong with an origin and what to write: the end of a sentence that starts with it."""


def normal(text: str) -> str:
    """The origin as a browser would send it: in lower case, without the default port of its scheme. A pattern such as
    `https://*.example.com` stays one. Raises OriginError.
    """
    if text.lower() == NULL:
        return NULL
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        raise OriginError("is not a valid address: check its host and port") from None
    if not parts.netloc and text.lower() == "file://":
        return "file://"
    if not scheme or not host or scheme in _NOT_PAGES or "@" in parts.netloc:
        raise OriginError(
            "is not an origin: use scheme and host without a path, such as https://game.example.com or"
            " https://*.example.com, separated by commas"
        )
    host = _web_host(host) if scheme in _DEFAULT_PORTS else _app_host(host)
    shown = f"{scheme}://{host}" + (f":{port}" if port not in (None, _DEFAULT_PORTS.get(scheme)) else "")
    if parts.path or parts.query or parts.fragment or text[-1] in "/?#":
        raise OriginError(f"is not an origin, which has no path and no final slash: write {shown}")
    return shown


def _web_host(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return f"[{address}]" if address.version == 6 else str(address)
    name = host.removeprefix("*.")
    if not name.isascii():
        try:
            name = URL.build(scheme="https", host=name).raw_host or ""
        except ValueError:
            name = ""
    if not _NAME.fullmatch(name):
        raise OriginError(
            "is not an origin: its host must be a name or an address, with * only as the first part, as in"
            " https://*.example.com"
        )
    if name == host or "." in name or name == "localhost":
        return host[:2] + name if host.startswith("*.") else name
    raise OriginError(
        "is not an origin: after *. there must be a name with a dot in it, or unrelated sites would be allowed"
    )


def _app_host(host: str) -> str:
    if not _APP_NAME.fullmatch(host):
        raise OriginError(
            "is not an origin: after the scheme of an app comes a single name, as in capacitor://localhost"
        )
    return host


class Origins:
    """The origins that CORS_ORIGINS allows, as `normal` returns them."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._exact = frozenset(origin for origin in allowed if "*" not in origin)
        self._patterns = [
            re.compile(re.escape(origin).replace(re.escape("*"), r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"))
            for origin in allowed
            if "*" in origin
        ]

    def allows(self, origin: str) -> bool:
        """Whether pages of `origin`, an Origin header, may call the API."""
        if origin in self._exact:
            return True
        # Some apps write their scheme in capitals. Case distinguishes no two hosts.
        origin = origin[: _MAX_LENGTH + 1].lower()
        return origin in self._exact or (
            len(origin) <= _MAX_LENGTH and any(pattern.fullmatch(origin) for pattern in self._patterns)
        )
