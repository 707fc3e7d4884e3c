import asyncio
import json

import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.seasons import close_seasons
from tests.support.sql import fill_up, fill_with_rollbacks, submit, unfill

ALTER = "SELECT api.alter_board($1, $2, $3)"
#: Two players with sessions of several modes, scores and days.
LEDGER = """
    INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 4) AS g;
    INSERT INTO game_sessions (user_id, score, game_mode, "timestamp") VALUES
        (1, 10, 'solo', '2026-01-01 12:00Z'), (1, 30, 'team', '2026-01-02 12:00Z'),
        (1, 20, 'solo', '2026-01-03 12:00Z'), (2, 15, 'solo', '2026-01-01 12:00Z'),
        (2, 15, 'solo', '2026-01-04 12:00Z'), (3, 25, 'team', '2026-01-05 12:00Z')"""
TOTALS = """
    SELECT l.user_id, l.total_score * CASE WHEN b.lowest_wins THEN -1 ELSE 1 END
    FROM leaderboard AS l JOIN rankings AS r ON r.id = l.board_id JOIN boards AS b ON b.id = r.board_id
    WHERE b.name = $1 ORDER BY 1"""
HOUR = "'hour', now()"


@pytest.fixture
async def ledger(db):
    await db.execute(LEDGER)


async def alter(db, name="b", *, dry_run=False, **changes):
    return json.loads(await db.fetchval(ALTER, name, json.dumps(changes), dry_run))


async def refused(db, name="b", **changes):
    """The message of LB001, for a dry run, the change, and the same change by plain SQL if the trigger refuses it."""
    messages = set()
    for dry_run in (True, False):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await alter(db, name, dry_run=dry_run, **changes)
        assert caught.value.sqlstate == "LB001", caught.value
        messages.add(caught.value.message)
    (message,) = messages
    return message


async def totals(db, name="b"):
    return rows(await db.fetch(TOTALS, name))


async def healthy(db):
    return rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []


@pytest.mark.parametrize(
    ("changes", "changed", "expected"),
    [
        ({}, 0, [(1, 60), (2, 30), (3, 25)]),
        ({"game_mode": "solo"}, 2, [(1, 30), (2, 30)]),
        ({"aggregate": "best"}, 2, [(1, 30), (2, 15), (3, 25)]),
        ({"aggregate": "last"}, 2, [(1, 20), (2, 15), (3, 25)]),
        ({"aggregate": "first"}, 2, [(1, 10), (2, 15), (3, 25)]),
        ({"aggregate": "count"}, 3, [(1, 3), (2, 2), (3, 1)]),
        ({"min_score": 20}, 2, [(1, 50), (3, 25)]),
        ({"max_score": 29}, 1, [(1, 30), (2, 30), (3, 25)]),
        ({"lowest_wins": True}, 0, [(1, 60), (2, 30), (3, 25)]),
        ({"lowest_wins": True, "aggregate": "best"}, 2, [(1, 10), (2, 15), (3, 25)]),
        ({"lowest_wins": True, "aggregate": "count"}, 3, [(1, 3), (2, 2), (3, 1)]),
        ({"ties": "earliest"}, 0, [(1, 60), (2, 30), (3, 25)]),
        ({"opens_at": "2026-01-02T12:00Z"}, 2, [(1, 50), (2, 15), (3, 25)]),
        ({"closes_at": "2026-01-05T12:00Z"}, 1, [(1, 60), (2, 30)]),
        ({"opens_at": "2900-01-01T00:00Z"}, 3, []),
        ({"closes_at": "2900-01-01T00:00Z", "grace": "1 day"}, 0, [(1, 60), (2, 30), (3, 25)]),
        ({"unit": "ms", "decimals": 3, "grace": "2 days"}, 0, [(1, 60), (2, 30), (3, 25)]),
    ],
)
async def test_a_change_applies_to_past_sessions_and_a_dry_run_says_to_how_many_totals(
    db, ledger, changes, changed, expected
):
    await db.execute("SELECT api.create_board('b')")
    before = await db.fetchrow("SELECT b::text, r::text FROM boards AS b, rankings AS r WHERE b.id = 2 AND r.id = 2")
    assert await alter(db, dry_run=True, **changes) == {
        "board": "b",
        "totals_changed": changed,
        "filling": False,
        "seasons_dropped": 0,
    }
    assert await totals(db) == [(1, 60), (2, 30), (3, 25)]
    assert (
        await db.fetchrow("SELECT b::text, r::text FROM boards AS b, rankings AS r WHERE b.id = 2 AND r.id = 2")
        == before
    )
    assert await alter(db, **changes) == {
        "board": "b",
        "totals_changed": changed,
        "filling": False,
        "seasons_dropped": 0,
    }
    assert await totals(db) == expected
    assert await healthy(db)
    await db.execute("SELECT api.submit_scores('{1,2,4}', '{5,20,30}', '{solo,team,solo}')")
    assert await healthy(db)
    await db.execute("SELECT api.rebuild_leaderboard()")
    assert await healthy(db)


async def test_changes_back_and_forth_leave_nothing(db, ledger):
    await db.execute("SELECT api.create_board('b')")
    before = await db.fetchval("SELECT to_jsonb(b) FROM boards AS b WHERE b.name = 'b'")
    options = dict(lowest_wins=True, aggregate="best", ties="earliest", opens_at="2026-01-02T00:00Z", unit="ms")
    await alter(db, **options)
    assert await totals(db) == [(1, 20), (2, 15), (3, 25)]
    back = {name: json.loads(before)[name] for name in options}
    await alter(db, **back)
    assert await db.fetchval("SELECT to_jsonb(b) FROM boards AS b WHERE b.name = 'b'") == before
    assert await totals(db) == [(1, 60), (2, 30), (3, 25)]
    assert await db.fetchval("SELECT count(tie) FROM leaderboard") == 0
    assert await healthy(db)


async def test_a_board_gets_another_name(db, ledger):
    await db.execute("SELECT api.create_board('b'), api.create_board('taken')")
    assert (await alter(db, name="b", **{"max_score": 100}))["board"] == "b"
    assert json.loads(await db.fetchval(ALTER, "b", '{"name": "c"}', False))["board"] == "c"
    assert await totals(db, "c") == [(1, 60), (2, 30), (3, 25)]
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetchval(ALTER, "c", '{"name": "taken"}', False)
    assert caught.value.sqlstate == "LB012"
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetchval(ALTER, "overall", '{"name": "all"}', False)
    assert caught.value.message == "the board overall is the default everywhere and keeps its name"


async def test_score_rules_change_too_and_0_takes_them_away(db):
    await db.execute("SELECT api.create_board('b')")
    rules = "SELECT max_submissions_per_minute, max_gain_per_hour FROM boards WHERE name = 'b'"
    await alter(db, max_submissions_per_minute=5, max_gain_per_hour=1000)
    assert tuple(await db.fetchrow(rules)) == (5, 1000)
    await alter(db, max_submissions_per_minute=0)
    assert tuple(await db.fetchrow(rules)) == (None, 1000)
    await alter(db, max_gain_per_hour=None)
    assert tuple(await db.fetchrow(rules)) == (None, None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": 1}, "a board has no option 'colour'"),
        ({"id": 5}, "a board has no option 'id'"),
        ({"min_score": "5"}, 'min_score must be an integer, not "5"'),
        ({"min_score": 1.5}, "min_score must be an integer, not 1.5"),
        ({"min_score": True}, "min_score must be an integer, not true"),
        ({"min_score": None}, "min_score must not be above max_score"),
        ({"min_score": 5, "max_score": 4}, "min_score must not be above max_score"),
        ({"max_score": 10**30}, "max_score cannot be 1000000000000000000000000000000"),
        ({"lowest_wins": 1}, "lowest_wins must be true or false, not 1"),
        ({"lowest_wins": None}, "lowest_wins must be true or false"),
        ({"aggregate": "median"}, "the aggregate must be sum, best, last, first or count"),
        ({"aggregate": None}, "the aggregate must be sum, best, last, first or count"),
        ({"name": "a b"}, "the name must be 1 to 50 of A-Z a-z 0-9 _ . - and start with a letter or digit"),
        ({"decimals": 10}, "decimals must be 0 to 9"),
        ({"decimals": 40000}, "decimals cannot be 40000"),
        ({"opens_at": "soon"}, 'opens_at cannot be "soon"'),
        ({"opens_at": 5}, "opens_at must be a text, not 5"),
        ({"grace": "soon"}, 'grace cannot be "soon"'),
        ({"grace": "1 month"}, "grace must be a time of at most 366 days, in hours, such as 48:00"),
        ({"opens_at": "2026-01-02T00:00Z", "closes_at": "2026-01-01T00:00Z"}, "opens_at must be before closes_at"),
        ({"keep_seasons": 5}, "keep_seasons needs seasons: set a period or manual_seasons"),
        ({"max_submissions_per_minute": -1}, "max_submissions_per_minute must be 1 or more, or 0 for no limit"),
        ({"max_gain_per_hour": -1}, "max_gain_per_hour must be 1 to 9007199254740991, or 0 for no limit"),
        ({"period": "fortnight"}, "period must be daily, weekly, monthly or an interval such as 2 weeks or 12 hours,"
         " not 'fortnight'"),
    ],
)  # fmt: skip
async def test_invalid_changes_are_refused(db, changes, message):
    await db.execute("SELECT api.create_board('b')")
    for dry_run in (True, False):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.fetchval(ALTER, "b", json.dumps(changes), dry_run)
        assert (caught.value.sqlstate, caught.value.message) == ("LB001", message)


@pytest.mark.parametrize("changes", [None, "null", "[]", "1", '"max_score"'])
async def test_what_is_no_object_is_refused(db, changes):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetchval(ALTER, "overall", changes, False)
    assert caught.value.message == 'the changes must be a JSON object, such as {"max_score": 100}'


async def test_an_unknown_board(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await alter(db, "nowhere", max_score=5)
    assert caught.value.sqlstate == "LB010"


@pytest.mark.parametrize(
    "changes",
    [{"period": "weekly"}, {"period": "24:00"}, {"anchor": "2001-01-01T06:00"}, {"time_zone": "Asia/Tokyo"},
     {"period": None, "anchor": None, "manual_seasons": True}, {"period": None, "anchor": None}],
)  # fmt: skip
async def test_what_decides_the_seasons_cannot_change(db, changes):
    await db.execute("SELECT api.create_board('b', p_period => 'daily'), api.create_board('plain')")
    assert (await refused(db, **changes)).startswith(
        "period, anchor, time_zone and manual_seasons decide which seasons a board has and cannot change: create"
    )
    with pytest.raises(asyncpg.PostgresError, match="decide which seasons"):  # not that an anchor is missing
        await db.execute("SELECT api.alter_board('plain', '{\"period\": \"daily\"}')")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("UPDATE boards SET manual_seasons = true WHERE name = 'plain'")
    assert caught.value.sqlstate == "LB001"
    assert await alter(db, period="daily", time_zone="UTC") == {
        "board": "b",
        "totals_changed": 0,
        "filling": False,
        "seasons_dropped": 0,
    }


async def seasons(db):
    return rows(await db.fetch(
        "SELECT r.number, (extract(epoch FROM r.starts_at - date_trunc('hour', now())) / 60)::integer,"
        " (extract(epoch FROM r.ends_at - date_trunc('hour', now())) / 60)::integer,"
        " (extract(epoch FROM r.deadline - r.ends_at) / 60)::integer, r.closing_xid::text"
        " FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = 'b' ORDER BY r.starts_at"
    ))  # fmt: skip


async def create_hourly(db, hours=2, **options):
    arguments = "".join(f", p_{name} => {value}" for name, value in options.items())
    await db.execute(
        f"SELECT api.create_board('b', p_period => '1 hour',"
        f" p_opens_at => date_trunc('hour', now()) - interval '{hours} hours'{arguments})"
    )


async def test_seasons_that_are_over_keep_their_times(db):
    """Grace and the end of the board change seasons from the one that runs on."""
    await create_hourly(db)
    assert await seasons(db) == [(1, -120, -60, 0, "0"), (2, -60, 0, 0, "0"), (3, 0, 60, 0, None)]
    await alter(db, grace="30 minutes")
    assert await seasons(db) == [(1, -120, -60, 0, "0"), (2, -60, 0, 0, "0"), (3, 0, 60, 30, None)]
    closes = await db.fetchval("SELECT date_trunc('hour', now()) + interval '59 minutes 59 seconds'")
    await alter(db, closes_at=closes.isoformat())
    assert [row[:2] for row in await seasons(db)] == [(1, -120), (2, -60), (3, 0)]
    assert await db.fetchval("SELECT max(ends_at) FROM rankings WHERE id > 1") == closes
    await alter(db, closes_at=None)
    assert await seasons(db) == [(1, -120, -60, 0, "0"), (2, -60, 0, 0, "0"), (3, 0, 60, 30, None)]
    # One that was added ahead goes, since it comes after the end.
    await db.execute("SELECT board.add_seasons(b, ARRAY[now() + interval '1 hour']) FROM boards AS b WHERE id = 2")
    assert len(await seasons(db)) == 4
    await alter(db, closes_at=closes.isoformat())
    assert len(await seasons(db)) == 3
    assert await db.fetchval("SELECT count(*) FROM rank_state") == 2
    assert await healthy(db)


async def test_the_opening_of_a_board_with_seasons_can_change_until_it_opens(db):
    await create_hourly(db, hours=-3)
    (later,) = await db.fetchrow("SELECT date_trunc('hour', now()) + interval '90 minutes'")
    await alter(db, opens_at=later.isoformat())
    await db.execute("SELECT board.add_seasons(b, ARRAY[now() + interval '2 hours'], now()) FROM boards AS b")
    assert [row[0] for row in await seasons(db)] in ([1], [2])
    problem = "opens_at of a board with seasons can only change before it opens, to a later time than now"
    assert (await refused(db, opens_at="2026-01-01T00:00Z")).startswith(problem)
    await db.execute("SELECT api.delete_board('b', 'b')")
    await create_hourly(db)
    assert (await refused(db, opens_at=later.isoformat())).startswith(problem)
    assert await refused(db, closes_at="2026-01-01T00:00Z") == "opens_at must be before closes_at"
    now = await db.fetchval("SELECT date_trunc('hour', now())")
    assert await refused(db, closes_at=now.isoformat()) == "closes_at of a board with seasons must be later than now"


async def test_a_board_with_manual_seasons_opens_and_closes_at_other_times(db):
    await db.execute("SELECT api.create_board('b', p_manual_seasons => true, p_opens_at => now() + interval '1 day')")
    opens, closes = await db.fetchrow("SELECT now() + interval '2 days', now() + interval '3 days'")
    await alter(db, opens_at=opens.isoformat(), closes_at=closes.isoformat(), grace="1 hour")
    assert await db.fetchval(
        "SELECT starts_at = $1 AND ends_at = $2 AND deadline = ends_at + interval '1 hour' FROM rankings WHERE id > 1",
        opens,
        closes,
    )
    await alter(db, closes_at=None)
    assert await db.fetchval("SELECT starts_at = $1 AND ends_at = 'infinity' FROM rankings WHERE id > 1", opens)


async def test_a_board_that_has_closed_stays_closed(db):
    await db.execute(
        "SELECT api.create_board('b', p_period => 'daily', p_opens_at => '2026-01-01 00:00Z',"
        " p_closes_at => '2026-01-03 00:00Z')"
    )
    assert (await refused(db, closes_at="2900-01-01T00:00Z")).startswith("the board has closed")


async def test_lowest_wins_cannot_change_once_a_season_has_closed(db):
    await create_hourly(db)
    assert (await refused(db, lowest_wins=True)).startswith("the board has closed seasons, whose ranks are final")
    await alter(db, aggregate="best")
    await db.execute("SELECT api.delete_board('b', 'b')")
    await create_hourly(db, hours=0)
    await db.execute("SELECT api.submit_scores('{1,2,1}', '{5,9,3}')")
    await alter(db, lowest_wins=True, aggregate="best")
    assert await totals(db) == [(1, 3), (2, 9)]
    assert await healthy(db)


async def test_the_seasons_that_count_are_recounted_and_the_others_stay(db, ledger):
    await create_hourly(db, grace="'2 hours'")
    await db.execute("""
        INSERT INTO game_sessions (user_id, score, played_at) VALUES
            (4, 5, now()), (4, 50, now()), (4, 7, now() - interval '1 hour'), (4, 70, now() - interval '1 hour')""")
    assert (await totals(db)).count((4, 55)) == 1
    assert (await totals(db)).count((4, 77)) == 1
    changed = await alter(db, dry_run=True, max_score=20)
    assert changed == {"board": "b", "totals_changed": 2, "filling": False, "seasons_dropped": 0}
    await db.execute(
        "UPDATE rankings SET closing_xid = '0' WHERE id = (SELECT min(r.id) FROM rankings AS r WHERE r.number = 2)"
    )
    assert await alter(db, max_score=20) == {"board": "b", "totals_changed": 1, "filling": False, "seasons_dropped": 0}
    assert (await totals(db)).count((4, 5)) == 1
    assert (await totals(db)).count((4, 77)) == 1
    assert await healthy(db)


LARGE = """
    INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 20000) AS g;
    INSERT INTO game_sessions (user_id, score)
    SELECT 1 + (hashint4(g) & 16383), g % 500 FROM generate_series(1, 33000) AS g"""


async def test_on_a_large_ledger_a_change_is_made_in_steps_and_a_dry_run_counts(db):
    await db.execute(LARGE)
    best = "SELECT user_id, max(score) AS best, sum(score) AS sum FROM game_sessions GROUP BY 1"
    expected = await db.fetchval(f"SELECT count(*) FROM ({best}) AS t WHERE t.best <> t.sum")
    dry = await alter(db, "overall", dry_run=True, aggregate="best")
    assert dry == {"board": "overall", "totals_changed": expected, "filling": True, "seasons_dropped": 0}
    assert await alter(db, "overall", unit="points") == {
        "board": "overall",
        "totals_changed": 0,
        "filling": False,
        "seasons_dropped": 0,
    }
    made = await alter(db, "overall", aggregate="best")
    assert made == {"board": "overall", "totals_changed": None, "filling": True, "seasons_dropped": 0}
    again = await alter(db, "overall", unit="ms")
    assert (again["totals_changed"], again["filling"]) == (0, True)  # by the change before
    with pytest.raises(asyncpg.PostgresError) as caught:
        await alter(db, "overall", dry_run=True, max_score=100)
    assert caught.value.sqlstate == "LB032"
    await fill_up(db)
    assert await healthy(db)


async def test_a_total_out_of_range_is_refused_and_nothing_changed(db):
    await db.execute("SELECT api.create_board('b', NULL, 'best', 0, 9007199254740991)")
    await db.execute("SELECT api.create_board('count', NULL, 'count'), api.delete_board('count', 'count')")
    await db.execute("UPDATE boards SET max_score = 5 WHERE id = 1")
    await submit(db, (1, 9007199254740991), board="b")
    await submit(db, (1, 9007199254740991), board="b")
    for dry_run in (True, False):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await alter(db, dry_run=dry_run, aggregate="sum")
        assert caught.value.sqlstate == "LB023"
    assert await totals(db) == [(1, 9007199254740991)]


async def test_a_dry_run_waits_for_nothing_and_nothing_waits_for_it(db, ledger, connect):
    await db.execute("SELECT api.create_board('b')")
    other = await connect()
    async with db.transaction(), other.transaction():
        await submit(db, (1, 5))
        await asyncio.wait_for(alter(other, dry_run=True, aggregate="best"), 10)
        await submit(db, (2, 5))
        # It wrote nothing, so it has no transaction id.
        assert await other.fetchval("SELECT pg_current_xact_id_if_assigned() IS NULL")


async def test_needs_read_committed(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation="repeatable_read"):
            await alter(db, "overall", max_score=5)
    assert caught.value.sqlstate == "LB030"


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "in steps"])
async def test_signs_and_aggregates_change_exactly_beside_submissions(db, connect, at_once):
    """Clients submit all the time. The board changes its sign, aggregate and order of ties, again and again: at once,
    or in steps, every third of which is rolled back. After each change every total is that of the ledger.
    """
    await db.execute("SELECT api.create_board('b', NULL, 'sum', -1000, 1000)")
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 1800) AS g")
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT id, id * 7 % 500 FROM users")
    done = asyncio.Event()
    found = []

    async def play(caller):
        connection = await connect()
        number = 0
        while not done.is_set():
            number += 1
            players = sorted({1 + (caller * 997 + number * 31 + i * 613) % 1810 for i in range(5)})
            answers = await submit(
                connection, *[(player, player * number % 900 - 400) for player in players], board="b", with_rank=True
            )
            found.extend(answer for answer in answers if answer[1] != "accepted" and answer[7] != "LB003")
            await connection.execute("SELECT api.fold_ranks()")

    async def change():
        connection = await connect()
        for changes in (
            {"lowest_wins": True},
            {"aggregate": "best"},
            {"ties": "earliest"},
            {"lowest_wins": False, "aggregate": "first"},
            {"aggregate": "count", "lowest_wins": True},
            {"aggregate": "sum", "ties": "shared", "min_score": -300},
            {"aggregate": "last", "max_score": 300, "lowest_wins": False},
        ):
            await alter(connection, **changes)
            if not at_once:
                await unfill_in_place(connection)
                await fill_with_rollbacks(connection)
            assert await healthy(connection), changes
        done.set()

    async def unfill_in_place(connection):
        """As right after the change of a large board: the rows are still those of other options, here with errors."""
        await connection.execute("""
            DO $$
            BEGIN
                PERFORM internal.lock_boards();
                UPDATE rankings SET filled_to = 0 WHERE id = 2;
                UPDATE leaderboard SET total_score = -total_score, tie = 5 WHERE board_id = 2;
            END
            $$""")

    try:
        await asyncio.gather(change(), *[play(caller) for caller in range(3)])
    finally:
        done.set()
    assert found == []
    assert await healthy(db)


async def test_unfilled_boards_are_altered_too(db, ledger):
    await db.execute("SELECT api.create_board('b')")
    await unfill(db, "b")
    await alter(db, unit="points")
    assert await db.fetchval("SELECT filled_to FROM rankings WHERE id = 2") == 0
    await db.execute("UPDATE boards SET aggregate = 'best' WHERE name = 'b'")
    assert await totals(db) == [(1, 30), (2, 15), (3, 25)]
    assert await healthy(db)


async def test_a_dry_run_says_how_many_seasons_would_be_dropped(db):
    await db.execute("SELECT api.create_board('b', p_period => 'daily', p_opens_at => now() - interval '9 days')")
    await close_seasons(db)
    assert (await alter(db, dry_run=True, keep_seasons=4))["seasons_dropped"] == 5
    assert (await alter(db, dry_run=True, keep_seasons=50))["seasons_dropped"] == 0
    assert (await alter(db, keep_seasons=4))["seasons_dropped"] == 5
    await close_seasons(db)
    assert await db.fetchval("SELECT count(*) FROM rankings WHERE closed_at IS NOT NULL") == 4
    assert (await alter(db, keep_seasons=None))["seasons_dropped"] == 0
