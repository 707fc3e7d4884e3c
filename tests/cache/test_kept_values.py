"""service/cache/kept_values.py: how much a process keeps, and for how long."""

import tracemalloc

import pytest

from service.cache import kept_values
from service.cache.kept_values import KeptValues

STAMP = b"epoch 1/1"


@pytest.fixture
def clock(monkeypatch):
    """The time, to be set."""
    time = [0.0]
    monkeypatch.setattr(kept_values, "clock", lambda: time[0])
    return time


def bodies(values, count):
    return [value.body for n in range(count) if (value := values.get(f"rank:{n}")) is not None]


def test_a_value_comes_back_with_its_stamp():
    values = KeptValues(10_000)
    values.put("rank:1", STAMP, b"first", 30)
    values.put("rank:1", STAMP, b"second", 30)
    value = values.get("rank:1")
    assert value is not None
    assert (value.body, value.stamp) == (b"second", STAMP)
    assert values.get("rank:2") is None


def test_it_expires(clock):
    values = KeptValues(10_000)
    values.put("rank:1", STAMP, b"{}", 30)
    clock[0] = 29.9
    assert values.get("rank:1") is not None
    clock[0] = 30.0
    assert values.get("rank:1") is None


def test_another_stamp_takes_the_place_of_all():
    values = KeptValues(10_000)
    for n in range(5):
        values.put(f"rank:{n}", STAMP, b"{}", 30)
    values.put("rank:7", b"epoch 1/2", b"{}", 30)
    assert bodies(values, 7) == []
    assert values.get("rank:7") is not None
    size = values.size
    values.put("rank:7", b"epoch 1/3", b"{}", 30)
    assert values.size == size


def test_the_oldest_goes_when_there_is_no_room():
    values = KeptValues(2_000)
    for n in range(100):
        values.put(f"rank:{n}", STAMP, b"%d" % n, 30)
        assert values.size <= 2_000
    kept = bodies(values, 100)
    assert kept == [b"%d" % n for n in range(100 - len(kept), 100)]
    assert len(kept) > 3


def test_one_that_is_too_large_is_not_kept_nor_what_it_replaces():
    values = KeptValues(2_000)
    values.put("rank:1", STAMP, b"small", 30)
    values.put("rank:2", STAMP, b"small", 30)
    values.put("rank:1", STAMP, b"x" * 2_000, 30)
    assert values.get("rank:1") is None
    assert values.get("rank:2") is not None
    nothing = KeptValues(0)
    nothing.put("rank:1", STAMP, b"", 30)
    assert nothing.get("rank:1") is None
    assert nothing.size == 0


# 11,000 entries have just made the dict grow, when it is emptiest.
@pytest.mark.parametrize(("count", "length"), [(1_000, 0), (11_000, 120), (30_000, 120), (300, 20_000)])
def test_the_size_is_what_python_allocates(count, length):
    """More would break the bound; much less would waste it."""
    values = KeptValues(1 << 30)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for n in range(count):
            values.put(f"rank:{1_000_000 + n}:overall", STAMP, bytes(length), 30)
        used = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 0.75 * values.size < used <= values.size


def test_a_full_one_takes_no_more_memory_as_values_come_and_go():
    values = KeptValues(1 << 20)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for n in range(20_000):
            values.put(f"rank:{1_000_000 + n}:overall", STAMP, bytes(120), 30)
        used = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert used <= 1 << 20
