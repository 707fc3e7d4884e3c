"""Live standings, as Server-Sent Events."""

from aiohttp import web

from service.http import app_keys, requests, schemas
from service.http.event_stream import EventStream
from service.live.states import Question

#: The most players whose ranks a stream shows.
MAX_PLAYERS = 100


async def stream(request: web.Request) -> web.StreamResponse:
    query = requests.query(request, schemas.StreamQuery)
    players = requests.named_players(query, MAX_PLAYERS)
    question = Question(requests.split_of(query), requests.details(query), query.top, tuple(dict.fromkeys(players)))
    hub = request.app[app_keys.LIVE]
    first = await hub.first(question)
    last_event_id = request.headers.get("Last-Event-ID", "")
    return EventStream(hub, question, first, request[app_keys.CALLER].key, last_event_id)
