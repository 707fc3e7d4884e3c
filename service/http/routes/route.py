"""What a route is, and the failures that calls of a kind have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from service import errors
from service.errors import Failure
from service.http import schemas
from service.model import Scope

Tag = Literal["play", "standings", "players", "boards", "moderation", "operations"]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Route:
    """A call: its address, what it takes, what it answers, and how it may fail."""

    method: str
    path: str
    handler: Handler
    summary: str
    #: The group in which /openapi.json lists it; None: it is a page, and left out.
    tag: Tag | None = None
    #: What generated clients call it: a verb and a noun. By default the handler's name, for a GET after "get".
    operation_id: str = ""
    #: The scope that its API key must have; None: it needs no key.
    scope: Scope | None = None
    #: The limit that it has beside those of all calls: of submissions per player, or of plays per address.
    limited_as: Literal["submissions", "plays"] | None = None
    #: Whether it is served under any host name: probes come by address.
    is_probe: bool = False
    query: type[schemas.Query] = schemas.Query
    #: Request headers: (name, type, description).
    headers: tuple[tuple[str, Any, str], ...] = ()
    body: Any = None
    body_example: Any = None
    answer: Any = None
    answer_example: Any = None
    #: Response headers of the 200: (name, description).
    answer_headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"
    #: Other statuses with their own body: (status, type, description).
    other_answers: tuple[tuple[int, Any, str], ...] = ()
    failures: tuple[Failure, ...] = ()

    def __post_init__(self) -> None:
        if not self.operation_id:
            words = "".join(word.capitalize() for word in self.name.split("_"))
            name = f"get{words}" if self.method == "GET" else words[0].lower() + words[1:]
            object.__setattr__(self, "operation_id", name)

    @property
    def name(self) -> str:
        return self.handler.__name__


DATABASE = (
    errors.DATABASE_UNAVAILABLE,
    errors.DATABASE_TIMEOUT,
    errors.TRANSACTION_CONFLICT,
    errors.INTERNAL_ERROR,
    errors.READ_COMMITTED_REQUIRED,
)
#: Failures of access control, for calls that need no key.
ACCESS = (errors.HOST_NOT_ALLOWED,)
CALL = (
    *ACCESS,
    errors.RATE_LIMITED,
    errors.API_KEY_REQUIRED,
    errors.INVALID_API_KEY,
    errors.SCOPE_MISSING,
)
READ = (*CALL, errors.INVALID_PARAMETER, errors.UNKNOWN_BOARD, errors.OVERLOADED, *DATABASE)
STANDINGS_READ = (*READ, errors.BOARD_FILLING, errors.UNKNOWN_SEASON, errors.UNKNOWN_SPLIT)
#: Of calls that are about a player.
PLAYER = (errors.INVALID_USER_ID, errors.INVALID_PLAYER, errors.UNKNOWN_PLAYER)
WRITE = (
    *CALL,
    errors.INVALID_PARAMETER,
    errors.BAD_REQUEST,
    errors.MALFORMED_JSON,
    errors.INVALID_BODY,
    errors.UNKNOWN_BOARD,
    errors.REQUEST_TIMEOUT,
    errors.PAYLOAD_TOO_LARGE,
    errors.UNSUPPORTED_MEDIA_TYPE,
    errors.OUTCOME_UNKNOWN,
    errors.OVERLOADED,
    errors.PLAYER_DELETED,
    errors.UNKNOWN_SEASON,
    errors.SEASON_CLOSED,
    errors.BOARD_NOT_OPEN,
    *DATABASE,
)
#: Of the calls of administrators and moderators, which change something.
CHANGE = (
    *CALL,
    errors.INVALID_PARAMETER,
    errors.INVALID_ARGUMENT,
    errors.OUTCOME_UNKNOWN,
    *DATABASE,
)
BODY = (
    errors.BAD_REQUEST,
    errors.MALFORMED_JSON,
    errors.INVALID_BODY,
    errors.INVALID_GAME_MODE,
    errors.REQUEST_TIMEOUT,
    errors.PAYLOAD_TOO_LARGE,
    errors.UNSUPPORTED_MEDIA_TYPE,
)
ITEM = (
    errors.INVALID_USER_ID,
    errors.SCORE_OUT_OF_BOUNDS,
    errors.INVALID_GAME_MODE,
    errors.INVALID_USERNAME,
    errors.INVALID_SUBMISSION_KEY,
    errors.INVALID_PLAYED_AT,
    errors.USERNAME_TAKEN,
    errors.SUBMISSION_KEY_REUSED,
    errors.GAME_MODE_NOT_ON_BOARD,
    errors.TOTAL_OUT_OF_RANGE,
    errors.TOO_MANY_SUBMISSIONS,
    errors.GAIN_TOO_LARGE,
    errors.INVALID_PLAYER,
    errors.INVALID_METADATA,
    errors.TICKET_REQUIRED,
    errors.INVALID_TICKET,
    errors.PLAYED_TOO_FAST,
    errors.TICKET_EXPIRED,
)

NEXT_PAGE = ("Link", 'The next page: <...>; rel="next". Absent when this page is not full.')
