import asyncpg

HOLDER = "SELECT pid, database, username, state, seconds FROM api.horizon_holder()"


async def test_no_open_transaction_no_row(db):
    assert await db.fetch(HOLDER) == []


async def test_names_the_session_with_the_oldest_transaction_of_any_database(db, connect, new_database):
    other = await asyncpg.connect(new_database())
    try:
        async with other.transaction():
            await other.execute("SELECT pg_current_xact_id()")
            later = await connect()
            async with later.transaction():
                await later.execute("SELECT pg_current_xact_id()")
                (row,) = await db.fetch(HOLDER)
                assert row["pid"] == other.get_server_pid()
                assert row["database"] == await other.fetchval("SELECT current_database()")
                assert row["username"] == "leaderboard_owner"
                assert row["state"] == "idle in transaction"
                assert row["seconds"] >= 0
    finally:
        await other.close()


async def test_names_the_oldest_one_for_the_service_too(db, connect, database_url):
    service = await asyncpg.connect(database_url.replace("leaderboard_owner@", "leaderboard_service@"))
    other = await connect()
    try:
        async with other.transaction():
            await other.execute("SELECT pg_current_xact_id()")
            (row,) = await service.fetch(HOLDER)
            assert row["pid"] == other.get_server_pid()
    finally:
        await service.close()
