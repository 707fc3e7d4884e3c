"""What a request has to pass before its handler sees it."""

import ipaddress
import logging

from aiohttp import web

from service import api_keys, keys, parameters
from service.api_keys import Keyring
from service.errors import SCOPE_MISSING, ApiError
from service.routes import ROUTES
from service.settings import Settings

log = logging.getLogger(__name__)

#: The scope of keys that a call needs, and whether it has a body, by the name of its route.
_SCOPES = {route.name: (route.scope, route.body is not None) for route in ROUTES if route.scope is not None}

_WHAT = {"submit": "a submission", "read": "reading this leaderboard", "admin": "this call"}


async def admit(request: web.Request, route: str) -> None:
    """Lets the request in, or raises the ApiError that tells why not. `route` is the name of its route."""
    needed = _SCOPES.get(route)
    if needed is not None and request.method != "OPTIONS":  # a preflight comes without credentials
        await _authenticate(request, *needed)


async def _authenticate(request: web.Request, scope: str, has_body: bool) -> None:
    """Checks the request's API key, if it is to have one: see api_keys.py and docs/security.md."""
    keyring = request.app[keys.KEYRING]
    if keyring.is_open() and scope != "admin":
        return
    sent = api_keys.credentials(request.headers.getall("Authorization", ()))
    everybody = scope == "read" and request.app[keys.SETTINGS].open_reads
    if sent is None:
        if everybody:
            return
        raise api_keys.required(_WHAT[scope])
    key = await keyring.find(sent)
    if sent.signature is not None:
        # In this order, so that only a request made a moment ago with a known key has its body read.
        api_keys.check_time(sent.signature)
        body = await parameters.read(request) if has_body else b""
        message = api_keys.signed_message(
            sent.signature.timestamp,
            request.method,
            request.raw_path,
            request.headers.get("Idempotency-Key", ""),
            body,
        )
        api_keys.check_signature(key, sent.signature, message)
        request[keys.SIGNATURE] = sent.signature.proof.hex()
    if not everybody and scope not in key.scopes and "admin" not in key.scopes:
        raise ApiError(
            SCOPE_MISSING,
            f"this needs a key with the scope {scope}; this one has {', '.join(sorted(key.scopes))}",
        )
    request[keys.API_KEY] = key.id
    keyring.note_use(key)


def warn_if_open(settings: Settings, keyring: Keyring) -> None:
    """Says so in the log when strangers may submit."""
    if keyring.is_open() and not _is_loopback(settings.host):
        log.warning(
            "ANYBODY WHO REACHES %s:%s MAY SUBMIT ANY SCORE FOR ANY PLAYER: no API key was made yet."
            " `make api-key NAME=game SCOPES=submit` makes one, and from then on a key is needed",
            settings.host,
            settings.port,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
