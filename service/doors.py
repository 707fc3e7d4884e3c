"""What a request has to pass before its handler sees it."""

from aiohttp import web

from service import addresses, errors, keys
from service.errors import ApiError

#: Probes come by address, so ALLOWED_HOSTS is not for them; they tell nothing of players.
_PROBES = frozenset({"healthz", "readyz"})
#: The routes whose players are counted, in the handlers: the body says who they are.
_SUBMISSIONS = frozenset({"submit", "submit_batch"})
#: What is shown of a refused Host header.
_SHOWN = 100


async def admit(request: web.Request, route: str) -> None:
    """Lets the request in, or raises the ApiError that tells why not. `route` is the name of its route."""
    _check_host(request, route)
    if keys.RATE_LIMITS in request.app and _is_call(request):
        await _limit_address(request)
        await _limit_key(request)


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


async def _limit_address(request: web.Request) -> None:
    await request.app[keys.RATE_LIMITS].check_address(addresses.limited_as(addresses.of(request)))


async def _limit_key(request: web.Request) -> None:
    if keys.API_KEY in request:
        await request.app[keys.RATE_LIMITS].check_key(request[keys.API_KEY])


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
