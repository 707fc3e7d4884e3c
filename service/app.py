"""The application: its resources in the order of their start, and its routes."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from service import background
from service.access.api_keys import Keyring
from service.access.gate import AccessControl
from service.access.rate_limits import RateLimits
from service.cache.epoch_cache import Cache
from service.database.functions import Database
from service.errors import ApiError
from service.http import app_keys, client_script, middleware, openapi, routes, webui
from service.http.cors import Cors
from service.http.handlers import pages
from service.http.sharing import Cards
from service.leaderboard.leaderboard import Leaderboard
from service.live.hub import Hub
from service.observability import metrics, new_relic
from service.process import metrics_server
from service.readiness import LastVerify, Probe
from service.settings import Settings


def create_app(settings: Settings, dist: Path = webui.DIST) -> web.Application:
    """The service as an aiohttp application. Its resources open at start-up, in this order, and close in reverse order,
    the database pool last.

    `settings` names a running database (`service_url`) and a running Redis (`redis_url`); `dist` is the folder of the
    built web page, which need not exist yet.
    """
    app = web.Application(client_max_size=settings.max_body_bytes, middlewares=[middleware.respond])
    app[app_keys.SETTINGS] = settings
    app[app_keys.STOPPING] = asyncio.Event()
    app[app_keys.LAST_VERIFY] = LastVerify()
    app[app_keys.OPENAPI] = _openapi()
    app[app_keys.WEBUI] = webui.WebUI(dist, settings.embed_origins, settings.avatar_origins)
    access_control = app[app_keys.ACCESS_CONTROL] = AccessControl(settings)
    app[app_keys.CARDS] = Cards(settings, access_control)
    app[app_keys.CORS] = Cors(settings.cors_origins)
    # The New Relic agent (_report) has to be connected before the background work begins, to see all of it.
    app.cleanup_ctx.extend(
        [_database, _keyring, _cache, _probe, _rate_limits, _leaderboard, _live, _report, _background]
    )
    app.on_shutdown.append(_end_streams)
    routes.add_to(app)
    client_script.add_to(app)
    app[app_keys.CORS].add_to(app)
    app[app_keys.WEBUI].add_to(app)
    pages.add_to(app)
    return app


@functools.cache
def _openapi() -> bytes:
    """The document, made once a process: it is the same for all applications."""
    return msgspec.json.encode(openapi.document())


async def _database(app: web.Application) -> AsyncIterator[None]:
    app[app_keys.DATABASE] = await Database.connect(app[app_keys.SETTINGS])
    yield
    await app[app_keys.DATABASE].close()


async def _keyring(app: web.Application) -> AsyncIterator[None]:
    access_control = app[app_keys.ACCESS_CONTROL]
    required = app[app_keys.SETTINGS].require_keys
    keyring = access_control.keyring = Keyring(app[app_keys.DATABASE].usable_api_keys, required=required)
    with contextlib.suppress(ApiError):  # /readyz and the log say what is wrong with the database
        await keyring.refresh()
        access_control.log_changes()
    yield
    await keyring.close()


async def _cache(app: web.Application) -> AsyncIterator[None]:
    settings = app[app_keys.SETTINGS]
    assert settings.redis_url is not None, "__main__ fills in the address of the embedded server"
    cache = app[app_keys.CACHE] = Cache(
        settings.redis_url,
        app[app_keys.DATABASE],
        timeout_seconds=settings.redis_timeout_ms / 1000,
        ttl_seconds=settings.cache_ttl_seconds,
        max_kept_bytes=settings.cache_memory_mb << 20,
    )
    timelines = app[app_keys.DATABASE].pool.timelines
    # After a failover, values may be stored that come from writes that were lost. The new primary is not used before
    # they are out of date, so this must not wait for PostgreSQL.
    timelines.on_change = cache.outdate_all
    await cache.start()
    await timelines.share(cache.largest)
    yield
    await cache.close()


async def _probe(app: web.Application) -> AsyncIterator[None]:
    probe = app[app_keys.PROBE] = Probe(app[app_keys.DATABASE], app[app_keys.CACHE])
    yield
    await probe.close()


async def _rate_limits(app: web.Application) -> AsyncIterator[None]:
    if not app[app_keys.SETTINGS].rate_limits:
        yield
        return
    limits = app[app_keys.ACCESS_CONTROL].limits = RateLimits(app[app_keys.SETTINGS])
    with metrics.gauges_from(limits.update_gauges):
        yield
    await limits.close()


async def _leaderboard(app: web.Application) -> AsyncIterator[None]:
    settings = app[app_keys.SETTINGS]
    leaderboard = app[app_keys.LEADERBOARD] = Leaderboard(
        app[app_keys.DATABASE],
        app[app_keys.CACHE],
        max_waiting=settings.max_waiting,
        # There are four kinds of calls: if all of one kind stall, the others and the folds still get a connection.
        max_concurrency=max(1, settings.pool_size // 5),
    )
    yield
    await leaderboard.close()


async def _live(app: web.Application) -> AsyncIterator[None]:
    settings, access_control = app[app_keys.SETTINGS], app[app_keys.ACCESS_CONTROL]
    hub = app[app_keys.LIVE] = Hub(
        app[app_keys.DATABASE],
        lambda key: access_control.refusal(key, "read"),
        max_streams=settings.max_streams,
        max_concurrency=max(1, settings.pool_size // 5),
    )
    with metrics.gauges_from(hub.update_gauges):
        async with _running(hub.run()):
            yield
    await hub.close()


async def _end_streams(app: web.Application) -> None:
    """Before the requests that are under way are waited for: no stream ends by itself."""
    app[app_keys.LIVE].end_all()


async def _report(app: web.Application) -> AsyncIterator[None]:
    """Reports the metrics to New Relic and Prometheus, if they are configured."""
    database, cache, leaderboard = app[app_keys.DATABASE], app[app_keys.CACHE], app[app_keys.LEADERBOARD]
    with metrics.gauges_from(database.pool.update_gauges, cache.update_gauges, leaderboard.update_gauges):
        # Before the first request, so that it is traced. In a thread, because a collector that hangs blocks it.
        await asyncio.to_thread(new_relic.tracing.connect)
        async with metrics_server.running(app[app_keys.SETTINGS]), _running(new_relic.tracing.report_metrics()):
            yield


async def _background(app: web.Application) -> AsyncIterator[None]:
    settings, database = app[app_keys.SETTINGS], app[app_keys.DATABASE]
    written = app[app_keys.LEADERBOARD].written
    work = [
        background.fold(database, written, settings.fold_interval_ms / 1000),
        background.watch(database, app[app_keys.CACHE], written, settings.watch_interval_ms / 1000),
        background.fill(database, written),
        background.close_seasons(database, app[app_keys.CACHE]),
        background.lift_bans(database, app[app_keys.CACHE], written),
        background.copy_ranks(database, settings.keep_history_days),
        background.refresh_keys(database, app[app_keys.ACCESS_CONTROL]),
        background.share_timelines(database, app[app_keys.CACHE]),
    ]
    if settings.verify_interval_seconds:
        work.append(background.verify(database, app[app_keys.LAST_VERIFY], settings.verify_interval_seconds))
    async with _running(*work):
        yield


@asynccontextmanager
async def _running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
