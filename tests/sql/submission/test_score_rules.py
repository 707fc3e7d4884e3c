"""What a board's rules do to submissions: bounds, submissions a minute, gain an hour."""

import asyncio

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.oracle import assert_exact, rows
from tests.support.sql import submit

REJECTED = "SELECT user_id, score, game_mode, board, submission_key, error FROM rejected_submissions ORDER BY id"


MAKE_BOARDS = """
    TRUNCATE users, rejected_submissions CASCADE;
    DELETE FROM boards WHERE id > 1;
    SELECT api.set_score_rules('overall', NULL, NULL, 0, 0);
    SELECT api.create_board('team', 'team');
    SELECT api.create_board('best', NULL, 'best');
    SELECT api.create_board('last', NULL, 'last')"""


async def rule(db, board="overall", per_minute=0, per_hour=0):
    await db.execute("SELECT api.set_score_rules($1, NULL, NULL, $2, $3)", board, per_minute, per_hour)


async def age(db, seconds):
    """As if all that was counted had been so many seconds ago."""
    await db.execute('UPDATE game_sessions SET "timestamp" = "timestamp" - $1 * interval \'1 second\'', seconds)


def errors(outcomes):
    return [row[7] for row in outcomes]


async def test_more_submissions_than_a_minute_allows(db):
    await rule(db, per_minute=2)
    assert errors(await submit(db, (1, 10), (1, 11), (1, 12), (2, 5))) == [None, None, "LB024", None]
    assert errors(await submit(db, (1, 13), (2, 6))) == ["LB024", None]
    assert rows(await db.fetch(REJECTED)) == [
        (1, 12, "solo", "overall", None, "LB024"),
        (1, 13, "solo", "overall", None, "LB024"),
    ]
    await age(db, 61)
    assert errors(await submit(db, (1, 14))) == [None]
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1") == 35
    await assert_exact(db)


async def test_a_total_that_rises_too_fast(db):
    await rule(db, per_hour=100)
    outcomes = await submit(db, (1, 60), (1, 41), (1, 40), (1, 1))
    assert errors(outcomes) == [None, "LB025", None, "LB025"]
    assert [row[4] for row in outcomes] == [60, None, 100, None]
    await age(db, 3590)
    assert errors(await submit(db, (1, 1))) == ["LB025"]
    await age(db, 11)
    assert errors(await submit(db, (1, 100))) == [None]
    await assert_exact(db)


async def test_taking_points_away_first_gains_nothing(db):
    await db.execute("SELECT api.set_score_rules('overall', -1000, NULL, NULL, 100)")
    assert errors(await submit(db, (1, -1000), (1, 101), (1, 100), (1, 1))) == [None, "LB025", None, "LB025"]


async def test_a_best_score_may_rise_by_so_much_and_a_lower_one_is_no_gain(db):
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await submit(db, (1, 500))
    await age(db, 3601)
    await rule(db, "best", per_hour=100)
    assert errors(await submit(db, (1, 601), (1, 600), (1, 550), (1, 601))) == ["LB025", None, None, "LB025"]
    # Who was not on the board an hour ago had nothing.
    assert errors(await submit(db, (2, 101), (2, 100))) == ["LB025", None]
    await assert_exact(db, "best")
    await assert_exact(db)


async def test_a_best_score_of_before_the_rule_may_be_repeated(db):
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await submit(db, (1, 5000))
    await rule(db, "best", per_hour=100)
    assert errors(await submit(db, (1, 5000), (1, 5001))) == [None, "LB025"]


async def test_the_last_score_may_rise_by_so_much(db):
    await db.execute("SELECT api.create_board('last', NULL, 'last')")
    await submit(db, (1, 500), (1, 10))
    await age(db, 3601)
    await rule(db, "last", per_hour=100)
    assert errors(await submit(db, (1, 111), (1, 110), (1, 0), (1, 110))) == ["LB025", None, None, None]
    await assert_exact(db, "last")


async def test_a_rule_of_any_board_that_would_count_it_refuses_it(db):
    """Or a cheat would name the board that has none."""
    await db.execute("SELECT api.create_board('ranked', 'ranked')")
    await rule(db, "ranked", per_minute=1)
    outcomes = await submit(db, (1, 5, "ranked"), (1, 5, "ranked"), (1, 5, "solo"), board="overall")
    assert errors(outcomes) == [None, "LB024", None]
    assert "board ranked" in outcomes[1][8]
    assert rows(await db.fetch("SELECT board FROM rejected_submissions")) == [("ranked",)]
    await assert_exact(db)
    await assert_exact(db, "ranked")


async def test_scores_outside_of_a_boards_bounds_are_none_of_its_rules_business(db):
    await db.execute("SELECT api.create_board('small', NULL, 'sum', 0, 10)")
    await rule(db, "small", per_minute=1)
    assert errors(await submit(db, (1, 5), (1, 11), (1, 12), (1, 6))) == [None, None, None, "LB024"]


async def test_a_score_out_of_bounds_is_kept_with_its_reason(db):
    assert errors(await submit(db, (1, -5, "team", None, "k"), (2, 1), (0, -5), (3, None))) == [
        "LB003",
        None,
        "LB002",
        "LB003",
    ]
    assert rows(await db.fetch(REJECTED)) == [(1, -5, "team", "overall", "k", "LB003")]
    assert "0 to 2147483647" in await db.fetchval("SELECT reason FROM rejected_submissions")
    assert await db.fetchval("SELECT array_agg(id) FROM users") == [2]


async def test_windows_end_now_also_after_a_clock_that_went_back(db):
    await rule(db, per_minute=1, per_hour=50)
    await submit(db, (1, 50))
    assert errors(await submit(db, (1, 10))) == ["LB024"]
    await db.execute("UPDATE game_sessions SET timestamp = now() + interval '3 hours'")
    assert errors(await submit(db, (1, 10))) == [None]
    assert errors(await submit(db, (1, 10))) == ["LB024"]
    await assert_exact(db)


async def test_a_retry_of_what_was_counted_is_answered_whatever_the_rules_say_now(db):
    item = (1, 50, None, None, "key")
    await submit(db, item)
    await rule(db, per_minute=1, per_hour=1)
    (outcome,) = await submit(db, item)
    assert (outcome[1], outcome[4]) == ("replayed", 50)
    assert rows(await db.fetch(REJECTED)) == []


async def test_a_retry_of_what_was_refused_is_looked_at_anew(db):
    await rule(db, per_minute=1)
    await submit(db, (1, 50))
    item = (1, 60, None, None, "key")
    assert errors(await submit(db, item)) == ["LB024"]
    await age(db, 61)
    (outcome,) = await submit(db, item)
    assert (outcome[1], outcome[4]) == ("accepted", 110)
    assert [row[1] for row in await submit(db, item)] == ["replayed"]


async def test_one_key_several_times_in_a_call(db):
    """The first that passes is counted; those behind it are its replays, those before it were refused."""
    await rule(db, per_hour=100)
    outcomes = await submit(
        db,
        (1, 200, None, None, "key"),
        (1, 70, None, None, "key"),
        (1, 70, None, None, "key"),
        (1, 200, None, None, "key"),
        (1, 200, None, None, "other"),
        (1, 200, None, None, "other"),
        (1, 30),
    )
    assert [(row[1], row[4], row[7]) for row in outcomes] == [
        ("rejected", None, "LB025"),
        ("accepted", 70, None),
        ("replayed", 70, None),
        ("rejected", None, "LB021"),
        ("rejected", None, "LB025"),
        ("rejected", None, "LB025"),
        ("accepted", 100, None),
    ]
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 2
    await assert_exact(db)


async def test_nobody_is_registered_by_what_was_refused(db):
    await rule(db, per_hour=100)
    outcomes = await submit(db, (1, 101, None, "ada"), (2, 101), (2, 100), (3, 5))
    assert errors(outcomes) == ["LB025", "LB025", None, None]
    assert await db.fetchval("SELECT array_agg(id ORDER BY id) FROM users") == [2, 3]
    assert errors(await submit(db, (1, 101))) == ["LB025"]
    assert await db.fetchval("SELECT count(*) FROM users WHERE username = 'ada'") == 0
    assert await db.fetchval("SELECT count(*) FROM rejected_submissions") == 3
    await assert_exact(db)


async def test_a_single_submission_raises_and_keeps_nothing(db):
    await rule(db, per_hour=100)
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("SELECT api.submit_score(1, 101)")
    assert caught.value.sqlstate == "LB025"
    assert rows(await db.fetch(REJECTED)) == []


async def test_ranks_are_answered_beside_refusals(db):
    await rule(db, per_minute=1)
    outcomes = await submit(db, (1, 10), (1, 10), (2, 20), with_rank=True)
    assert [(row[1], row[5], row[6]) for row in outcomes] == [
        ("accepted", None, 2),
        ("rejected", None, None),
        ("accepted", None, 1),
    ]


async def test_many_at_once_do_not_get_past_a_rule_together(db, connect):
    """The player is locked before the rules look: whoever comes second sees what the first did."""
    await rule(db, per_minute=5, per_hour=40)
    connections = [await connect() for _ in range(8)]

    async def go(connection):
        return [errors(await submit(connection, (1, 10), (2, 1))) for _ in range(5)]

    outcomes = [pair for answers in await asyncio.gather(*map(go, connections)) for pair in answers]
    assert sum(first is None for first, _ in outcomes) == 4
    assert sum(second is None for _, second in outcomes) == 5
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1") == 40
    assert await db.fetchval("SELECT count(*) FROM rejected_submissions") == 36 + 35
    await assert_exact(db)


async def test_rejections_expire_and_folds_delete_them(db):
    await submit(db, (1, -5), (2, -6))
    await db.execute(
        "UPDATE rejected_submissions SET rejected_at = now() - internal.rejection_lifetime() - interval '1 second'"
        " WHERE user_id = 1"
    )
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval("SELECT array_agg(user_id) FROM rejected_submissions") == [2]


async def test_rejections_go_with_their_player(db):
    await submit(db, (1, 5), (2, 5), (1, -5), (2, -5), (3, -5))
    await db.execute("DELETE FROM users WHERE id = 1")
    assert await db.fetchval("SELECT array_agg(user_id ORDER BY id) FROM rejected_submissions") == [2, 3]


async def test_rejections_of_a_player_are_kept_up_to_60_a_minute(db):
    await submit(db, *[(1, -1)] * 100, (2, -1))
    await submit(db, *[(1, -1)] * 100)
    kept = "SELECT user_id, count(*) FROM rejected_submissions GROUP BY 1 ORDER BY 1"
    assert rows(await db.fetch(kept)) == [(1, 60), (2, 1)]
    await db.execute("UPDATE rejected_submissions SET rejected_at = rejected_at - interval '61 seconds'")
    await submit(db, (1, -1))
    assert rows(await db.fetch(kept)) == [(1, 61), (2, 1)]


async def test_deleting_a_player_beside_a_purge_is_no_deadlock(db, connect):
    await submit(db, (1, 5), (1, -5))
    await db.execute(
        "UPDATE rejected_submissions SET rejected_at = now() - internal.rejection_lifetime() - interval '1 second'"
    )
    purging = await connect()
    async with purging.transaction():
        assert await purging.fetchval("SELECT submission.purge_rejections(1000)") == 1
        async with asyncio.timeout(10):
            await db.execute("DELETE FROM users WHERE id = 1")
        await purging.execute("SELECT api.submit_scores('{1}', '{5}')")
    assert await db.fetchval("SELECT count(*) FROM rejected_submissions") == 0


@pytest.mark.parametrize("aggregate", ["sum", "best", "last"])
@pytest.mark.parametrize("one", ["per_minute", "per_hour"])
async def test_each_rule_alone_on_each_kind_of_board(db, aggregate, one):
    await db.execute("SELECT api.create_board('b', NULL, $1)", aggregate)
    await rule(db, "b", **{one: 1_000_000})
    outcomes = [await submit(db, (1, score)) for score in (10, 20, 5, 30)]
    assert [errors(outcome) for outcome in outcomes] == [[None]] * 4
    await rule(db, "b", **{one: 4 if one == "per_minute" else 31})
    refused = {"per_minute": "LB024", "per_hour": "LB025"}[one]
    assert errors(await submit(db, (1, 32))) == [refused]


async def test_a_lower_total_is_the_gain_where_the_lowest_wins(db):
    """A first score may be anything; from there, or from that of an hour ago, it may fall by so much."""
    await db.execute("SELECT api.create_board('best', NULL, 'best', p_lowest_wins => true)")
    await rule(db, "best", per_hour=100)
    outcomes = await submit(db, (1, 500), (1, 399), (1, 400), (1, 450), (1, 399), (2, 5), board="best")
    assert errors(outcomes) == [None, "LB025", None, None, "LB025", None]
    assert outcomes[1][8] == "on board best a player's total may fall by 100 per hour; this score exceeds that"
    assert errors(await submit(db, (1, 399), (1, 900), (1, 400))) == ["LB025", None, None]
    await age(db, 3601)
    assert errors(await submit(db, (1, 299), (1, 300), (1, 200), (2, 0))) == ["LB025", None, "LB025", None]
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_last_score_may_fall_by_so_much_where_the_lowest_wins(db):
    await db.execute("SELECT api.create_board('last', NULL, 'last', p_lowest_wins => true)")
    await rule(db, "last", per_hour=100)
    assert errors(await submit(db, (1, 500), (1, 900), (1, 399), (1, 400))) == [None, None, "LB025", None]
    await age(db, 3601)
    assert errors(await submit(db, (1, 299), (1, 300), (1, 800), (1, 299))) == ["LB025", None, None, "LB025"]


@pytest.mark.parametrize("aggregate", ["sum", "best", "last", "first"])
async def test_void_sessions_are_as_if_they_had_never_been(db, aggregate):
    await db.execute("SELECT api.create_board('b', NULL, $1)", aggregate)
    await rule(db, "b", per_minute=2, per_hour=100)
    await submit(db, (1, 60), (1, 40))
    assert errors(await submit(db, (1, 100))) == ["LB024"]
    await db.execute("SELECT api.void_sessions('me', 'why', 1)")
    assert errors(await submit(db, (1, 101), (1, 100))) == ["LB025", None]
    await rule(db, "b")
    await submit(db, (2, 5000))
    await db.execute("SELECT api.void_sessions('me', 'why', 2)")
    await age(db, 3601)
    await rule(db, "b", per_hour=100)
    assert errors(await submit(db, (2, 101), (2, 100))) == ["LB025", None]


@pytest.mark.parametrize(("lowest", "scores", "expected"), [
    (False, (101, 100, 5000), ["LB025", None, None]), (True, (5000, 1, 2), [None, None, None]),
])  # fmt: skip
async def test_only_a_first_score_is_a_gain_on_boards_that_keep_it(db, lowest, scores, expected):
    await db.execute("SELECT api.create_board('first', NULL, 'first', p_lowest_wins => $1)", lowest)
    await rule(db, "first", per_hour=100)
    assert errors(await submit(db, *[(1, score) for score in scores])) == expected
    assert errors(await submit(db, (1, 1_000_000))) == [None]
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_each_submission_is_a_gain_of_one_on_boards_that_count_them(db):
    await db.execute("SELECT api.create_board('count', NULL, 'count')")
    await db.execute("SELECT api.create_board('fewest', NULL, 'count', p_lowest_wins => true)")
    await rule(db, "count", per_hour=2)
    await rule(db, "fewest", per_hour=1)  # their total never gets better
    assert errors(await submit(db, (1, 500), (1, 0), (1, 5))) == [None, None, "LB025"]
    assert errors(await submit(db, (1, 5), (2, 5))) == ["LB025", None]


async def test_what_lowers_a_sum_is_the_gain_where_the_lowest_wins(db):
    await db.execute("SELECT api.create_board('golf', NULL, 'sum', -50, 50, p_lowest_wins => true)")
    await rule(db, "golf", per_hour=10)
    outcomes = await submit(db, (1, 50), (1, -11), (1, -6), (1, -5), (1, -4), board="golf")
    assert errors(outcomes) == [None, "LB025", None, "LB025", None]
    assert outcomes[4][4] == 40


PLAYED = "SELECT * FROM api.submit_scores($1, $2, p_board => 'b', p_played_at => $3)"


async def played(db, *items):
    """Items are (user_id, score, played_at)."""
    return errors(rows(await db.fetch(PLAYED, *map(list, zip(*items, strict=True)))))


@pytest.mark.parametrize("aggregate", ["sum", "best", "last", "first", "count"])
async def test_a_gain_is_one_of_a_season_and_a_submission_one_of_the_board(db, aggregate):
    await db.execute(
        "SELECT api.create_board('b', NULL, $1, p_period => '1 hour', p_grace => '2 hours',"
        " p_opens_at => date_trunc('hour', now()) - interval '1 hour')",
        aggregate,
    )
    gain = 1 if aggregate == "count" else 100
    await rule(db, "b", per_hour=gain)
    now = await db.fetchval("SELECT now()")
    before = await db.fetchval("SELECT date_trunc('hour', now()) - interval '1 second'")
    assert await played(db, (1, gain, before), (1, gain, now), (2, gain + 1, now)) == [
        None,
        None,
        None if aggregate == "count" else "LB025",
    ]
    if aggregate in ("sum", "count"):
        assert await played(db, (1, 1, before), (1, 1, now)) == ["LB025", "LB025"]
    await rule(db, "b", per_minute=3)
    assert await played(db, (1, 1, now), (1, 1, before)) == [None, "LB024"]
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_rules_of_a_board_that_does_not_count_at_the_time_do_not_matter(db):
    await db.execute("""
        SELECT api.create_board('over', p_closes_at => now() - interval '1 hour');
        SELECT api.create_board('later', p_period => 'daily', p_opens_at => now() + interval '1 day');
        SELECT api.create_board('daily', p_period => 'daily')""")
    for board in ("over", "later"):
        await rule(db, board, per_minute=1, per_hour=1)
    assert errors(await submit(db, (1, 500), (1, 500), (2, 500))) == [None, None, None]
    await rule(db, "daily", per_hour=100)
    # A new player, and a season that no session has needed yet.
    await db.execute("DELETE FROM leaderboard WHERE board_id IN (SELECT id FROM rankings WHERE id <> board_id)")
    await db.execute("DELETE FROM rankings WHERE id <> board_id")
    assert errors(await submit(db, (3, 101), (3, 100), (3, 1))) == ["LB025", None, "LB025"]


ITEM = st.tuples(
    st.integers(1, 3),
    st.sampled_from([1, 5, 10, 20]),
    st.sampled_from(["solo", "team"]),
    st.sampled_from([None, "a", "b"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calls=st.lists(st.lists(ITEM, min_size=1, max_size=6), min_size=1, max_size=5),
    per_minute=st.dictionaries(st.sampled_from(["overall", "team", "best", "last"]), st.integers(1, 4)),
    per_hour=st.dictionaries(st.sampled_from(["overall", "team", "best", "last"]), st.integers(1, 60)),
)
async def test_any_calls_are_judged_as_one_after_the_other(db, calls, per_minute, per_hour):
    """Against a plain model: an item at a time, a list of what was counted. All of it within the minute, so
    that nobody had anything an hour ago.
    """
    await db.execute(MAKE_BOARDS)
    for board in {*per_minute, *per_hour}:
        await rule(db, board, per_minute=per_minute.get(board, 0), per_hour=per_hour.get(board, 0))
    counted, known, expected = [], {}, []

    def judge(user_id, score, mode):
        for board in ("overall", "team", "best", "last"):
            if board == "team" and mode != "team":
                continue
            mine = [s for u, s, m in counted if u == user_id and (board != "team" or m == "team")]
            if len(mine) >= per_minute.get(board, 99):
                return "LB024"
            gain = {"best": score, "last": score}.get(board, sum(mine) + score)
            if gain > per_hour.get(board, 10**6):
                return "LB025"
        return None

    for call in calls:
        for user_id, score, mode, key in call:
            if key is not None and (user_id, key) in known:
                expected.append(None if known[user_id, key] == (score, mode) else "LB021")
                continue
            expected.append(judge(user_id, score, mode))
            if expected[-1] is None:
                counted.append((user_id, score, mode))
                if key is not None:
                    known[user_id, key] = (score, mode)
    found = []
    for call in calls:
        found += errors(await submit(db, *((u, s, m, None, k) for u, s, m, k in call)))
    assert found == expected
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == len(counted)
    assert {row[0] for row in rows(await db.fetch("SELECT id FROM users"))} == {u for u, _, _ in counted}
    for board in ("overall", "team", "best", "last"):
        await assert_exact(db, board)
