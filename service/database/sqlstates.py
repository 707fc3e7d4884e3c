"""Which failure follows from which SQLSTATE of PostgreSQL.

A database message reaches a client only if its SQLSTATE is of class LB: the project's own functions write those
messages for callers.
"""

from collections.abc import Mapping

from service import errors
from service.errors import ApiError, Failure

#: Any other SQLSTATE is an error of the service: INTERNAL_ERROR.
SQLSTATES: Mapping[str, Failure] = {
    "LB001": errors.INVALID_ARGUMENT,
    "LB002": errors.INVALID_USER_ID,
    "LB003": errors.SCORE_OUT_OF_BOUNDS,
    "LB004": errors.INVALID_GAME_MODE,
    "LB005": errors.INVALID_USERNAME,
    "LB006": errors.INVALID_SUBMISSION_KEY,
    "LB007": errors.INVALID_PLAYED_AT,
    "LB008": errors.INVALID_PLAYER,
    "LB009": errors.INVALID_METADATA,
    "LB010": errors.UNKNOWN_BOARD,
    "LB011": errors.UNKNOWN_PLAYER,
    "LB012": errors.BOARD_EXISTS,
    "LB013": errors.UNKNOWN_API_KEY,
    "LB014": errors.UNKNOWN_SEASON,
    "LB016": errors.UNKNOWN_ACT,
    "LB017": errors.INVALID_ATTRIBUTES,
    "LB018": errors.UNKNOWN_SPLIT,
    "LB020": errors.USERNAME_TAKEN,
    "LB021": errors.SUBMISSION_KEY_REUSED,
    "LB022": errors.GAME_MODE_NOT_ON_BOARD,
    "LB023": errors.TOTAL_OUT_OF_RANGE,
    "LB024": errors.TOO_MANY_SUBMISSIONS,
    "LB025": errors.GAIN_TOO_LARGE,
    "LB026": errors.SEASON_CLOSED,
    "LB027": errors.BOARD_NOT_OPEN,
    "LB028": errors.TICKET_REQUIRED,
    "LB029": errors.INVALID_TICKET,
    "LB030": errors.READ_COMMITTED_REQUIRED,
    "LB031": errors.PLAYER_DELETED,
    "LB032": errors.BOARD_FILLING,
    "LB033": errors.CONFIRMATION_REQUIRED,
    "LB034": errors.PLAYED_TOO_FAST,
    "LB035": errors.TICKET_EXPIRED,
    "LB036": errors.NOT_UNDOABLE,
    "LB037": errors.PLAYER_ID_TAKEN,
    "08000": errors.DATABASE_UNAVAILABLE,  # connection_exception and the like
    "08001": errors.DATABASE_UNAVAILABLE,
    "08003": errors.DATABASE_UNAVAILABLE,
    "08004": errors.DATABASE_UNAVAILABLE,
    "08006": errors.DATABASE_UNAVAILABLE,
    "08007": errors.DATABASE_UNAVAILABLE,
    "08P01": errors.DATABASE_UNAVAILABLE,  # protocol_violation: PgBouncer's code for its own errors
    "25006": errors.DATABASE_UNAVAILABLE,  # read_only_sql_transaction: a standby after a failover
    "40001": errors.TRANSACTION_CONFLICT,  # serialization_failure
    "40P01": errors.TRANSACTION_CONFLICT,  # deadlock_detected
    "53100": errors.DATABASE_UNAVAILABLE,  # disk_full
    "53200": errors.DATABASE_UNAVAILABLE,  # out_of_memory
    "53300": errors.DATABASE_UNAVAILABLE,  # too_many_connections
    "53400": errors.DATABASE_UNAVAILABLE,  # configuration_limit_exceeded
    "55P03": errors.DATABASE_TIMEOUT,  # lock_not_available (lock_timeout)
    "57014": errors.DATABASE_TIMEOUT,  # query_canceled (statement_timeout)
    "57P01": errors.DATABASE_UNAVAILABLE,  # admin_shutdown
    "57P02": errors.DATABASE_UNAVAILABLE,  # crash_shutdown
    "57P03": errors.DATABASE_UNAVAILABLE,  # cannot_connect_now
    "57P05": errors.DATABASE_UNAVAILABLE,  # idle_session_timeout
}

#: Functions that database messages refer callers to, and the HTTP calls that do the same. Such advice comes last
#: in a message, after a semicolon.
HTTP_CALLS: Mapping[str, str] = {
    "api.list_boards()": "GET /api/leaderboard/boards",
    "api.moderation_log()": "GET /api/leaderboard/moderation",
    "api.attribute_keys()": "GET /api/leaderboard/attributes",
    "api.list_api_keys()": "GET /api/leaderboard/api-keys",
}

#: The deploy does not fit: a missing right, schema or function. `make migrate` repairs it, so a retry may succeed then.
_NOT_DEPLOYED = frozenset({"42501", "3F000", "42883", "42846"})

#: What the caller is told, if it is more than that the database cannot be reached.
_MESSAGES: Mapping[str, str] = {
    "25006": "the database is read-only at the moment; nothing was changed, please retry",
    "53100": "the database's disk is full at the moment; nothing was changed, please retry",
    **dict.fromkeys(
        _NOT_DEPLOYED, "the database is not set up for this release at the moment; nothing was changed, please retry"
    ),
}

#: The transaction is known to have rolled back, so a retry is safe.
KNOWN_ROLLBACK = frozenset({"40001", "40P01", "LB031"})

#: The backend is gone: it may have committed before.
BROKEN_CONNECTION = frozenset({"08000", "08003", "08006", "08007", "08P01", "57P01", "57P02"})


def from_sqlstate(sqlstate: str | None, message: str | None) -> ApiError:
    """The error for a SQLSTATE. The database's message is passed on for class LB only."""
    sqlstate = sqlstate or ""
    unknown = errors.DATABASE_UNAVAILABLE if sqlstate in _NOT_DEPLOYED else errors.INTERNAL_ERROR
    failure = SQLSTATES.get(sqlstate, unknown)
    if sqlstate.startswith("LB") and failure.status < 500 and message is not None:
        return ApiError(failure, _over_http(message))
    return ApiError(failure, _MESSAGES.get(sqlstate))


def _over_http(message: str) -> str:
    """The message with HTTP calls in place of the functions that it refers to."""
    text, semicolon, advice = message.rpartition("; ")
    for function, call in HTTP_CALLS.items():
        advice = advice.replace(function, call)
    return f"{text}{semicolon}{advice}"
