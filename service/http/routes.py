"""The table of routes. The router and /openapi.json (openapi.py) are built from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import HttpVersion11, web

from service import errors, model
from service.errors import Failure
from service.http import schemas
from service.http.handlers import boards, pages, service_state, standings, submissions
from service.readiness import Readiness

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Route:
    """A call: its address, what it takes, what it answers, and how it may fail."""

    method: str
    path: str
    handler: Handler
    summary: str
    #: The scope that its API key must have: submit, read or admin; None: it needs no key.
    scope: str | None = None
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

    @property
    def name(self) -> str:
        return self.handler.__name__


_DATABASE = (
    errors.DATABASE_UNAVAILABLE,
    errors.DATABASE_TIMEOUT,
    errors.TRANSACTION_CONFLICT,
    errors.INTERNAL_ERROR,
    errors.READ_COMMITTED_REQUIRED,
)
#: Failures of access control, for calls that need no key.
_ACCESS = (errors.HOST_NOT_ALLOWED,)
_CALL = (
    *_ACCESS,
    errors.RATE_LIMITED,
    errors.API_KEY_REQUIRED,
    errors.INVALID_API_KEY,
    errors.SCOPE_MISSING,
)
_READ = (*_CALL, errors.INVALID_PARAMETER, errors.UNKNOWN_BOARD, errors.OVERLOADED, *_DATABASE)
_STANDINGS_READ = (*_READ, errors.BOARD_FILLING, errors.UNKNOWN_SEASON)
_WRITE = (
    *_CALL,
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
    *_DATABASE,
)
#: Of the calls that change a board.
_CHANGE = (
    *_CALL,
    errors.INVALID_PARAMETER,
    errors.INVALID_ARGUMENT,
    errors.OUTCOME_UNKNOWN,
    *_DATABASE,
)
_BODY = (
    errors.BAD_REQUEST,
    errors.MALFORMED_JSON,
    errors.INVALID_BODY,
    errors.INVALID_GAME_MODE,
    errors.REQUEST_TIMEOUT,
    errors.PAYLOAD_TOO_LARGE,
    errors.UNSUPPORTED_MEDIA_TYPE,
)
_ITEM = (
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
)

_NEXT_PAGE = ("Link", 'The next page: <...>; rel="next". Absent when this page is not full.')
_STANDINGS = [
    {"rank": 1, "user_id": 42, "username": "ada", "total_score": 9100},
    {"rank": 2, "user_id": 7, "username": "user_7", "total_score": 8700},
    {"rank": 2, "user_id": 19, "username": "grace", "total_score": 8700},
]
_PLAYER = {
    "user_id": 7,
    "username": "user_7",
    "total_score": 8700,
    "rank": 2,
    "players": 1000,
    "percentile": 99.9,
}

ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/api/leaderboard/submit",
        handler=submissions.submit,
        scope="submit",
        summary="Submit a score. An unknown player is registered. The response means: committed and on disk",
        query=schemas.SubmitQuery,
        headers=(
            (
                "Idempotency-Key",
                schemas.SubmissionKey,
                "Identifies the submission, so that a retry counts once: the same key of the same player returns"
                " the first response again, for at least 7 days. With another score or mode it is refused.",
            ),
        ),
        body=schemas.SubmitRequest,
        body_example={"user_id": 7, "score": 1200, "game_mode": "solo"},
        answer=schemas.SubmitAnswer,
        answer_example={
            "message": "Score submitted successfully",
            "user_id": 7,
            "score": 1200,
            "total_score": 8700,
            "duplicate": False,
        },
        failures=(*_WRITE, *_ITEM),
    ),
    Route(
        method="POST",
        path="/api/leaderboard/submit/batch",
        handler=submissions.submit_batch,
        scope="submit",
        summary=f"Submit up to {model.MAX_BATCH} scores in one transaction: one outcome per item, in order."
        " A rejected item does not affect the others",
        query=schemas.SubmitQuery,
        body=list[schemas.BatchItem],
        body_example=[
            {"user_id": 7, "score": 1200, "idempotency_key": "match-981-7"},
            {"user_id": 42, "score": -5},
        ],
        answer=list[schemas.BatchOutcome],
        answer_example=[
            {"status": "accepted", "user_id": 7, "score": 1200, "total_score": 8700},
            {
                "status": "rejected",
                "error": {
                    "code": "score_out_of_bounds",
                    "message": "score must be an integer from 0 to 2147483647 on board overall",
                },
            },
        ],
        failures=_WRITE,
    ),
    Route(
        method="GET",
        path="/api/leaderboard/top",
        handler=standings.top,
        scope="read",
        summary="The best players, page by page. Ties share a rank, the next skips; within a tie by user_id, or by who"
        " got there first (ties: earliest)",
        query=schemas.TopQuery,
        answer=list[model.Standing],
        answer_example=_STANDINGS,
        answer_headers=(_NEXT_PAGE,),
        failures=_STANDINGS_READ,
    ),
    Route(
        method="GET",
        path="/api/leaderboard/rank/{user_id}",
        handler=standings.rank,
        scope="read",
        summary="A player's total, live rank and percentile",
        query=schemas.SeasonQuery,
        answer=model.PlayerRank,
        answer_example=_PLAYER,
        failures=(*_STANDINGS_READ, errors.INVALID_USER_ID, errors.UNKNOWN_PLAYER),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/around/{user_id}",
        handler=standings.around,
        scope="read",
        summary="A player with the neighbours above and below",
        query=schemas.AroundQuery,
        answer=list[model.Standing],
        answer_example=_STANDINGS,
        failures=(*_STANDINGS_READ, errors.INVALID_USER_ID, errors.UNKNOWN_PLAYER),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/ranks",
        handler=standings.ranks,
        scope="read",
        summary="The ranks of several players, on the board and among themselves, best first;"
        " unknown players are omitted",
        query=schemas.RanksQuery,
        answer=list[model.PlayerAmong],
        answer_example=[{**_PLAYER, "rank_among": 1}],
        failures=(*_STANDINGS_READ, errors.INVALID_USER_ID),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/distribution",
        handler=standings.distribution,
        scope="read",
        summary="The distribution of totals: players per range, in ranges of equal width from the lowest total up",
        query=schemas.DistributionQuery,
        answer=list[model.Bucket],
        answer_example=[{"from": 0, "to": 4999, "players": 640}, {"from": 5000, "to": 9999, "players": 360}],
        failures=_STANDINGS_READ,
    ),
    Route(
        method="GET",
        path="/api/leaderboard/rank-of",
        handler=standings.rank_of,
        scope="read",
        summary="The rank that a player with this total would have",
        query=schemas.RankOfQuery,
        answer=model.RankOfScore,
        answer_example={"score": 8700, "rank": 2, "players": 1000, "percentile": 99.9},
        failures=_STANDINGS_READ,
    ),
    Route(
        method="GET",
        path="/api/leaderboard/threshold",
        handler=standings.threshold,
        scope="read",
        summary="The total at a place, or that of the last player within the best n percent",
        query=schemas.ThresholdQuery,
        answer=model.Threshold,
        answer_example={"total_score": 6100, "place": 100, "players": 1000},
        failures=(*_STANDINGS_READ, errors.UNKNOWN_PLACE),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/boards",
        handler=boards.boards,
        scope="read",
        summary="The boards and what counts on each",
        answer=list[model.Board],
        answer_example=[
            {
                "board": "overall",
                "game_mode": None,
                "aggregate": "sum",
                "min_score": 0,
                "max_score": 2147483647,
                "players": 1000,
            },
            {
                "board": "daily",
                "game_mode": "race",
                "aggregate": "best",
                "min_score": 0,
                "max_score": 3600000,
                "players": 120,
                "lowest_wins": True,
                "unit": "ms",
                "opens_at": "2026-01-01T00:00:00Z",
                "period": "daily",
                "anchor": "2026-01-01T00:00:00",
                "season": 31,
                "season_starts_at": "2026-01-31T00:00:00Z",
                "next_reset_at": "2026-02-01T00:00:00Z",
            },
        ],
        failures=(*_CALL, errors.INVALID_PARAMETER, *_DATABASE),
    ),
    Route(
        method="POST",
        path="/api/leaderboard/boards",
        handler=boards.create_board,
        scope="admin",
        summary="Create a board. It counts all scores so far, too: a large one is filled in steps, and its reads answer"
        " 503 board_filling until then. Always requires an admin key",
        body=model.NewBoard,
        body_example={
            "name": "daily",
            "game_mode": "race",
            "aggregate": "best",
            "lowest_wins": True,
            "unit": "ms",
            "period": "daily",
            "time_zone": "Europe/Berlin",
            "grace": "10 minutes",
        },
        answer=schemas.CreatedBoard,
        answer_example={"board": "daily"},
        failures=(*_CHANGE, *_BODY, errors.BOARD_EXISTS, errors.TOTAL_OUT_OF_RANGE),
    ),
    Route(
        method="PATCH",
        path="/api/leaderboard/boards/{name}",
        handler=boards.alter_board,
        scope="admin",
        summary="Change a board; its totals are recounted from all scores where the change needs it. Always requires an"
        " admin key",
        query=schemas.AlterBoardQuery,
        body=model.BoardChanges,
        body_example={"max_score": 5000, "max_submissions_per_minute": 6},
        answer=model.ChangedBoard,
        answer_example={"board": "daily", "totals_changed": 12, "filling": False, "seasons_dropped": 0},
        failures=(
            *_CHANGE,
            *_BODY,
            errors.UNKNOWN_BOARD,
            errors.BOARD_EXISTS,
            errors.BOARD_FILLING,
            errors.TOTAL_OUT_OF_RANGE,
        ),
    ),
    Route(
        method="POST",
        path="/api/leaderboard/boards/{name}/end-season",
        handler=boards.end_season,
        scope="admin",
        summary="End the running season of a board with manual seasons, and start the next. Always requires an admin"
        " key",
        query=schemas.EndSeasonQuery,
        answer=model.EndedSeason,
        answer_example={"board": "arena", "ended": 3, "started": 4, "at": "2026-01-31T12:00:00Z"},
        failures=(
            *_CHANGE,
            errors.UNKNOWN_BOARD,
            errors.UNKNOWN_SEASON,
            errors.BOARD_NOT_OPEN,
            errors.SEASON_CLOSED,
        ),
    ),
    Route(
        method="DELETE",
        path="/api/leaderboard/boards/{name}",
        handler=boards.delete_board,
        scope="admin",
        summary="Delete a board with all of its seasons. The scores stay, so the board can be created again. Always"
        " requires an admin key",
        query=schemas.DeleteBoardQuery,
        answer=schemas.DeletedBoard,
        answer_example={"deleted": "daily"},
        failures=(*_CHANGE, errors.UNKNOWN_BOARD, errors.CONFIRMATION_REQUIRED),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/seasons",
        handler=boards.seasons,
        scope="read",
        summary="The seasons of a board, newest first, with their winners",
        query=schemas.SeasonsQuery,
        answer=model.Seasons,
        answer_example={
            "board": "daily",
            "next_reset_at": "2026-02-01T00:00:00Z",
            "seasons": [
                {
                    "season": 31,
                    "state": "running",
                    "starts_at": "2026-01-31T00:00:00Z",
                    "ends_at": "2026-02-01T00:00:00Z",
                    "closed_at": None,
                    "players": 120,
                    "winner": {"user_id": 7, "username": "user_7", "total_score": 83456, "display": "1:23.456"},
                }
            ],
        },
        answer_headers=(_NEXT_PAGE,),
        failures=_READ,
    ),
    Route(
        method="GET",
        path="/api/leaderboard/players/{user_id}/seasons",
        handler=boards.player_seasons,
        scope="read",
        summary="A player's results in the seasons of a board, newest first",
        query=schemas.SeasonsQuery,
        answer=list[model.PlayerSeason],
        answer_example=[
            {
                "season": 30,
                "starts_at": "2026-01-30T00:00:00Z",
                "ends_at": "2026-01-31T00:00:00Z",
                "closed": True,
                "total_score": 83456,
                "rank": 2,
                "players": 118,
                "display": "1:23.456",
            }
        ],
        answer_headers=(_NEXT_PAGE,),
        failures=(*_READ, errors.BOARD_FILLING, errors.INVALID_USER_ID),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/access",
        handler=service_state.access,
        summary="What the sender may do, with or without the API key of the request",
        answer=schemas.Access,
        answer_example={"submit": False, "read": True},
        failures=(
            *_ACCESS,
            errors.RATE_LIMITED,
            errors.INVALID_API_KEY,
            errors.INVALID_PARAMETER,
            *_DATABASE,
        ),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/rejected",
        handler=submissions.rejected,
        scope="admin",
        summary="Submissions that score rules refused in the last 30 days, newest first. Always requires an admin key",
        query=schemas.RejectedQuery,
        answer=list[model.RejectedSubmission],
        answer_example=[
            {
                "id": 12,
                "rejected_at": "2026-01-31T12:00:00Z",
                "user_id": 7,
                "score": 999999,
                "game_mode": "solo",
                "board": "overall",
                "idempotency_key": None,
                "code": "score_out_of_bounds",
                "reason": "score must be an integer from 0 to 5000 on board overall",
            }
        ],
        answer_headers=(_NEXT_PAGE,),
        failures=(errors.INVALID_USER_ID, *_READ),
    ),
    Route(
        method="GET",
        path="/healthz",
        handler=service_state.healthz,
        is_probe=True,
        summary="Liveness: the process answers",
        answer=schemas.Health,
        answer_example={"status": "ok"},
        failures=(*_ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/readyz",
        handler=service_state.readyz,
        is_probe=True,
        summary="Readiness: database, schema, cache and rank index",
        answer=Readiness,
        answer_example={
            "status": "ready",
            "database": {"status": "up", "detail": None},
            "schema": {"status": "current", "detail": None},
            "cache": {"status": "up", "detail": None},
            "rank_index": {"pending_deltas": 0, "horizon_age": 0},
        },
        other_answers=((503, Readiness, "the database is down, or its schema is not current"),),
        failures=(*_ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/openapi.json",
        handler=pages.openapi,
        summary="This description",
        answer=dict[str, Any],
        failures=(*_ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/docs",
        handler=pages.docs,
        summary="This description as a page",
        answer=str,
        media_type="text/html",
        failures=(*_ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/",
        handler=pages.index,
        summary="The web page",
        answer=str,
        media_type="text/html",
        failures=_ACCESS,
    ),
)

ROUTES_BY_NAME = {route.name: route for route in ROUTES}


def add_to(app: web.Application) -> None:
    """Registers every route. A GET is also answered as HEAD."""
    for route in ROUTES:
        if route.method == "GET":
            app.router.add_get(route.path, route.handler, name=route.name, expect_handler=_expect)
        else:
            app.router.add_route(route.method, route.path, route.handler, name=route.name, expect_handler=_expect)


async def _expect(request: web.Request) -> None:
    """Answers `Expect: 100-continue` and ignores any other Expect, as HTTP allows. aiohttp's own handler refuses
    others in plain text, and fails where that text is not UTF-8.
    """
    if request.version >= HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the interim response is not part of the answer
