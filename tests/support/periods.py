"""Boards with seasons, for tests."""

import datetime as dt
import json


async def add_board(db, name, **columns):
    """Adds a board with these columns of `boards`, given as text, without any season. Returns its id."""
    if "period" in columns:
        columns = {"anchor": "2001-01-01", "opens_at": "2001-01-01Z"} | columns
    names = ", ".join(columns)
    await db.execute("SET session_replication_role = replica")  # so that no trigger adds them
    try:
        return await db.fetchval(
            f"INSERT INTO boards (name, {names})"
            f" SELECT $1, {names} FROM jsonb_populate_record(NULL::boards, $2) RETURNING id",
            name,
            json.dumps(columns),
        )
    finally:
        await db.execute("RESET session_replication_role")


async def add_seasons(db, name, *times, now=None):
    """board.add_seasons; times as text."""
    at = [dt.datetime.fromisoformat(time) for time in times]
    return await db.fetchval(
        "SELECT board.add_seasons(b, $2::timestamptz[], coalesce($3, $2[1])) FROM boards AS b WHERE b.name = $1",
        name, at, now and dt.datetime.fromisoformat(now),
    )  # fmt: skip


async def seasons(db, name):
    """(number, starts_at, ends_at) of the rankings of a board, as text in UTC."""
    rows = await db.fetch(
        "SELECT r.number, to_char(r.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS starts_at,"
        " to_char(r.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS ends_at"
        " FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = $1 ORDER BY r.starts_at",
        name,
    )
    return [tuple(row) for row in rows]


async def add_season(db, name, number, starts, ends, totals=(), **columns):
    """Adds a season of a board that begins and ends so many seconds from now, with these totals of the players 1, 2,
    and so on, who are registered. `columns`: further ones of `rankings`, as SQL. Returns its id.
    """
    async with db.transaction():  # upkeep may run
        await db.execute(
            "INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, $1::int) AS g"
            " ON CONFLICT DO NOTHING",
            len(totals),
        )
        extra = "".join(f", {column}" for column in columns), "".join(f", {value}" for value in columns.values())
        season_id = await db.fetchval(
            f"INSERT INTO rankings (board_id, number, starts_at, ends_at, deadline{extra[0]})"
            " SELECT b.id, $2, now() + $3 * interval '1 s', now() + $4 * interval '1 s',"
            f" now() + $4 * interval '1 s' + b.grace{extra[1]} FROM boards AS b WHERE b.name = $1 RETURNING id",
            name, number, starts, ends,
        )  # fmt: skip
        await db.execute("INSERT INTO rank_state (board_id) SELECT $1", season_id)
        await db.execute(
            "INSERT INTO leaderboard (board_id, user_id, total_score)"
            " SELECT $1, t.n, t.total FROM unnest($2::bigint[]) WITH ORDINALITY AS t(total, n)",
            season_id,
            totals,
        )
        return season_id


async def close_seasons(db):
    """Calls api.close_seasons() as long as there is something to do, and returns how often."""
    steps = 0
    while await db.fetchval("SELECT api.close_seasons()"):
        steps += 1
        assert steps < 3000
    return steps
