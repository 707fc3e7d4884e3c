"""A Redis with Sentinel, and a Redis cluster, fail over under load: no request fails, and no answer is stale."""

from collections.abc import Iterator

import pytest

from tests.faults import on_redis_failover
from tests.faults.drill import assert_harmless
from tests.faults.stack import Stack, running
from tests.support import redis_topologies
from tests.support.redis_topologies import Cluster, Sentinels

Failing = tuple[Stack, "Sentinels | Cluster"]


@pytest.fixture(scope="module", params=[Sentinels, Cluster], ids=lambda kind: kind.__name__)
def failing(request: pytest.FixtureRequest) -> Iterator[Failing]:
    """Two workers on a Redis that fails over."""
    with (
        redis_topologies.running(request.param) as topology,
        running(workers=2, environ={"REDIS_URL": topology.url}) as stack,
    ):
        yield stack, topology


async def test_nobody_notices(failing: Failing) -> None:
    stack, topology = failing
    await stack.recovered()
    for fault in on_redis_failover.faults(topology):
        await assert_harmless(stack, fault)
