"""Which requests to trace when there are too many to trace all."""

import time
from collections.abc import Callable

#: Above its limit, a process samples the fewer the more it has to do, but so many per second at least: each sampled
#: request takes about 0.5 ms of CPU from the others, and more where the CPU is shared.
BUSY_LIMIT = 50
#: The same for a process whose event loop is late, because it gets too little CPU for what it has to do.
LATE_LIMIT = 10


class _Quota:
    """What one route requested and was granted this second. It is granted `limit`, spread evenly over `expected`."""

    def __init__(self, limit: int) -> None:
        self.limit = self.expected = limit
        self.requested = 0
        self.granted = 0


class Sampler:
    """Samples at most `per_second` calls each second, divided fairly among routes so that rare routes are seen.

    The demand of one second sets the quotas of the next. If the whole demand fits, everything is sampled. If it is n
    times too large, the budget is `per_second` / n, but at least BUSY_LIMIT, and divided max-min fairly: a route with
    little demand is sampled completely, and busy routes share the rest equally, spread evenly over the second. A route
    without demand keeps a quota of one.

    The demand alone would not do: on a busy machine, sampling itself may keep it low.
    """

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = self._most = per_second
        self._clock = clock
        self._second_ends = clock() + 1
        self._left = per_second
        self._quotas: dict[str, _Quota] = {}
        #: Of the last second.
        self._demand = 0

    def adapt(self, *, late: bool) -> None:
        """Lowers `per_second` while the event loop is `late`, and restores it afterwards. Call it every second. With a
        demand of BUSY_LIMIT or less, sampling cannot be the reason.
        """
        if late and self._demand > BUSY_LIMIT:
            self._per_second = max(min(self._most, LATE_LIMIT), self._per_second // 4)
        else:
            self._per_second = min(self._most, 2 * self._per_second)

    def sample(self, route: str) -> bool:
        """Whether to trace this call."""
        now = self._clock()
        if now >= self._second_ends:
            self._second_ends = now + 1
            self._set_quotas()
        quota = self._quotas.get(route)
        if quota is None:
            quota = self._quotas[route] = _Quota(self._per_second)
        number = quota.requested
        quota.requested += 1
        if self._left <= 0 or quota.granted >= quota.limit or number * quota.limit % quota.expected >= quota.limit:
            return False
        quota.granted += 1
        self._left -= 1
        return True

    def _set_quotas(self) -> None:
        self._demand = sum(quota.requested for quota in self._quotas.values())
        left = self._per_second
        is_busy = self._demand > left
        if is_busy:
            left = max(min(left, BUSY_LIMIT), left * left // self._demand)
        self._left = left
        routes_left = len(self._quotas)
        for quota in sorted(self._quotas.values(), key=lambda quota: quota.requested):
            if is_busy:
                quota.expected = max(1, quota.requested)
                quota.limit = min(quota.expected, left // routes_left)
                left -= quota.limit
                routes_left -= 1
            else:
                quota.limit = quota.expected = self._per_second
            quota.requested = quota.granted = 0
