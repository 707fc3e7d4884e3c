"""Submissions of banned players: kept in the ledger, answered as usual, and on no board."""

import json

import pytest

from tests.support.oracle import assert_exact

SUBMIT = "SELECT * FROM api.submit_scores($1, $2, p_submission_keys => $3, p_board => $4, p_with_rank => true)"


@pytest.fixture
async def banned(db):
    """Players 1 to 4 have 10 to 40 points; 1 is banned, 2 is hidden."""
    await db.execute("SELECT api.create_board('top', NULL, 'best')")
    await db.execute("SELECT api.create_board('last', NULL, 'last', p_lowest_wins => true)")
    await db.execute("SELECT api.submit_scores('{1,2,3,4}', '{10,20,30,40}')")
    for player, action in (1, "ban"), (2, "hide"):
        await db.execute(
            """WITH act AS (
                INSERT INTO moderation (operator, action, user_id, reason) VALUES ('me', $2, $1, 'why') RETURNING id
            ), gone AS (DELETE FROM leaderboard WHERE user_id = $1)
            UPDATE users SET ban_id = act.id FROM act WHERE users.id = $1""",
            player,
            action,
        )


async def submit(db, *items, board="overall"):
    found = await db.fetch(SUBMIT, [i[0] for i in items], [i[1] for i in items], [i[2] for i in items], board)
    return [(row["status"], row["total_score"], row["previous_rank"], row["rank"], row["hidden"]) for row in found]


@pytest.mark.usefixtures("banned")
async def test_they_see_themselves_as_if_nothing_was(db):
    assert await submit(db, (1, 15, "a"), (3, 1, None), (2, 1, None), (1, 100, None)) == [
        ("accepted", 25, 3, 3, True),
        ("accepted", 31, 2, 2, None),
        ("accepted", 21, 3, 3, None),
        ("accepted", 125, 3, 1, True),
    ]
    assert await submit(db, (1, 15, "a")) == [("replayed", 25, 3, 3, True)]
    assert await submit(db, (1, 1, None), board="top") == [("accepted", 100, 1, 1, True)]
    assert await submit(db, (2, 7, None), board="last") == [("accepted", 7, 1, 2, None)]
    assert await db.fetchval("SELECT count(*) FROM leaderboard WHERE user_id IN (1, 2)") == 0
    assert await db.fetchval("SELECT sum(score) FROM game_sessions WHERE user_id = 1") == 126
    for board in "overall", "top", "last":
        await assert_exact(db, board)


@pytest.mark.usefixtures("banned")
async def test_the_short_way_is_closed_to_them(db):
    (row,) = await db.fetch("SELECT * FROM api.submit_scores('{1}', '{5}')")
    assert (row["status"], row["total_score"], row["hidden"]) == ("accepted", 15, True)
    assert await db.fetchval("SELECT count(*) FROM leaderboard WHERE user_id = 1") == 0


@pytest.mark.usefixtures("banned")
async def test_after_the_ban_everything_counts(db):
    await submit(db, (1, 15, "a"), (1, 2, None))
    await db.execute("UPDATE users SET ban_id = NULL")
    await db.execute("SELECT ledger.correct_totals(ARRAY(SELECT id FROM rankings), '{1,2}')")
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1 AND board_id = 1") == 27
    for board in "overall", "top", "last":
        await assert_exact(db, board)


@pytest.mark.usefixtures("banned")
async def test_they_see_what_a_submission_did_on_every_board(db):
    found = await db.fetch(
        "SELECT * FROM api.submit_scores('{1,2}', '{15,1}', p_with_rank => true, p_with_boards => true)"
    )
    assert [[(b["board"], b["total_score"], b["rank"]) for b in json.loads(row["boards"])] for row in found] == [
        [("overall", 25, 3), ("top", 15, 3), ("last", 15, 1)],
        [("overall", 21, 3), ("top", 20, 3), ("last", 1, 1)],
    ]


@pytest.mark.usefixtures("banned")
async def test_a_replay_says_the_same_as_the_first_one(db):
    twice = await db.fetch(
        "SELECT * FROM api.submit_scores('{1,1,2,2}', '{5,5,6,6}', p_submission_keys => '{a,a,b,b}')"
    )
    assert [(row["status"], row["hidden"]) for row in twice] == [
        ("accepted", True), ("replayed", True), ("accepted", None), ("replayed", None),
    ]  # fmt: skip
    # The first call asked for no rank.
    assert await submit(db, (1, 5, "a"), (2, 6, "b")) == [
        ("replayed", 15, None, 3, True),
        ("replayed", 26, None, 3, None),
    ]


@pytest.mark.usefixtures("banned")
async def test_a_score_that_is_not_better_breaks_no_rule(db):
    await db.execute("SELECT api.set_score_rules('top', p_max_gain_per_hour => 5)")
    for player in (1, 2):
        assert await submit(db, (player, 9, None), board="top") == [
            ("accepted", 10 * player, 3, 3, player == 1 or None)
        ]


async def test_the_ban_of_a_player_can_end_whatever_they_submitted(db):
    largest = 2**53 - 1
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => $1)", largest)
    await db.execute("SELECT api.submit_scores('{1,2}', '{10,20}')")
    await db.execute("SELECT api.ban_players('me', 'why', '{1}')")
    refused = await db.fetch("SELECT error FROM api.submit_scores('{1,1,2}', $1)", [largest, largest, 1])
    assert [row["error"] for row in refused] == ["LB023", "LB023", None]
    await db.execute("SELECT api.submit_scores('{1}', $1)", [largest - 10])
    refused = await db.fetch("SELECT error FROM api.submit_scores('{1,2}', '{1,1}')")
    assert [row["error"] for row in refused] == ["LB023", None]
    await db.execute("SELECT api.unban_players('me', 'why', '{1}')")
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1") == largest
    await assert_exact(db, "overall")
