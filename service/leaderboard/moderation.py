"""Acts of moderation, and what they would do."""

from collections.abc import Awaitable, Sequence
from datetime import datetime

from service.database.moderation import ModerationFunctions
from service.leaderboard.changes import Changes
from service.model import Effect, SessionFilter


class Moderation:
    """Every method raises ApiError; OUTCOME_UNKNOWN if an act may have been done. With `dry_run` nothing changes.
    `operator` says who does it, and `reason` why.
    """

    def __init__(self, functions: ModerationFunctions, changes: Changes) -> None:
        self._functions = functions
        self._changes = changes
        self.log = functions.log
        self.test_rules = functions.test_rules

    async def void(self, operator: str, reason: str, sessions: SessionFilter, *, dry_run: bool) -> Effect:
        """Makes scores void: they do not count any more."""
        return await self._act(self._functions.void(operator, reason, sessions, dry_run=dry_run), dry_run)

    async def restore(
        self, operator: str, reason: str, sessions: SessionFilter, act: int | None, *, dry_run: bool
    ) -> Effect:
        """Lets void scores count again; with `act`, only those that this act made void."""
        return await self._act(self._functions.restore(operator, reason, sessions, act, dry_run=dry_run), dry_run)

    async def ban(
        self, operator: str, reason: str, user_ids: Sequence[int], until: datetime | None, *, hide: bool, dry_run: bool
    ) -> Effect:
        """Bans players, until that time if there is one. `hide`: their own answers do not tell of it."""
        return await self._act(
            self._functions.ban(operator, reason, user_ids, until, hide=hide, dry_run=dry_run), dry_run
        )

    async def unban(self, operator: str, reason: str, user_ids: Sequence[int], *, dry_run: bool) -> Effect:
        return await self._act(self._functions.unban(operator, reason, user_ids, dry_run=dry_run), dry_run)

    async def undo(self, operator: str, reason: str, act: int, *, dry_run: bool) -> Effect:
        return await self._act(self._functions.undo(operator, reason, act, dry_run=dry_run), dry_run)

    async def _act(self, act: Awaitable[Effect], dry_run: bool) -> Effect:
        if dry_run:
            return await act
        return await self._changes.make(act, of="what counts", shown_by="GET /api/leaderboard/moderation")
