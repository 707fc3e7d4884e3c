"""What moderators do: scores become void and count again, players are banned, and all of it can be undone."""

import logging
from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from service import errors
from service.errors import ApiError
from service.http import app_keys, requests, schemas
from service.http.json_body import decode, read_json
from service.http.paging import page_response
from service.http.responses import json_response
from service.leaderboard.moderation import Moderation
from service.model import Effect, RulesToTest, SessionFilter

logger = logging.getLogger(__name__)

_VOID = msgspec.json.Decoder(schemas.VoidRequest)
_RESTORE = msgspec.json.Decoder(schemas.RestoreRequest)
_BAN = msgspec.json.Decoder(schemas.BanRequest)
_UNBAN = msgspec.json.Decoder(schemas.UnbanRequest)
_UNDO = msgspec.json.Decoder(schemas.UndoRequest)
_RULES = msgspec.json.Decoder(RulesToTest)


async def void_sessions(request: web.Request) -> web.Response:
    dry_run, body = await _asked(request, _VOID)
    sessions = await _sessions(request, body)
    effect = await _moderation(request).void(_operator(request), body.reason, sessions, dry_run=dry_run)
    return _answer(request, "void", effect, dry_run)


async def restore_sessions(request: web.Request) -> web.Response:
    dry_run, body = await _asked(request, _RESTORE)
    sessions = await _sessions(request, body, act=body.act)
    effect = await _moderation(request).restore(_operator(request), body.reason, sessions, body.act, dry_run=dry_run)
    return _answer(request, "restore", effect, dry_run)


async def ban_players(request: web.Request) -> web.Response:
    return await _ban(request, hide=False)


async def hide_players(request: web.Request) -> web.Response:
    return await _ban(request, hide=True)


async def _ban(request: web.Request, *, hide: bool) -> web.Response:
    dry_run, body = await _asked(request, _BAN)
    user_ids = await _user_ids(request, body)
    effect = await _moderation(request).ban(
        _operator(request), body.reason, user_ids, body.until, hide=hide, dry_run=dry_run
    )
    return _answer(request, "hide" if hide else "ban", effect, dry_run)


async def unban_players(request: web.Request) -> web.Response:
    dry_run, body = await _asked(request, _UNBAN)
    user_ids = await _user_ids(request, body)
    effect = await _moderation(request).unban(_operator(request), body.reason, user_ids, dry_run=dry_run)
    return _answer(request, "unban", effect, dry_run)


async def undo_act(request: web.Request) -> web.Response:
    dry_run, body = await _asked(request, _UNDO)
    effect = await _moderation(request).undo(_operator(request), body.reason, body.act, dry_run=dry_run)
    return _answer(request, "undo", effect, dry_run)


async def acts(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.ModerationQuery)
    player = requests.one_player(query.user_id, query.player)
    user_id = await request.app[app_keys.LEADERBOARD].players.user_id_or_none(player)
    found = await _moderation(request).log(query.limit, query.before, user_id)
    return page_response(request, found, query.limit, lambda last: last.id)


async def test_rules(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    rules = decode(await read_json(request), _RULES)
    return json_response(await _moderation(request).test_rules(rules))


def _moderation(request: web.Request) -> Moderation:
    return request.app[app_keys.LEADERBOARD].moderation


def _operator(request: web.Request) -> str:
    return request[app_keys.CALLER].operator


async def _asked(request: web.Request, decoder: msgspec.json.Decoder[Any]) -> tuple[bool, Any]:
    """Whether it is a dry run, and the body."""
    query = requests.query(request, schemas.DryRunQuery)
    return query.dry_run == "1", decode(await read_json(request), decoder)


async def _sessions(request: web.Request, body: schemas.VoidRequest, act: int | None = None) -> SessionFilter:
    """Raises an ApiError if the body has no condition: that must not mean all scores there are."""
    player = requests.one_player(body.user_id, body.player)
    given = player, body.session_id, body.from_, body.to, body.above, body.board, act
    if all(value is None for value in given):
        conditions = "user_id or player, session_id, from, to, above or board"
        raise ApiError(errors.INVALID_BODY, f"say which scores: give one or more of {conditions}")
    return SessionFilter(
        user_id=await request.app[app_keys.LEADERBOARD].players.user_id_or_none(player),
        session_id=body.session_id,
        from_=body.from_,
        to=body.to,
        above=body.above,
        board=body.board,
    )


async def _user_ids(request: web.Request, body: schemas.UnbanRequest) -> Sequence[int]:
    if not body.user_ids and not body.players:
        raise ApiError(errors.INVALID_BODY, "say which players: give user_ids or players, or both")
    named = [requests.one_player(None, player) for player in body.players]
    found = await request.app[app_keys.LEADERBOARD].players.user_ids_of([str(player) for player in named])
    return [*body.user_ids, *found]


def _answer(request: web.Request, action: str, effect: Effect, dry_run: bool) -> web.Response:
    if not dry_run:
        # Neither the players nor the reason, which may name them: the act has both.
        logger.info(
            "moderation",
            extra={
                "action": action,
                "act": effect.act,
                "api_key": request[app_keys.CALLER].claimed_key_id,
                "sessions": effect.sessions,
                "players": effect.players,
                "ranks": effect.ranks,
            },
        )
    return json_response(schemas.ModerationAnswer(effect.act, effect.sessions, effect.players, effect.ranks, dry_run))
