"""What happens to the service's processes, and deploys beside them."""

import asyncio
import contextlib
import os
import random
import signal

from service.database import migrate
from tests.faults.drill import Fault
from tests.faults.stack import PATIENCE_SECONDS, Stack


async def _end_a_worker(stack: Stack, number: signal.Signals) -> None:
    workers = stack.workers_alive()
    assert len(workers) == stack.workers
    victim = random.choice(workers)
    os.kill(victim, number)
    await _replaced(stack, {victim})


async def _replaced(stack: Stack, old: set[int]) -> None:
    """Returns when the processes are gone and there are as many as before."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(alive := set(stack.workers_alive())) < stack.workers or alive & old:
            await asyncio.sleep(0.02)


async def _kill_a_worker(stack: Stack) -> None:
    await _end_a_worker(stack, signal.SIGKILL)


async def _stop_a_worker(stack: Stack) -> None:
    await _end_a_worker(stack, signal.SIGTERM)


async def _rolling_restart(stack: Stack) -> None:
    old = set(stack.workers_alive())
    stack.service.signal(signal.SIGUSR1)
    await _replaced(stack, old)


async def _deploy(stack: Stack) -> None:
    """All functions anew, several times in a row, as each start of a service does."""
    for _ in range(4):
        await asyncio.to_thread(migrate.apply, stack.owner_url)


async def _freeze_a_worker(stack: Stack) -> None:
    """A machine that swaps or a debugger: the process is there and does nothing for a while."""
    victim = random.choice(stack.workers_alive())
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGSTOP)
        try:
            await asyncio.sleep(1.5)
        finally:
            os.kill(victim, signal.SIGCONT)


KILL = Fault("service: kill -9 of a worker", _kill_a_worker, noticed=True, times=5)
STOP = Fault("service: SIGTERM of a worker", _stop_a_worker, most_attempts=2, times=5)
FREEZE = Fault("service: a worker stands still", _freeze_a_worker, unnoticed=True, times=3)
ROLLING = Fault("service: rolling restart (SIGUSR1)", _rolling_restart, most_attempts=2, times=3)
#: Need several workers.
FAULTS = (KILL, STOP, FREEZE, ROLLING)

DEPLOY = Fault("deploy: functions re-applied in a loop", _deploy, unnoticed=True, times=3)
