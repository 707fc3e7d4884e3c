"""Whether the service can do its work: what /readyz answers."""

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

log = logging.getLogger(__name__)


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
        Literal["ready", "degraded", "unavailable"],
        Meta(description="degraded: every call works, without the cache; unavailable: answered with 503"),
    ]
    database: DatabaseState
    schema: SchemaState
    cache: CacheState
    rank_index: RankIndexState


#: A database that hangs is told of, too, and before a load balancer's own patience ends.
READINESS_SECONDS = 2.0
#: For how long a look is good. /readyz is open to everybody, and must not be a way to keep the database busy.
KEPT_SECONDS = 0.2


class Probe:
    """Looks at database, schema, cache and rank index, once for all who ask at the same time."""

    def __init__(self, database: Database, cache: Cache) -> None:
        self._database = database
        self._cache = cache
        self._found: Readiness | None = None
        self._ended = 0.0
        self._probes: SingleFlight[None, Readiness] = SingleFlight()

    async def close(self) -> None:
        await self._probes.close()

    async def state(self) -> Readiness:
        """What was found a moment ago, or is found now."""
        if self._found is not None and time.monotonic() - self._ended < KEPT_SECONDS:
            return self._found
        return await self._probes(None, self._look_at_all)

    async def _look_at_all(self) -> Readiness:
        # Why something is down stands in the log: the answer may be public, and addresses are nobody's
        # business.
        cache = CacheState("up")
        if self._cache.trouble is not None:
            cache = CacheState("down", "every answer comes from PostgreSQL")
        index = RankIndexState(None, None)
        schema = SchemaState("unknown")
        try:
            async with asyncio.timeout(READINESS_SECONDS):
                faults = await self._database.schema_problems()
                if faults:
                    log.warning("the database's schema is not current", extra={"faults": faults})
                    schema = SchemaState(
                        "not_current", "the database lacks what this service calls: run the migrations"
                    )
                else:
                    schema = SchemaState("current")
                    status = await self._database.rank_index_status()
                    index = RankIndexState(status.pending, status.horizon_age)
            state = DatabaseState("up")
        except TimeoutError:
            state = DatabaseState("down", f"no answer within {READINESS_SECONDS:.0f} s")
        except ApiError as error:
            state = DatabaseState("down", error.message)
        if state.status != "up" or schema.status != "current":
            found = Readiness("unavailable", state, schema, cache, index)
        else:
            found = Readiness("ready" if cache.status == "up" else "degraded", state, schema, cache, index)
        self._found, self._ended = found, time.monotonic()
        return found
