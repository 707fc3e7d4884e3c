"""/metrics: the metrics as Prometheus text, on a port of its own that is not shown to the world."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import accumulate
from typing import Any

from aiohttp import web

from service.access import allowed_hosts
from service.observability import metrics
from service.process.sockets import ListenError, bind
from service.settings import Settings

PREFIX = "leaderboard_"
#: What a name says of its unit, by the word that its help begins with.
_SECONDS = "Seconds"


def name(family: "metrics.Family[Any]") -> str:
    """`BatchWait` as `leaderboard_batch_wait_seconds`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", family.name).lower()
    return PREFIX + words + ("_seconds" if family.help.startswith(_SECONDS) else "")


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[None]:
    """Answers GET /metrics on METRICS_PORT of HOST, unless that is 0. Raises ListenError."""
    if settings.metrics_port == 0:
        yield
        return
    # Not loaded by those who do not ask for it.
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    registry = CollectorRegistry()
    registry.register(_Measures())

    # By HOST alone: who collects the figures of other machines asks them by address.
    allows = allowed_hosts.loopback_check(settings)

    async def metrics(request: web.Request) -> web.Response:
        if allows is not None and not all(map(allows, allowed_hosts.named(request))):
            raise web.HTTPMisdirectedRequest
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    sockets = contextlib.ExitStack()
    try:
        try:
            for one in bind(settings, settings.metrics_port, sockets):
                await web.SockSite(runner, one).start()
        except OSError as error:
            raise ListenError(
                f"METRICS_PORT={settings.metrics_port} cannot be used on HOST={settings.host}:"
                f" {error.strerror}. Each worker takes one, from this number on."
            ) from error
        yield
    finally:
        await asyncio.shield(runner.cleanup())
        sockets.close()


class _Measures:
    """What prometheus-client asks for at each scrape."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client import core

        metrics.look()
        for family in metrics.FAMILIES:
            called, text, labels = name(family), family.help + ".", family.labels
            if family.kind == "counter":
                counters = core.CounterMetricFamily(called, text, labels=labels)
                for values, series in family.items():
                    counters.add_metric(values, series.value)
                yield counters
            elif family.kind == "gauge":
                gauges = core.GaugeMetricFamily(called, text, labels=labels)
                for values, series in family.items():
                    if series.value is not None:
                        gauges.add_metric(values, series.value)
                yield gauges
            elif family.kind == "ratio":
                yield _look_ups(family)
            elif family.kind == "histogram":
                histograms = core.HistogramMetricFamily(called, text, labels=labels)
                bounds = [*map(str, metrics.BOUNDS), "+Inf"]
                for values, series in family.items():
                    buckets = list(zip(bounds, accumulate(series.buckets), strict=True))
                    histograms.add_metric(values, buckets, series.total)
                yield histograms
            else:
                summaries = core.SummaryMetricFamily(called, text, labels=labels)
                for values, series in family.items():
                    summaries.add_metric(values, series.count, series.total)
                yield summaries


def _look_ups(family: "metrics.Family[Any]") -> Any:
    """A ratio as Prometheus wants it: two counters, of which it makes the ratio of any period."""
    from prometheus_client import core

    counters = core.CounterMetricFamily(PREFIX + "cache_look_ups", family.help + ".", labels=(*family.labels, "found"))
    for values, series in family.items():
        counters.add_metric((*values, "yes"), series.found)
        counters.add_metric((*values, "no"), series.missed)
    return counters
