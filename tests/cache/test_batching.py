"""service/batching.py: calls that arrive while a batch is under way form the next one."""

import asyncio

import pytest

from service.batching import Batcher, FullError
from tests.support.waiting import until


class Work:
    """Batches of numbers, each answered with its double when the test lets it."""

    def __init__(self, **bounds):
        self.begun = []
        self.go_on = asyncio.Semaphore(0)
        self.double = Batcher(self._double, "test", **bounds)

    async def _double(self, numbers):
        self.begun.append(numbers)
        await self.go_on.acquire()
        if -1 in numbers:
            raise ValueError("minus one")
        return [2 * number for number in numbers]

    def call(self, number):
        async def call():
            return await self.double(number)

        return asyncio.create_task(call())


async def turns():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_call_alone_is_a_batch_at_once():
    work = Work()
    call = work.call(1)
    await turns()
    assert work.begun == [[1]]
    work.go_on.release()
    assert await call == 2


async def test_calls_that_come_meanwhile_form_the_next_batch():
    work = Work()
    first = work.call(1)
    await turns()
    others = [work.call(2), work.call(3)]
    await turns()
    assert work.begun == [[1]]
    work.go_on.release()
    assert await first == 2
    await turns()
    others.append(work.call(4))
    await turns()
    assert work.begun == [[1], [2, 3]]
    work.go_on.release()
    work.go_on.release()
    assert await asyncio.gather(*others) == [4, 6, 8]
    assert work.begun == [[1], [2, 3], [4]]


async def test_a_failure_is_for_its_batch_only():
    work = Work()
    first = [work.call(1)]
    await turns()
    second = [work.call(-1), work.call(2)]
    await turns()
    for _ in range(3):
        work.go_on.release()
    assert await asyncio.gather(*first) == [2]
    for call in second:
        with pytest.raises(ValueError, match="minus one"):
            await call
    assert await work.call(3) == 6


async def test_a_cancelled_caller_does_not_affect_the_others():
    work = Work()
    calls = [work.call(1), work.call(2)]
    await turns()
    calls[0].cancel()
    await turns()
    work.go_on.release()
    assert await calls[1] == 4
    work.go_on.release()
    assert await work.call(3) == 6


async def test_closing_cancels_what_is_left():
    work = Work()
    calls = [work.call(1)]
    await turns()
    calls.append(work.call(2))
    await turns()
    await work.double.close()
    for call in calls:
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_several_batches_at_a_time_and_then_the_next():
    work = Work(concurrency=2)
    calls = [work.call(1)]
    await turns()
    calls.append(work.call(2))
    await turns()
    calls += [work.call(3), work.call(4)]
    await turns()
    assert work.begun == [[1], [2]]
    for _ in range(3):
        work.go_on.release()
    assert await asyncio.gather(*calls) == [2, 4, 6, 8]
    assert work.begun == [[1], [2], [3, 4]]


async def test_a_batch_has_so_many_calls_at_most():
    work = Work(size=2)
    calls = [work.call(number) for number in range(1, 6)]
    for _ in range(3):
        work.go_on.release()
    assert await asyncio.gather(*calls) == [2, 4, 6, 8, 10]
    assert work.begun == [[1, 2], [3, 4], [5]]


async def test_past_the_capacity_a_call_is_refused_and_later_ones_are_accepted():
    work = Work(capacity=2)
    first = work.call(1)
    await turns()
    waiting = [work.call(2), work.call(3)]
    await turns()
    with pytest.raises(FullError):
        await work.double(4)
    for _ in range(3):
        work.go_on.release()
    assert await asyncio.gather(first, *waiting) == [2, 4, 6]
    assert await work.double(5) == 10


async def test_a_call_made_while_a_batch_ends_is_not_lost():
    """It is made when the runner has nothing left to do, but its task has not ended yet."""
    batches = Batcher(lambda numbers: asyncio.sleep(0, numbers), "test")

    async def one_after_the_other():
        return [await batches(number) for number in range(200)]

    async with asyncio.timeout(10):
        assert await one_after_the_other() == list(range(200))


async def test_a_stalled_batch_does_not_delay_the_others():
    work = Work(concurrency=1, max_concurrency=3, stall=0.02)
    stuck = work.call(1)
    await turns()
    others = [work.call(2), work.call(3)]
    await turns()
    assert work.begun == [[1]]  # it has not stalled yet
    await until(lambda: len(work.begun) == 2)
    assert work.begun == [[1], [2, 3]]
    more = work.call(4)
    await until(lambda: len(work.begun) == 3)
    assert work.begun[2] == [4]
    last = work.call(5)
    await asyncio.sleep(0.1)
    assert len(work.begun) == 3  # no more than `max_concurrency`, however long they stall
    for _ in range(4):
        work.go_on.release()
    assert await asyncio.gather(stuck, *others, more, last) == [2, 4, 6, 8, 10]


async def test_after_a_stall_there_are_no_more_batches_at_a_time_than_before():
    work = Work(concurrency=1, max_concurrency=3, stall=0.02)
    first, second = work.call(1), None
    await turns()
    second = work.call(2)
    await until(lambda: len(work.begun) == 2)
    work.go_on.release()
    work.go_on.release()
    assert await asyncio.gather(first, second) == [2, 4]
    await turns()
    calls = [work.call(3)]
    await turns()
    calls.append(work.call(4))
    await turns()
    assert work.begun[2:] == [[3]]
    work.go_on.release()
    work.go_on.release()
    assert await asyncio.gather(*calls) == [6, 8]


async def test_the_next_batch_begins_while_the_last_one_is_finished():
    finish = asyncio.Semaphore(0)
    seen = []

    async def after_commit(answers):
        seen.append(answers)
        await finish.acquire()

    work = Work(after_commit=after_commit)
    first = work.call(1)
    await turns()
    second = work.call(2)
    work.go_on.release()
    await turns()
    assert seen == [[2]]
    assert work.begun == [[1], [2]]
    assert not first.done()  # no answer before `after_commit` has ended
    finish.release()
    assert await first == 2
    work.go_on.release()
    finish.release()
    assert await second == 4


async def test_a_call_that_comes_while_a_lone_batch_is_finished_begins_at_once():
    finish = asyncio.Semaphore(0)

    async def after_commit(answers):
        await finish.acquire()

    work = Work(after_commit=after_commit)
    first = work.call(1)
    await turns()
    work.go_on.release()
    await turns()
    second = work.call(2)
    await turns()
    assert work.begun == [[1], [2]]
    third = work.call(3)
    await turns()
    assert work.begun == [[1], [2]]  # one batch at a time
    assert not first.done()
    for _ in range(3):
        finish.release()
    assert await first == 2
    for _ in range(2):
        work.go_on.release()
    assert [await second, await third] == [4, 6]


async def test_a_failure_after_the_commit_is_raised_for_each_call():
    async def after_commit(answers):
        raise ValueError("after the commit")

    work = Work(after_commit=after_commit)
    call = work.call(1)
    await turns()
    work.go_on.release()
    with pytest.raises(ValueError, match="after the commit"):
        await call


async def test_closing_cancels_what_is_done_after_the_commit():
    async def after_commit(answers):
        await asyncio.Event().wait()

    work = Work(after_commit=after_commit)
    call = work.call(1)
    await turns()
    work.go_on.release()
    await turns()
    await work.double.close()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_calls_behind_a_stalled_batch_get_a_runner_without_a_new_call():
    """The second runner ends because the first batch is back. Then another batch stalls, and no call comes any more."""
    work = Work(concurrency=1, max_concurrency=2, stall=0.02, size=1)
    calls = [work.call(number) for number in range(1, 5)]
    await until(lambda: len(work.begun) == 2)
    work.go_on.release()  # one of the two ends and begins the next, which stalls as well
    await until(lambda: len(work.begun) == 3)
    work.go_on.release()
    await until(lambda: len(work.begun) == 4)
    for _ in calls:
        work.go_on.release()
    assert await asyncio.gather(*calls) == [2, 4, 6, 8]
