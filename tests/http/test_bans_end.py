"""A running service ends bans whose time is over, and no answer from the cache outlives that."""

from tests.support.waiting import until


async def test_a_ban_ends_by_itself(client, db, submit):
    for user_id, score in (1, 5), (2, 7):
        await submit(user_id, score)
    await db.execute("SELECT api.ban_players('m', 'r', '{2}', clock_timestamp() + interval '1 hour')")

    async def listed():
        return [row["user_id"] for row in await (await client.get("/api/leaderboard/top")).json()]

    async def is_listed(*users):
        return await listed() == list(users)

    await until(lambda: is_listed(1))
    await db.execute("UPDATE moderation SET until = clock_timestamp()")
    await until(lambda: is_listed(2, 1))
    body = await (await client.get("/api/leaderboard/rank/2")).json()
    assert (body["rank"], body["players"], "hidden" in body) == (1, 2, False)
    assert await db.fetchval("SELECT operator FROM api.moderation_log() WHERE action = 'unban'") == "leaderboard"
