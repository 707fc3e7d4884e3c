"""Links to the next page of a list (RFC 8288)."""

from aiohttp import web
from yarl import URL


def without_cache_buster(url: URL) -> URL:
    """The address without the parameter `_`, which clients add to get past caches (see requests.query)."""
    return url.without_query_params("_") if "_=" in url.raw_query_string else url


def link_to_page(url: URL, **place: str) -> str:
    """The value of a Link header: `url` with its parameters replaced by `place`."""
    return f'<{url.update_query(place)}>; rel="next"'


def add_next_page(request: web.Request, response: web.Response, **place: str) -> None:
    response.headers["Link"] = link_to_page(without_cache_buster(request.rel_url), **place)
