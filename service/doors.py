"""What a request has to pass before its handler sees it."""

from aiohttp import web

from service import errors, keys
from service.errors import ApiError

#: Probes come by address, so ALLOWED_HOSTS is not for them; they tell nothing of players.
_PROBES = frozenset({"healthz", "readyz"})
#: What is shown of a refused Host header.
_SHOWN = 100


async def admit(request: web.Request, route: str) -> None:
    """Lets the request in, or raises the ApiError that tells why not. `route` is the name of its route."""
    _check_host(request, route)


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
