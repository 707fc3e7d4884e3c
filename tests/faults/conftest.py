"""Stacks for the tests of the package: broken by each, whole again before the next."""

from collections.abc import Iterator

import pytest

from tests.faults.stack import Stack, running


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
