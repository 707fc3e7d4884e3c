"""The calls of moderators: scores that do not count, bans, and score rules."""

from typing import Any

from service import errors, model
from service.errors import Failure
from service.http import schemas
from service.http.handlers import moderation, submissions
from service.http.routes.route import BODY, CALL, CHANGE, DATABASE, NEXT_PAGE, PLAYER, READ, Handler, Route

_ACT = (*CHANGE, *BODY, *PLAYER, errors.TOTAL_OUT_OF_RANGE)


def _act(
    handler: Handler, action: str, summary: str, body: type, example: dict[str, Any], sessions: int, *failures: Failure
) -> Route:
    """The route of an act; `sessions`: how many it changes in its example."""
    return Route(
        method="POST",
        path=f"/api/leaderboard/moderation/{action}",
        handler=handler,
        tag="moderation",
        scope="moderate",
        summary=f"{summary}. Always requires a key",
        query=schemas.DryRunQuery,
        body=body,
        body_example=example,
        answer=schemas.ModerationAnswer,
        answer_example={
            "act": example.get("act", 11) + 1,
            "sessions": sessions,
            "players": 1,
            "ranks": 3,
            "dry_run": False,
        },
        failures=(*_ACT, *failures),
    )


_BAN = {"reason": "speed hack", "user_ids": [42], "until": "2100-01-01T00:00:00Z"}

ROUTES = (
    _act(
        moderation.void_sessions,
        "void",
        "Make scores void: they stay on record and count nowhere",
        schemas.VoidRequest,
        {"reason": "speed hack", "user_id": 42, "from": "2026-01-31T00:00:00Z"},
        4,
        errors.UNKNOWN_BOARD,
        errors.UNKNOWN_SEASON,
    ),
    _act(
        moderation.restore_sessions,
        "restore",
        "Let void scores count again",
        schemas.RestoreRequest,
        {"reason": "it was a bug of ours", "act": 12},
        4,
        errors.UNKNOWN_BOARD,
        errors.UNKNOWN_SEASON,
        errors.UNKNOWN_ACT,
    ),
    _act(
        moderation.ban_players,
        "ban",
        "Ban players: they are on no board, and their scores are recorded but do not count. A ban that ends brings them"
        " back",
        schemas.BanRequest,
        _BAN,
        0,
    ),
    _act(
        moderation.hide_players,
        "hide",
        "Ban players without telling them: the answers that they get stay as they were",
        schemas.BanRequest,
        _BAN,
        0,
    ),
    _act(
        moderation.unban_players,
        "unban",
        "Lift bans: the players and all of their scores count again",
        schemas.UnbanRequest,
        {"reason": "appeal", "user_ids": [42]},
        0,
    ),
    _act(
        moderation.undo_act,
        "undo",
        "Undo an act of moderation",
        schemas.UndoRequest,
        {"reason": "wrong player", "act": 12},
        4,
        errors.UNKNOWN_ACT,
        errors.NOT_UNDOABLE,
    ),
    Route(
        method="GET",
        path="/api/leaderboard/moderation",
        handler=moderation.acts,
        tag="moderation",
        operation_id="listActs",
        scope="moderate",
        summary="What moderators did, newest first. Always requires a key",
        query=schemas.ModerationQuery,
        answer=list[model.Act],
        answer_example=[
            {
                "id": 12,
                "at": "2026-01-31T12:00:00Z",
                "operator": "0123456789ab moderator",
                "action": "void",
                "user_id": 42,
                "reason": "speed hack",
                "filter": {"from": "2026-01-31T00:00:00Z"},
                "sessions": 4,
                "players": 1,
                "until": None,
                "undoes": None,
                "undone_by": None,
            }
        ],
        answer_headers=(NEXT_PAGE,),
        failures=(*CALL, errors.INVALID_PARAMETER, *DATABASE, *PLAYER),
    ),
    Route(
        method="POST",
        path="/api/leaderboard/moderation/test-rules",
        handler=moderation.test_rules,
        tag="moderation",
        scope="moderate",
        summary="The players whose scores of the last days these score rules would have refused. Always requires a key",
        body=model.RulesToTest,
        body_example={"board": "overall", "days": 7, "max_gain_per_hour": 60000},
        answer=list[model.CaughtPlayer],
        answer_example=[
            {
                "user_id": 42,
                "username": "ada",
                "sessions": 3,
                "worst_score": 999999,
                "rules": ["max_gain_per_hour"],
                "first_at": "2026-01-30T12:00:00Z",
                "last_at": "2026-01-31T12:00:00Z",
            }
        ],
        failures=(*READ, *BODY, errors.INVALID_ARGUMENT),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/rejected",
        handler=submissions.rejected,
        tag="moderation",
        operation_id="listRejected",
        scope="moderate",
        summary="Submissions that score rules refused in the last 30 days, newest first. Always requires a key",
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
        answer_headers=(NEXT_PAGE,),
        failures=(*READ, *PLAYER),
    ),
)
