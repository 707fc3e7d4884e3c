"""Reads of a board: its best players, the ranks of players, its distribution; and the list of boards."""

import functools

from aiohttp import web
from yarl import URL

from service.http import app_keys, requests, schemas
from service.http.paging import link_to_page, without_cache_buster
from service.http.responses import encoded_json_response, json_response
from service.leaderboard.leaderboard import STANDINGS


async def top(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.TopQuery)
    body = await request.app[app_keys.LEADERBOARD].top(query.limit, requests.cursor(query.after), query.board)
    response = encoded_json_response(body)
    next_page = next_page_of(request.rel_url, body, query.limit)
    if next_page is not None:
        response.headers["Link"] = next_page
    return response


def next_page_of(url: URL, body: bytes, limit: int) -> str | None:
    """The Link header for the page after `body`, which answers `url`; None if that is the last page."""
    return _next_page(without_cache_buster(url), body, limit)


@functools.lru_cache(maxsize=32)
def _next_page(url: URL, body: bytes, limit: int) -> str | None:
    """Cached, since between two changes of the board all callers get the same one."""
    rows = STANDINGS.decode(body)
    if len(rows) < limit:
        return None
    return link_to_page(url, after=f"{rows[-1].total_score}.{rows[-1].user_id}")


async def rank(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.BoardQuery)
    user_id = request[app_keys.USER_ID] = requests.user_id(request.match_info["user_id"])
    return encoded_json_response(await request.app[app_keys.LEADERBOARD].rank(user_id, query.board))


async def around(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.AroundQuery)
    user_id = request[app_keys.USER_ID] = requests.user_id(request.match_info["user_id"])
    return encoded_json_response(await request.app[app_keys.LEADERBOARD].around(user_id, query.span, query.board))


async def ranks(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.RanksQuery)
    user_ids = requests.user_ids(query.user_ids)
    return json_response(await request.app[app_keys.LEADERBOARD].ranks(user_ids, query.board))


async def distribution(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.DistributionQuery)
    return encoded_json_response(await request.app[app_keys.LEADERBOARD].distribution(query.buckets, query.board))


async def boards(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return json_response(await request.app[app_keys.LEADERBOARD].boards())
