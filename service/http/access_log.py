"""The log line of each request."""

import logging

from aiohttp import web

from service.access import client_address
from service.errors import ApiError
from service.http import app_keys
from service.observability import logs

logger = logging.getLogger("service.request")

#: Statuses of refused clients. The line has their address, so that an operator can block it.
_WITH_ADDRESS = frozenset({401, 403, 421, 429})


def log_request(
    request: web.Request, response: web.StreamResponse, problem: ApiError | None, duration_seconds: float
) -> None:
    """Logs a request, at level info, or error for a 500 and warning for any other 5xx; only a 500 has a traceback."""
    failed = problem is not None and problem.failure.status >= 500
    unexpected = problem is not None and problem.failure.status == 500
    level = logging.ERROR if unexpected else logging.WARNING if failed else logging.INFO
    if not logger.isEnabledFor(level):
        return
    resource = request.match_info.route.resource
    fields: dict[str, object] = {
        "method": request.method,
        "route": resource.canonical if resource is not None else None,
        "path": request.path,
        "status": response.status,
        "duration_ms": round(duration_seconds * 1000, 2),
    }
    if app_keys.USER_ID in request:
        fields["user_id"] = request[app_keys.USER_ID]
    if app_keys.CALLER in request and request[app_keys.CALLER].claimed_key_id is not None:
        fields["api_key"] = request[app_keys.CALLER].claimed_key_id
    if response.status in _WITH_ADDRESS:
        fields["address"] = client_address.of(request, request.app[app_keys.SETTINGS].trusted_proxies)
    cause = None
    if problem is not None:
        fields["code"] = problem.failure.code
        fields["reason"] = problem.message
        cause = problem.__cause__ if failed else None
        if cause is not None:
            fields["cause"] = f"{type(cause).__name__}: {cause}"
    if level == logging.INFO:
        logs.info(logger, "request", fields)
    else:
        logger.log(level, "request", extra=fields, exc_info=cause if unexpected else None)


def log_disconnect(request: web.Request) -> None:
    """Logs that the client closed the connection while it was sending the request."""
    logger.info("client disconnected", extra={"method": request.method, "path": request.path})
