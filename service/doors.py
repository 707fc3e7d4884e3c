"""What a request has to pass before its handler sees it."""

from aiohttp import web


async def admit(request: web.Request, route: str) -> None:
    """Lets the request in, or raises the ApiError that tells why not. `route` is the name of its route."""
