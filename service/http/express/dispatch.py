"""Which requests go the express way: plain ones for the three calls that come by the thousand."""

import dataclasses
import time
from urllib.parse import unquote

import msgspec
from aiohttp import EMPTY_PAYLOAD, HttpVersion11, StreamReader, web
from aiohttp.http import RawRequestMessage

from service.errors import ApiError
from service.http import app_keys, requests
from service.http.express.calls import Arrival, RankCall, Services, SubmitCall, TopCall
from service.http.express.connection import ExpressConnection
from service.http.express.handover import Handover
from service.http.express.heads import Heads
from service.http.handlers.submissions import SUBMIT
from service.http.routes import Route
from service.http.schemas import RowsQuery, SubmitQuery, TopQuery
from service.model import PlayerRef
from service.observability import new_relic

_RANK_PATH = RankCall.route.path.removesuffix("{user_id}")
#: How clients say that a body is JSON. The normal way understands other spellings.
_JSON = frozenset({"application/json", "application/json; charset=utf-8"})
#: More digits than a user id of the normal form has.
_TOO_LONG = 10


class Express:
    """The express way of an application whose resources are open."""

    def __init__(self, app: web.Application) -> None:
        self._services = Services(app[app_keys.LEADERBOARD], Heads(app[app_keys.CORS]), app[app_keys.STOPPING])
        self._access_control = app[app_keys.ACCESS_CONTROL]
        self._max_body_bytes = app[app_keys.SETTINGS].max_body_bytes

    def take(self, connection: ExpressConnection, message: RawRequestMessage, payload: StreamReader) -> bool:
        """See `connection.Taker`. Takes a request unless the normal way has more to do with it than call and answer."""
        started = time.perf_counter()
        path, _, query = message.path.partition("?")
        if message.method == "POST":
            if path != SubmitCall.route.path or payload is EMPTY_PAYLOAD or not payload.is_eof():
                return False
            route = SubmitCall.route
        elif message.method != "GET" or payload is not EMPTY_PAYLOAD:
            return False
        elif path == TopCall.route.path:
            route = TopCall.route
        elif path.startswith(_RANK_PATH):
            route = RankCall.route
        else:
            return False
        if not _is_plain(message) or connection.writing_paused or self._services.stopping.is_set():
            return False
        assert route.scope is not None, "only probes and pages have none"
        caller = self._access_control.authorize_at_once(message.headers, route.scope)
        if caller is None:
            return False
        sampled = new_relic.tracing.sample(route.name)
        if not sampled and self._begin(
            Arrival(connection, message.headers, path, caller, started), route, message, query, payload
        ):
            return True
        connection.handover = Handover(started, sampled, caller)
        return False

    def _begin(
        self, arrival: Arrival, route: Route, message: RawRequestMessage, query: str, payload: StreamReader
    ) -> bool:
        """Makes the call. False if the normal way has to make it, which also knows how to say what is wrong."""
        try:
            if route is SubmitCall.route:
                return self._submit(arrival, query, payload)
            if route is TopCall.route:
                top = requests.query_of(query, TopQuery)
                if any(part is not None for part in (top.place, top.include, top.from_, top.to)):
                    return False
                return TopCall(self._services, arrival, message.path, top, requests.cursor(top.after)).begin()
            rows = requests.query_of(query, RowsQuery)
            if rows.include is not None:
                return False
            text = arrival.path[len(_RANK_PATH) :]
            if len(text) < _TOO_LONG and text.isdecimal() and text[0] != "0":
                player: PlayerRef = int(text)
            elif "/" in text or not text:
                return False
            else:
                player = requests.player(unquote(text, errors="strict") if "%" in text else text)
                if isinstance(player, int):
                    return False
                arrival = dataclasses.replace(arrival, path=route.path)  # for the log: see access_log
            return RankCall(self._services, arrival, player, requests.split_of(rows)).begin()
        except (ApiError, UnicodeDecodeError):
            return False

    def _submit(self, arrival: Arrival, text: str, payload: StreamReader) -> bool:
        query = requests.query_of(text, SubmitQuery)
        key = requests.idempotency_key(arrival.headers)
        if arrival.headers.get("Content-Type") not in _JSON or payload.total_bytes > self._max_body_bytes:
            return False
        data = payload.read_nowait()
        try:
            if SubmitCall(self._services, arrival, SUBMIT.decode(data), key, query).begin():
                return True
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ApiError):
            pass
        arrival.connection.return_body(data)
        return False


def _is_plain(message: RawRequestMessage) -> bool:
    """Whether the request needs nothing of HTTP but a plain answer."""
    return (
        message.version == HttpVersion11
        and not (message.should_close or message.upgrade or message.chunked or message.compression)
        and message.path.isascii()
        and "#" not in message.path
        and "Expect" not in message.headers
    )
