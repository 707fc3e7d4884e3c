"""What a request has to pass before its handler sees it: its host, its address's limit, its API key, and the
key's limit. A player's limit is taken by the handlers, for the body says who he is.
"""

import logging
from typing import TYPE_CHECKING

from aiohttp import web

from service import addresses, api_keys, errors, hosts, keys, parameters
from service.api_keys import Keyring
from service.errors import ApiError
from service.routes import ROUTES
from service.settings import Settings

if TYPE_CHECKING:
    from service.rate_limits import RateLimits

log = logging.getLogger(__name__)

#: The scope of keys that a call needs, and whether it has a body, by the name of its route.
_SCOPES = {route.name: (route.scope, route.body is not None) for route in ROUTES if route.scope is not None}
_WHAT = {"submit": "a submission", "read": "reading this leaderboard", "admin": "this call"}
#: Probes come by address, so ALLOWED_HOSTS is not for them; they tell nothing of players.
_PROBES = frozenset({"healthz", "readyz"})
#: The routes whose players are counted.
_SUBMISSIONS = frozenset({"submit", "submit_batch"})
#: What is shown of a refused Host header.
_SHOWN = 100


async def admit(request: web.Request, route: str) -> None:
    """Lets the request in, or raises the ApiError that tells why not. `route` is the name of its route."""
    _check_host(request, route)
    limits = request.app.get(keys.RATE_LIMITS) if _is_call(request) else None
    if limits is not None:
        await _limit_address(limits, request)
    needed = _SCOPES.get(route)
    if needed is not None and request.method != "OPTIONS":  # a preflight comes without credentials
        await _authenticate(request, *needed)
        if limits is not None:
            await _limit_key(limits, request)


def announce(request: web.Request, route: str, response: web.StreamResponse) -> None:
    """Tells a client the limits that apply to its call; what is left of them only Redis knows."""
    limits = request.app.get(keys.RATE_LIMITS)
    if limits is not None and _is_call(request):
        policy = limits.policies[keys.API_KEY in request, route in _SUBMISSIONS]
        if policy:
            response.headers["RateLimit-Policy"] = policy


def _is_call(request: web.Request) -> bool:
    # Not by the route: who asks for what there is not is counted, too.
    return request.path.startswith("/api/")


def warn_if_open(settings: Settings, keyring: Keyring) -> None:
    """Says so in the log when strangers may submit."""
    if keyring.is_open() and hosts.loopback_check(settings) is None:
        log.warning(
            "ANYBODY WHO REACHES %s:%s MAY SUBMIT ANY SCORE FOR ANY PLAYER: no API key was made yet."
            " `make api-key NAME=game SCOPES=submit` makes one, and from then on a key is needed",
            settings.host,
            settings.port,
        )


def _check_host(request: web.Request, route: str) -> None:
    """Refuses names that the service does not answer to (hosts.py)."""
    allows = request.app.get(keys.HOST_CHECK)
    if allows is None:
        return
    # Not request.host, which is this machine's name where there is no header. Two of them are no HTTP.
    sent = request.headers.get("Host", "")
    if allows(sent) or (route in _PROBES and request.app[keys.SETTINGS].allowed_hosts):
        return
    shown = repr(sent[:_SHOWN])
    raise ApiError(
        errors.HOST_NOT_ALLOWED,
        f"the service does not answer to the host {shown}: its operator can add it to ALLOWED_HOSTS",
    )


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
            errors.SCOPE_MISSING,
            f"this needs a key with the scope {scope}; this one has {', '.join(sorted(key.scopes))}",
        )
    request[keys.API_KEY] = key.id
    keyring.note_use(key)


async def _limit_address(limits: "RateLimits", request: web.Request) -> None:
    if limits.address is not None:
        await limits.address.check(addresses.limited_as(addresses.of(request)))


async def _limit_key(limits: "RateLimits", request: web.Request) -> None:
    if limits.key is not None and keys.API_KEY in request:
        await limits.key.check(request[keys.API_KEY])
