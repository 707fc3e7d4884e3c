"""The folder for servers' data of a run is gone after it, also after a killed one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT, scratch


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Holds the folders of this test's runs. This test's own run keeps its folder."""
    monkeypatch.setenv("LEADERBOARD_TEST_SCRATCH", "restored by monkeypatch")
    monkeypatch.setattr(scratch, "_root", lambda: tmp_path)
    return tmp_path


def test_every_run_has_a_folder_of_its_own(root: Path) -> None:
    with scratch.scratch_of_this_run():
        first = scratch.scratch()
        (first / "data").mkdir()
        with scratch.scratch_of_this_run():
            second = scratch.scratch()
            assert second != first
            assert (first / "data").exists()
    assert list(root.iterdir()) == []


def test_without_a_run_it_is_the_folder_of_all_runs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADERBOARD_TEST_SCRATCH")
    assert scratch.scratch() == root


def test_a_run_removes_what_a_killed_one_left(root: Path) -> None:
    killed = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from tests.support import scratch\n"
            f"scratch._root = lambda: Path({str(root)!r})\n"
            "with scratch.scratch_of_this_run():\n"
            "    print(scratch.scratch(), flush=True); time.sleep(600)",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with killed:
        assert killed.stdout is not None
        left = Path(killed.stdout.readline().strip())
        scratch.remove_left_by_killed_runs(root)
        assert left.exists()  # it still runs
        os.kill(killed.pid, signal.SIGKILL)
    (left / "data").mkdir()
    with scratch.scratch_of_this_run():
        assert not left.exists()
