"""The check that all faults share can fail: each kind of damage, done by hand, is found and named."""

import dataclasses

import pytest

from tests.faults.check import verdict
from tests.faults.clients import Sent


@pytest.fixture
async def sent(db):
    """Four submissions of two players, acknowledged and counted."""
    await db.execute("SELECT api.submit_scores('{1,1,2,2}', '{10,20,30,40}', NULL, NULL, '{a,b,c,d}')")
    return [
        Sent(user_id, score, key, acknowledged=True)
        for user_id, score, key in ((1, 10, "a"), (1, 20, "b"), (2, 30, "c"), (2, 40, "d"))
    ]


async def test_what_is_right_has_no_problems(db, sent):
    found = await verdict(db, sent)
    assert dataclasses.astuple(found) == (0, 0, 0, 0, [])


async def test_a_lost_submission(db, sent):
    found = await verdict(db, [*sent, Sent(1, 50, "e", acknowledged=True)])
    assert (found.lost, found.doubled, found.foreign) == (1, 0, 0)
    assert found.problems == ["score 50 of player 1 was acknowledged and is not there"]


async def test_one_that_was_taken_out_of_the_ledger(db, sent):
    await db.execute("SET leaderboard.counted = 'on'; DELETE FROM game_sessions WHERE score = 30")
    found = await verdict(db, sent)
    assert found.lost == 1
    assert "the total of player 2 is 70, their sessions add up to 40" in found.problems
    assert any(problem.startswith("verify_leaderboard") for problem in found.problems)


async def test_a_doubled_submission(db, sent):
    # Counted twice in every table, so nothing contradicts it but what the client knows.
    await db.execute("SELECT api.submit_score(2, 40)")
    found = await verdict(db, sent)
    assert (found.lost, found.doubled, found.foreign) == (0, 1, 0)
    assert found.problems == ["score 40 of player 2 is there 2 times"]


async def test_a_submission_that_nobody_sent(db, sent):
    await db.execute("SELECT api.submit_score(2, 41)")
    found = await verdict(db, sent)
    assert (found.lost, found.doubled, found.foreign) == (0, 0, 1)


async def test_a_wrong_total(db, sent):
    await db.execute("UPDATE leaderboard SET total_score = total_score + 1 WHERE user_id = 1")
    found = await verdict(db, sent)
    assert "the total of player 1 is 31, their sessions add up to 30" in found.problems


async def test_a_wrong_rank(db, sent):
    await db.execute("SELECT api.fold_ranks()")
    await db.execute(
        "UPDATE rank_node SET players[1 + ((70 >> shift) & 63)] = players[1 + ((70 >> shift) & 63)] + 5"
        " WHERE parent = 70 >> (shift + 6)"
    )
    found = await verdict(db, sent)
    assert any("RANK() says" in problem for problem in found.problems)
    assert any(problem.startswith("verify_leaderboard") for problem in found.problems)


async def test_one_without_an_answer_may_count_or_not_but_is_told(db, sent):
    sent[0].acknowledged = False
    found = await verdict(db, [*sent, Sent(2, 60, "f")])
    assert (found.lost, found.doubled, found.unacknowledged) == (0, 0, 2)
    assert len(found.problems) == 2
