"""The middleware around every request: its id, access control, the error format, headers, metrics, trace and log."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiMapping, MutableMultiMapping

from service import errors
from service.access.gate import AccessDenied
from service.errors import ApiError, Failure
from service.http import access_log, app_keys, request_ids
from service.http.responses import error_response, method_not_allowed
from service.http.routes import ROUTES_BY_NAME
from service.leaderboard.submissions import record_outcome
from service.observability import logs, metrics, new_relic

#: Headers of every response that does not set its own. Cross-Origin-Resource-Policy does not apply to pages that CORS
#: allows. Without Server, aiohttp would announce its version and Python's.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "leaderboard",
}
#: The Content-Security-Policy of responses that are not pages.
POLICY = "default-src 'none'; frame-ancestors 'none'"

#: Below this size gzip costs more than it saves.
COMPRESSED_FROM_BYTES = 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers every request, also if its handler fails, and writes its log line."""
    handover = request.get(app_keys.HANDOVER)
    started = time.perf_counter() if handover is None else handover.started
    request_id = request_ids.given_or_new(request.headers.get("X-Request-Id"))
    token = logs.REQUEST_ID.set(request_id)
    problem: ApiError | None = None
    resource = request.match_info.route.resource
    route = (resource.name or "other") if resource is not None else "unmatched"
    try:
        sampled = new_relic.tracing.sample(route) if handover is None else handover.sampled
        with new_relic.tracing.request(request, sampled=sampled) as transaction:
            response, problem = await _answered(request, route, handler)
            if problem is not None:
                record_failure(route, problem)
            _add_headers(request, response, request_id)
            if app_keys.CALLER in request:
                request.app[app_keys.ACCESS_CONTROL].add_rate_limit_headers(response, request[app_keys.CALLER])
            request.app[app_keys.CORS].add_headers(request, response)
            if request.app[app_keys.STOPPING].is_set():
                response.force_close()
            if transaction is not None:
                _finish_trace(request, response, transaction, problem)
            seconds = time.perf_counter() - started
            metrics.record_request(route, response.status, seconds)
            access_log.log_request(request, response, problem, seconds)
        return response
    finally:
        logs.REQUEST_ID.reset(token)
        # The error's traceback holds this frame. Breaking the cycle frees the request and its body at once.
        problem = None


def record_failure(route: str, problem: ApiError) -> None:
    metrics.FAILURES[problem.failure.code,].add()
    if route == "submit":
        record_outcome(problem)
    if problem.failure.status >= 500:
        new_relic.tracing.record_error(route, problem)


async def _answered(request: web.Request, route: str, handler: Handler) -> tuple[web.StreamResponse, ApiError | None]:
    """The handler's response, or an error response for what it raises."""
    problem: ApiError | None = None
    called = ROUTES_BY_NAME.get(route)
    scope, is_probe, limited_as = (
        (called.scope, called.is_probe, called.limited_as) if called is not None else (None, False, None)
    )
    try:
        _raise_what_was_handed_over(request)
        access_control = request.app[app_keys.ACCESS_CONTROL]
        request[app_keys.CALLER] = await access_control.authorize(
            request, scope, is_probe=is_probe, limited_as=limited_as
        )
        response = await handler(request)
    except AccessDenied as denied:
        request[app_keys.CALLER] = denied.caller
        problem = denied.error
    except ApiError as error:
        problem = error
    except web.HTTPException as error:
        page = request.app[app_keys.WEBUI].fallback(request) if error.status == 404 else None
        if page is not None:
            response = page
        else:
            problem = _http_error(error, request)
    except web.RequestPayloadError as error:
        cause = error.__cause__  # its text without the status that aiohttp adds
        what = cause.message if isinstance(cause, HttpProcessingError) else error
        problem = ApiError(errors.BAD_REQUEST, f"the body cannot be read: {what}")
    except ConnectionError:
        access_log.log_disconnect(request)
        raise
    except Exception as error:
        problem = ApiError(errors.INTERNAL_ERROR)
        problem.__cause__ = error
    try:
        if problem is not None:
            response = error_response(problem)
        return response, problem
    finally:
        problem = None  # breaks the reference cycle, as in respond


def _raise_what_was_handed_over(request: web.Request) -> None:
    """Raises what the call failed with, if the express way made it."""
    handover = request.get(app_keys.HANDOVER)
    if handover is not None and handover.error is not None:
        if handover.user_id is not None:
            request[app_keys.USER_ID] = handover.user_id
        request[app_keys.CALLER] = handover.caller
        raise handover.take_error()


def _finish_trace(
    request: web.Request,
    response: web.StreamResponse,
    transaction: new_relic.Transaction,
    problem: ApiError | None,
) -> None:
    """Adds the trace's id to the response, and the response, player and error code to the trace."""
    trace_id = transaction.trace_id()
    if trace_id is not None:
        response.headers["X-Trace-Id"] = trace_id
    transaction.set_response(response)
    if app_keys.USER_ID in request:
        transaction.add_attributes(user_id=request[app_keys.USER_ID])
    if problem is not None:
        transaction.add_attributes(code=problem.failure.code)


def _http_error(error: web.HTTPException, request: web.Request) -> ApiError:
    """An error of the router or of aiohttp as ours."""
    if error.status < 400:
        raise error
    if isinstance(error, web.HTTPNotFound):
        return ApiError(errors.NOT_FOUND, f"there is no {request.path}; /docs lists every call")
    if isinstance(error, web.HTTPMethodNotAllowed):
        return method_not_allowed(request, error.method, ", ".join(sorted(error.allowed_methods)))
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        limit = request.app[app_keys.SETTINGS].max_body_bytes
        return ApiError(errors.PAYLOAD_TOO_LARGE, f"the body is larger than {limit} bytes")
    return ApiError(Failure(error.status, "http_error", error.reason), error.text)


def _add_headers(request: web.Request, response: web.StreamResponse, request_id: str) -> None:
    response.headers["X-Request-Id"] = request_id
    body = response.body if isinstance(response, web.Response) else None
    is_large = isinstance(body, bytes) and len(body) >= COMPRESSED_FROM_BYTES
    add_fixed_headers(response.headers, is_large=is_large)
    if is_large and accepts_gzip(request.headers):
        response.enable_compression(web.ContentCoding.gzip)


def add_fixed_headers(headers: MutableMultiMapping[str], *, is_large: bool) -> None:
    """Adds what does not depend on the request. `is_large`: clients that accept it get the body compressed."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("Cache-Control", "no-store")
    if is_large:
        headers["Vary"] = "Accept-Encoding"


def accepts_gzip(headers: MultiMapping[str]) -> bool:
    for coding in headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
