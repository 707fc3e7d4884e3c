from collections.abc import Iterator

import pytest

from tests.support.api import errors_are_documented


@pytest.fixture(autouse=True)
def documented() -> Iterator[None]:
    with errors_are_documented():
        yield
