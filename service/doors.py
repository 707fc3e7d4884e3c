"""What a request has to pass before its handler sees it."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from service import addresses, errors, keys
from service.errors import ApiError

if TYPE_CHECKING:
    from service.rate_limits import RateLimits

#: Probes come by address, so ALLOWED_HOSTS is not for them; they tell nothing of players.
_PROBES = frozenset({"healthz", "readyz"})
#: The routes whose players are counted, in the handlers: the body says who they are.
_SUBMISSIONS = frozenset({"submit", "submit_batch"})
#: What is shown of a refused Host header.
_SHOWN = 100


async def admit(request: web.Request, route: str) -> None:
    """Lets the request in, or raises the ApiError that tells why not. `route` is the name of its route."""
    _check_host(request, route)
    limits = request.app.get(keys.RATE_LIMITS) if _is_call(request) else None
    if limits is not None:
        await _limit_address(limits, request)
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


async def _limit_address(limits: "RateLimits", request: web.Request) -> None:
    if limits.address is not None:
        await limits.address.check(addresses.limited_as(addresses.of(request)))


async def _limit_key(limits: "RateLimits", request: web.Request) -> None:
    if limits.key is not None and keys.API_KEY in request:
        # Whatever an id may consist of, in Redis it is one word.
        await limits.key.check(quote(request[keys.API_KEY], safe=""))


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
