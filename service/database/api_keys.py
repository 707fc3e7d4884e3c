"""The functions with which a key of the scope keys makes and revokes others. `own_key` is that key, as text: the
database checks it, so the role of the service alone may do nothing of this.
"""

from collections.abc import Sequence
from datetime import datetime

from service.database.pool import Pool
from service.model import IssuedApiKey, ListedApiKey

LISTED_API_KEYS = """
    SELECT k.id, k.name, k.scopes, k.status, k.created_at, k.last_used_at, k.expires_at, k.revoked_at
    FROM api.listed_api_keys($1::text) AS k"""
ISSUE_API_KEY = """
    SELECT k.id, k.api_key FROM api.issue_api_key($1::text, $2::text, $3::text[], $4::timestamptz) AS k"""
WITHDRAW_API_KEY = "SELECT api.withdraw_api_key($1::text, $2::text)"

STATEMENTS = (LISTED_API_KEYS, ISSUE_API_KEY, WITHDRAW_API_KEY)


class ApiKeyFunctions:
    """What changes something is committed when it returns. Every method raises ApiError."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def listed(self, own_key: str) -> list[ListedApiKey]:
        return [ListedApiKey.from_row(row) for row in await self._pool.call(LISTED_API_KEYS, own_key)]

    async def issue(self, own_key: str, name: str, scopes: Sequence[str], expires_at: datetime | None) -> IssuedApiKey:
        (row,) = await self._pool.call(ISSUE_API_KEY, own_key, name, scopes, expires_at, writes=True)
        return IssuedApiKey.from_row(row)

    async def withdraw(self, own_key: str, key_id: str) -> datetime:
        """Revokes a key; returns when that was, which may be long ago."""
        ((revoked_at,),) = await self._pool.call(WITHDRAW_API_KEY, own_key, key_id, writes=True)
        assert isinstance(revoked_at, datetime)
        return revoked_at
