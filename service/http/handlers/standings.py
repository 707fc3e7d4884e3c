"""Reads of a board: its best players, the ranks of players and of totals, its distribution."""

import functools

from aiohttp import web
from yarl import URL

from service import errors
from service.errors import ApiError
from service.http import app_keys, requests, schemas
from service.http.paging import link_to_page, without_cache_buster
from service.http.responses import encoded_json_response, json_response
from service.leaderboard.leaderboard import STANDINGS
from service.model import PlayerRef

#: How far back `at` goes, how long a window is, and how long a history, at most and by default.
MAX_DAYS, MAX_HISTORY_DAYS, HISTORY_DAYS = 31, 366, 30


async def top(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.TopQuery)
    leaderboard, board, details = request.app[app_keys.LEADERBOARD], requests.split_of(query), requests.details(query)
    if query.from_ is not None or query.to is not None:
        return await _top_between(request, query)
    if query.place is None:
        body = await leaderboard.top(query.limit, requests.cursor(query.after), board, details)
    elif query.after is None:
        body = await leaderboard.from_place(requests.place(query.place), query.limit, board, details)
    else:
        raise ApiError(errors.INVALID_PARAMETER, "give place or after, not both: each says where the page begins")
    response = encoded_json_response(body)
    next_page = next_page_of(request.rel_url, body, query.limit)
    if next_page is not None:
        response.headers["Link"] = next_page
    return response


async def _top_between(request: web.Request, query: schemas.TopQuery) -> web.Response:
    begin, end = requests.window(query.from_, query.to, MAX_DAYS)
    for name in ("season", "after", "place"):
        if getattr(query, name) is not None:
            raise ApiError(errors.INVALID_PARAMETER, f"{name} does not go with from and to")
    details = requests.details(query)
    if details is not None and details.metadata:
        raise ApiError(errors.INVALID_PARAMETER, "include: metadata does not go with from and to")
    past = request.app[app_keys.LEADERBOARD].past
    return encoded_json_response(await past.top_between(begin, end, query.limit, requests.split_of(query), details))


def next_page_of(url: URL, body: bytes, limit: int) -> str | None:
    """The Link header for the page after `body`, which answers `url`; None if that is the last page."""
    return _next_page(without_cache_buster(url), body, limit)


@functools.lru_cache(maxsize=32)
def _next_page(url: URL, body: bytes, limit: int) -> str | None:
    """Cached, since between two changes of the board all callers get the same one."""
    rows = STANDINGS.decode(body)
    if len(rows) < limit or url.query.get("place") == "last":
        return None
    last = rows[-1]
    place = (
        f"{last.total_score}.{last.user_id}" if last.tie is None else f"{last.total_score}.{last.tie}.{last.user_id}"
    )
    return link_to_page(url.without_query_params("place"), after=place)


async def rank(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.RankQuery)
    player = requests.player(request.match_info["user_id"])
    _log_player(request, player)
    if query.at is not None:
        return await _rank_at(request, query.at, query, player)
    leaderboard, board, details = request.app[app_keys.LEADERBOARD], requests.split_of(query), requests.details(query)
    if details is None:
        return encoded_json_response(await leaderboard.rank(player, board))
    return encoded_json_response(await leaderboard.detailed_rank(player, board, details))


async def _rank_at(request: web.Request, at: str, query: schemas.RankQuery, player: PlayerRef) -> web.Response:
    moment = requests.past_moment(at, MAX_DAYS)
    if query.include is not None:
        raise ApiError(errors.INVALID_PARAMETER, "include does not go with at")
    past = request.app[app_keys.LEADERBOARD].past
    return encoded_json_response(await past.rank_at(player, moment, requests.split_of(query)))


async def player_history(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.HistoryQuery)
    player = requests.player(request.match_info["user_id"])
    _log_player(request, player)
    begin, end = requests.window(query.from_, query.to, MAX_HISTORY_DAYS, default_days=HISTORY_DAYS)
    past = request.app[app_keys.LEADERBOARD].past
    return encoded_json_response(
        await past.history(player, None if query.from_ is None else begin, end, requests.split_of(query))
    )


async def around(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.AroundQuery)
    player = requests.player(request.match_info["user_id"])
    _log_player(request, player)
    board, details = requests.split_of(query), requests.details(query)
    return encoded_json_response(await request.app[app_keys.LEADERBOARD].around(player, query.span, board, details))


async def ranks(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.RanksQuery)
    players, details = requests.players(query), requests.details(query)
    return json_response(await request.app[app_keys.LEADERBOARD].ranks(players, requests.split_of(query), details))


async def distribution(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.DistributionQuery)
    board = requests.split_of(query)
    return encoded_json_response(await request.app[app_keys.LEADERBOARD].distribution(query.buckets, board))


async def rank_of(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.RankOfQuery)
    board = requests.split_of(query)
    return encoded_json_response(await request.app[app_keys.LEADERBOARD].rank_of(query.score, board))


async def threshold(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.ThresholdQuery)
    if (query.place is None) == (query.percent is None):
        raise ApiError(errors.INVALID_PARAMETER, "give place or percent: one of the two")
    board = requests.split_of(query)
    return encoded_json_response(await request.app[app_keys.LEADERBOARD].threshold(query.place, query.percent, board))


def _log_player(request: web.Request, player: PlayerRef) -> None:
    """Lets the log line have the player's number."""
    if isinstance(player, int):
        request[app_keys.USER_ID] = player
