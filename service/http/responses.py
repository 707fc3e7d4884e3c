"""Responses: JSON from Python objects, JSON that is encoded already, errors in their one shape, and pages."""

import msgspec
from aiohttp import web
from multidict import CIMultiDict

from service import errors, redaction
from service.errors import ApiError
from service.http import schemas

_ENCODER = msgspec.json.Encoder()
_JSON = CIMultiDict({"Content-Type": "application/json"})


def encoded(body: object) -> bytes:
    return _ENCODER.encode(body)


def json_response(body: object, status: int = 200) -> web.Response:
    return encoded_json_response(encoded(body), status)


def encoded_json_response(body: bytes, status: int = 200) -> web.Response:
    """A response whose body is JSON already, such as one from the cache."""
    return web.Response(body=body, status=status, headers=_JSON)


def method_not_allowed(request: web.Request, method: str, methods: str) -> ApiError:
    """The error for `method`; `methods` are those that the path allows."""
    return ApiError(
        errors.METHOD_NOT_ALLOWED,
        f"{request.path} does not allow {redaction.excerpt(method, 100)}; use {methods}",
        {"Allow": methods},
    )


def error_response(error: ApiError) -> web.Response:
    message = redaction.without_api_keys(error.message)
    response = json_response(
        schemas.ErrorBody(schemas.ApiError(error.failure.code, message)), status=error.failure.status
    )
    response.headers.update(error.headers)
    return response
