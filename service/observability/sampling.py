"""Which requests to trace when there are too many to trace all."""

import time
from collections.abc import Callable


class _Quota:
    """What one route requested and was granted this second. It is granted every `stride`-th request, up to `limit`."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.stride = 1
        self.requested = 0
        self.granted = 0


class Sampler:
    """Samples at most `per_second` calls each second, divided fairly among routes so that rare routes are seen.

    The demand of one second sets the quotas of the next. If the whole demand fits, everything is sampled. If not,
    the budget is divided max-min fairly: a route with little demand is sampled completely, and busy routes share the
    rest equally, spread evenly over the second. A route without demand keeps a quota of one.
    """

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._second_ends = clock() + 1
        self._left = per_second
        self._quotas: dict[str, _Quota] = {}
        #: Whether the demand of the last second exceeded the budget.
        self.saturated = False

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
        if self._left <= 0 or quota.granted >= quota.limit or number % quota.stride:
            return False
        quota.granted += 1
        self._left -= 1
        return True

    def _set_quotas(self) -> None:
        left = self._left = self._per_second
        self.saturated = sum(quota.requested for quota in self._quotas.values()) > left
        routes_left = len(self._quotas)
        for quota in sorted(self._quotas.values(), key=lambda quota: quota.requested):
            if self.saturated:
                demand = max(1, quota.requested)
                quota.limit = min(demand, left // routes_left)
                quota.stride = -(-demand // max(1, quota.limit))
                left -= quota.limit
                routes_left -= 1
            else:
                quota.limit, quota.stride = self._per_second, 1
            quota.requested = quota.granted = 0
