"""Moderators and clients side by side: the short form of `make faults ARGS=moderation`."""

from tests.faults.moderation import ACTS, moderation_drill


async def test_nothing_is_left_of_acts_that_are_undone(database_url: str) -> None:
    report = await moderation_drill(database_url, 6)
    assert report.problems == []
    assert report.submissions["accepted"] > 50
    assert {*ACTS} <= {*report.acts}
    assert report.undone > 0
    assert report.seasons > 0
