"""The table of routes. The router and /openapi.json (openapi.py) are built from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import HttpVersion11, web

from service import errors, model
from service.errors import Failure
from service.http import schemas
from service.http.handlers import pages, service_state, standings, submissions
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
_STANDINGS_READ = (*_READ, errors.BOARD_FILLING)
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
    *_DATABASE,
)
_ITEM = (
    errors.INVALID_USER_ID,
    errors.SCORE_OUT_OF_BOUNDS,
    errors.INVALID_GAME_MODE,
    errors.INVALID_USERNAME,
    errors.INVALID_SUBMISSION_KEY,
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
        query=schemas.BoardQuery,
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
        summary="The best players, page by page. Ties share a rank, the next skips; within a tie by user_id",
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
        query=schemas.BoardQuery,
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
        path="/api/leaderboard/boards",
        handler=standings.boards,
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
            }
        ],
        failures=(*_CALL, errors.INVALID_PARAMETER, *_DATABASE),
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
