"""API keys, for those who hold one with the scope keys."""

from service import errors, model
from service.http import schemas
from service.http.handlers import api_keys
from service.http.routes.route import BODY, CALL, CHANGE, DATABASE, Route

_KEY = {
    "id": "0123456789ab",
    "name": "game server",
    "scopes": ["submit"],
    "status": "active",
    "created_at": "2026-01-01T00:00:00Z",
    "last_used_at": "2026-01-31T12:00:00Z",
    "expires_at": None,
    "revoked_at": None,
}

ROUTES = (
    Route(
        method="GET",
        path="/api/leaderboard/api-keys",
        handler=api_keys.list_api_keys,
        tag="operations",
        operation_id="listApiKeys",
        scope="keys",
        summary="All API keys, newest first, without their secrets. Always requires a key with the scope keys",
        answer=list[model.ListedApiKey],
        answer_example=[_KEY],
        failures=(*CALL, errors.INVALID_PARAMETER, *DATABASE),
    ),
    Route(
        method="POST",
        path="/api/leaderboard/api-keys",
        handler=api_keys.issue_api_key,
        tag="operations",
        scope="keys",
        summary="Issue an API key with any scope but keys. Always requires a key with the scope keys",
        body=schemas.NewApiKey,
        body_example={"name": "game server", "scopes": ["submit"]},
        answer=model.IssuedApiKey,
        answer_example={"id": "0123456789ab", "api_key": "lb_0123456789ab_..."},
        failures=(*CHANGE, *BODY),
    ),
    Route(
        method="DELETE",
        path="/api/leaderboard/api-keys/{id}",
        handler=api_keys.revoke_api_key,
        tag="operations",
        scope="keys",
        summary="Revoke an API key: within half a second no service accepts it. Always requires a key with the scope"
        " keys",
        answer=schemas.RevokedApiKey,
        answer_example={"revoked": "0123456789ab", "revoked_at": "2026-01-31T12:00:00Z"},
        failures=(*CHANGE, errors.UNKNOWN_API_KEY),
    ),
)
