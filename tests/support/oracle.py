"""The oracle: what a board looks like by plain SQL, compared with what the rank index answers."""

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
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

#: The current or only ranking of a board, in the board's order, by plain SQL.
PLAIN_ORDER = """
    SELECT rank() OVER (ORDER BY l.total_score DESC) AS rank, l.user_id, u.username,
           CASE WHEN b.lowest_wins THEN -l.total_score ELSE l.total_score END AS total_score,
           CASE WHEN b.ties = 'earliest' THEN l.tie END AS tie
    FROM public.leaderboard AS l
    JOIN public.users AS u ON u.id = l.user_id
    JOIN public.rankings AS r ON r.id = l.board_id
    JOIN public.boards AS b ON b.id = r.board_id
    WHERE b.name = $1 AND r.split = '' AND (r.id = b.id OR r.starts_at <= now() AND r.ends_at > now())
        AND r.closed_at IS NULL
    ORDER BY l.total_score DESC, CASE WHEN b.ties = 'earliest' THEN l.tie END, l.user_id
"""
OPTIONS = """
    SELECT b.lowest_wins, b.unit, b.decimals
    FROM public.boards AS b
    WHERE b.name = split_part(split_part($1, '/', 1), '@', 1)
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


#: rank, user_id, username, total_score, display, tie
Row = tuple[int, int, str, int, str | None, int | None]


def display(total: int, unit: str | None, decimals: int) -> str | None:
    """A total as players read it."""
    if unit not in ("ms", "s"):
        return f"{Decimal(total).scaleb(-decimals):.{decimals}f}" if decimals else None
    digits = decimals + (3 if unit == "ms" else 0)
    seconds, fraction = divmod(abs(total), 10**digits)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    shown = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return ("-" if total < 0 else "") + shown + (f".{fraction:0{digits}}" if digits else "")


def percentile(rank: int, players: int) -> float:
    """The percentage of players that one of this rank is at least as good as."""
    return 100 * (players - rank + 1) / players if players else 100


async def plain_order(db: asyncpg.Connection, board: str) -> list[Row]:
    """The players of a board, or of its running season, in its order."""
    options = await db.fetchrow(OPTIONS, board)
    assert options is not None
    return [
        (rank, user_id, name, total, display(total, options["unit"], options["decimals"]), tie)
        for rank, user_id, name, total, tie in await db.fetch(PLAIN_ORDER, board)
    ]


async def assert_exact(db: asyncpg.Connection, board: str = "overall", *, ledger: bool = True) -> None:
    """Compares every read of a board with RANK() and, with `ledger`, its totals with the ledger.

    For boards of up to 1,000 players and without concurrent writes.
    """
    differences = rows(await db.fetch("SELECT * FROM api.verify_leaderboard($1)", board))
    if not ledger:
        differences = [row for row in differences if row[1] != "total"]
    assert differences == []
    await assert_reads(db, board, await plain_order(db, board))


async def assert_reads(db: asyncpg.Connection, board: str, order: list[Row], season: int | None = None) -> None:
    """Compares every read of a board, or of a season of it such as 'daily@2', with what it has to be."""
    players = len(order)
    assert rows(await db.fetch("SELECT * FROM api.top_players(1000, p_board => $1)", board)) == order
    await assert_pages(db, board, order)

    ranks = rows(
        await db.fetch(
            "SELECT * FROM api.player_ranks($1, $2) ORDER BY rank, user_id",
            [row[1] for row in order] or [2147483647],
            board,
        )
    )
    assert [(*row[:6], *row[7:]) for row in ranks] == [
        (user_id, name, total, rank, rank, players, shown, season, None)
        for rank, user_id, name, total, shown, _ in sorted(order)
    ]
    assert all(abs(row[6] - percentile(row[3], players)) < 0.0051 for row in ranks)

    places = list(range(players)) if players <= 12 else [0, players // 2, players - 1]
    user_ids, numbers = [order[place][1] for place in places], [place + 1 for place in places]
    around = await _each(db, "api.players_around(a, 2, $2)", "bigint", user_ids, board)
    alone = await _each(db, "api.player_rank(a, $2)", "bigint", user_ids, board)
    found = await _each(db, "api.players_from_place(a, 3, $2)", "bigint", numbers, board)
    thresholds = await _each(db, "api.threshold(a, p_board => $2)", "bigint", numbers, board)
    for number, place in enumerate(places):
        rank, user_id, name, total, shown, _ = order[place]
        assert [row[:-1] for row in around[number]] == order[max(place - 2, 0) : place + 3]
        (one,) = alone[number]
        assert (*one[:5], *one[6:]) == (user_id, name, total, rank, players, shown, season, None)
        assert abs(one[5] - percentile(rank, players)) < 0.0051
        assert found[number] == order[place : place + 3]
        assert thresholds[number] == [(total, shown, place + 1, players)]
    last = rows(await db.fetch("SELECT * FROM api.players_from_place(NULL, 2, $1)", board))
    assert last == order[-2:]
    assert await db.fetch("SELECT * FROM api.players_from_place($1, 2, $2)", players + 1, board) == []
    assert await db.fetch("SELECT * FROM api.threshold($1, p_board => $2)", players + 1, board) == []

    await assert_scores(db, board, order)


async def _each(
    db: asyncpg.Connection, call: str, of: str, arguments: list[Any], board: str
) -> list[list[tuple[Any, ...]]]:
    """The rows that a function returns for each argument `a`, in its order. One statement: so many take their time."""
    found: list[list[tuple[Any, ...]]] = [[] for _ in arguments]
    for number, *row, _ in await db.fetch(
        f"SELECT n.number, f.* FROM unnest($1::{of}[]) WITH ORDINALITY AS n(a, number)"
        f" CROSS JOIN LATERAL {call} WITH ORDINALITY AS f"
        " ORDER BY n.number, f.ordinality",
        arguments,
        board,
    ):
        found[number - 1].append(tuple(row))
    return found


async def assert_pages(db: asyncpg.Connection, board: str, order: list[Row]) -> None:
    """Pages of odd size, by the cursor."""
    paged: list[tuple[Any, ...]] = []
    while page := rows(
        await db.fetch(
            "SELECT * FROM api.top_players(3, $1, $2, $3, $4)",
            paged[-1][3] if paged else None,
            paged[-1][1] if paged else None,
            board,
            paged[-1][5] if paged else None,
        )
    ):
        paged += page
        assert len(paged) <= len(order)
    assert paged == order


async def assert_scores(db: asyncpg.Connection, board: str, order: list[Row]) -> None:
    """Compares the reads that start from a total or a percentage."""
    players = len(order)
    options = await db.fetchrow(OPTIONS, board)
    assert options is not None
    totals = sorted({row[3] for row in order})
    scores = sorted({0, *(total + step for total in (totals[:1] + totals[-1:]) for step in (-1, 0, 1))})
    for total, answer in zip(scores, await _each(db, "api.rank_of_score(a, $2)", "bigint", scores, board), strict=True):
        better = sum(row[3] < total if options["lowest_wins"] else row[3] > total for row in order)
        (found,) = answer
        assert found[:2] == (better + 1, players)
        assert abs(found[2] - percentile(better + 1, players)) < 0.0051
    percents = [0.07, 10.0, 50.0, 100.0]
    for percent, answer in zip(
        percents,
        await _each(db, "api.threshold(p_percent => a, p_board => $2)", "float8", percents, board),
        strict=True,
    ):
        place = max(1, math.ceil(players * Fraction(str(percent)) / 100))
        assert answer == [(row[3], row[4], place, players) for row in order[place - 1 : place]]

    buckets = rows(await db.fetch("SELECT * FROM api.score_distribution(7, $1)", board))
    assert sum(bucket[2] for bucket in buckets) == players
    assert [bucket[0] for bucket in buckets[:1]] == totals[:1]
    for low, high, count in buckets:
        assert count == sum(low <= row[3] <= high for row in order)
    assert all(previous[1] + 1 == following[0] for previous, following in itertools.pairwise(buckets))


Session = asyncpg.Record
#: What counts of a player's sessions, which are in the order of their times: the total, and the session that made it.
TOTALS: dict[str, Callable[[list[Session], bool], tuple[int, int]]] = {
    "sum": lambda s, low: (
        sum(one["score"] for one in s),
        max((one["id"] for one in s if one["score"]), default=s[0]["id"]),
    ),
    "best": lambda s, low: min(((one["score"], one["id"]) for one in s), key=lambda t: (t[0] if low else -t[0], t[1])),
    "last": lambda s, low: (s[-1]["score"], s[-1]["id"]),
    "first": lambda s, low: (s[0]["score"], s[0]["id"]),
    "count": lambda s, low: (len(s), s[-1]["id"]),
}


def utc(time: dt.datetime) -> dt.datetime:
    """The driver gives infinity without a time zone."""
    return time.replace(tzinfo=dt.UTC)


def order_of(ranking: asyncpg.Record, ledger: list[Session], names: dict[int, str]) -> list[Row]:
    """The players of a ranking in the board's order, from the ledger."""
    counted: dict[int, list[Session]] = defaultdict(list)
    for one in ledger:
        if (
            ranking["game_mode"] in (None, one["game_mode"])
            and ranking["min_score"] <= one["score"] <= ranking["max_score"]
            and utc(ranking["starts_at"]) <= one["timestamp"] < utc(ranking["ends_at"])
        ):
            counted[one["user_id"]].append(one)
    low, earliest = ranking["lowest_wins"], ranking["ties"] == "earliest"
    made = [(user_id, *TOTALS[ranking["aggregate"]](sessions, low)) for user_id, sessions in counted.items()]
    made.sort(key=lambda one: (one[1] if low else -one[1], one[2] if earliest else 0, one[0]))
    ranks: dict[int, int] = {}
    for place, (_, total, _) in enumerate(made, 1):
        ranks.setdefault(total, place)
    return [
        (
            ranks[total],
            user_id,
            names.get(user_id, "deleted"),
            total,
            display(total, ranking["unit"], ranking["decimals"]),
            tie if earliest else None,
        )
        for user_id, total, tie in made
    ]
