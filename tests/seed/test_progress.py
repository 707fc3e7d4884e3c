"""What a bulk load shows while it runs."""

import sys

import pytest

from seed.generate import Plan
from seed.progress import Bar, Lines, Progress, shown

PHASES = (
    "players",
    "sessions",
    "statistics",
    "totals",
    "keys and indexes",
    "foreign keys",
    "rank index",
    "vacuum",
)


@pytest.mark.parametrize("plan", [Plan(1, 0, 1, False), Plan(1_000_000, 5_000_000, 1, False)])
def test_the_phases_make_up_the_whole(plan: Plan) -> None:
    assert sum(plan.share(phase) for phase in PHASES) == pytest.approx(1)


def test_a_bar_where_somebody_watches(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar = shown()
    assert isinstance(bar, Bar)
    with bar.phase("players", 0.25):
        bar.advance(0.5)
        bar.advance(1.7)  # an estimate may be too low
    with bar.phase("vacuum", 0.75):
        pass
    bar.close()
    last = capsys.readouterr().err.replace("\r", "\n").strip().splitlines()[-1]
    assert last.startswith("vacuum             100% |")


def test_lines_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown()
    assert isinstance(lines, Lines)
    with lines.phase("players", 1.0):
        lines.advance(0.5)
    assert capsys.readouterr().err == "players: 0.0 s\n"


def test_nothing_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    silence = Progress()
    with silence.phase("players", 1.0):
        silence.advance(0.5)
    silence.close()
    assert capsys.readouterr() == ("", "")
