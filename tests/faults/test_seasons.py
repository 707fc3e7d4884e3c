"""Seasons of seconds, with late scores, closes and kills beside."""

import datetime as dt

import pytest

from tests.faults import on_postgres, on_service
from tests.faults.seasons import Board, Played, Read, Rule, assert_exact, total_of
from tests.faults.stack import Stack


async def test_every_final_rank_is_that_of_the_ledger(two_workers: Stack) -> None:
    report = await assert_exact(two_workers, 300, [on_postgres.KILL.inject, on_service.KILL.inject], 2)
    assert report.seasons > 10


# --- the drill can fail -----------------------------------------------------------------------------------------------

RULE = Rule("sum", "sum", 2, 1)
OPENS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def at(seconds: float) -> dt.datetime:
    return OPENS + dt.timedelta(seconds=seconds)


@pytest.fixture
def board() -> Board:
    """Seasons of two seconds: players 1 and 2 in the first one, and 1 and 3 in the second. One session came late, and
    one too late.
    """
    sessions = [
        (1, 5, 0.5, 0.5),
        (2, 7, 0.6, 0.6),
        (1, 3, 2.5, 2.5),
        (2, 1, 2.9, 1.0),
        (3, 9, 3.0, 3.0),
        (3, 2, 3.1, 0.1),
    ]
    ledger = [
        Played(n, user_id, score, at(counted), at(played))
        for n, (user_id, score, counted, played) in enumerate(sessions, 1)
    ]
    return Board(RULE, OPENS, ledger)


def test_the_oracle(board: Board) -> None:
    assert board.season(1).final() == [(1, 2, 8), (2, 1, 5)]
    assert board.season(2).final() == [(1, 3, 9), (2, 1, 3)]
    assert board.too_late == 1


@pytest.mark.parametrize(
    ("asked", "answered", "previous", "rows", "right"),
    [
        (3.5, 3.6, False, [(1, 3, 9), (2, 1, 3)], True),
        (1.9, 2.1, False, [(1, 2, 7), (2, 1, 5)], True),  # asked before the boundary
        (1.9, 2.1, False, [], True),  # answered after it
        (2.1, 2.2, False, [(1, 2, 7), (2, 1, 5)], False),  # of the season before
        (3.5, 3.6, False, [(1, 3, 9), (2, 1, 5)], False),  # of two seasons
        (3.5, 3.6, False, [(1, 3, 9), (2, 1, 8)], False),  # a total of both
        (3.5, 3.6, False, [(1, 3, 9)], False),  # without what was acknowledged
        (3.5, 3.6, False, [(1, 3, 9), (1, 1, 3)], False),  # a wrong rank
        (3.5, 3.6, True, [(1, 2, 8), (2, 1, 5)], True),
        (3.5, 3.6, True, [(1, 2, 7), (2, 1, 5)], False),  # without the late one
        (3.5, 3.6, True, None, False),
        (0.1, 0.2, True, None, True),
    ],
)
def test_reads(
    board: Board, asked: float, answered: float, previous: bool, rows: list[tuple[int, int, int]] | None, right: bool
) -> None:
    acknowledged = {(1, 5): 0.55, (2, 7): 0.65, (1, 3): 2.55, (2, 1): 2.95, (3, 9): 3.05, (3, 2): 3.15}
    acknowledged = {key: at(seconds).timestamp() for key, seconds in acknowledged.items()}
    read = Read("sum", previous, at(asked).timestamp(), at(answered).timestamp(), rows)
    assert (board.problem_of(read, acknowledged) is None) is right


@pytest.mark.parametrize(
    ("aggregate", "lowest_wins", "expected"),
    [
        ("sum", False, (9, 3)),
        ("count", False, (3, 3)),
        ("best", False, (4, 2)),
        ("best", True, (2, 1)),
        ("last", False, (3, 3)),
        ("first", False, (2, 1)),
    ],
)
def test_totals(aggregate: str, lowest_wins: bool, expected: tuple[int, int]) -> None:
    sessions = [Played(n, 1, score, at(n), at(n)) for n, score in enumerate([2, 4, 3], 1)]
    assert total_of(Rule("a", aggregate, 1, 1, lowest_wins), sessions) == expected
