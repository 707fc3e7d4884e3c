"""Plays: the tickets with which games without a server of their own submit scores."""

import msgspec
from aiohttp import web
from msgspec import UNSET

from service.http import app_keys, requests, schemas
from service.http.json_body import decode, read_json
from service.http.responses import json_response

_PLAY = msgspec.json.Decoder(schemas.PlayRequest)


async def start_play(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    body = decode(await read_json(request), _PLAY)
    player = requests.required_player(body.user_id, body.player)
    play = await request.app[app_keys.LEADERBOARD].players.start_play(
        player, body.game_mode or None, body.board or None
    )
    return json_response(
        schemas.StartedPlay(
            play.ticket,
            play.user_id,
            play.game_mode,
            play.min_seconds,
            play.expires_at,
            player if isinstance(player, str) else UNSET,
        )
    )
