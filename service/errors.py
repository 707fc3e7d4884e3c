"""Every way a call can fail, with its HTTP status and code. The body of an error response is always
`{"error": {"code", "message"}}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: Seconds after which a client may retry; sent as Retry-After with every 503.
RETRY_AFTER_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """HTTP status, code in the body, and meaning (for the API's description)."""

    status: int
    code: str
    meaning: str


MALFORMED_JSON = Failure(400, "malformed_json", "the body is not JSON, or not UTF-8")
INVALID_BODY = Failure(400, "invalid_body", "the body has the wrong shape: a wrong type, a missing or an unknown field")
INVALID_PARAMETER = Failure(
    400, "invalid_parameter", "a query parameter or header is unknown, repeated or out of range"
)
BAD_REQUEST = Failure(400, "bad_request", "the request is not valid HTTP")
API_KEY_REQUIRED = Failure(401, "api_key_required", "the call needs an API key, and none was sent")
INVALID_API_KEY = Failure(401, "invalid_api_key", "the API key is unknown, wrong, revoked or expired")
SCOPE_MISSING = Failure(403, "scope_missing", "the API key is valid but lacks the scope for this call")
ORIGIN_NOT_ALLOWED = Failure(403, "origin_not_allowed", "CORS: the page's origin is not one of CORS_ORIGINS")
HEADER_NOT_ALLOWED = Failure(
    403, "header_not_allowed", "CORS: the page may call, but not send one of the headers it wants to send"
)
NOT_FOUND = Failure(404, "not_found", "there is no such path")
METHOD_NOT_ALLOWED = Failure(
    405, "method_not_allowed", "the path does not support this method; the Allow header lists those it does"
)
URL_TOO_LONG = Failure(414, "url_too_long", "the path and the query are longer than the service accepts")
HEADERS_TOO_LARGE = Failure(
    431, "headers_too_large", "a header is larger than the service accepts, or there are too many"
)
REQUEST_TIMEOUT = Failure(408, "request_timeout", "the body did not arrive in time")
PAYLOAD_TOO_LARGE = Failure(413, "payload_too_large", "the body or the batch is larger than the service accepts")
UNSUPPORTED_MEDIA_TYPE = Failure(415, "unsupported_media_type", "the Content-Type is not application/json in UTF-8")
HOST_NOT_ALLOWED = Failure(421, "host_not_allowed", "the Host header is not an allowed host: see ALLOWED_HOSTS")
RATE_LIMITED = Failure(429, "rate_limited", "the rate limit is exceeded; Retry-After says when to retry")
INTERNAL_ERROR = Failure(
    500, "internal_error", "an error of the service; its log has the details under the request's id"
)
DATABASE_UNAVAILABLE = Failure(
    503, "database_unavailable", "the database cannot be reached or cannot write; nothing was changed"
)
DATABASE_TIMEOUT = Failure(
    503, "database_timeout", "the database took too long and cancelled the call; nothing was changed"
)
TRANSACTION_CONFLICT = Failure(
    503, "transaction_conflict", "the database rolled the call back because of another one; nothing was changed"
)
OVERLOADED = Failure(503, "overloaded", "more requests are waiting than the service accepts; nothing was recorded")
TOO_MANY_STREAMS = Failure(503, "too_many_streams", "as many streams are open as the service accepts: see MAX_STREAMS")
OUTCOME_UNKNOWN = Failure(
    503,
    "outcome_unknown",
    "the submission may or may not have been recorded: retry it with the same Idempotency-Key",
)

INVALID_ARGUMENT = Failure(400, "invalid_argument", "an argument is missing or out of range")
INVALID_USER_ID = Failure(400, "invalid_user_id", "a user id is not between 1 and 2147483647")
SCORE_OUT_OF_BOUNDS = Failure(422, "score_out_of_bounds", "a score is outside the bounds of the board")
INVALID_GAME_MODE = Failure(400, "invalid_game_mode", "a game mode is not 1 to 50 printable characters")
INVALID_USERNAME = Failure(400, "invalid_username", "a username is not 1 to 255 printable characters")
INVALID_SUBMISSION_KEY = Failure(400, "invalid_submission_key", "a key is not 1 to 255 visible ASCII characters")
INVALID_PLAYED_AT = Failure(
    422, "invalid_played_at", "a played_at is not a time with a time zone, or more than 5 minutes ahead"
)
INVALID_PLAYER = Failure(
    400, "invalid_player", "a player is not 1 to 128 printable characters, or is a number that is a user id"
)
INVALID_METADATA = Failure(400, "invalid_metadata", "a metadata is not a JSON object of at most 1024 bytes")
UNKNOWN_BOARD = Failure(404, "unknown_board", "there is no such board")
UNKNOWN_PLAYER = Failure(404, "unknown_player", "the player is not on the board")
BOARD_EXISTS = Failure(409, "board_exists", "a board with that name exists already")
UNKNOWN_API_KEY = Failure(404, "unknown_api_key", "there is no API key with that id")
UNKNOWN_SEASON = Failure(404, "unknown_season", "the board has no such season, or no such season any more")
UNKNOWN_ACT = Failure(404, "unknown_act", "there is no act of moderation with that id")
INVALID_ATTRIBUTES = Failure(422, "invalid_attributes", "an attribute is not declared, or its value is not of its kind")
UNKNOWN_SPLIT = Failure(404, "unknown_split", "the board is not split, or not by such a value")
UNKNOWN_PLACE = Failure(404, "unknown_place", "the board has fewer players than that place")
USERNAME_TAKEN = Failure(409, "username_taken", "another player has that username")
SUBMISSION_KEY_REUSED = Failure(422, "submission_key_reused", "the player already used that key for another submission")
GAME_MODE_NOT_ON_BOARD = Failure(422, "game_mode_not_on_board", "the board does not count that game mode")
TOTAL_OUT_OF_RANGE = Failure(422, "total_out_of_range", "a total would leave -9007199254740991 .. 9007199254740991")
TOO_MANY_SUBMISSIONS = Failure(
    422, "too_many_submissions", "the player has submitted as often as the board allows per minute"
)
GAIN_TOO_LARGE = Failure(422, "gain_too_large", "the player's total would rise by more than the board allows per hour")
SEASON_CLOSED = Failure(409, "season_closed", "the season, or the board, takes no more scores")
BOARD_NOT_OPEN = Failure(409, "board_not_open", "the board takes no scores yet: it opens later")
TICKET_REQUIRED = Failure(422, "ticket_required", "a board that counts the submission demands a play ticket")
INVALID_TICKET = Failure(
    422, "invalid_ticket", "the play ticket is not genuine, or is that of another player or game mode"
)
PLAYED_TOO_FAST = Failure(
    422, "played_too_fast", "the submission comes sooner, or its score is higher, than a board allows"
)
TICKET_EXPIRED = Failure(422, "ticket_expired", "the play ticket is older than a board allows")
NOT_UNDOABLE = Failure(
    409, "not_undoable", "the act of moderation was undone already, or is an undo that another act followed"
)
PLAYER_ID_TAKEN = Failure(409, "player_id_taken", "the external id belongs to another player")
READ_COMMITTED_REQUIRED = Failure(500, "read_committed_required", "the service's database is not set to READ COMMITTED")
PLAYER_DELETED = Failure(503, "player_vanished", "the player was deleted during the call; nothing was recorded")
BOARD_FILLING = Failure(503, "board_filling", "the board is being filled from the ledger; call again later")
CONFIRMATION_REQUIRED = Failure(
    409, "confirmation_required", "deleting a board, or a player, needs its name or id a second time"
)

_MESSAGES = {
    INTERNAL_ERROR: "an internal error occurred; the service's log has the details under this request's id",
    DATABASE_UNAVAILABLE: "the database cannot be reached at the moment; nothing was changed, please retry",
    DATABASE_TIMEOUT: "the database took too long, so the call was cancelled; nothing was changed, please retry",
    TRANSACTION_CONFLICT: "the call conflicted with another one; nothing was changed, please retry",
    OVERLOADED: "the service is overloaded; nothing was recorded, please retry",
    READ_COMMITTED_REQUIRED: "the service's database is misconfigured; the service's log has the details",
    OUTCOME_UNKNOWN: (
        "the database connection broke before the outcome was known: the score may or may not have been recorded."
        " Retrying with the same Idempotency-Key is safe: it counts once"
    ),
}


def text_of(failure: Failure) -> str:
    """The message if there is nothing more specific to say."""
    return _MESSAGES.get(failure, failure.meaning)


def reason(error: BaseException) -> str:
    """The error's message, or its type if it has none (as TimeoutError)."""
    return str(error) or type(error).__name__


class OperatorError(Exception):
    """The service or a command cannot do its work. The message is for the operator and says what to do."""


class ApiError(Exception):
    """A failure that the caller is told about: `message` is for clients, the cause (`raise ... from`) for the log."""

    def __init__(self, failure: Failure, message: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        text = message if message is not None else text_of(failure)
        super().__init__(text)
        self.failure = failure
        self.message = text
        self.headers = dict(headers or {})
        if failure.status == 503:
            self.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)

    def copy(self) -> "ApiError":
        """For one of several callers that get the same error: the traceback of one must not grow by the others'."""
        copy = ApiError(self.failure, self.message, self.headers)
        copy.__cause__ = self.__cause__
        return copy
