"""PostgreSQL breaks under load."""

import pytest

from tests.faults import on_postgres
from tests.faults.drill import Fault, assert_harmless
from tests.faults.stack import Stack


@pytest.mark.parametrize("fault", on_postgres.FAULTS, ids=lambda fault: fault.name)
async def test_nothing_is_lost_and_nothing_doubled(stack: Stack, fault: Fault) -> None:
    await assert_harmless(stack, fault)
