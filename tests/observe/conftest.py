from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import collector as collectors


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[collectors.Collector]:
    with collectors.running(tmp_path) as running:
        yield running
