"""What the tests of the bulk data share."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from seed.generate import generate

# What a load takes down and must put back: keys, foreign keys, checks, indexes, triggers, and the sequences.
DEFINITIONS = """
    SELECT format('%s %s %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid),
                  obj_description(c.oid, 'pg_constraint'))
    FROM pg_constraint AS c WHERE c.connamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('%s %s', pg_get_indexdef(i.oid), obj_description(i.oid, 'pg_class'))
    FROM pg_class AS i WHERE i.relnamespace = 'public'::regnamespace AND i.relkind = 'i'
    UNION ALL
    SELECT format('%s %s', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_trigger AS t JOIN pg_class AS r ON r.oid = t.tgrelid
    WHERE r.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    ORDER BY 1
"""

# Every row of the data set, in an order of its own. Times as UTC, so that no setting shows in it.
CONTENT = """
    SELECT md5(string_agg(r.line, E'\n' ORDER BY r.line)) FROM (
        SELECT format('user %s %s %s %s', u.id, u.username, u.join_date AT TIME ZONE 'UTC', u.attributes) AS line
        FROM public.users AS u
        UNION ALL
        SELECT format('session %s %s %s %s %s', s.id, s.user_id, s.score, s.game_mode,
                      s.timestamp AT TIME ZONE 'UTC')
        FROM public.game_sessions AS s
        UNION ALL
        SELECT format('total %s %s %s %s', l.board_id, l.user_id, l.total_score, l.rank)
        FROM public.leaderboard AS l
    ) AS r
"""

STATE = """
    SELECT (SELECT count(*) FROM public.users) AS users,
           (SELECT count(*) FROM public.game_sessions) AS sessions,
           (SELECT count(*) FROM public.submission_keys) AS keys,
           (SELECT s.last_value FROM pg_sequences AS s WHERE s.sequencename = 'users_id_seq') AS last_user,
           (SELECT array_agg(i.rank ORDER BY i.user_id) FROM api.player_ranks((
               SELECT array_agg(l.user_id::bigint) FROM public.leaderboard AS l
           )) AS i) AS ranks
"""


async def load(url: str, users: int = 300, sessions: int = 1500, **arguments: Any) -> None:
    """`generate` from a coroutine."""
    await asyncio.to_thread(generate, url, users=users, sessions=sessions, **arguments)


async def definitions(db: asyncpg.Connection) -> list[str]:
    return [row[0] for row in await db.fetch(DEFINITIONS)]


async def state(db: asyncpg.Connection) -> list[Any]:
    """What the database holds, as far as an unfinished load could have changed it."""
    return [*(await db.fetchrow(STATE)), await db.fetchval(CONTENT), await definitions(db)]


Interrupt = Callable[[str], Any]


@pytest.fixture
async def end_session(db: asyncpg.Connection) -> Interrupt:
    """Ends the first session of a load that is seen to run a statement like a pattern."""

    async def end(pattern: str) -> None:
        async with asyncio.timeout(30):
            while not await db.fetch(
                "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity AS a"
                " WHERE a.datname = current_database() AND a.application_name = 'leaderboard seed'"
                " AND a.state = 'active' AND a.query LIKE $1",
                pattern,
            ):
                await asyncio.sleep(0.005)

    return end
