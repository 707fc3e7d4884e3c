"""What happens between the parts, above all between a commit and its answer. Needs a stack with proxies."""

import asyncio

from tests.faults.drill import Fault
from tests.faults.proxy import FAIR, Proxy, Weather
from tests.faults.stack import Stack

_LASTS_SECONDS = 1.5


async def _storm(proxy: Proxy | None, weather: Weather, seconds: float = _LASTS_SECONDS) -> None:
    assert proxy is not None
    proxy.weather = weather
    try:
        await asyncio.sleep(seconds)
    finally:
        proxy.weather = FAIR


async def _lose_commits(stack: Stack) -> None:
    await _storm(stack.to_postgres, Weather(lose_answer=0.2))


async def _truncate_postgres(stack: Stack) -> None:
    await _storm(stack.to_postgres, Weather(truncate_answer=0.1, truncate_request=0.1))


async def _delay_postgres(stack: Stack) -> None:
    await _storm(stack.to_postgres, Weather(delay=0.2))


async def _hang_postgres(stack: Stack) -> None:
    """Longer than the service's own patience with a statement: it must not wait for ever."""
    await _storm(stack.to_postgres, Weather(hang=True), 4)


async def _reset_postgres(stack: Stack) -> None:
    assert stack.to_postgres is not None
    for _ in range(5):
        stack.to_postgres.reset_all()
        await asyncio.sleep(0.2)


async def _lose_acknowledgements(stack: Stack) -> None:
    await _storm(stack.to_service, Weather(lose_answer=0.3))


async def _truncate_http(stack: Stack) -> None:
    await _storm(stack.to_service, Weather(truncate_answer=0.15, truncate_request=0.15))


async def _delay_http(stack: Stack) -> None:
    await _storm(stack.to_service, Weather(delay=0.3))


async def _reset_http(stack: Stack) -> None:
    assert stack.to_service is not None
    for _ in range(5):
        stack.to_service.reset_all()
        await asyncio.sleep(0.2)


FAULTS = (
    Fault("network to PostgreSQL: answers lost after the commit", _lose_commits, noticed=True, times=5),
    Fault("network to PostgreSQL: messages cut in half", _truncate_postgres, noticed=True, times=5),
    Fault("network to PostgreSQL: late", _delay_postgres, unnoticed=True),
    Fault("network to PostgreSQL: nothing passes for 4 s", _hang_postgres, noticed=True),
    Fault("network to PostgreSQL: connections reset", _reset_postgres, noticed=True),
    Fault("network to clients: acknowledgements lost", _lose_acknowledgements, noticed=True, times=5),
    Fault("network to clients: messages cut in half", _truncate_http, noticed=True, times=5),
    Fault("network to clients: late", _delay_http, unnoticed=True),
    Fault("network to clients: connections reset", _reset_http, noticed=True),
)
