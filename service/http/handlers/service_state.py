"""What the service says about itself: liveness, readiness, and what the sender may do."""

import msgspec
from aiohttp import web

from service.http import app_keys, requests, schemas
from service.http.responses import json_response


async def healthz(request: web.Request) -> web.Response:
    """The process answers. It asks no other server, so a broken database does not get the process restarted."""
    requests.query(request, schemas.Query)
    return json_response(schemas.Health(status="ok"))


async def readyz(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    state = await request.app[app_keys.PROBE].state()
    if request.app[app_keys.STOPPING].is_set():
        state = msgspec.structs.replace(state, status="stopping")
    return json_response(state, status=503 if state.status in ("unavailable", "stopping") else 200)


async def access(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    access_control = request.app[app_keys.ACCESS_CONTROL]
    submit, read = [await access_control.allows(request, scope) for scope in ("submit", "read")]
    return json_response(schemas.Access(submit=submit, read=read))
