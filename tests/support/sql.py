"""What tests of the SQL share: players with totals, submissions, cache warnings."""

import json

SUBMIT = "SELECT * FROM api.submit_scores($1, $2, $3, $4, $5, $6, $7)"
WARNINGS = "SELECT latest, stand FROM api.cache_warnings()"


async def fill(db, *totals):
    await db.execute(
        "INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, $1::int) AS g",
        len(totals),
    )
    await db.execute(
        "INSERT INTO game_sessions (user_id, score) SELECT * FROM unnest($1::int[], $2::bigint[])",
        list(range(1, len(totals) + 1)),
        totals,
    )
    await db.execute("SELECT api.rebuild_leaderboard()")


async def submit(db, *items, board="overall", with_rank=False):
    """Items are (user_id, score[, mode[, name[, key]]])."""
    columns = list(zip(*(tuple(item) + (None,) * (5 - len(item)) for item in items), strict=True))
    return [tuple(row) for row in await db.fetch(SUBMIT, *map(list, columns), board, with_rank)]


async def look(connection):
    latest, stand = await connection.fetchrow(WARNINGS)
    return latest, json.loads(stand)


async def warn(connection, process, token=None):
    return tuple(await connection.fetchrow("SELECT * FROM api.set_cache_warning($1, $2)", process, token))


async def unfill(db, board):
    """Leaves a board as it is right after its creation on a large ledger."""
    await db.execute(
        "WITH ranking AS ("
        " UPDATE rankings SET filled_to = 0 WHERE board_id = (SELECT b.id FROM boards AS b WHERE b.name = $1)"
        " RETURNING id"
        ") DELETE FROM leaderboard AS l USING ranking AS r WHERE l.board_id = r.id",
        board,
    )


async def fill_up(db):
    """Fills all boards and returns the number of steps."""
    steps = 0
    while await db.fetchval("SELECT api.fill_boards()"):
        steps += 1
    return steps


async def fill_with_rollbacks(db):
    """The same, in transactions of which every third is rolled back, as if its session had ended."""
    step, more = 0, True
    while more:
        transaction = db.transaction()
        await transaction.start()
        more = await db.fetchval("SELECT api.fill_boards()")
        step += 1
        await (transaction.rollback() if step % 3 == 0 else transaction.commit())
        more = more or step % 3 == 0
