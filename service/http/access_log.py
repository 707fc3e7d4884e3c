"""The log line of each request."""

import logging

from aiohttp import web

from service.access import client_address
from service.access.gate import Caller
from service.errors import ApiError
from service.http import app_keys
from service.http.routes import Route
from service.observability import logs

logger = logging.getLogger("service.request")

_LONGEST_USER_ID = 10
#: Statuses of refused clients. The line has their address, so that an operator can block it.
_WITH_ADDRESS = frozenset({401, 403, 421, 429})


def log_request(
    request: web.Request, response: web.StreamResponse, problem: ApiError | None, duration_seconds: float
) -> None:
    """Logs a request, at level info, or error for a 500 and warning for any other 5xx; only a 500 has a traceback."""
    if not logger.isEnabledFor(_level(problem)):
        return
    resource = request.match_info.route.resource
    fields = _fields(
        request.method,
        resource.canonical if resource is not None else None,
        _path(request),
        response.status,
        duration_seconds,
        request.get(app_keys.USER_ID),
        request.get(app_keys.CALLER),
    )
    if response.status in _WITH_ADDRESS:
        fields["address"] = client_address.of(request, request.app[app_keys.SETTINGS].trusted_proxies)
    _log(fields, problem)


def _path(request: web.Request) -> str:
    """The path of a request. In the place of an external id, which can be personal data, it has {user_id}."""
    given = request.match_info
    resource = given.route.resource
    player = given.get("user_id", "0")
    if resource is None or (player.isdecimal() and len(player) <= _LONGEST_USER_ID and "player" not in given):
        return request.path
    return resource.canonical


def log_express(
    route: Route,
    path: str,
    duration_seconds: float,
    user_id: int | None,
    caller: Caller,
    request_id: str,
    problem: ApiError | None = None,
) -> None:
    """The same for a request on the express way, where the request's id is not in the context."""
    if logger.isEnabledFor(_level(problem)):
        status = 200 if problem is None else problem.failure.status
        fields = _fields(route.method, route.path, path, status, duration_seconds, user_id, caller)
        _log(fields, problem, request_id)


def _level(problem: ApiError | None) -> int:
    if problem is None or problem.failure.status < 500:
        return logging.INFO
    return logging.ERROR if problem.failure.status == 500 else logging.WARNING


def _fields(
    method: str,
    route: str | None,
    path: str,
    status: int,
    duration_seconds: float,
    user_id: int | None,
    caller: Caller | None,
) -> dict[str, object]:
    fields: dict[str, object] = {
        "method": method,
        "route": route,
        "path": path,
        "status": status,
        "duration_ms": round(duration_seconds * 1000, 2),
    }
    if user_id is not None:
        fields["user_id"] = user_id
    if caller is not None and caller.claimed_key_id is not None:
        fields["api_key"] = caller.claimed_key_id
    return fields


def _log(fields: dict[str, object], problem: ApiError | None, request_id: str | None = None) -> None:
    level = _level(problem)
    cause = None
    if problem is not None:
        fields["code"] = problem.failure.code
        fields["reason"] = problem.message
        cause = problem.__cause__ if level > logging.INFO else None
        if cause is not None:
            fields["cause"] = f"{type(cause).__name__}: {cause}"
    if request_id is not None:
        fields["request_id"] = request_id
    if level == logging.INFO:
        logs.info(logger, "request", fields)
    else:
        logger.log(level, "request", extra=fields, exc_info=cause if level == logging.ERROR else None)


def log_disconnect(request: web.Request) -> None:
    """Logs that the client closed the connection while it was sending the request."""
    logger.info("client disconnected", extra={"method": request.method, "path": _path(request)})
