"""When periods begin and end, compared with Python's zoneinfo, above all where clocks change."""

import datetime as dt
import itertools
import random
from zoneinfo import ZoneInfo

import asyncpg
import pytest

ZONES = [
    "America/Havana",  # midnight comes twice
    "America/Sao_Paulo",  # midnight does not exist
    "America/Asuncion",
    "Asia/Beirut",
    "Africa/Cairo",
    "Pacific/Apia",  # 30 December 2011 does not exist
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Chatham",  # at a quarter to four
    "Antarctica/Troll",  # by two hours
    "Africa/Casablanca",  # back for Ramadan
    "America/St_Johns",  # at a minute past midnight
    "Asia/Gaza",
    "UTC",
]
#: period, anchor. Those of months: months, then the anchor.
PERIODS = [
    ("1 day", dt.datetime(2001, 1, 1)),
    ("1 day", dt.datetime(2001, 1, 1, 0, 30)),
    ("7 days", dt.datetime(2024, 1, 1)),
    ("3 days", dt.datetime(2050, 1, 1, 2, 15)),
    ("1 month", dt.datetime(2001, 1, 1)),
    ("1 month", dt.datetime(2001, 1, 31)),
    ("3 months", dt.datetime(2011, 11, 30, 23, 59)),
    ("1 year", dt.datetime(2000, 2, 29, 12)),
    ("12 hours", dt.datetime(2001, 1, 1)),
    ("5 seconds", dt.datetime(2024, 11, 3)),
]
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)


def interval(period):
    """(months, time) of which one is 0 or None; a time of whole days counts local days."""
    number, unit = period.split()
    n = int(number)
    months = {"month": n, "months": n, "year": 12 * n}.get(unit, 0)
    return months, None if months else n * {"day": DAY, "days": DAY, "hours": 3600 * SECOND, "seconds": SECOND}[unit]


def start(period, anchor, zone, k):
    """As board.period_start."""
    months, time = interval(period)
    if time is not None and time < DAY:
        return anchor.replace(tzinfo=zone).astimezone(dt.UTC) + k * time
    if time is None:
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + k * months, 12)
        first = anchor.replace(year=year, month=month + 1, day=1)
        last = (first + 31 * DAY).replace(day=1) - DAY
        local = first.replace(day=min(anchor.day, last.day))
    else:
        local = anchor + k * time
    # fold=0: the first of two equal times; of a time that does not exist, the offset from before.
    return local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)


def changes(zone, first, last):
    """The times at which the clocks of a zone change."""
    found = []
    low = first
    while low < last:
        high = low + 7 * DAY
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            a, b = low, high
            while b - a > SECOND:
                middle = a + (b - a) // 2
                if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
                    a = middle
                else:
                    b = middle
            found.append(b.replace(microsecond=0))
        low = high
    return found


async def periods(db, period, anchor, zone, times):
    rows = await db.fetch(
        "SELECT t.at, p.* FROM unnest($4::timestamptz[]) WITH ORDINALITY AS t(at, n)"
        " CROSS JOIN LATERAL board.period_at($1::text::interval, $2, $3, t.at) AS p ORDER BY t.n",
        period, anchor, zone, times,
    )  # fmt: skip
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("name", ZONES)
async def test_it_agrees_with_another_calendar(db, name):
    zone, seed = ZoneInfo(name), random.Random(name)
    times = []
    for change in changes(zone, dt.datetime(2005, 1, 1, tzinfo=dt.UTC), dt.datetime(2025, 1, 1, tzinfo=dt.UTC)):
        for step in (0, 1, 1800, 3600, 7200, 86400, seed.randrange(90_000)):
            times += [change + step * SECOND, change - step * SECOND, change - step * SECOND - SECOND / 1_000_000]
    for _ in range(100):
        times.append(dt.datetime(1980, 1, 1, tzinfo=dt.UTC) + seed.random() * 45 * 365 * DAY)
    times.sort()
    for period, anchor in PERIODS:
        before = None
        for at, k, starts_at, ends_at in await periods(db, period, anchor, name, times):
            where = (name, period, str(at))
            assert starts_at <= at < ends_at, where
            assert (starts_at, ends_at) == (start(period, anchor, zone, k), start(period, anchor, zone, k + 1)), where
            if before is not None:
                assert (k, starts_at, ends_at) == before or (k > before[0] and starts_at >= before[2]), where
            before = k, starts_at, ends_at


@pytest.mark.parametrize("name", ["America/Havana", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo"])
@pytest.mark.parametrize("period", ["1 day", "1 month"])
async def test_neighbours_touch(db, name, period):
    """Walks from one period to the next: nothing is left out but the day that did not exist."""
    rows = await db.fetch(
        "WITH RECURSIVE walk AS ("
        " SELECT 0 AS n, p.* FROM board.period_at($1::text::interval, '2001-01-31', $2, '2010-06-01Z') AS p"
        " UNION ALL"
        " SELECT w.n + 1, p.* FROM walk AS w"
        " CROSS JOIN LATERAL board.period_at($1::text::interval, '2001-01-31', $2, w.ends_at) AS p WHERE w.n < 900"
        ") SELECT k, starts_at, ends_at FROM walk ORDER BY n",
        period,
        name,
    )
    skipped = [b["k"] - 1 for a, b in itertools.pairwise(rows) if b["k"] != a["k"] + 1]
    assert all(a["ends_at"] == b["starts_at"] for a, b in itertools.pairwise(rows))
    assert len(skipped) == (name == "Pacific/Apia" and period == "1 day")


@pytest.mark.parametrize(
    ("zone", "at", "starts_at", "ends_at"),
    [
        # Clocks went from 1:00 back to 0:00: the day begins at the first midnight, and has 25 hours.
        ("America/Havana", "2024-11-03 04:30Z", "2024-11-03 04:00Z", "2024-11-04 05:00Z"),
        # Clocks went from 0:00 to 1:00: the day begins at 1:00, and has 23 hours.
        ("America/Sao_Paulo", "2018-11-04 03:00Z", "2018-11-04 03:00Z", "2018-11-05 02:00Z"),
        # 29 December was followed by 31 December.
        ("Pacific/Apia", "2011-12-30 09:59Z", "2011-12-29 10:00Z", "2011-12-30 10:00Z"),
        ("Pacific/Apia", "2011-12-30 10:00Z", "2011-12-30 10:00Z", "2011-12-31 10:00Z"),
        ("UTC", "2024-02-29 12:00Z", "2024-02-29 00:00Z", "2024-03-01 00:00Z"),
    ],
)
async def test_a_day(db, zone, at, starts_at, ends_at):
    assert await db.fetchval(
        "SELECT (p.starts_at, p.ends_at) = ($3::text::timestamptz, $4::text::timestamptz)"
        " FROM board.period_at('1 day', '2000-01-01', $1, $2::text::timestamptz) AS p",
        zone, at, starts_at, ends_at,
    )  # fmt: skip


async def test_months_that_begin_on_the_31st(db):
    times = [
        dt.datetime(2024, month, day, tzinfo=dt.UTC) for month, day in [(1, 30), (2, 28), (3, 30), (4, 29), (5, 30)]
    ]
    found = await periods(db, "1 month", dt.datetime(2023, 10, 31), "UTC", times)
    starts = [f"{starts_at:%m-%d}" for _, _, starts_at, _ in found]
    assert starts == ["12-31", "01-31", "02-29", "03-31", "04-30"]


@pytest.mark.parametrize("year", [1, 1700, 2500, 9000])
@pytest.mark.parametrize("period", ["00:00:00.7", "17 minutes", "1 day", "7 days", "1 month", "100 years"])
async def test_far_away(db, year, period):
    for at in (f"{year:04}-03-01 00:00:00Z", f"{year:04}-12-31 23:59:59.999999Z"):
        row = await db.fetchrow(
            "SELECT p.k, p.starts_at <= t.at AND t.at < p.ends_at AS inside, p.ends_at - p.starts_at AS length,"
            " p.starts_at = board.period_start($1::text::interval, '2024-01-01', 'Europe/Berlin', p.k) AS same"
            " FROM (SELECT $2::text::timestamptz AS at) AS t"
            " CROSS JOIN LATERAL board.period_at($1::text::interval, '2024-01-01', 'Europe/Berlin', t.at) AS p",
            period,
            at,
        )
        assert row["inside"] and row["same"]
        assert (row["k"] < 0) is (year < 2024)
        if period == "00:00:00.7":
            assert row["length"] == dt.timedelta(milliseconds=700)


async def test_the_time_zone_of_the_session_does_not_matter(db):
    found = set()
    for zone in ("UTC", "America/Havana", "Pacific/Apia"):
        await db.execute(f"SET TimeZone = '{zone}'")
        found.add(
            tuple(
                await periods(
                    db, "1 day", dt.datetime(2001, 1, 1), "America/Sao_Paulo",
                    [dt.datetime(2018, 11, 4, 3, tzinfo=dt.UTC) + n * 3600 * SECOND for n in range(-30, 30)],
                )
            )
        )  # fmt: skip
    assert len(found) == 1


@pytest.mark.parametrize(
    "period", ["1 month 1 day", "1 day 1 hour", "1 month -30 days", "-1 day", "0", "1 year 1 second"]
)
async def test_other_periods_are_refused(db, period):
    with pytest.raises(asyncpg.PostgresError, match="a period must be whole months, whole days, or a time") as error:
        await periods(db, period, dt.datetime(2001, 1, 1), "UTC", [dt.datetime(2024, 1, 1, tzinfo=dt.UTC)])
    assert error.value.sqlstate == "LB001"


async def test_no_period_is_at_infinity_or_null(db):
    with pytest.raises(asyncpg.PostgresError, match="no period is at infinity"):
        await db.fetchrow("SELECT * FROM board.period_at('1 day', '2001-01-01', 'UTC', 'infinity')")
    assert await db.fetch("SELECT * FROM board.period_at('1 day', '2001-01-01', 'UTC', NULL)") == []
