"""Pages of lists, with links to the next one (RFC 8288)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from aiohttp import web
from yarl import URL

from service.http.responses import json_response

T = TypeVar("T")


def without_cache_buster(url: URL) -> URL:
    """The address without the parameter `_`, which clients add to get past caches (see requests.query)."""
    return url.without_query_params("_") if "_=" in url.raw_query_string else url


def link_to_page(url: URL, **place: str) -> str:
    """The value of a Link header: `url` with its parameters replaced by `place`."""
    return f'<{url.update_query(place)}>; rel="next"'


def page_response(
    request: web.Request,
    rows: Sequence[T],
    limit: int,
    place_of: Callable[[T], object],
    *,
    parameter: str = "before",
    body: object = None,
) -> web.Response:
    """The page as JSON, `rows` or the `body` that has them. A full one has a link to the next, which begins after its
    last row: there, `parameter` is that row's `place_of`.
    """
    response = json_response(rows if body is None else body)
    if len(rows) == limit:
        place = {parameter: str(place_of(rows[-1]))}
        response.headers["Link"] = link_to_page(without_cache_buster(request.rel_url), **place)
    return response
