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
