"""The oracle: what a board looks like by plain SQL, compared with what the rank index answers."""

import itertools
from typing import Any

import asyncpg

# Each statement is one snapshot: the index's answer and the plain one are compared within it.
WRONG_RANKS = """
    SELECT p.user_id, p.plain, i.rank
    FROM (
        SELECT l.user_id, rank() OVER (ORDER BY l.total_score DESC) AS plain
        FROM public.leaderboard AS l JOIN public.boards AS b ON b.id = l.board_id
        WHERE b.name = $1
    ) AS p
    FULL JOIN api.player_ranks((
        SELECT coalesce(array_agg(l.user_id::bigint), '{}')
        FROM public.leaderboard AS l JOIN public.boards AS b ON b.id = l.board_id WHERE b.name = $1
    ), $1) AS i USING (user_id)
    WHERE p.plain IS DISTINCT FROM i.rank
"""

PLAIN_ORDER = """
    SELECT rank() OVER (ORDER BY l.total_score DESC) AS rank, l.user_id, u.username, l.total_score
    FROM public.leaderboard AS l
    JOIN public.users AS u ON u.id = l.user_id
    JOIN public.boards AS b ON b.id = l.board_id
    WHERE b.name = $1
    ORDER BY l.total_score DESC, l.user_id
"""


# Ranks written to the table that RANK() contradicts.
STALE_RANKS = """
    SELECT * FROM (
        SELECT l.*, rank() OVER (PARTITION BY l.board_id ORDER BY l.total_score DESC) AS plain
        FROM public.leaderboard AS l
    ) AS r
    WHERE r.rank IS DISTINCT FROM r.plain
"""


def rows(records: list[asyncpg.Record]) -> list[tuple[Any, ...]]:
    """Records as plain tuples."""
    return [tuple(record) for record in records]


async def assert_exact(db: asyncpg.Connection, board: str = "overall", *, ledger: bool = True) -> None:
    """Compares every read of a board with RANK() and, with `ledger`, its totals with the ledger.

    For boards of up to 1,000 players and without concurrent writes.
    """
    differences = rows(await db.fetch("SELECT * FROM api.verify_leaderboard($1)", board))
    if not ledger:
        differences = [row for row in differences if row[1] != "total"]
    assert differences == []
    assert rows(await db.fetch(WRONG_RANKS, board)) == []

    order = rows(await db.fetch(PLAIN_ORDER, board))
    players = len(order)
    assert rows(await db.fetch("SELECT * FROM api.top_players(1000, p_board => $1)", board)) == order

    # Pages of odd size, by the cursor.
    paged: list[tuple[Any, ...]] = []
    while page := rows(
        await db.fetch(
            "SELECT * FROM api.top_players(3, $1, $2, $3)",
            paged[-1][3] if paged else None,
            paged[-1][1] if paged else None,
            board,
        )
    ):
        paged += page
        assert len(paged) <= players
    assert paged == order

    places = set(range(players)) if players <= 12 else {0, players // 2, players - 1}
    for place in places:
        around = rows(await db.fetch("SELECT * FROM api.players_around($1, 2, $2)", order[place][1], board))
        assert around == order[max(place - 2, 0) : place + 3]
        alone = tuple(await db.fetchrow("SELECT * FROM api.player_rank($1, $2)", order[place][1], board))
        rank = order[place][0]
        share = round(100 * (players - rank + 1) / players, 2)
        assert alone[:5] == (*order[place][1:], rank, players)
        assert abs(alone[5] - share) < 0.0051

    buckets = rows(await db.fetch("SELECT * FROM api.score_distribution(7, $1)", board))
    assert sum(bucket[2] for bucket in buckets) == players
    for low, high, count in buckets:
        assert count == sum(low <= row[3] <= high for row in order)
    assert all(previous[1] + 1 == following[0] for previous, following in itertools.pairwise(buckets))
