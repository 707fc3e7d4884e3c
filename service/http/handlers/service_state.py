"""What the service says about itself: liveness, readiness, and what the sender may do."""

import msgspec
from aiohttp import web

from service import VERSION
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
    return json_response(
        schemas.Access(
            **{scope: await access_control.allows(request, scope) for scope in schemas.Access.__struct_fields__}
        )
    )


async def health_report(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    app = request.app
    state, verified = await app[app_keys.PROBE].state(), app[app_keys.LAST_VERIFY]
    return json_response(
        schemas.HealthReport(
            "stopping" if app[app_keys.STOPPING].is_set() else state.status,
            state.database,
            state.schema,
            schemas.CacheReport(state.cache.status, app[app_keys.CACHE].down_reason),
            state.rank_index,
            schemas.VerifyReport(verified.at, verified.differences, app[app_keys.SETTINGS].verify_interval_seconds),
            schemas.Versions(VERSION, app[app_keys.DATABASE].pool.server_version),
        )
    )
