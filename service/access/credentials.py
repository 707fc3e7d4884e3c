"""Reading the API key of a request: `Authorization: Bearer lb_<id: 12 hex digits>_<secret: 64 hex digits>`."""

import re
from dataclasses import dataclass

from aiohttp import web

from service import errors
from service.errors import ApiError

#: What a 401 answer tells the client to send (RFC 6750 section 3).
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="leaderboard"'}

_BEARER = re.compile(r"Bearer +lb_([0-9a-f]{12})_([0-9a-f]{64})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The API key that a request claims to have."""

    key_id: str
    secret: bytes


def read(request: web.Request) -> Credentials | None:
    """The API key in the request's Authorization header, unverified; None without the header. Raises ApiError if
    the header is anything but one key.
    """
    headers = request.headers.getall("Authorization", None)
    if headers is None:
        return None
    if len(headers) == 1 and (match := _BEARER.fullmatch(headers[0])):
        return Credentials(match[1].lower(), bytes.fromhex(match[2]))
    raise ApiError(
        errors.INVALID_API_KEY,
        "the header Authorization must be one API key: Bearer lb_<12 hex digits>_<64 hex digits>",
        CHALLENGE,
    )
