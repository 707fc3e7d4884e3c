"""Redis breaks under load, and no request fails."""

import pytest

from tests.faults import on_redis
from tests.faults.drill import Fault, assert_harmless
from tests.faults.stack import Stack


@pytest.mark.parametrize("fault", on_redis.FAULTS, ids=lambda fault: fault.name)
async def test_nobody_notices(stack: Stack, fault: Fault) -> None:
    await assert_harmless(stack, fault)
