"""The one check of every fault: what was acknowledged against what the database has in the end."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg

from tests.faults.clients import Sent

_SESSIONS = "SELECT s.user_id, s.score FROM public.game_sessions AS s WHERE s.user_id = ANY ($1)"
#: Every player of the database whose total is not the sum of their sessions.
_WRONG_TOTALS = """
    SELECT coalesce(l.user_id, s.user_id) AS user_id, l.total_score, s.total
    FROM (SELECT g.user_id, sum(g.score) AS total FROM public.game_sessions AS g GROUP BY g.user_id) AS s
    FULL JOIN (
        SELECT b.user_id, b.total_score FROM public.leaderboard AS b
        JOIN public.boards AS o ON o.id = b.board_id AND o.name = 'overall'
    ) AS l ON l.user_id = s.user_id
    WHERE l.total_score IS DISTINCT FROM s.total"""

#: Every player whose rank by the index is not RANK(), both in the snapshot of one statement.
_WRONG_RANKS = """
    SELECT p.user_id, p.plain, i.rank
    FROM (
        SELECT b.user_id, rank() OVER (ORDER BY b.total_score DESC) AS plain
        FROM public.leaderboard AS b JOIN public.boards AS o ON o.id = b.board_id AND o.name = 'overall'
    ) AS p
    CROSS JOIN LATERAL api.player_rank(p.user_id) AS i
    WHERE p.plain IS DISTINCT FROM i.rank"""


@dataclass(slots=True)
class Verdict:
    """How the ledger differs from what clients were told; `problems` has a sentence for each difference."""

    lost: int = 0
    doubled: int = 0
    #: Sessions that nobody sent.
    foreign: int = 0
    unacknowledged: int = 0
    problems: list[str] = field(default_factory=list)


async def verdict(connection: asyncpg.Connection, sent: Sequence[Sent], *, may_lose: bool = False) -> Verdict:
    """Holds the database against all that the clients of these players ever sent.

    The ledger itself is counted, not the table of keys: a session that was written twice, or for no key,
    shows. To be called when no submission is under way. With `may_lose`, submissions that were lost are counted and
    no problem: so a failover to an asynchronous standby is.
    """
    found = Verdict()
    players = sorted({one.user_id for one in sent})
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        sessions = Counter((row["user_id"], row["score"]) for row in await connection.fetch(_SESSIONS, players))
        wrong_totals = await connection.fetch(_WRONG_TOTALS)
        wrong_ranks = await connection.fetch(_WRONG_RANKS)
        differences = await connection.fetch("SELECT * FROM api.verify_leaderboard()")
    wanted = Counter((one.user_id, one.score) for one in sent if one.acknowledged)
    open_ones = Counter((one.user_id, one.score) for one in sent if not one.acknowledged)
    for content in sorted({*sessions, *wanted, *open_ones}):
        user_id, score = content
        counted, acknowledged, unknown = sessions[content], wanted[content], open_ones[content]
        found.unacknowledged += unknown
        if unknown:
            found.problems.append(f"score {score} of player {user_id} was never acknowledged")
        if counted < acknowledged:
            found.lost += acknowledged - counted
            if not may_lose:
                found.problems.append(f"score {score} of player {user_id} was acknowledged and is not there")
        elif counted > acknowledged + unknown:
            more = counted - acknowledged - unknown
            if acknowledged + unknown:
                found.doubled += more
                found.problems.append(f"score {score} of player {user_id} is there {counted} times")
            else:
                found.foreign += more
                found.problems.append(f"score {score} of player {user_id} was sent by nobody")
    found.problems += [
        f"the total of player {row['user_id']} is {row['total_score']}, their sessions add up to {row['total']}"
        for row in wrong_totals
    ]
    found.problems += [
        f"player {row['user_id']} has rank {row['rank']}, RANK() says {row['plain']}" for row in wrong_ranks
    ]
    found.problems += [f"verify_leaderboard: {dict(row)}" for row in differences]
    return found
