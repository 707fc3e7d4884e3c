"""A cheating script against a game without a server of its own: it has the key of the game, whose scope is play, and
tries everything that SECURITY.md says tickets stop. The board takes scores with tickets only, 1 to 600 seconds after
them, and 50 points per second at most.
"""

import asyncio
import collections

import pytest

PLAYS, SUBMIT = "/api/leaderboard/plays", "/api/leaderboard/submit"
RULES = (
    "SELECT api.set_score_rules('overall', p_require_ticket => true, p_min_play_seconds => 1,"
    " p_max_play_seconds => 600, p_max_score_per_second => 50)"
)


@pytest.fixture
async def script(client, db, make_key):
    """The client, with the key that is in the game."""
    await db.execute(RULES)
    client.session.headers["Authorization"] = f"Bearer {await make_key('play')}"
    return client


async def ticket(script, player="steam:cheat", **fields):
    async with script.post(PLAYS, json={"player": player, **fields}) as response:
        assert response.status == 200, await response.text()
        return (await response.json())["ticket"]


async def aged(db, player="steam:cheat", seconds=10):
    """A ticket of the player that was issued so many seconds ago."""
    ask = "SELECT submission.make_ticket(api.find_player($1), 'solo', clock_timestamp() - $2 * interval '1 second')"
    return await db.fetchval(ask, player, seconds)


async def attempt(script, score=100, player="steam:cheat", headers=None, **fields):
    """What becomes of a score: its status and, if it was refused, the code."""
    body = {"player": player, "score": score, **fields}
    async with script.post(SUBMIT, json=body, headers=headers) as response:
        answer = await response.json()
        return response.status, answer["error"]["code"] if "error" in answer else answer["duplicate"]


async def test_any_score_by_curl(script, db):
    assert await attempt(script) == (403, "scope_missing")
    assert await attempt(script, headers={"Idempotency-Key": "a-key-of-mine"}) == (403, "scope_missing")
    assert await attempt(script, ticket="play1" + "0" * 120) == (422, "invalid_ticket")
    async with script.post(f"{SUBMIT}/batch", json=[{"user_id": 1, "score": 5}]) as response:
        assert [item["error"]["code"] for item in await response.json()] == ["scope_missing"]
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_without_a_key_of_that_scope_the_board_still_demands_a_ticket(script, db, make_key):
    """The key of another game's server has leaked."""
    headers = {"Authorization": f"Bearer {await make_key('submit')}"}
    assert await attempt(script, headers=headers) == (422, "ticket_required")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_replays(script, db):
    await ticket(script)
    good = await aged(db)
    assert await attempt(script, ticket=good) == (200, False)
    assert await attempt(script, ticket=good) == (200, True)  # counted once: the first outcome again
    assert await attempt(script, 400, ticket=good) == (422, "submission_key_reused")
    assert await attempt(script, player="steam:friend", ticket=good) == (422, "invalid_ticket")
    assert await db.fetchval("SELECT sum(score) FROM game_sessions") == 100


async def test_tickets_of_others(script, db):
    """Tickets of another player, of another mode, and changed ones."""
    await ticket(script)
    await ticket(script, "steam:victim")
    theirs = await aged(db, "steam:victim")
    assert await attempt(script, ticket=theirs) == (422, "invalid_ticket")
    race = await ticket(script, game_mode="race")
    assert await attempt(script, ticket=race) == (422, "invalid_ticket")
    good = await aged(db)
    for place in range(5, len(good), 7):
        changed = good[:place] + ("0" if good[place] != "0" else "1") + good[place + 1 :]
        assert await attempt(script, ticket=changed) == (422, "invalid_ticket")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_too_fast_too_late_and_too_much(script, db):
    assert await attempt(script, ticket=await ticket(script)) == (422, "played_too_fast")
    assert await attempt(script, 501, ticket=await aged(db, seconds=10)) == (422, "played_too_fast")
    assert await attempt(script, ticket=await aged(db, seconds=601)) == (422, "ticket_expired")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0
    refused = await db.fetch("SELECT error FROM rejected_submissions ORDER BY id")
    assert [row[0] for row in refused] == ["LB034", "LB034", "LB035"]  # moderators see them


async def test_twice_at_once(script, db):
    """One ticket over many connections at once, alone and in batches: it counts once."""
    await ticket(script)
    good = await aged(db)

    async def batch():
        items = [{"player": "steam:cheat", "score": 100, "ticket": good}] * 3
        async with script.post(f"{SUBMIT}/batch", json=items) as response:
            assert response.status == 200
            return [item["status"] for item in await response.json()]

    singles, batches = await asyncio.gather(
        asyncio.gather(*(attempt(script, 100, ticket=good) for _ in range(20))),
        asyncio.gather(*(batch() for _ in range(4))),
    )
    found = collections.Counter(duplicate for _, duplicate in singles)
    found.update(status == "duplicate" for statuses in batches for status in statuses)
    assert found == {False: 1, True: 31}
    assert await db.fetchval("SELECT sum(score) FROM game_sessions") == 100


async def test_an_honest_player_gets_through(script, db):
    await ticket(script)
    for play in range(3):
        assert await attempt(script, 10 + play, ticket=await aged(db, seconds=5)) == (200, False)
    assert await db.fetchval("SELECT sum(score) FROM game_sessions") == 33
