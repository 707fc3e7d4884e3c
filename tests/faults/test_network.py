"""Connections between the parts break, above all between a commit and its answer."""

import pytest

from tests.faults import on_network, on_redis
from tests.faults.drill import Fault, assert_harmless
from tests.faults.stack import Stack


@pytest.mark.parametrize("fault", on_network.FAULTS, ids=lambda fault: fault.name)
async def test_an_answer_that_is_lost_is_given_again(proxied: Stack, fault: Fault) -> None:
    await assert_harmless(proxied, fault)


@pytest.mark.parametrize("fault", on_redis.PROXIED, ids=lambda fault: fault.name)
async def test_nobody_notices_the_way_to_redis(proxied: Stack, fault: Fault) -> None:
    await assert_harmless(proxied, fault)
