"""Brings Redis back into use after a failure. Why in these steps: docs/cache.md, "When Redis fails"."""

import asyncio
import logging
from typing import NoReturn

from service.cache import lease
from service.cache.epoch import Epoch
from service.cache.lease import Lease, OutageWarning, outage_reason
from service.cache.redis_client import RedisClient, RedisUnavailableError, State
from service.errors import ApiError

logger = logging.getLogger(__name__)

#: Between two attempts. The first one after a failure is made at once.
RETRY_SECONDS = 0.25
#: How long a process that was not moved by a failover waits for the others to come to its server, or for its own
#: connections to lead to theirs. Then it moves them.
PATIENCE_SECONDS = 10.0


class Recovery:
    def __init__(self, redis: RedisClient, epoch: Epoch, lease: Lease, warning: OutageWarning) -> None:
        self._redis = redis
        self._epoch = epoch
        self._lease = lease
        self._warning = warning
        #: The server that this process used last, with its token, and since when the others have used another one.
        self._last: str | None = None
        self._apart_since: float | None = None
        self._logged_error = False

    async def run(self) -> NoReturn:
        """Tries again and again whenever Redis is not used."""
        while True:
            await self._redis.not_up.wait()
            while not await self.attempt():
                await asyncio.sleep(RETRY_SECONDS)

    async def attempt(self) -> bool:
        """Makes one attempt, and says whether Redis is used now."""
        try:
            if self._redis.state is State.DOWN:
                self._redis.forget_server()
            await self._try_commands()
            if self._redis.state is State.DOWN:
                if not await self._join():
                    return False
                self._redis.state = State.WRITE_ONLY
            poll = await self._lease.poll()
            if self._warning.may_stand or self._warning.process in poll.warnings.stand:
                # Once Redis has a new epoch of this process, none of its writes needs the warning any more.
                await self._epoch.replace()
                await self._warning.withdraw()
                poll = await self._lease.poll()
            if poll.warnings.stand:
                self._redis.stay_down(outage_reason(poll.warnings))
                return False
            failures = self._redis.failures
            await self._epoch.replace()
        except RedisUnavailableError:
            return False
        except ApiError:
            self._redis.stay_down("cannot check in PostgreSQL whether all processes can reach Redis")
            return False
        except Exception:
            # Without another attempt, the cache would never come back.
            if not self._logged_error:
                self._logged_error = True
                logger.exception("an attempt to bring the cache back failed, retrying")
            self._redis.stay_down("an attempt to bring it back failed, as the log says")
            return False
        if self._redis.failures != failures or self._warning.may_stand:
            return False
        self._redis.mark_up()
        self._logged_error = False
        self._lease.begin(poll)
        return True

    async def _try_commands(self) -> None:
        """Tries what reads and writes do: a Redis may allow the one and refuse the other."""
        key = self._redis.key_prefix + "probe"
        await self._redis.call(
            "probe",
            (b"SET", key, b"1", b"EX", 60),
            (b"SET", key, b"1", b"NX"),
            (b"GET", key),
            (b"MGET", self._epoch.key, key),
            (b"DEL", key),
        )

    async def _join(self) -> bool:
        """Agrees with the other processes on one Redis server. Says whether this process may use it now."""
        poll = await self._lease.poll()
        if not poll.finds(self._redis.server):
            if not self._may_move(poll.warnings.server):
                self._redis.stay_down("other processes use another Redis server than the one that REDIS_URL leads to")
                return False
            assert self._redis.server is not None
            if not await self._warning.move(poll.warnings.server, self._redis.server):
                return False
            poll = await self._lease.poll()
            if not poll.finds(self._redis.server):
                return False
        elif poll.warnings.server != self._last and poll.warnings.stand and poll.server_known_for <= lease.WAIT_SECONDS:
            self._redis.stay_down("the processes are moving to another Redis server")
            return False
        self._apart_since = None
        self._last = poll.warnings.server
        self._lease.join(poll)
        return True

    def _may_move(self, known: str | None) -> bool:
        """Whether to move the other processes from the server `known` to this one's: if this process was on `known`
        and a failover has led it here, or if it is new, or if it has waited for long.
        """
        if known is None or self._last in (None, known):
            return True
        now = lease.clock()
        if self._apart_since is None:
            self._apart_since = now
        return now - self._apart_since > PATIENCE_SECONDS
