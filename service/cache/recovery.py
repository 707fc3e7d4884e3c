"""Brings Redis back into use after a failure. Why in these steps: docs/cache.md, "When Redis fails"."""

import asyncio
from typing import NoReturn

from service.cache.epoch import Epoch
from service.cache.lease import Lease, OutageWarning, outage_reason
from service.cache.redis_client import RedisClient, RedisUnavailableError, State
from service.errors import ApiError

#: Between two attempts. The first one after a failure is made at once.
RETRY_SECONDS = 0.25


class Recovery:
    def __init__(self, redis: RedisClient, epoch: Epoch, lease: Lease, warning: OutageWarning) -> None:
        self._redis = redis
        self._epoch = epoch
        self._lease = lease
        self._warning = warning

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
                await self._redis.call("ping", self._redis.commands.ping())
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
        if self._redis.failures != failures or self._warning.may_stand:
            return False
        self._redis.mark_up()
        self._lease.begin(poll)
        return True
