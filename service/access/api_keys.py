"""The API keys that are valid now.

A key is `lb_<id>_<secret>`: a public id of 12 hex digits, and 256 random bits. The database stores the SHA-256 of the
secret; for that many random bits a fast hash is enough.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable

from service import errors
from service.access.credentials import CHALLENGE, Credentials
from service.batching import Batcher, FullError
from service.database.rows import ApiKey
from service.errors import ApiError

#: Seconds for which the keys last read are used while the database cannot be reached. Long enough to ride out a
#: database restart.
TRUSTED_SECONDS = 30.0
#: Unknown keys cause a refresh at most this often, in seconds, however many are sent.
PAUSE_SECONDS = 0.1
#: Requests with unknown keys that may wait for such a refresh.
MAX_WAITING = 1_000


class Keyring:
    """The valid keys, as of the last refresh. `refresh` is called every half second (background.py); a key that is
    not known yet causes another refresh at once.

    So a revoked or expired key is refused within half a second, and a new one works at once. While the database
    cannot be reached, the last refresh counts for TRUSTED_SECONDS; after that every request is refused.
    """

    def __init__(self, load: Callable[[], Awaitable[list[ApiKey] | None]], *, required: bool) -> None:
        """`load` returns the valid keys, or None if no key was ever created. `required`: a key is needed even then."""
        self._load = load
        self._required = required
        self._keys: dict[str, ApiKey] | None = None
        self._refreshed = -TRUSTED_SECONDS
        # Not SingleFlight: a refresh that has begun may have missed a key that was created since.
        self._refreshes: Batcher[None, ApiError | None] = Batcher(
            self._refresh_for_all, "api_keys", capacity=MAX_WAITING
        )
        #: Ids of the keys used since the last drain_used.
        self._used: set[str] = set()

    async def close(self) -> None:
        await self._refreshes.close()

    async def refresh(self) -> None:
        """Reads the keys from the database. Raises ApiError if that fails; the last ones then stay for a while."""
        now = time.monotonic()
        found = await self._load()
        if now < self._refreshed:
            return  # a refresh that began later has finished first
        self._keys = None if found is None else {key.id: key for key in found}
        self._refreshed = now

    def is_open(self) -> bool:
        """Whether calls need no key: none was ever created, and they are not required. Raises ApiError if that is
        not known.
        """
        if time.monotonic() - self._refreshed >= TRUSTED_SECONDS:
            raise ApiError(
                errors.DATABASE_UNAVAILABLE,
                "API keys cannot be checked, because the database is unreachable; nothing was changed, please retry",
            )
        return self._keys is None and not self._required

    @property
    def count(self) -> int:
        """How many keys are valid."""
        return len(self._keys or ())

    async def verify(self, credentials: Credentials) -> ApiKey:
        """The key with these credentials. Raises ApiError."""
        key = await self._find(credentials.key_id)
        if key is None or not _is_secret_of(key, credentials):
            raise invalid_key()
        return key

    def known(self, credentials: Credentials) -> ApiKey | None:
        """The same without waiting: None where `verify` has to decide."""
        key = (self._keys or {}).get(credentials.key_id)
        return key if key is not None and _is_secret_of(key, credentials) else None

    def with_id(self, key_id: str) -> ApiKey | None:
        """The valid key with that id, as of the last refresh."""
        return (self._keys or {}).get(key_id)

    async def _find(self, key_id: str) -> ApiKey | None:
        if self._keys is None or key_id not in self._keys:
            try:
                failed = await self._refreshes(None)
            except FullError:
                # There are never that many new keys: these are guesses.
                return None
            if failed is not None:
                raise failed.copy()
        return (self._keys or {}).get(key_id)

    async def _refresh_for_all(self, waiting: list[None]) -> list[ApiError | None]:
        """One refresh for all that wait, some time after the last one: guessed keys must not cost a query each."""
        await asyncio.sleep(self._refreshed + PAUSE_SECONDS - time.monotonic())
        try:
            await self.refresh()
        except ApiError as error:
            return [error] * len(waiting)
        return [None] * len(waiting)

    def record_use(self, key: ApiKey) -> None:
        """The key was used for a request."""
        self._used.add(key.id)

    def requeue(self, used: set[str]) -> None:
        """These could not be stored: the next drain_used returns them again."""
        self._used |= used

    def drain_used(self) -> set[str]:
        """The ids of the keys used since the last call."""
        used, self._used = self._used, set()
        return used


def _is_secret_of(key: ApiKey, credentials: Credentials) -> bool:
    return hmac.compare_digest(hashlib.sha256(credentials.secret).digest(), key.secret_hash)


def invalid_key() -> ApiError:
    return ApiError(errors.INVALID_API_KEY, "the API key is unknown, revoked or expired", CHALLENGE)
