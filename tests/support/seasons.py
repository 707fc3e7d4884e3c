"""Seasons for tests, made without waiting for time to pass."""

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


async def season(
    db: asyncpg.Connection, board_id: int, number: int, totals: Iterable[Sequence[int | None]] = ()
) -> int:
    """A season of the board, of a day in 2020, with these totals: (user_id, total, tie). The players are registered."""
    user_ids, scores, ties = list(zip(*totals, strict=True)) or [(), (), ()]
    await db.execute(
        "INSERT INTO public.users (id, username) SELECT i, 'u' || i FROM unnest($1::int[]) AS i ON CONFLICT DO NOTHING",
        user_ids,
    )
    ranking_id: int = await db.fetchval(
        "INSERT INTO public.rankings (board_id, number, starts_at, ends_at)"
        " SELECT $1, $2, d.day, d.day + interval '1 day'"
        " FROM (SELECT '2020-01-01 UTC'::timestamptz + ($2 - 1) * interval '1 day' AS day) AS d RETURNING id",
        board_id,
        number,
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
    return ranking_id


async def close(db: asyncpg.Connection, ranking_id: int) -> None:
    """Closes a season as upkeep does, in one transaction."""
    async with db.transaction():
        await db.execute(
            "UPDATE public.rankings SET players = archive.write(id), closed_at = now(), closing_xid = '0',"
            " filled_to = NULL WHERE id = $1",
            ranking_id,
        )
        for table in ("leaderboard", "rank_state", "rank_node", "rank_delta"):
            await db.execute(f"DELETE FROM public.{table} WHERE board_id = $1", ranking_id)
