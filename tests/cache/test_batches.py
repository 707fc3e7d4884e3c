"""service/batches.py: calls that arrive while a batch is under way form the next one."""

import asyncio

import pytest

from service.batches import Batches


class Work:
    """Batches of numbers, each answered with its double when the test lets it."""

    def __init__(self):
        self.begun = []
        self.go_on = asyncio.Semaphore(0)
        self.double = Batches(self._double)

    async def _double(self, numbers):
        self.begun.append(numbers)
        await self.go_on.acquire()
        if -1 in numbers:
            raise ValueError("minus one")
        return [2 * number for number in numbers]

    def call(self, number):
        return asyncio.create_task(self.double(number))


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


async def test_a_caller_that_is_cancelled_leaves_the_others_alone():
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
