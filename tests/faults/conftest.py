"""Stacks for the tests of the package: broken by each, whole again before the next."""

from collections.abc import Iterator

import pytest

from tests.faults.failover import FailoverStack, failover_stack
from tests.faults.stack import Stack, running
from tests.support.standby import embedded_binaries
from tests.support.stock_postgres import system_binaries


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with running() as one:
        yield one


@pytest.fixture(scope="package")
def two_workers() -> Iterator[Stack]:
    with running(workers=2) as one:
        yield one


@pytest.fixture(scope="package")
def proxied() -> Iterator[Stack]:
    """Two workers, and a proxy on every way."""
    with running(workers=2, proxied=True) as one:
        yield one


@pytest.fixture(scope="package", params=["embedded", "system"])
def synchronous(request: pytest.FixtureRequest) -> Iterator[FailoverStack]:
    """A primary with a synchronous standby, of the embedded version of PostgreSQL and of the system's."""
    bin_folder = embedded_binaries() if request.param == "embedded" else system_binaries()
    with failover_stack(bin_folder, synchronous=True) as one:
        yield one


@pytest.fixture(scope="package")
def asynchronous() -> Iterator[FailoverStack]:
    """Only of the embedded version: `make faults` plays every scenario on both."""
    with failover_stack(embedded_binaries(), synchronous=False) as one:
        yield one
