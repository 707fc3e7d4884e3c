"""The application: its settings, its resources, its routes."""

import asyncio
import contextlib
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
from service.http import app_keys, middleware, openapi, routes, webui
from service.http.cors import Cors
from service.leaderboard.leaderboard import Leaderboard
from service.observability import metrics, new_relic
from service.process import metrics_server
from service.readiness import Probe
from service.settings import Settings


def create_app(settings: Settings, dist: Path = webui.DIST) -> web.Application:
    """The service as an aiohttp application. Its resources open at start-up, in this order, and close in
    reverse, so the database pool goes last.

    `settings` names a database (`service_url`) and a Redis (`redis_url`) that run already; `dist` is where
    the built web page lies, or will.
    """
    app = web.Application(client_max_size=settings.max_body_bytes, middlewares=[middleware.respond])
    app[app_keys.SETTINGS] = settings
    app[app_keys.OPENAPI] = msgspec.json.encode(openapi.document())
    app[app_keys.WEBUI] = webui.WebUI(dist)
    app[app_keys.ACCESS_CONTROL] = AccessControl(settings)
    app[app_keys.CORS] = Cors(settings.cors_origins)
    app.cleanup_ctx.extend([_database, _keyring, _cache, _probe, _rate_limits, _leaderboard])
    # Only then what runs in the background: the agent has to be connected before it sees the first of it.
    app.cleanup_ctx.extend([_report, _folder, _watcher, _key_watcher, _verifier])
    routes.add_to(app)
    app[app_keys.CORS].add_to(app)
    app[app_keys.WEBUI].add_to(app)
    return app


async def _database(app: web.Application) -> AsyncIterator[None]:
    app[app_keys.DATABASE] = await Database.connect(app[app_keys.SETTINGS])
    yield
    await app[app_keys.DATABASE].close()


async def _keyring(app: web.Application) -> AsyncIterator[None]:
    access_control = app[app_keys.ACCESS_CONTROL]
    required = app[app_keys.SETTINGS].require_keys
    keyring = access_control.keyring = Keyring(app[app_keys.DATABASE].usable_api_keys, required=required)
    with contextlib.suppress(ApiError):  # /readyz and the log tell what is wrong with the database
        await keyring.refresh()
        access_control.log_changes()
    yield
    await keyring.close()


async def _cache(app: web.Application) -> AsyncIterator[None]:
    settings = app[app_keys.SETTINGS]
    assert settings.redis_url is not None, "the embedded server's address is filled in before the application starts"
    cache = app[app_keys.CACHE] = Cache(
        settings.redis_url,
        app[app_keys.DATABASE],
        timeout_seconds=settings.redis_timeout_ms / 1000,
        ttl_seconds=settings.cache_ttl_seconds,
    )
    await cache.start()
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
        # There are four kinds: however many of one stall, the others and the folds find a connection.
        most=max(1, settings.pool_size // 5),
    )
    yield
    await leaderboard.close()


async def _folder(app: web.Application) -> AsyncIterator[None]:
    interval = app[app_keys.SETTINGS].fold_interval_ms / 1000
    async with _running(background.fold(app[app_keys.DATABASE], app[app_keys.LEADERBOARD].written, interval)):
        yield


async def _watcher(app: web.Application) -> AsyncIterator[None]:
    interval = app[app_keys.SETTINGS].watch_interval_ms / 1000
    written = app[app_keys.LEADERBOARD].written
    async with _running(background.watch(app[app_keys.DATABASE], app[app_keys.CACHE], written, interval)):
        yield


async def _key_watcher(app: web.Application) -> AsyncIterator[None]:
    async with _running(background.refresh_keys(app[app_keys.DATABASE], app[app_keys.ACCESS_CONTROL])):
        yield


async def _verifier(app: web.Application) -> AsyncIterator[None]:
    interval = app[app_keys.SETTINGS].verify_interval_seconds
    if interval == 0:
        yield
        return
    async with _running(background.verify(app[app_keys.DATABASE], interval)):
        yield


async def _report(app: web.Application) -> AsyncIterator[None]:
    """Reports the metrics to New Relic and Prometheus, if they are configured."""
    database, cache, leaderboard = app[app_keys.DATABASE], app[app_keys.CACHE], app[app_keys.LEADERBOARD]
    with metrics.gauges_from(database.pool.update_gauges, cache.update_gauges, leaderboard.update_gauges):
        # Before the first request, so that it is traced. In a thread, because a collector that hangs blocks it.
        await asyncio.to_thread(new_relic.tracing.connect)
        async with metrics_server.running(app[app_keys.SETTINGS]), _running(new_relic.tracing.report_metrics()):
            yield


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
