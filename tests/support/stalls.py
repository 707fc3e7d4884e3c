"""Database calls that wait until a test lets them go on."""

import asyncio

from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"
#: Name and arguments of the function that `slow_down` replaces.
PLAYER_RANK = ("player_rank", "bigint, text")


async def slow_down(db):
    """Makes player_rank wait, its snapshot taken, while another session holds the advisory lock 1."""
    await db.execute(
        "ALTER FUNCTION api.player_rank_uncounted(bigint, text) RENAME TO player_rank_at_once;"
        "CREATE FUNCTION api.player_rank_uncounted(bigint, text) RETURNS TABLE (user_id integer,"
        " username text, total_score bigint, rank bigint, players bigint, percentile double precision, display text,"
        " season integer, hidden boolean)"
        " LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1);"
        " RETURN QUERY SELECT * FROM api.player_rank_at_once($1, $2); END $$"
    )


async def service_backends(db):
    """The service's connections whose submission waits for a lock.

    Not those that are merely active: a new connection shows the statement while it is being parsed, is idle
    for a moment then, and may look idle to the second of two looks.
    """
    await db.execute("SELECT pg_stat_clear_snapshot()")  # in a transaction it would stay as it was
    return await db.fetch(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'leaderboard' AND query LIKE '%submit_scores%'"
        " AND cardinality(pg_blocking_pids(pid)) > 0"
    )


async def blocked_submit(client, db, user_id, **kwargs):
    """A submission that waits in the database for a lock of `db`, and the transaction that has it."""
    await client.post(SUBMIT, json={"user_id": user_id, "score": 1})
    transaction = db.transaction()
    await transaction.start()
    await db.execute("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", user_id)
    request = asyncio.create_task(client.post(SUBMIT, json={"user_id": user_id, "score": 10}, **kwargs))
    await until(lambda: service_backends(db))
    return request, transaction
