"""GET /api/leaderboard/stream: what a stream shows, and when."""

from tests.support.api import get
from tests.support.streams import opened


async def test_a_stream_shows_the_present_state_and_then_each_change(client, submit):
    await submit(1, 500)
    async with opened(client, user_ids="1,2") as events:
        first = await events.next()
        assert first.name == "standings"
        assert first.data == {
            "board": "overall",
            "top": await get(client, "/top"),
            "players": await get(client, "/ranks?user_ids=1,2"),
        }
        await submit(2, 900)
        second = await events.next()
        assert second.data == {
            "board": "overall",
            "top": await get(client, "/top"),
            "players": await get(client, "/ranks?user_ids=1,2"),
        }
