"""Reading the API key of a request: `Authorization: Bearer lb_<id: 12 hex digits>_<secret: 64 hex digits>`."""

import re
from dataclasses import dataclass

from multidict import MultiMapping

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


def read(headers: MultiMapping[str]) -> Credentials | None:
    """The API key in the Authorization header of a request, unverified; None without the header. Raises ApiError if
    the header is anything but one key.
    """
    sent = headers.getall("Authorization", None)
    if sent is None:
        return None
    if len(sent) == 1 and (match := _BEARER.fullmatch(sent[0])):
        return Credentials(match[1].lower(), bytes.fromhex(match[2]))
    raise ApiError(
        errors.INVALID_API_KEY,
        "the header Authorization must be one API key: Bearer lb_<12 hex digits>_<64 hex digits>",
        CHALLENGE,
    )
