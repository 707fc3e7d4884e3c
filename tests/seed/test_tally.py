"""Percentiles and the table of calls."""

import math

import pytest

from seed.tally import Tally, percentile


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5.0], 50, 5.0),
        ([5.0], 99, 5.0),
        ([1.0, 2.0], 50, 1.0),
        ([1.0, 2.0], 51, 2.0),
        ([15.0, 20.0, 35.0, 40.0, 50.0], 5, 15.0),
        ([15.0, 20.0, 35.0, 40.0, 50.0], 30, 20.0),
        ([15.0, 20.0, 35.0, 40.0, 50.0], 100, 50.0),
        ([float(n) for n in range(1, 101)], 99, 99.0),
        ([float(n) for n in range(1, 1001)], 99.9, 999.0),
    ],
)
def test_percentile(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_percentile_of_nothing() -> None:
    assert math.isnan(percentile([], 50))


def test_table() -> None:
    tally = Tally(("submit", "rank"))
    for number in range(1, 101):
        tally.answered("submit", number / 1000)
    tally.retried("submit")
    tally.error("rank", "wrong")
    tally.error("rank", "wrong")
    assert (tally.calls, tally.retries, tally.errors) == (100, 1, 2)
    assert tally.messages == {"rank: wrong": 2}
    assert [line.split() for line in tally.table(10.0).splitlines()[1:]] == [
        ["submit", "100", "10.0", "1", "0", "50.0", "95.0", "99.0", "100.0"],
        ["rank", "0", "0.0", "0", "2", "-", "-", "-", "-"],
        ["all", "100", "10.0", "1", "2", "50.0", "95.0", "99.0", "100.0"],
    ]
