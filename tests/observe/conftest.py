"""What the tests of measurements share: a collector, and the processes of tests/process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.observe import collector as collectors
from tests.process.conftest import cluster, data_dir, eventually, folder, service

__all__ = ["cluster", "data_dir", "eventually", "folder", "service"]


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[collectors.Collector]:
    with collectors.running(tmp_path) as running:
        yield running
