"""A drill can fail: damage done by hand while clients are at work is seen by them or by the check."""

import asyncio

import psycopg
import pytest

from tests.faults import on_postgres
from tests.faults.drill import Fault, drill
from tests.faults.stack import Stack


def _sql(statement: str) -> Fault:
    """Damage by SQL, in the middle of it all, to one of the clients' players."""

    async def inject(stack: Stack) -> None:
        def execute() -> None:
            with psycopg.connect(stack.owner_url) as connection:
                assert connection.execute(statement).rowcount == 1  # type: ignore[call-overload]

        await asyncio.to_thread(execute)

    return Fault("damage", inject)


#: The newest player: one of the clients of this run.
_VICTIM = "(SELECT max(user_id) FROM game_sessions)"


@pytest.fixture(autouse=True)
def repaired(stack: Stack):
    yield
    with psycopg.connect(stack.owner_url) as connection:
        connection.execute("SELECT api.rebuild_leaderboard()")
        assert connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []


async def test_a_doubled_session(stack: Stack) -> None:
    report = await drill(
        stack,
        _sql(
            "INSERT INTO game_sessions (user_id, score, game_mode) SELECT s.user_id, s.score, s.game_mode"
            f" FROM game_sessions AS s WHERE s.user_id = {_VICTIM} LIMIT 1"
        ),
    )
    assert (report.lost, report.doubled) == (0, 1)
    assert report.problems


async def test_a_lost_session(stack: Stack) -> None:
    report = await drill(
        stack,
        _sql(
            "DELETE FROM game_sessions WHERE id ="
            f" (SELECT min(s.id) FROM game_sessions AS s WHERE s.user_id = {_VICTIM})"
        ),
    )
    assert (report.lost, report.doubled) == (1, 0)
    assert report.problems


async def test_a_total_that_went_back(stack: Stack) -> None:
    report = await drill(stack, _sql(f"UPDATE leaderboard SET total_score = total_score - 1 WHERE user_id = {_VICTIM}"))
    assert report.books.stale or report.books.wrong
    assert any("their sessions add up to" in problem for problem in report.problems)


async def test_a_fault_that_nobody_should_notice_and_everybody_does(stack: Stack) -> None:
    report = await drill(stack, Fault("kill", on_postgres.KILL.inject, unnoticed=True))
    assert any("none should" in problem for problem in report.problems)


async def test_a_fault_that_did_not_happen(stack: Stack) -> None:
    async def nothing(stack: Stack) -> None:
        pass

    report = await drill(stack, Fault("nothing", nothing, noticed=True, sign="cache down"))
    assert len(report.problems) == 2
    assert all("was there a fault at all?" in problem for problem in report.problems)
