"""A board that is filled from the ledger: its reads are refused until the service has filled it; submissions count."""

from tests.support.sql import unfill
from tests.support.waiting import until

READS = ("top", "rank/1", "ranks?user_ids=1", "around/1", "distribution")


async def test_reads_are_refused_until_the_service_has_filled_the_board(client, db, submit, connect, assert_error):
    for user_id, score in (1, 5), (2, 7), (1, 9):
        await submit(user_id, score)
    holder = await connect()
    async with holder.transaction():
        assert await holder.fetchval("SELECT internal.try_lock_fill()")  # the service cannot go on
        await unfill(db, "overall")
        for read in READS:
            response = await client.get(f"/api/leaderboard/{read}")
            if response.status == 200:  # cached, until the service has seen the change
                await until(lambda read=read: refused(client, read))
                response = await client.get(f"/api/leaderboard/{read}")
            message = await assert_error(response, 503, "board_filling")
            assert message == "the board is being filled from the ledger; call again later"
            assert int(response.headers["Retry-After"]) >= 1
        response = await client.post(
            "/api/leaderboard/submit", params={"include": "rank"}, json={"user_id": 1, "score": 6}
        )
        body = await response.json()
        assert (response.status, body["total_score"], body["rank"]) == (200, 20, None)
    for read in READS:
        await until(lambda read=read: answered(client, read))
    body = await (await client.get("/api/leaderboard/rank/1")).json()
    assert (body["total_score"], body["rank"], body["players"]) == (20, 1, 2)


async def refused(client, read):
    return (await client.get(f"/api/leaderboard/{read}")).status == 503


async def answered(client, read):
    return (await client.get(f"/api/leaderboard/{read}")).status == 200
