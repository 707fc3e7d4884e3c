"""Every way a call can fail, its HTTP status and its code; and from which SQLSTATE each follows.

An error answer is always `{"error": {"code", "message"}}`. The text of a database error reaches a client only
when its SQLSTATE is of class LB: those messages are written by the project's own functions for callers to
read.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: Seconds after which a client may try again; sent as Retry-After with every 503.
RETRY_AFTER_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """A kind of failure: HTTP status, code in the body, and what it means (for the API's description)."""

    status: int
    code: str
    meaning: str


MALFORMED_JSON = Failure(400, "malformed_json", "the body is not JSON, or not in UTF-8")
INVALID_BODY = Failure(400, "invalid_body", "the body is JSON of another shape: a type, a missing or an unknown field")
INVALID_PARAMETER = Failure(
    400, "invalid_parameter", "a query parameter or header is unknown, repeated or out of range"
)
BAD_REQUEST = Failure(400, "bad_request", "the request is not valid HTTP")
API_KEY_REQUIRED = Failure(401, "api_key_required", "the call needs an API key, and none was sent")
INVALID_API_KEY = Failure(401, "invalid_api_key", "the API key is unknown, wrong, revoked or expired")
SCOPE_MISSING = Failure(403, "scope_missing", "the API key is good, and not for this call")
ORIGIN_NOT_ALLOWED = Failure(403, "origin_not_allowed", "CORS: the page's origin is not one of CORS_ORIGINS")
HEADER_NOT_ALLOWED = Failure(
    403, "header_not_allowed", "CORS: the page may call, but not with a header that it wants to send"
)
NOT_FOUND = Failure(404, "not_found", "there is no such path")
METHOD_NOT_ALLOWED = Failure(
    405, "method_not_allowed", "the path has no such method; the Allow header names those it has"
)
URL_TOO_LONG = Failure(414, "url_too_long", "the path and the query are longer than the service reads")
HEADERS_TOO_LARGE = Failure(
    431, "headers_too_large", "a header is larger than the service reads, or there are too many"
)
REQUEST_TIMEOUT = Failure(408, "request_timeout", "the body did not arrive in time")
PAYLOAD_TOO_LARGE = Failure(413, "payload_too_large", "the body, or the batch, is larger than the service takes")
UNSUPPORTED_MEDIA_TYPE = Failure(
    415, "unsupported_media_type", "the body is not announced as application/json, in UTF-8"
)
HOST_NOT_ALLOWED = Failure(421, "host_not_allowed", "the Host header names another host: see ALLOWED_HOSTS")
RATE_LIMITED = Failure(429, "rate_limited", "more requests than the limit allows; Retry-After says when to come again")
INTERNAL_ERROR = Failure(500, "internal_error", "a fault of the service; it is in its log under the request's id")
DATABASE_UNAVAILABLE = Failure(503, "database_unavailable", "the database cannot be reached; nothing was changed")
DATABASE_TIMEOUT = Failure(503, "database_timeout", "the database took too long and gave up; nothing was changed")
TRANSACTION_CONFLICT = Failure(
    503, "transaction_conflict", "the database undid the call because of another one; try again"
)
OVERLOADED = Failure(503, "overloaded", "more requests wait than the service takes; nothing was counted")
OUTCOME_UNKNOWN = Failure(
    503,
    "outcome_unknown",
    "the submission may have counted, and cannot be acknowledged: retry it with the same Idempotency-Key",
)

INVALID_ARGUMENT = Failure(400, "invalid_argument", "an argument is missing or out of range")
INVALID_USER_ID = Failure(400, "invalid_user_id", "a user id is not 1 to 2147483647")
SCORE_OUT_OF_BOUNDS = Failure(422, "score_out_of_bounds", "a score is outside the bounds of the board")
INVALID_GAME_MODE = Failure(400, "invalid_game_mode", "a game mode is not 1 to 50 characters that can be seen")
INVALID_USERNAME = Failure(400, "invalid_username", "a username is not 1 to 255 characters that can be seen")
INVALID_SUBMISSION_KEY = Failure(400, "invalid_submission_key", "a key is not 1 to 255 visible ASCII characters")
UNKNOWN_BOARD = Failure(404, "unknown_board", "there is no such board")
UNKNOWN_PLAYER = Failure(404, "unknown_player", "the player is not on the board")
BOARD_EXISTS = Failure(409, "board_exists", "there is a board of that name")
UNKNOWN_API_KEY = Failure(404, "unknown_api_key", "there is no API key of that id")
USERNAME_TAKEN = Failure(409, "username_taken", "another player has that username")
SUBMISSION_KEY_REUSED = Failure(422, "submission_key_reused", "the player used that key for another submission")
GAME_MODE_NOT_ON_BOARD = Failure(422, "game_mode_not_on_board", "the board does not count that game mode")
TOTAL_OUT_OF_RANGE = Failure(422, "total_out_of_range", "a total would leave the range of exact integers")
TOO_MANY_SUBMISSIONS = Failure(
    422, "too_many_submissions", "the player has submitted as often as the board allows in a minute"
)
GAIN_TOO_LARGE = Failure(
    422, "gain_too_large", "the player's total would rise by more than the board allows in an hour"
)
READ_COMMITTED_REQUIRED = Failure(
    500, "read_committed_required", "the service's database is set to another isolation level"
)
PLAYER_VANISHED = Failure(503, "player_vanished", "the player was deleted during the call; nothing was counted")

#: The one table SQLSTATE -> failure. Whatever is missing here is a fault of ours: INTERNAL_ERROR.
SQLSTATES: Mapping[str, Failure] = {
    "LB001": INVALID_ARGUMENT,
    "LB002": INVALID_USER_ID,
    "LB003": SCORE_OUT_OF_BOUNDS,
    "LB004": INVALID_GAME_MODE,
    "LB005": INVALID_USERNAME,
    "LB006": INVALID_SUBMISSION_KEY,
    "LB010": UNKNOWN_BOARD,
    "LB011": UNKNOWN_PLAYER,
    "LB012": BOARD_EXISTS,
    "LB013": UNKNOWN_API_KEY,
    "LB020": USERNAME_TAKEN,
    "LB021": SUBMISSION_KEY_REUSED,
    "LB022": GAME_MODE_NOT_ON_BOARD,
    "LB023": TOTAL_OUT_OF_RANGE,
    "LB024": TOO_MANY_SUBMISSIONS,
    "LB025": GAIN_TOO_LARGE,
    "LB030": READ_COMMITTED_REQUIRED,
    "LB031": PLAYER_VANISHED,
    "08000": DATABASE_UNAVAILABLE,  # connection_exception and its kin
    "08001": DATABASE_UNAVAILABLE,
    "08003": DATABASE_UNAVAILABLE,
    "08004": DATABASE_UNAVAILABLE,
    "08006": DATABASE_UNAVAILABLE,
    "08007": DATABASE_UNAVAILABLE,
    "25006": DATABASE_UNAVAILABLE,  # read_only_sql_transaction: a standby after a failover
    "40001": TRANSACTION_CONFLICT,  # serialization_failure
    "40P01": TRANSACTION_CONFLICT,  # deadlock_detected
    "53100": DATABASE_UNAVAILABLE,  # disk_full
    "53200": DATABASE_UNAVAILABLE,  # out_of_memory
    "53300": DATABASE_UNAVAILABLE,  # too_many_connections
    "53400": DATABASE_UNAVAILABLE,  # configuration_limit_exceeded
    "55P03": DATABASE_TIMEOUT,  # lock_not_available (lock_timeout)
    "57014": DATABASE_TIMEOUT,  # query_canceled (statement_timeout)
    "57P01": DATABASE_UNAVAILABLE,  # admin_shutdown
    "57P02": DATABASE_UNAVAILABLE,  # crash_shutdown
    "57P03": DATABASE_UNAVAILABLE,  # cannot_connect_now
    "57P05": DATABASE_UNAVAILABLE,  # idle_session_timeout
}

#: What the database's texts tell its callers to look at, and the call that has it over HTTP. Such advice
#: comes last in a text, after a semicolon.
HTTP_CALLS: Mapping[str, str] = {"api.list_boards()": "GET /api/leaderboard/boards"}

#: The database undid everything, so calling once more is safe.
CERTAIN_ROLLBACK = frozenset({"40001", "40P01", "LB031"})

#: The backend is gone: whether it committed before is not known.
BROKEN_CONNECTION = frozenset({"08000", "08003", "08006", "08007", "57P01", "57P02"})

_MESSAGES = {
    INTERNAL_ERROR: "something went wrong in the service; its log has the details under this request's id",
    DATABASE_UNAVAILABLE: "the database cannot be reached at the moment; nothing was changed, try again",
    DATABASE_TIMEOUT: "the database took too long, so the call was given up; nothing was changed, try again",
    TRANSACTION_CONFLICT: "the call collided with another one; nothing was changed, try again",
    OVERLOADED: "the service has more to do than it can take at the moment; nothing was counted, try again",
    READ_COMMITTED_REQUIRED: "the service's database is not set up as it should be; see its log",
    OUTCOME_UNKNOWN: (
        "the database connection broke before the outcome was known: the score may have been counted or not."
        " A retry with the same Idempotency-Key is safe, it counts once"
    ),
}


def text_of(failure: Failure) -> str:
    """What a client reads when there is nothing more particular to say."""
    return _MESSAGES.get(failure, failure.meaning)


class ApiError(Exception):
    """A call that fails in a way its caller is told about.

    `message` is for clients; a cause (`raise ... from`) is for the log only.
    """

    def __init__(self, failure: Failure, message: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        text = message if message is not None else text_of(failure)
        super().__init__(text)
        self.failure = failure
        self.message = text
        self.headers = dict(headers or {})
        if failure.status == 503:
            self.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)


def from_sqlstate(sqlstate: str | None, message: str | None) -> ApiError:
    """The error for a SQLSTATE and the database's text for it, which is passed on for class LB only."""
    failure = SQLSTATES.get(sqlstate or "", INTERNAL_ERROR)
    ours = sqlstate is not None and sqlstate.startswith("LB") and failure.status < 500
    return ApiError(failure, _over_http(message) if ours and message is not None else None)


def _over_http(message: str) -> str:
    """The database's text with the call in place of a function that it sends its caller to."""
    text, semicolon, advice = message.rpartition("; ")
    for function, call in HTTP_CALLS.items():
        advice = advice.replace(function, call)
    return f"{text}{semicolon}{advice}"
