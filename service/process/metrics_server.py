"""GET /metrics: the metrics for Prometheus, on a port of their own that need not be public."""

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
CACHE_LOOK_UPS = PREFIX + "cache_look_ups"


def prometheus_name(family: "metrics.Family[Any]") -> str:
    """`BatchWait` as `leaderboard_batch_wait_seconds`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", family.name).lower()
    return PREFIX + words + (f"_{family.unit}" if family.unit else "")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[None]:
    """Serves /metrics on METRICS_HOST and METRICS_PORT, unless that is 0. Raises ListenError."""
    if settings.metrics_port == 0:
        yield
        return
    # Loaded only here, so that only a service with METRICS_PORT needs the memory.
    from prometheus_client import CollectorRegistry, ProcessCollector
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Collector())
    setting, host = "METRICS_HOST", settings.metrics_host
    if host is None:
        setting, host = "HOST", settings.host
    # ALLOWED_HOSTS does not matter here: a collector on another machine asks by address.
    is_allowed = allowed_hosts.loopback_check(host)

    async def get_metrics(request: web.Request) -> web.Response:
        if is_allowed is not None and not all(map(is_allowed, allowed_hosts.named(request))):
            raise web.HTTPMisdirectedRequest
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    app = web.Application()
    app.router.add_get("/metrics", get_metrics)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    with contextlib.ExitStack() as sockets:
        try:
            try:
                for socket in bind(host, settings.metrics_port, sockets, setting=setting):
                    await web.SockSite(runner, socket).start()
            except OSError as error:
                raise ListenError(
                    f"METRICS_PORT={settings.metrics_port} cannot be used on {setting}={host}:"
                    f" {error.strerror}. Each worker uses one port, counting up from this one."
                ) from error
            yield
        finally:
            await runner.cleanup()


class _Collector:
    """Gives the metrics to prometheus-client, at each scrape."""

    def collect(self) -> Iterator[Any]:
        metrics.update_gauges()
        for family in metrics.FAMILIES:
            yield _converted(family)


def _converted(family: "metrics.Family[Any]") -> Any:
    from prometheus_client import core  # loaded already

    name, text, labels = prometheus_name(family), f"{family.help}.", family.labels
    if family.kind is metrics.Ratio:
        # Two counters, from which Prometheus can compute the ratio over any period.
        look_ups = core.CounterMetricFamily(CACHE_LOOK_UPS, text, labels=(*labels, "found"))
        for values, series in family.items():
            look_ups.add_metric((*values, "yes"), series.found)
            look_ups.add_metric((*values, "no"), series.missed)
        return look_ups
    if family.kind is metrics.Histogram:
        histograms = core.HistogramMetricFamily(name, text, labels=labels)
        bounds = [*map(str, metrics.BOUNDS), "+Inf"]
        for values, series in family.items():
            buckets = list(zip(bounds, accumulate(series.buckets), strict=True))
            histograms.add_metric(values, buckets, series.total)
        return histograms
    if family.kind is metrics.Summary:
        summaries = core.SummaryMetricFamily(name, text, labels=labels)
        for values, series in family.items():
            summaries.add_metric(values, series.count, series.total)
        return summaries
    kind = core.CounterMetricFamily if family.kind is metrics.Counter else core.GaugeMetricFamily
    numbers = kind(name, text, labels=labels)
    for values, series in family.items():
        if series.value is not None:
            numbers.add_metric(values, series.value)
    return numbers
