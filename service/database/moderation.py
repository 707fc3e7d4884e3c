"""The functions of moderation: one coroutine per `api` function, as in functions.py."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from service.database.pool import Pool
from service.database.rows import json_of
from service.model import Act, CaughtPlayer, Effect, RulesToTest, SessionFilter

#: How long an act may take, instead of STATEMENT_TIMEOUT_MS: to lift 10,000 bans takes seconds.
ACT_SECONDS = 60

VOID_SESSIONS = """
    SELECT a.act, a.sessions, a.players, a.ranks
    FROM api.void_sessions(
        p_operator => $1::text, p_reason => $2::text, p_dry_run => $3::boolean, p_user_id => $4::bigint,
        p_session_id => $5::bigint, p_from => $6::timestamptz, p_to => $7::timestamptz, p_above => $8::bigint,
        p_board => $9::text
    ) AS a"""
RESTORE_SESSIONS = """
    SELECT a.act, a.sessions, a.players, a.ranks
    FROM api.restore_sessions(
        p_operator => $1::text, p_reason => $2::text, p_dry_run => $3::boolean, p_user_id => $4::bigint,
        p_session_id => $5::bigint, p_from => $6::timestamptz, p_to => $7::timestamptz, p_above => $8::bigint,
        p_board => $9::text, p_act => $10::bigint
    ) AS a"""
BAN_PLAYERS = """
    SELECT a.act, a.sessions, a.players, a.ranks
    FROM api.ban_players(
        p_operator => $1::text, p_reason => $2::text, p_user_ids => $3::bigint[], p_until => $4::timestamptz,
        p_hide => $5::boolean, p_dry_run => $6::boolean
    ) AS a"""
UNBAN_PLAYERS = """
    SELECT a.act, a.sessions, a.players, a.ranks
    FROM api.unban_players(
        p_operator => $1::text, p_reason => $2::text, p_user_ids => $3::bigint[], p_dry_run => $4::boolean
    ) AS a"""
UNDO_ACT = """
    SELECT a.act, a.sessions, a.players, a.ranks
    FROM api.undo_act(
        p_operator => $1::text, p_reason => $2::text, p_act => $3::bigint, p_dry_run => $4::boolean
    ) AS a"""
MODERATION_LOG = """
    SELECT m.id, m.at, m.operator, m.action, m.user_id, m.reason, m.filter::text, m.sessions, m.players,
        nullif(m.until, 'infinity'), m.undoes, m.undone_by
    FROM api.moderation_log(p_limit => $1::integer, p_before => $2::bigint, p_user_id => $3::bigint) AS m"""
TEST_SCORE_RULES = """
    SELECT t.user_id, t.username, t.sessions, t.worst_score, t.rules, t.first_at, t.last_at
    FROM api.test_score_rules(
        p_board => $1::text, p_days => $2::integer, p_min_score => $3::bigint, p_max_score => $4::bigint,
        p_max_submissions_per_minute => $5::integer, p_max_gain_per_hour => $6::bigint,
        p_max_score_per_second => $7::bigint, p_limit => $8::integer
    ) AS t"""

STATEMENTS = (
    VOID_SESSIONS,
    RESTORE_SESSIONS,
    BAN_PLAYERS,
    UNBAN_PLAYERS,
    UNDO_ACT,
    MODERATION_LOG,
    TEST_SCORE_RULES,
)


class ModerationFunctions:
    """What changes something is committed when it returns. Every method raises ApiError."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def void(self, operator: str, reason: str, sessions: SessionFilter, *, dry_run: bool) -> Effect:
        return await self._act(VOID_SESSIONS, operator, reason, dry_run, *_values(sessions))

    async def restore(
        self, operator: str, reason: str, sessions: SessionFilter, act: int | None, *, dry_run: bool
    ) -> Effect:
        return await self._act(RESTORE_SESSIONS, operator, reason, dry_run, *_values(sessions), act)

    async def ban(
        self, operator: str, reason: str, user_ids: Sequence[int], until: datetime | None, *, hide: bool, dry_run: bool
    ) -> Effect:
        return await self._act(BAN_PLAYERS, operator, reason, user_ids, until, hide, dry_run)

    async def unban(self, operator: str, reason: str, user_ids: Sequence[int], *, dry_run: bool) -> Effect:
        return await self._act(UNBAN_PLAYERS, operator, reason, user_ids, dry_run)

    async def undo(self, operator: str, reason: str, act: int, *, dry_run: bool) -> Effect:
        return await self._act(UNDO_ACT, operator, reason, act, dry_run)

    async def log(self, limit: int, before: int | None, user_id: int | None) -> list[Act]:
        """What was done, newest first; of one player, if `user_id` is given."""
        return [
            Act.from_row((*row[:6], json_of(row[6]), *row[7:]))
            for row in await self._pool.call(MODERATION_LOG, limit, before, user_id)
        ]

    async def test_rules(self, rules: RulesToTest) -> list[CaughtPlayer]:
        rows = await self._pool.call_long(
            TEST_SCORE_RULES,
            ACT_SECONDS,
            rules.board,
            rules.days,
            rules.min_score,
            rules.max_score,
            rules.max_submissions_per_minute,
            rules.max_gain_per_hour,
            rules.max_score_per_second,
            rules.limit,
        )
        return [CaughtPlayer.from_row(row) for row in rows]

    async def _act(self, statement: str, *args: object) -> Effect:
        (row,) = await self._pool.call_long(statement, ACT_SECONDS, *args, writes=True)
        return Effect.from_row(row)


def _values(sessions: SessionFilter) -> tuple[object, ...]:
    return msgspec.structs.astuple(sessions)
