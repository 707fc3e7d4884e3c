"""Whether the service can work: what /readyz reports."""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.cache.epoch_cache import Cache
from service.cache.single_flight import SingleFlight
from service.database.connect import NoServerError
from service.database.functions import Database
from service.database.health import Health
from service.errors import ApiError

logger = logging.getLogger(__name__)


class DatabaseState(msgspec.Struct, frozen=True):
    status: Annotated[
        Literal["up", "not_writable", "down"],
        Meta(description="not_writable: a standby, a read-only database, or a full disk"),
    ]
    detail: str | None = None


class SchemaState(msgspec.Struct, frozen=True):
    status: Annotated[
        Literal["current", "not_current", "not_granted", "unknown"],
        Meta(
            description="not_current: the database lacks functions of this release; not_granted: the service's role"
            " lacks rights; detail names them"
        ),
    ]
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


@dataclass(slots=True)
class LastVerify:
    """What this process found when it last compared a sample of ranks with the ledger; None: it did not yet."""

    at: datetime | None = None
    differences: int | None = None


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
        self._logged: list[str] = []

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
        database = DatabaseState("up")
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                health = await self._database.health()
                if health.not_writable is not None:
                    database = DatabaseState("not_writable", health.not_writable)
                schema = _schema_state(health)
                if schema.status == "current":
                    status = await self._database.rank_index_status()
                    index = RankIndexState(status.pending, status.horizon_age)
        except TimeoutError:
            database = DatabaseState("down", f"no answer within {TIMEOUT_SECONDS:.0f} s")
        except ApiError as error:
            database = DatabaseState("down", error.message)
            if isinstance(error.__cause__, NoServerError) and error.__cause__.read_only:
                database = DatabaseState("not_writable", "there is only a standby, which takes no scores")
        if database.status != "up" or schema.status != "current":
            overall: Literal["ready", "degraded", "unavailable"] = "unavailable"
        else:
            overall = "ready" if cache.status == "up" else "degraded"
        self._log(database, schema)
        self._last = Readiness(overall, database, schema, cache, index)
        self._last_ended = time.monotonic()
        return self._last

    def _log(self, database: DatabaseState, schema: SchemaState) -> None:
        """Says once what makes the service unavailable."""
        reasons = [state.detail for state in (database, schema) if state.detail is not None]
        if reasons and reasons != self._logged:
            logger.warning("not ready", extra={"reason": "; ".join(reasons)})
        self._logged = reasons


def _schema_state(health: Health) -> SchemaState:
    if health.not_granted:
        rights = ", ".join(health.not_granted)
        return SchemaState("not_granted", f"the role {health.role} lacks {rights}: run make migrate, which grants it")
    if health.missing:
        complaints = "; ".join(health.missing)
        return SchemaState(
            "not_current", f"the database lacks functions of this release: {complaints}: run make migrate"
        )
    return SchemaState("current")
