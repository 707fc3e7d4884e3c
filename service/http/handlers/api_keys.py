"""API keys, for callers whose own key has the scope keys: the database checks that key again, by its text."""

import logging

import msgspec
from aiohttp import web

from service.access import credentials
from service.http import app_keys, requests, schemas
from service.http.json_body import decode, read_json
from service.http.responses import json_response

logger = logging.getLogger(__name__)

_NEW_KEY = msgspec.json.Decoder(schemas.NewApiKey)


async def list_api_keys(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return json_response(await request.app[app_keys.DATABASE].api_keys.listed(_own_key(request)))


async def issue_api_key(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    body = decode(await read_json(request), _NEW_KEY)
    issued = await request.app[app_keys.DATABASE].api_keys.issue(
        _own_key(request), body.name, body.scopes, body.expires_at
    )
    _log(request, "API key issued", issued.id, scopes=",".join(body.scopes))
    return json_response(issued)


async def revoke_api_key(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    key_id = request.match_info["id"]
    revoked_at = await request.app[app_keys.DATABASE].api_keys.withdraw(_own_key(request), key_id)
    _log(request, "API key revoked", key_id)
    return json_response(schemas.RevokedApiKey(key_id, revoked_at))


def _own_key(request: web.Request) -> str:
    """The API key of the request as text."""
    sent = credentials.read(request.headers)
    assert sent is not None, "the call always requires a key"
    return f"lb_{sent.key_id}_{sent.secret.hex()}"


def _log(request: web.Request, what: str, key_id: str, **fields: object) -> None:
    logger.info(what, extra={"key": key_id, "api_key": request[app_keys.CALLER].claimed_key_id, **fields})
