"""Which requests are traced when there are too many. The tests control the clock."""

import asyncio
import time

import pytest

from service.observability import new_relic
from service.observability.sampling import BUSY_LIMIT, LATE_LIMIT, Sampler


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def second(sampler: Sampler, clock: Clock, **asks: int) -> dict[str, int]:
    """A second in which routes ask so often, as evenly among each other as can be; what each of them got."""
    clock.now += 1
    order = sorted((number / count, route) for route, count in asks.items() for number in range(count))
    got = dict.fromkeys(asks, 0)
    for _, route in order:
        got[route] += sampler.sample(route)
    return got


def steady(per_second: int, **asks: int) -> dict[str, int]:
    """What the routes get once the sampler knows them."""
    clock = Clock()
    sampler = Sampler(per_second, clock)
    second(sampler, clock, **asks)
    return second(sampler, clock, **asks)


def test_below_the_rate_everything_is_traced() -> None:
    assert steady(200, submit=150, rank=49, top=1) == {"submit": 150, "rank": 49, "top": 1}


def test_exactly_the_rate_is_traced_whole() -> None:
    assert steady(200, submit=199, rank=1) == {"submit": 199, "rank": 1}


def test_never_more_than_the_rate() -> None:
    clock = Clock()
    sampler = Sampler(10, clock)
    for asks in ({"a": 1000}, {"a": 1000, "b": 1000}, {"b": 5}, {"a": 3, "b": 50, "c": 7}, {"c": 11}, {}):
        assert sum(second(sampler, clock, **asks).values()) <= 10


def test_a_rare_route_is_seen_beside_busy_ones() -> None:
    got = steady(200, submit=10_000, rank=5_000, around=3)
    assert got["around"] == 3
    assert BUSY_LIMIT - 3 <= sum(got.values()) <= BUSY_LIMIT
    assert abs(got["submit"] - got["rank"]) <= 3  # the busy ones share the rest alike


def test_the_busier_the_fewer() -> None:
    assert [steady(200, submit=asks)["submit"] for asks in (200, 201, 400, 800, 801, 100_000)] == [
        *(200, 199, 100),
        *(BUSY_LIMIT,) * 3,
    ]
    assert steady(20, submit=10_000) == {"submit": 20}  # a limit below that one is the limit


def test_a_route_that_was_silent_is_seen_beside_a_busy_one() -> None:
    clock = Clock()
    sampler = Sampler(20, clock)
    second(sampler, clock, submit=5_000, boards=1)
    second(sampler, clock, submit=5_000)
    assert second(sampler, clock, submit=5_000, boards=1)["boards"] == 1


def test_a_busy_route_is_traced_all_through_the_second() -> None:
    clock = Clock()
    sampler = Sampler(10, clock)
    second(sampler, clock, submit=1000)
    clock.now += 1
    taken = [number for number in range(1000) if sampler.sample("submit")]
    assert len(taken) == 10
    assert taken[-1] >= 900


def test_a_quiet_second_after_a_busy_one_is_whole_again_in_the_next() -> None:
    clock = Clock()
    sampler = Sampler(10, clock)
    second(sampler, clock, submit=1000)
    second(sampler, clock, submit=4)
    assert second(sampler, clock, submit=4) == {"submit": 4}


def test_nothing_is_traced_with_a_rate_of_0() -> None:
    assert steady(0, submit=5) == {"submit": 0}


def test_a_late_event_loop_traces_fewer_and_recovers() -> None:
    clock = Clock()
    sampler = Sampler(200, clock)

    def traced(late: bool, asks: int = 150) -> int:
        second(sampler, clock, submit=asks)
        sampler.adapt(late=late)
        second(sampler, clock, submit=asks)  # its quotas are from before
        return second(sampler, clock, submit=asks)["submit"]

    assert traced(False) == 150
    assert [traced(True) for _ in range(4)] == [BUSY_LIMIT, 12, LATE_LIMIT, LATE_LIMIT]
    assert [traced(False) for _ in range(6)][-1] == 150
    assert [traced(True, BUSY_LIMIT) for _ in range(6)][-1] == BUSY_LIMIT  # it is late for another reason
    unused = Sampler(0, clock)
    for late in True, False:
        unused.adapt(late=late)
        assert second(unused, clock, submit=5) == {"submit": 0}


async def test_lateness_is_that_of_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_relic, "REPORT_SECONDS", 0.2)
    monkeypatch.setattr(new_relic, "_TIMERS", 4)

    async def hog() -> None:
        while True:
            time.sleep(0.03)  # the work of a busy loop
            await asyncio.sleep(0)

    busy = asyncio.create_task(hog())
    try:
        assert await new_relic._sleep() > new_relic.LATE_SECONDS
    finally:
        busy.cancel()
