"""The Redis that the service uses fails over to a replica, or its keys move to another node of a cluster."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from tests.faults.drill import Fault
from tests.faults.stack import Stack
from tests.support.redis_topologies import Cluster, Sentinels
from tests.support.waiting import eventually

Topology = Sentinels | Cluster


async def _failed_over(topology: Topology, old: object) -> None:
    await asyncio.to_thread(eventually, lambda: topology.primary() is not old)


async def _kill(topology: Topology) -> None:
    old = topology.primary()
    old.kill()
    await _failed_over(topology, old)
    await asyncio.to_thread(old.start)
    await asyncio.to_thread(topology.until_whole)


async def _hang(topology: Topology) -> None:
    """The old primary comes back and does not know yet that it is none any more. Connections to it were kept."""
    old = topology.primary()
    old.freeze()
    try:
        await _failed_over(topology, old)
        await asyncio.sleep(random.uniform(0, 1))
    finally:
        old.thaw()
    await asyncio.to_thread(topology.until_whole)


async def _move_keys(topology: Topology) -> None:
    assert isinstance(topology, Cluster)
    await asyncio.to_thread(topology.move_slot)
    await asyncio.sleep(random.uniform(0, 1))
    await asyncio.to_thread(topology.move_slot)


def faults(topology: Topology) -> tuple[Fault, ...]:
    """For a stack that uses `topology`."""
    name = type(topology).__name__

    def fault(what: str, inject: Callable[[Topology], Awaitable[None]]) -> Fault:
        async def on_topology(_: Stack) -> None:
            await inject(topology)

        return Fault(f"Redis, {name}: {what}", on_topology, unnoticed=True, sign="cache down", times=20)

    found = [fault("the primary is killed", _kill), fault("the primary hangs and comes back", _hang)]
    if isinstance(topology, Cluster):
        found.append(fault("the keys move to another node", _move_keys))
    return tuple(found)
