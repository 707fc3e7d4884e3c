"""Changes that operators and games make beside submissions. Each is committed, and stored reads are out of date, when
it returns.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from service import errors
from service.cache.epoch_cache import Cache, NotInvalidatedError
from service.errors import ApiError

T = TypeVar("T")


class Changes:
    def __init__(self, cache: Cache, written: asyncio.Event) -> None:
        """`written` is set after every change: there may be rank changes to fold."""
        self._cache = cache
        self._written = written

    async def make(self, change: Awaitable[T], *, of: str, shown_by: str) -> T:
        """Waits for `change`, a call of the database. `of`: what it changes; `shown_by`: the call that shows it.

        Raises ApiError: OUTCOME_UNKNOWN if the change may have been made.
        """
        try:
            changed = await change
        except ApiError as error:
            if error.failure is not errors.OUTCOME_UNKNOWN:
                raise
            self._written.set()
            await self._cache.try_invalidate_all()
            raise ApiError(
                errors.OUTCOME_UNKNOWN,
                f"the database connection broke before the outcome was known: {of} may or may not have been changed."
                f" {shown_by} shows it",
            ) from error
        self._written.set()
        try:
            await self._cache.invalidate_all()
        except NotInvalidatedError as cause:
            raise ApiError(
                errors.OUTCOME_UNKNOWN,
                f"{of} is changed, but other processes may not show it yet, because neither Redis nor the database"
                " could be updated",
            ) from cause
        return changed
