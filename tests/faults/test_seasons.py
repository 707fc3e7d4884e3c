"""Seasons of seconds, with late scores, closes and kills beside."""

from tests.faults import on_postgres, on_service
from tests.faults.seasons import assert_exact
from tests.faults.stack import Stack


async def test_every_final_rank_is_that_of_the_ledger(two_workers: Stack) -> None:
    report = await assert_exact(two_workers, 300, [on_postgres.KILL.inject, on_service.KILL.inject], 2)
    assert report.seasons > 10
