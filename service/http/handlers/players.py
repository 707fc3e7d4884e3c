"""Players: finding and changing them, their external ids, their scores, and what the law lets them ask for."""

import logging

import msgspec
from aiohttp import web
from msgspec import UNSET

from service import errors
from service.errors import ApiError
from service.http import app_keys, requests, schemas
from service.http.json_body import decode, read_json
from service.http.paging import page_response
from service.http.responses import encoded_json_response, json_response
from service.leaderboard.players import Players
from service.model import PlayerRef

logger = logging.getLogger(__name__)

_CHANGES = msgspec.json.Decoder(schemas.PlayerChanges)
_PLAYER_ID = msgspec.json.Decoder(schemas.PlayerId)


async def find_players(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.PlayersQuery)
    found = await _players(request).by_name(query.name, query.limit, requests.name_cursor(query.after))
    return page_response(request, found, query.limit, lambda last: f"{last.user_id}.{last.username}", parameter="after")


async def player(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    asked, user_id = await _asked(request)
    for_moderators = request[app_keys.CALLER].may("moderate")
    return json_response(await _players(request).profile(user_id, asked, for_moderators=for_moderators))


async def change_player(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    changes = decode(await read_json(request), _CHANGES)
    username = changes.username or None
    if username is None and changes.attributes is None:
        raise ApiError(errors.INVALID_BODY, "give username or attributes, or both: there is nothing to change")
    asked, user_id = await _asked(request)
    attributes = None if changes.attributes is None else msgspec.json.encode(changes.attributes).decode()
    new_name, new_attributes = await _players(request).change(user_id, username, attributes)
    # Which ones, but not what they are: the log has no names.
    _log(request, "player changed", renamed=username is not None, attributes=sorted(changes.attributes or ()))
    return json_response(
        schemas.ChangedPlayer(
            user_id,
            UNSET if new_name is None else new_name,
            UNSET if new_attributes is None else msgspec.Raw(new_attributes.encode()),
            asked if isinstance(asked, str) else UNSET,
        )
    )


async def link_player(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    body = decode(await read_json(request), _PLAYER_ID)
    requests.one_player(None, body.player)
    _, user_id = await _asked(request)
    await _players(request).link(user_id, body.player)
    _log(request, "player id linked")
    return json_response(schemas.LinkedPlayer(user_id, body.player))


async def unlink_player(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    external_id = request.match_info["player"]
    _, user_id = await _asked(request)
    await _players(request).unlink(user_id, external_id)
    _log(request, "player id unlinked")
    return json_response(schemas.UnlinkedPlayer(user_id, external_id))


async def player_sessions(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.PageQuery)
    _, user_id = await _asked(request)
    with_void = request[app_keys.CALLER].may("moderate")
    found = await _players(request).sessions(user_id, query.limit, query.before, with_void=with_void)
    return page_response(request, found, query.limit, lambda last: last.id)


async def export_player(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    _, user_id = await _asked(request)
    document = await _players(request).export(user_id)
    _log(request, "player exported")
    return encoded_json_response(document.encode())


async def erase_player(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.EraseQuery)
    _, user_id = await _asked(request)
    operator = request[app_keys.CALLER].operator
    dry_run = query.dry_run == "1"
    try:
        erased = await _players(request).erase(user_id, query.confirm, operator, query.reason, dry_run=dry_run)
    except ApiError as error:
        if error.failure is not errors.CONFIRMATION_REQUIRED:
            raise
        raise ApiError(error.failure, f"{error.message}: ?confirm={user_id}") from error
    if not dry_run:
        _log(request, "player erased", sessions=erased.sessions)
    return json_response(erased)


async def attributes(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return json_response(await _players(request).attribute_keys())


def _players(request: web.Request) -> Players:
    return request.app[app_keys.LEADERBOARD].players


async def _asked(request: web.Request) -> tuple[PlayerRef, int]:
    """The player in the path: as it is written, and the user_id."""
    asked = requests.player(request.match_info["user_id"])
    user_id = await _players(request).user_id_of(asked)
    return asked, user_id


def _log(request: web.Request, what: str, **fields: object) -> None:
    """Logs what was done by which key, and not with which player: logs are kept longer than some players want."""
    logger.info(what, extra={"api_key": request[app_keys.CALLER].claimed_key_id, **fields})
