"""From the service's answer to a value or an error."""

import json
from collections.abc import Mapping
from typing import Any

from leaderboard_client.errors import ApiError, Unreachable
from leaderboard_client.retries import RETRIED_STATUSES, seconds_of

#: The statuses of errors that a stream may report. An event has none, and only some of them pass.
_STATUSES = {
    "rate_limited": 429,
    "too_many_streams": 503,
    "database_unavailable": 503,
    "database_timeout": 503,
    "transaction_conflict": 503,
    "overloaded": 503,
    "board_filling": 503,
    "internal_error": 500,
}


def read(status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """The JSON of a 2xx answer. Raises ApiError for the service's errors, and Unreachable for answers of others, such
    as a proxy or the login page of a Wi-Fi.
    """
    retry_after = seconds_of(headers.get("Retry-After"))
    try:
        value = json.loads(body)
        if 200 <= status < 300:
            return value
        error = value["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, TypeError, KeyError):
        raise _not_ours(status, headers, retry_after) from None
    raise ApiError(status, code, message, retry_after=retry_after, request_id=headers.get("X-Request-Id"))


def read_stream_error(data: str) -> ApiError:
    """The error of an `event: error`. One that passes has the status of an answer with that code, others 400."""
    error = json.loads(data)["error"]
    return ApiError(_STATUSES.get(error["code"], 400), error["code"], error["message"])


def check_is_stream(status: int, headers: Mapping[str, str]) -> None:
    if not headers.get("Content-Type", "").startswith("text/event-stream"):
        raise _not_ours(status, headers, None)


def check_counted(answer: Any) -> None:
    """Raises Unreachable if the answer to a submission is not one of the service."""
    if not isinstance(answer, dict) or "total_score" not in answer:
        raise _not_ours(200, {"Content-Type": "JSON of another kind"}, None)


def _not_ours(status: int, headers: Mapping[str, str], retry_after: float | None) -> Unreachable:
    content = headers.get("Content-Type", "no content")
    what = f"got {status} with {content}, which is no answer of the leaderboard service"
    where = headers.get("Location")
    cure = f"the address may have moved to {where}" if where else "check the address, and what is in between"
    return Unreachable(f"{what}: {cure}", can_retry=status in RETRIED_STATUSES, retry_after=retry_after)
