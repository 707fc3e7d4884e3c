"""service/cache/single_flight.py: one call for all who ask while it is under way."""

import asyncio
import contextvars

import pytest

from service.batching import FullError
from service.cache.single_flight import SingleFlight

REQUEST = contextvars.ContextVar("request", default="none")


class Work:
    """Calls that end when the test lets them, and say which request they run for."""

    def __init__(self, **options):
        self.begun = 0
        self.go_on = asyncio.Event()
        self.flights = SingleFlight(**options)

    async def _work(self):
        self.begun += 1
        await self.go_on.wait()
        return self.begun, REQUEST.get()

    def ask(self, key="key"):
        async def wait():
            return await self.flights(key, self._work)

        return asyncio.create_task(wait())


async def turns():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_callers_share_the_call_under_way_and_no_other_one():
    work = Work()
    calls = [work.ask() for _ in range(3)]
    await turns()
    work.go_on.set()
    assert await asyncio.gather(*calls) == [(1, "none")] * 3
    assert await work.ask() == (2, "none")


async def test_each_key_has_a_call_of_its_own():
    work = Work()
    calls = [work.ask("one"), work.ask("two"), work.ask("one")]
    await turns()
    assert work.begun == 2
    work.go_on.set()
    await asyncio.gather(*calls)
    assert work.begun == 2


async def test_a_cancelled_caller_cancels_neither_the_call_nor_the_others():
    work = Work()
    first, second = work.ask(), work.ask()
    await turns()
    first.cancel()
    await turns()
    work.go_on.set()
    assert await second == (1, "none")


async def test_a_call_whose_callers_have_all_left_ends_quietly(caplog):
    async def fail():
        await asyncio.sleep(0)
        raise ValueError("too late")

    flights = SingleFlight()
    flights("key", fail).cancel()
    await turns()
    assert caplog.records == []
    assert await flights("key", lambda: asyncio.sleep(0, "next")) == "next"


async def test_a_failure_is_raised_for_each_caller_and_forgotten():
    async def fail():
        await asyncio.sleep(0)
        raise ValueError("failed")

    flights = SingleFlight()
    for call in flights("key", fail), flights("key", fail):
        with pytest.raises(ValueError, match="failed"):
            await call
    assert await flights("key", lambda: asyncio.sleep(0, "next")) == "next"


async def test_a_call_that_does_not_begin_leaves_nothing_behind():
    def refuse():
        raise FullError

    flights = SingleFlight()
    with pytest.raises(FullError):
        flights("key", refuse)
    assert await flights("key", lambda: asyncio.sleep(0, "next")) == "next"


async def test_past_its_capacity_only_calls_under_way_are_joined():
    work = Work(capacity=1)
    first, joined = work.ask("one"), work.ask("one")
    await turns()
    with pytest.raises(FullError):
        await work.ask("two")
    work.go_on.set()
    assert await first == await joined
    assert await work.ask("two") == (2, "none")


async def test_a_call_runs_for_no_request_unless_asked_to():
    REQUEST.set("first")
    for options, request in ({}, "none"), ({"in_callers_context": True}, "first"):
        work = Work(**options)
        work.go_on.set()
        assert await work.ask() == (1, request)


async def test_a_future_is_waited_for_as_it_is():
    answer = asyncio.get_running_loop().create_future()
    flights = SingleFlight()
    first, second = [flights("key", lambda: answer) for _ in range(2)]
    first.cancel()
    await turns()
    assert not answer.cancelled()
    answer.set_result(7)
    assert await second == 7


async def test_closing_cancels_calls_and_callers():
    work = Work()
    call = work.ask()
    await turns()
    await work.flights.close()
    with pytest.raises(asyncio.CancelledError):
        await call
