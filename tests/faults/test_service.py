"""Workers end under load, and releases are deployed."""

import pytest

from tests.faults import on_service
from tests.faults.drill import Fault, assert_harmless
from tests.faults.stack import Stack


@pytest.mark.parametrize("fault", on_service.FAULTS, ids=lambda fault: fault.name)
async def test_a_worker_ends(two_workers: Stack, fault: Fault) -> None:
    await assert_harmless(two_workers, fault)


async def test_a_deploy_under_load_fails_nobody(two_workers: Stack) -> None:
    await assert_harmless(two_workers, on_service.DEPLOY)
