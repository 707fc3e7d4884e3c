"""Boards with seasons, for tests: without waiting for time to pass."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence

import asyncpg

#: What leaderboard says about a ranking, in the board's order.
TRUTH = """
    SELECT row_number() OVER (ORDER BY l.total_score DESC, l.tie, l.user_id) AS place,
           rank() OVER (ORDER BY l.total_score DESC) AS rank, l.user_id, l.total_score, l.tie
    FROM public.leaderboard AS l
    WHERE l.board_id = $1
    ORDER BY 1
"""


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
        " FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = $1 AND r.split = ''"
        " ORDER BY r.starts_at",
        name,
    )
    return [tuple(row) for row in rows]


async def add_season(db, name, number, starts, ends, totals=(), **columns):
    """Adds a season of a board that begins and ends so many seconds from now, with these totals of the players 1, 2,
    and so on, who are registered. `columns`: further ones of `rankings`, as SQL. Returns its id.
    """
    async with db.transaction():  # upkeep may run
        extra = "".join(f", {column}" for column in columns), "".join(f", {value}" for value in columns.values())
        season_id = await db.fetchval(
            f"INSERT INTO rankings (board_id, number, starts_at, ends_at, deadline{extra[0]})"
            " SELECT b.id, $2, now() + $3 * interval '1 s', now() + $4 * interval '1 s',"
            f" now() + $4 * interval '1 s' + b.grace{extra[1]} FROM boards AS b WHERE b.name = $1 RETURNING id",
            name, number, starts, ends,
        )  # fmt: skip
        await _add_totals(db, season_id, [(player, total, None) for player, total in enumerate(totals, 1)])
        return season_id


async def season(
    db: asyncpg.Connection, board_id: int, number: int, totals: Iterable[Sequence[int | None]] = ()
) -> int:
    """A season of the board, of a day in 2020, with these totals: (user_id, total, tie). The players are registered."""
    ranking_id: int = await db.fetchval(
        "INSERT INTO public.rankings (board_id, number, starts_at, ends_at)"
        " SELECT $1, $2, d.day, d.day + interval '1 day'"
        " FROM (SELECT '2020-01-01 UTC'::timestamptz + ($2 - 1) * interval '1 day' AS day) AS d RETURNING id",
        board_id,
        number,
    )
    await _add_totals(db, ranking_id, totals)
    return ranking_id


async def _add_totals(db: asyncpg.Connection, ranking_id: int, totals: Iterable[Sequence[int | None]]) -> None:
    """Gives a new ranking a tree and these totals: (user_id, total, tie). The players are registered."""
    user_ids, scores, ties = list(zip(*totals, strict=True)) or [(), (), ()]
    await db.execute(
        "INSERT INTO public.users (id, username) SELECT i, 'u' || i FROM unnest($1::int[]) AS i ON CONFLICT DO NOTHING",
        user_ids,
    )
    await db.execute("INSERT INTO public.rank_state (board_id) VALUES ($1)", ranking_id)
    await db.execute(
        "INSERT INTO public.leaderboard (board_id, user_id, total_score, tie)"
        " SELECT $1, t.* FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS t",
        ranking_id,
        user_ids,
        scores,
        ties,
    )


async def close_seasons(db):
    """Calls api.close_seasons() as long as there is something to do, and returns how often."""
    steps = 0
    while await db.fetchval("SELECT api.close_seasons()"):
        steps += 1
        assert steps < 3000
    return steps


async def close(db: asyncpg.Connection, ranking_id: int) -> None:
    """Closes a season as upkeep does, in one transaction."""
    async with db.transaction():
        await db.execute(
            "UPDATE public.rankings SET players = archive.write(id), closed_at = now(), closing_xid = '0',"
            " filled_to = NULL WHERE id = $1",
            ranking_id,
        )
        splits = await db.fetchval(
            "SELECT archive.write_splits(r, b.split_by)"
            " FROM public.rankings AS r JOIN public.boards AS b ON b.id = r.board_id WHERE r.id = $1",
            ranking_id,
        )
        await db.execute(
            "UPDATE public.rankings AS r SET closed_at = now(), closing_xid = '0', players = ("
            " SELECT coalesce(sum(cardinality(user_ids)), 0) FROM public.season_players AS s WHERE s.ranking_id = r.id"
            ") WHERE r.id = ANY ($1)",
            splits,
        )
        for table in ("leaderboard", "rank_state", "rank_node", "rank_delta"):
            await db.execute(f"DELETE FROM public.{table} WHERE board_id = ANY ($1)", [ranking_id, *splits])


#: A board with a closed season, in which every player there is has a total, and one that begins later. For a database
#: of a test that is not about seasons, such as one that is backed up.
CLOSED_SEASON = """
    DO $$
    DECLARE
        v_board_id integer;
        v_closed   integer;
    BEGIN
        INSERT INTO public.boards (name, manual_seasons, opens_at) VALUES ('seasons', true, '2100-01-01 UTC')
        RETURNING id INTO v_board_id;
        DELETE FROM public.leaderboard AS l USING public.rankings AS r
        WHERE r.board_id = v_board_id AND l.board_id = r.id;
        UPDATE public.rankings SET number = 2, starts_at = '2100-01-01 UTC' WHERE board_id = v_board_id;
        INSERT INTO public.rankings (board_id, number, starts_at, ends_at, closing_xid)
        VALUES (v_board_id, 1, '2020-01-01 UTC', '2020-02-01 UTC', '0') RETURNING id INTO v_closed;
        INSERT INTO public.rank_state (board_id) VALUES (v_closed);
        INSERT INTO public.leaderboard (board_id, user_id, total_score)
        SELECT v_closed, u.id, u.id % 40 FROM public.users AS u;
        UPDATE public.rankings SET players = archive.write(id), closed_at = now() WHERE id = v_closed;
        DELETE FROM public.leaderboard WHERE board_id = v_closed;
        DELETE FROM public.rank_state WHERE board_id = v_closed;
        DELETE FROM public.rank_node WHERE board_id = v_closed;
        DELETE FROM public.rank_delta WHERE board_id IN (SELECT id FROM public.rankings WHERE board_id = v_board_id);
    END
    $$
"""
#: The archives of a database: their rows, and the final ranks in them.
ARCHIVES = """
    SELECT 'places', s.ranking_id, s.first_place, format('%s', s) FROM public.season_places AS s
    UNION ALL
    SELECT 'players', s.ranking_id, s.first_user_id, format('%s', s) FROM public.season_players AS s
    UNION ALL
    SELECT 'rank', r.id, p.place, format('%s', p)
    FROM public.rankings AS r CROSS JOIN LATERAL archive.page(r.id, 1, 1000000) AS p
    UNION ALL
    SELECT 'season', r.id, 0, format('%s', r) FROM public.rankings AS r
    ORDER BY 1, 2, 3
"""
