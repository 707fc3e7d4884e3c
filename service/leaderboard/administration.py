"""Changes of boards, for administrators. Each is committed, and stored reads are out of date, when it returns."""

from collections.abc import Awaitable
from typing import TypeVar

from service.database.functions import Database
from service.leaderboard.changes import Changes
from service.model import BoardChanges, ChangedBoard, EndedSeason, NewBoard

T = TypeVar("T")


class BoardAdministration:
    """Every method raises ApiError; OUTCOME_UNKNOWN if the change may have been made."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

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
        return await self._changes.make(change, of="the board", shown_by="GET /api/leaderboard/boards")
