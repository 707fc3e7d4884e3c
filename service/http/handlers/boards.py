"""The boards and their seasons, and the changes of boards that an administrator makes."""

import logging

import msgspec
from aiohttp import web

from service import errors
from service.errors import ApiError
from service.http import app_keys, requests, schemas
from service.http.json_body import decode, read_json
from service.http.paging import page_response
from service.http.responses import json_response
from service.model import BoardChanges, NewBoard

logger = logging.getLogger(__name__)

_NEW_BOARD = msgspec.json.Decoder(NewBoard)
_CHANGES = msgspec.json.Decoder(BoardChanges)


async def boards(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return json_response(await request.app[app_keys.LEADERBOARD].boards())


async def seasons(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.SeasonsQuery)
    found = await request.app[app_keys.LEADERBOARD].seasons(query.board, query.limit, query.before)
    return page_response(request, found.seasons, query.limit, lambda last: last.season, body=found)


async def player_seasons(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.SeasonsQuery)
    leaderboard = request.app[app_keys.LEADERBOARD]
    user_id = await leaderboard.players.user_id_of(requests.player(request.match_info["user_id"]))
    request[app_keys.USER_ID] = user_id
    found = await leaderboard.player_seasons(user_id, query.board, query.limit, query.before)
    return page_response(request, found, query.limit, lambda last: last.season)


async def board_splits(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.SeasonQuery)
    return json_response(await request.app[app_keys.LEADERBOARD].splits(requests.board_of(query)))


async def create_board(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    board = decode(await read_json(request), _NEW_BOARD)
    await request.app[app_keys.LEADERBOARD].administration.create(board)
    _log(request, "board created", board.name, options=msgspec.json.encode(board).decode())
    return json_response(schemas.CreatedBoard(board.name))


async def alter_board(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.AlterBoardQuery)
    name = requests.board_name(request.match_info["name"])
    changes = decode(await read_json(request), _CHANGES)
    dry_run = query.dry_run == "1"
    changed = await request.app[app_keys.LEADERBOARD].administration.alter(name, changes, dry_run=dry_run)
    if not dry_run:
        _log(request, "board altered", name, changes=msgspec.json.encode(changes).decode())
    return json_response(changed)


async def delete_board(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.DeleteBoardQuery)
    name = requests.board_name(request.match_info["name"])
    try:
        await request.app[app_keys.LEADERBOARD].administration.delete(name, query.confirm)
    except ApiError as error:
        if error.failure is not errors.CONFIRMATION_REQUIRED:
            raise
        raise ApiError(error.failure, f"{error.message}: ?confirm={name}") from error
    _log(request, "board deleted", name)
    return json_response(schemas.DeletedBoard(name))


async def end_season(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.EndSeasonQuery)
    name = requests.board_name(request.match_info["name"])
    season = requests.season_of(name, query.season)
    ended = await request.app[app_keys.LEADERBOARD].administration.end_season(season)
    _log(request, "season ended", ended.board, season=ended.ended)
    return json_response(ended)


def _log(request: web.Request, what: str, board: str, **fields: object) -> None:
    """Logs what the owner of an admin key did."""
    logger.info(what, extra={"board": board, "api_key": request[app_keys.CALLER].claimed_key_id, **fields})
