"""The rankings that a new board gets, made by api.create_board or by plain SQL."""

import datetime

import asyncpg
import pytest

from tests.support.oracle import rows

RANKINGS = """
    SELECT r.number, r.starts_at, r.ends_at, r.deadline, r.closing_xid::text, r.filled_to, r.id = b.id,
        EXISTS (SELECT FROM rank_state AS s WHERE s.board_id = r.id)
    FROM rankings AS r
    JOIN boards AS b ON b.id = r.board_id
    WHERE b.name = $1
    ORDER BY r.starts_at"""
#: What a season that counts has in the last four columns of RANKINGS, and one that was over before.
COUNTS, OVER = (None, None, False, True), ("0", 0, False, False)
UNIT = "unit must be 1 to 20 printable characters, such as points or ms (NULL for none)"
GRACE = "grace must be a time of at most 366 days, in hours, such as 48:00"
MIX = "period must be whole months, whole days or a time, such as 1 month, 7 days or 36 hours, and not a mix"
HOUR = datetime.timedelta(hours=1)


async def create(db, **options):
    """api.create_board('b', ...) with options as SQL."""
    arguments = "".join(f", p_{name} => {value}" for name, value in options.items())
    return await db.fetchval(f"SELECT api.create_board('b'{arguments})")


async def rankings(db, board="b"):
    return rows(await db.fetch(RANKINGS, board))


async def refused(db, statement):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(statement)
    assert caught.value.sqlstate == "LB001", caught.value
    return caught.value.message


async def times(db, *sql):
    return [await db.fetchval(f"SELECT ({each})::timestamptz") for each in sql]


async def test_a_plain_board_has_one_ranking_of_all_time(db):
    await create(db)
    assert [row[4:] for row in await rankings(db)] == [(None, None, True, True)]
    assert await db.fetchval(
        "SELECT starts_at = '-infinity' AND ends_at = 'infinity' AND deadline = 'infinity' FROM rankings WHERE id > 1"
    )


async def test_a_plain_board_has_a_ranking_of_its_window(db):
    await create(db, opens_at="'2026-01-02 00:00Z'", closes_at="'2026-01-04 00:00Z'", grace="'1 day'")
    opens, closes, deadline = await times(db, "'2026-01-02 00:00Z'", "'2026-01-04 00:00Z'", "'2026-01-05 00:00Z'")
    assert await rankings(db) == [(1, opens, closes, deadline, None, None, True, True)]


async def test_a_plain_board_counts_what_was_played_in_its_window(db):
    await db.execute("""
        INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 4) AS g;
        INSERT INTO game_sessions (user_id, score, "timestamp", played_at) VALUES
            (1, 1, '2026-01-01 23:59Z', NULL), (1, 10, '2026-01-02 00:00Z', NULL),
            (2, 20, '2026-01-03 23:59:59Z', NULL), (3, 30, '2026-01-04 00:00Z', NULL),
            (4, 40, '2026-01-04 00:59Z', '2026-01-03 23:59Z'),
            (4, 400, '2026-01-04 01:00Z', '2026-01-03 23:59Z')""")
    await create(db, opens_at="'2026-01-02 00:00Z'", closes_at="'2026-01-04 00:00Z'", grace="'1 hour'")
    totals = "SELECT user_id, total_score FROM leaderboard AS l JOIN boards AS b ON b.id = l.board_id"
    assert rows(await db.fetch(f"{totals} WHERE b.name = 'b' ORDER BY 1")) == [(1, 10), (2, 20), (4, 40)]


async def test_a_daily_board_has_the_season_of_today(db):
    await create(db, period="'daily'", time_zone="'Asia/Tokyo'")
    today = "date_trunc('day', now() AT TIME ZONE 'Asia/Tokyo')"
    begin, end = await times(
        db, f"({today}) AT TIME ZONE 'Asia/Tokyo'", f"({today} + '1 day') AT TIME ZONE 'Asia/Tokyo'"
    )
    assert await rankings(db) == [(1, begin, end, end, *COUNTS)]
    assert await db.fetchval("SELECT opens_at FROM boards WHERE name = 'b'") == begin
    assert await db.fetchval("SELECT anchor::text FROM boards WHERE name = 'b'") == "2001-01-01 00:00:00"


@pytest.mark.parametrize(
    ("period", "begins"), [("weekly", "date_trunc('week', now() AT TIME ZONE 'UTC')"),
                           ("monthly", "date_trunc('month', now() AT TIME ZONE 'UTC')"),
                           ("P1Y", "date_trunc('year', now() AT TIME ZONE 'UTC')"),
                           ("12 hours", "date_bin('12 hours', now() AT TIME ZONE 'UTC', '2001-01-01')")]
)  # fmt: skip
async def test_a_period_begins_on_a_monday_the_first_of_a_month_or_at_midnight(db, period, begins):
    await create(db, period=f"'{period}'")
    assert [row[:2] for row in await rankings(db)] == [(1, *await times(db, f"({begins}) AT TIME ZONE 'UTC'"))]


async def test_a_board_that_opened_in_the_past_has_its_past_seasons(db):
    """The first one begins at opens_at. One within its grace counts late scores; those before are over."""
    await create(db, period="'1 hour'", opens_at="date_trunc('hour', now()) - interval '150 minutes'", grace="'1:30'")
    (now,) = await times(db, "date_trunc('hour', now())")
    half = datetime.timedelta(minutes=90)
    assert await rankings(db) in (
        [
            (1, now - 2.5 * HOUR, now - 2 * HOUR, now - 2 * HOUR + half, *OVER),
            (2, now - 2 * HOUR, now - HOUR, now - HOUR + half, *state),
            (3, now - HOUR, now, now + half, *COUNTS),
            (4, now, now + HOUR, now + HOUR + half, *COUNTS),
        ]
        for state in (COUNTS, OVER)
    )


async def test_a_board_that_has_closed_has_its_past_seasons_up_to_there(db):
    await create(db, period="'daily'", opens_at="'2026-01-01 12:00Z'", closes_at="'2026-01-03 06:00Z'")
    a, b, c, d = await times(
        db, "'2026-01-01 12:00Z'", "'2026-01-02 00:00Z'", "'2026-01-03 00:00Z'", "'2026-01-03 06:00Z'"
    )
    assert await rankings(db) == [(1, a, b, b, *OVER), (2, b, c, c, *OVER), (3, c, d, d, *OVER)]


async def test_a_board_that_opens_later_has_no_season_yet(db):
    await create(db, period="'daily'", opens_at="now() + interval '40 hours'")
    assert await rankings(db) == []
    await db.execute("SELECT api.submit_score(1, 5)")
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_at_most_1000_seasons_are_added(db):
    await create(db, period="'daily'", opens_at="date_trunc('day', now(), 'UTC') - interval '999 days'")
    assert await db.fetchval("SELECT count(*) FROM rankings WHERE id > 1") == 1000
    await db.execute("DELETE FROM boards WHERE name = 'b'")
    assert await db.fetchval("SELECT count(*) FROM rankings") == 1
    with pytest.raises(asyncpg.PostgresError) as caught:
        await create(db, period="'daily'", opens_at="date_trunc('day', now(), 'UTC') - interval '1000 days'")
    assert caught.value.sqlstate == "LB001"
    assert caught.value.message == (
        "from opens_at on, the board has 1001 seasons up to now, and a board begins with at most 1000"
    )
    assert caught.value.hint == "Choose a later opens_at, or a longer period"


@pytest.mark.parametrize("opens", ["NULL", "'2026-01-01 00:00Z'", "now() + interval '1 day'"])
async def test_a_board_with_manual_seasons_has_the_first_one(db, opens):
    await create(db, manual_seasons="true", opens_at=opens)
    (start,) = await times(db, f"coalesce({opens}, '-infinity'::timestamptz)") if "now" not in opens else (None,)
    (row,) = await rankings(db)
    assert row[0] == 1
    assert row[4:] == COUNTS
    assert start is None or row[1] == start


async def test_plain_sql_adds_seasons_too_and_is_checked(db):
    await db.execute("""
        INSERT INTO boards (name, period, anchor, opens_at, time_zone) VALUES
            ('b', '1 day', '2001-01-01', '2026-01-01 00:00Z', 'Europe/Berlin'),
            ('c', '1 mon', '2001-01-01', now(), 'UTC');
        INSERT INTO boards (name, manual_seasons) VALUES ('d', true)""")
    assert len(await rankings(db)) > 300
    assert len(await rankings(db, "c")) == len(await rankings(db, "d")) == 1
    assert "Mars" in await refused(
        db,
        "INSERT INTO boards (name, period, anchor, opens_at, time_zone) VALUES"
        " ('e', '1 day', '2001-01-01', now(), 'Mars/Base')",
    )
    assert await db.fetchval("SELECT count(*) FROM boards") == 4


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"lowest_wins": "NULL"}, "lowest_wins must be true or false"),
        ({"unit": "''"}, UNIT),
        ({"unit": "repeat('x', 21)"}, UNIT),
        ({"unit": "E'a\\nb'"}, UNIT),
        ({"decimals": "10"}, "decimals must be 0 to 9"),
        ({"decimals": "-1"}, "decimals must be 0 to 9"),
        ({"decimals": "NULL"}, "decimals must be 0 to 9"),
        ({"decimals": "100000"}, "decimals must be 0 to 9"),
        ({"ties": "'latest'"}, "ties must be shared or earliest"),
        ({"ties": "NULL"}, "ties must be shared or earliest"),
        ({"opens_at": "'infinity'"}, "opens_at must be between the years 1900 and 2999 (NULL for no opening)"),
        ({"closes_at": "'-infinity'"}, "closes_at must be between the years 1900 and 2999 (NULL for no closing)"),
        ({"opens_at": "now()", "closes_at": "now()"}, "opens_at must be before closes_at"),
        ({"period": "'daily'", "closes_at": "'2026-01-01'"}, "opens_at must be before closes_at"),
        ({"grace": "NULL"}, GRACE),
        ({"grace": "'-1 s'"}, GRACE),
        ({"grace": "'1 month'"}, GRACE),
        ({"grace": "'1 year'"}, GRACE),
        ({"grace": "'367 days'"}, GRACE),
        ({"manual_seasons": "NULL"}, "manual_seasons must be true or false"),
        (
            {"manual_seasons": "true", "period": "'daily'"},
            "seasons end by a call (manual_seasons) or by a period, not both: leave one of them out",
        ),
        ({"keep_seasons": "0", "period": "'daily'"}, "keep_seasons must be 1 or more (NULL for all)"),
        ({"keep_seasons": "5"}, "keep_seasons needs seasons: set a period or manual_seasons"),
        ({"anchor": "'2026-01-01'"}, "anchor and time_zone need a period, such as daily"),
        ({"time_zone": "'Europe/Berlin'"}, "anchor and time_zone need a period, such as daily"),
        (
            {"period": "'yearly'"},
            "period must be daily, weekly, monthly or an interval such as 2 weeks or 12 hours, not 'yearly'",
        ),
        ({"period": "'1 month 1 day'"}, MIX),
        ({"period": "'1.5 days'"}, MIX),
        ({"period": "'0'"}, MIX),
        ({"period": "'1 day -1 hour'"}, MIX),
        ({"period": "'-1 day'"}, "period must be between 1 second and 100 years"),
        ({"period": "'0.9 s'"}, "period must be between 1 second and 100 years"),
        ({"period": "'101 years'"}, "period must be between 1 second and 100 years"),
        (
            {"period": "'daily'", "anchor": "'infinity'"},
            "anchor must be a local time between the years 1900 and 2999 at which some period begins",
        ),
        (
            {"period": "'daily'", "time_zone": "'Mars/Base'"},
            "there is no time zone 'Mars/Base'; pg_timezone_names lists them, such as Europe/Berlin",
        ),
        (
            {"period": "'daily'", "time_zone": "'Berlin+1'"},
            "there is no time zone 'Berlin+1'; pg_timezone_names lists them, such as Europe/Berlin",
        ),
        (
            {"period": "'daily'", "time_zone": "NULL"},
            "there is no time zone NULL; pg_timezone_names lists them, such as Europe/Berlin",
        ),
    ],
)  # fmt: skip
async def test_invalid_options_are_refused(db, options, problem):
    arguments = "".join(f", p_{name} => {value}" for name, value in options.items())
    assert await refused(db, f"SELECT api.create_board('b'{arguments})") == problem
    assert await db.fetchval("SELECT count(*) FROM boards") == 1


async def test_every_option_is_stored(db):
    await create(
        db, game_mode="'solo'", aggregate="'first'", min_score="-5", max_score="50", lowest_wins="true",
        unit="'points'", decimals="2", ties="'earliest'",
        opens_at="'2026-10-01 00:00Z'", closes_at="'2998-01-01 00:00Z'",
        period="'2 weeks'", anchor="'2026-01-04 18:00'", time_zone="'America/New_York'", grace="'2 days'",
        keep_seasons="12", split_by="'country'",
    )  # fmt: skip
    row = await db.fetchrow(
        "SELECT b.*, b.period::text AS period, b.grace::text AS grace FROM boards AS b WHERE id > 1"
    )
    found = {key: value for key, value in row.items() if key not in ("id", "opens_at", "closes_at")}
    assert found == {
        "name": "b", "game_mode": "solo", "aggregate": "first", "min_score": -5, "max_score": 50,
        "max_submissions_per_minute": None, "max_gain_per_hour": None, "lowest_wins": True, "unit": "points",
        "decimals": 2, "ties": "earliest", "period": "14 days", "anchor": datetime.datetime(2026, 1, 4, 18),
        "time_zone": "America/New_York", "manual_seasons": False, "grace": "48:00:00", "keep_seasons": 12,
        "split_by": "country", "require_ticket": False, "min_play_seconds": None, "max_play_seconds": None,
        "max_score_per_second": None,
    }  # fmt: skip
    assert [row["opens_at"], row["closes_at"]] == await times(db, "'2026-10-01 00:00Z'", "'2998-01-01 00:00Z'")
