"""Whether the service can work: what /readyz reports."""

import asyncio
import logging
import time
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.cache.epoch_cache import Cache
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.errors import ApiError

logger = logging.getLogger(__name__)


class DatabaseState(msgspec.Struct, frozen=True):
    status: Literal["up", "down"]
    detail: str | None = None


class SchemaState(msgspec.Struct, frozen=True):
    status: Literal["current", "not_current", "unknown"]
    detail: str | None = None


class CacheState(msgspec.Struct, frozen=True):
    status: Literal["up", "down"]
    detail: str | None = None


class RankIndexState(msgspec.Struct, frozen=True):
    pending_deltas: Annotated[int | None, Meta(description="rank changes not folded into the index yet")]
    horizon_age: Annotated[int | None, Meta(description="transactions begun since the oldest one that still runs")]


class Readiness(msgspec.Struct, frozen=True):
    status: Annotated[
        Literal["ready", "degraded", "unavailable", "stopping"],
        Meta(description="degraded: every call works, without the cache; unavailable, stopping: answered with 503"),
    ]
    database: DatabaseState
    schema: SchemaState
    cache: CacheState
    rank_index: RankIndexState


#: How long the database may take. Shorter than the timeouts of load balancers, which then get an answer.
TIMEOUT_SECONDS = 2.0
#: How long a result is reused: /readyz is open to everyone and must not put load on the database.
REUSE_SECONDS = 0.2


class Probe:
    """Checks database, schema, cache and rank index, once for all requests that ask at the same time."""

    def __init__(self, database: Database, cache: Cache) -> None:
        self._database = database
        self._cache = cache
        self._checks: SingleFlight[None, Readiness] = SingleFlight()
        self._last: Readiness | None = None
        self._last_ended = 0.0

    async def close(self) -> None:
        await self._checks.close()

    async def state(self) -> Readiness:
        if self._last is not None and time.monotonic() - self._last_ended < REUSE_SECONDS:
            return self._last
        return await self._checks(None, self._check)

    async def _check(self) -> Readiness:
        # The answer may be public, so it has no addresses. The log has the reasons.
        cache = CacheState("up")
        if self._cache.down_reason is not None:
            cache = CacheState("down", "every answer comes from PostgreSQL")
        index = RankIndexState(None, None)
        schema = SchemaState("unknown")
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                problems = await self._database.schema_problems()
                if problems:
                    logger.warning("the database's schema is not current", extra={"problems": problems})
                    schema = SchemaState(
                        "not_current", "the database lacks functions of this release: run make migrate"
                    )
                else:
                    schema = SchemaState("current")
                    status = await self._database.rank_index_status()
                    index = RankIndexState(status.pending, status.horizon_age)
            database = DatabaseState("up")
        except TimeoutError:
            database = DatabaseState("down", f"no answer within {TIMEOUT_SECONDS:.0f} s")
        except ApiError as error:
            database = DatabaseState("down", error.message)
        if database.status != "up" or schema.status != "current":
            overall: Literal["ready", "degraded", "unavailable"] = "unavailable"
        else:
            overall = "ready" if cache.status == "up" else "degraded"
        self._last = Readiness(overall, database, schema, cache, index)
        self._last_ended = time.monotonic()
        return self._last
