import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows

SET = "SELECT * FROM api.set_score_rules"
#: Of play tickets.
NO_RULES = (False, None, None, None)


async def test_sets_what_is_named_and_leaves_the_rest(db):
    assert rows(await db.fetch(f"{SET}('overall')")) == [("overall", 0, 2147483647, None, None, *NO_RULES)]
    assert rows(await db.fetch(f"{SET}('overall', p_max_submissions_per_minute => 5)")) == [
        ("overall", 0, 2147483647, 5, None, *NO_RULES)
    ]
    assert rows(await db.fetch(f"{SET}('overall', p_max_gain_per_hour => 1000, p_max_score => 50)")) == [
        ("overall", 0, 50, 5, 1000, *NO_RULES)
    ]
    assert rows(await db.fetch(f"{SET}('overall', -10, NULL, 0, 0)")) == [("overall", -10, 50, None, None, *NO_RULES)]


async def test_sets_the_rules_of_play_tickets(db):
    given = "p_require_ticket => true, p_min_play_seconds => 5, p_max_play_seconds => 600, p_max_score_per_second => 9"
    (row,) = rows(await db.fetch(f"{SET}('overall', {given})"))
    assert row[5:] == (True, 5, 600, 9)
    assert rows(await db.fetch(f"{SET}('overall')")) == [row]
    given = "p_require_ticket => false, p_min_play_seconds => 0, p_max_play_seconds => 0, p_max_score_per_second => 0"
    (row,) = rows(await db.fetch(f"{SET}('overall', {given})"))
    assert row[5:] == NO_RULES


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("'nowhere'", "LB010"),
        ("NULL", "LB010"),
        ("'overall', 10, 5", "LB001"),
        ("'overall', p_max_score => -1", "LB001"),
        ("'overall', p_min_score => -9007199254740992", "LB001"),
        ("'overall', p_max_score => 9007199254740992", "LB001"),
        ("'overall', p_max_submissions_per_minute => -1", "LB001"),
        ("'overall', p_max_gain_per_hour => -1", "LB001"),
        ("'overall', p_max_gain_per_hour => 9007199254740992", "LB001"),
        ("'overall', p_min_play_seconds => -1", "LB001"),
        ("'overall', p_max_play_seconds => 86401", "LB001"),
        ("'overall', p_min_play_seconds => 5, p_max_play_seconds => 4", "LB001"),
        ("'overall', p_max_score_per_second => -1", "LB001"),
    ],
)
async def test_refuses_what_makes_no_sense_and_changes_nothing(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"{SET}({arguments})")
    assert caught.value.sqlstate == sqlstate
    assert rows(await db.fetch(f"{SET}('overall')")) == [("overall", 0, 2147483647, None, None, *NO_RULES)]


async def test_other_bounds_make_the_board_anew(db):
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await db.execute("SELECT api.submit_scores('{1,1,2,3}', '{10,500,20,600}')")
    await db.execute(f"{SET}('overall', p_max_score => 100)")
    await db.execute(f"{SET}('best', p_max_score => 100)")
    for board in "overall", "best":
        top = await db.fetch("SELECT user_id, total_score FROM api.top_players(p_board => $1)", board)
        assert rows(top) == [(2, 20), (1, 10)]
        await assert_exact(db, board)
    notices = []
    db.add_log_listener(lambda connection, message: notices.append(message.message))
    await db.execute(f"{SET}('overall', p_max_score => 1000)")
    assert notices == [
        "board overall now counts scores from 0 to 1000, past ones included: 2 totals changed."
        " To undo this, set the bounds 0 to 100"
    ]
    top = await db.fetch("SELECT user_id, total_score FROM api.top_players()")
    assert rows(top) == [(3, 600), (1, 510), (2, 20)]
    await assert_exact(db)


async def test_bounds_that_would_make_a_total_too_large_change_nothing(db):
    await db.execute("SELECT api.submit_score(1, 5)")
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT 1, 9007199254740991 FROM generate_series(1, 2)")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(f"{SET}('overall', p_max_score => 9007199254740991)")
    assert caught.value.sqlstate == "LB023"
    assert rows(await db.fetch(f"{SET}('overall')")) == [("overall", 0, 2147483647, None, None, *NO_RULES)]
    assert await db.fetchval("SELECT total_score FROM leaderboard") == 5
    await assert_exact(db)


async def test_needs_read_committed(db):
    async with db.transaction(isolation="repeatable_read"):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.fetch(f"{SET}('overall')")
    assert caught.value.sqlstate == "LB030"
