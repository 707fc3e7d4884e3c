"""Changes of boards, for administrators. Each is committed, and stored reads are out of date, when it returns."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from service import errors
from service.cache.epoch_cache import Cache, NotInvalidatedError
from service.database.functions import Database
from service.errors import ApiError
from service.model import BoardChanges, ChangedBoard, EndedSeason, NewBoard

T = TypeVar("T")


class BoardAdministration:
    """Every method raises ApiError; OUTCOME_UNKNOWN if the change may have been made."""

    def __init__(self, database: Database, cache: Cache, written: asyncio.Event) -> None:
        """`written` is set after every change: there may be rank changes to fold."""
        self._database = database
        self._cache = cache
        self._written = written

    async def create(self, board: NewBoard) -> None:
        """The database fills it from the ledger, at once or in steps."""
        await self._change(self._database.create_board(board))

    async def alter(self, name: str, changes: BoardChanges, *, dry_run: bool) -> ChangedBoard:
        """With `dry_run`, only counts the totals that would change."""
        if dry_run:
            return await self._database.alter_board(name, changes, dry_run=True)
        return await self._change(self._database.alter_board(name, changes, dry_run=False))

    async def delete(self, name: str, confirmation: str | None) -> None:
        """`confirmation` has to be the name again."""
        await self._change(self._database.delete_board(name, confirmation))

    async def end_season(self, season: str) -> EndedSeason:
        """`season` is the board, or the season that is to end, as in arena@3: then a retry ends no second one."""
        return await self._change(self._database.end_season(season))

    async def _change(self, change: Awaitable[T]) -> T:
        try:
            changed = await change
        except ApiError as error:
            if error.failure is not errors.OUTCOME_UNKNOWN:
                raise
            self._written.set()
            await self._cache.try_invalidate_all()
            raise ApiError(
                errors.OUTCOME_UNKNOWN,
                "the database connection broke before the outcome was known: the board may or may not have been"
                " changed. GET /api/leaderboard/boards shows it",
            ) from error
        self._written.set()
        try:
            await self._cache.invalidate_all()
        except NotInvalidatedError as cause:
            raise ApiError(
                errors.OUTCOME_UNKNOWN,
                "the board is changed, but other processes may not show it yet, because neither Redis nor the database"
                " could be updated",
            ) from cause
        return changed
