"""Players: finding and changing them, their scores, and the plays that they begin."""

from typing import Any

from service import errors, model
from service.http import schemas
from service.http.handlers import players, plays
from service.http.routes.route import BODY, CALL, CHANGE, DATABASE, NEXT_PAGE, PLAYER, Route

_READ = (*CALL, errors.INVALID_PARAMETER, *DATABASE)
_ATTRIBUTES = {"country": "DE"}

ROUTES = (
    Route(
        method="GET",
        path="/api/leaderboard/players",
        handler=players.find_players,
        scope="read",
        summary="Players whose name begins like this, in upper or lower case, by name",
        query=schemas.PlayersQuery,
        answer=list[model.FoundPlayer],
        answer_example=[
            {"user_id": 42, "username": "ada", "player": "steam:76561198000000000", "attributes": _ATTRIBUTES}
        ],
        answer_headers=(NEXT_PAGE,),
        failures=_READ,
    ),
    Route(
        method="GET",
        path="/api/leaderboard/players/{user_id}",
        handler=players.player,
        scope="read",
        summary="A player. Keys with the scope moderate also get all external ids and the ban",
        answer=model.Profile,
        answer_example={
            "user_id": 42,
            "username": "ada",
            "join_date": "2026-01-01T00:00:00Z",
            "attributes": _ATTRIBUTES,
            "players": ["steam:76561198000000000"],
            "ban": {"act": 12, "action": "ban", "until": None},
        },
        failures=(*_READ, *PLAYER),
    ),
    Route(
        method="PATCH",
        path="/api/leaderboard/players/{user_id}",
        handler=players.change_player,
        scope="submit",
        summary="Rename a player, or set attributes. Both happen, or neither",
        body=schemas.PlayerChanges,
        body_example={"username": "ada", "attributes": {"country": "DE", "avatar": None}},
        answer=schemas.ChangedPlayer,
        answer_example={"user_id": 42, "username": "ada", "attributes": _ATTRIBUTES},
        failures=(
            *CHANGE,
            *BODY,
            *PLAYER,
            errors.INVALID_USERNAME,
            errors.USERNAME_TAKEN,
            errors.INVALID_ATTRIBUTES,
            errors.PLAYER_DELETED,
        ),
    ),
    Route(
        method="POST",
        path="/api/leaderboard/players/{user_id}/ids",
        handler=players.link_player,
        scope="submit",
        summary="Give a player one more external id",
        body=schemas.PlayerId,
        body_example={"player": "steam:76561198000000000"},
        answer=schemas.LinkedPlayer,
        answer_example={"user_id": 42, "player": "steam:76561198000000000"},
        failures=(*CHANGE, *BODY, *PLAYER, errors.PLAYER_ID_TAKEN),
    ),
    Route(
        method="DELETE",
        path="/api/leaderboard/players/{user_id}/ids/{player}",
        handler=players.unlink_player,
        scope="submit",
        summary="Take an external id from a player, who keeps the user_id",
        answer=schemas.UnlinkedPlayer,
        answer_example={"user_id": 42, "unlinked": "steam:76561198000000000"},
        failures=(*CHANGE, *PLAYER),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/players/{user_id}/sessions",
        handler=players.player_sessions,
        scope="read",
        summary="A player's scores, newest first. Keys with the scope moderate also get those that are void, and why",
        query=schemas.PageQuery,
        answer=list[model.PlayedSession],
        answer_example=[
            {
                "id": 981,
                "at": "2026-01-31T12:00:00Z",
                "played_at": None,
                "score": 1200,
                "game_mode": "solo",
                "metadata": {"level": 3},
            }
        ],
        answer_headers=(NEXT_PAGE,),
        failures=(*_READ, *PLAYER, errors.INVALID_ARGUMENT),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/players/{user_id}/export",
        handler=players.export_player,
        scope="admin",
        summary="Everything that is stored about a player, as one document. Always requires an admin key",
        answer=dict[str, Any],
        answer_example={"user_id": 42, "username": "ada"},
        failures=(*_READ, *PLAYER),
    ),
    Route(
        method="DELETE",
        path="/api/leaderboard/players/{user_id}",
        handler=players.erase_player,
        scope="admin",
        summary="Erase a player with all scores, for good. Ranks in closed seasons stay as they are, without the name."
        " Always requires an admin key",
        query=schemas.EraseQuery,
        answer=model.ErasedPlayer,
        answer_example={
            "user_id": 42,
            "sessions": 99,
            "totals": 3,
            "seasons": 12,
            "external_ids": 1,
            "submission_keys": 40,
            "rejected": 0,
            "acts": 2,
            "dry_run": False,
        },
        failures=(*CHANGE, *PLAYER, errors.CONFIRMATION_REQUIRED),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/attributes",
        handler=players.attributes,
        scope="read",
        summary="The attributes that players can have",
        answer=list[model.AttributeKey],
        answer_example=[{"name": "country", "kind": "country", "max_length": 2}],
        failures=_READ,
    ),
    Route(
        method="POST",
        path="/api/leaderboard/plays",
        handler=plays.start_play,
        scope="play",
        limited_as="plays",
        summary="Begin a play: a ticket with which its score can be submitted, once, for this player and mode. For keys"
        " with the scope play or submit",
        body=schemas.PlayRequest,
        body_example={"player": "steam:76561198000000000", "board": "overall"},
        answer=schemas.StartedPlay,
        answer_example={
            "ticket": "play1" + "0" * 120,
            "user_id": 42,
            "game_mode": "solo",
            "min_seconds": 30,
            "expires_at": "2026-02-01T12:00:00Z",
            "player": "steam:76561198000000000",
        },
        failures=(
            *CHANGE,
            *BODY,
            *PLAYER,
            errors.UNKNOWN_BOARD,
            errors.UNKNOWN_SEASON,
            errors.GAME_MODE_NOT_ON_BOARD,
            errors.PLAYER_DELETED,
        ),
    ),
)
