"""Which requests are traced, when not all of them can be."""

import time
from collections.abc import Callable


class _Share:
    """What a route asked for and got in this second, and what it may have: every `stride`-th of `most`."""

    __slots__ = ("asked", "most", "stride", "taken")

    def __init__(self, most: int) -> None:
        self.asked = 0
        self.taken = 0
        self.most = most
        self.stride = 1


class Budget:
    """At most `per_second` in each second, spread over routes so that rare ones are seen.

    What the routes asked for in one second decides on the next: as long as all of it fits, everybody gets all
    they ask for. When it does not, the second is divided such that nobody gets more while somebody gets less
    than they ask for (max-min fair): a route that asks for little gets all of it, the busy ones share the
    rest alike and get theirs evenly over the second instead of at its beginning. A route that asked for
    nothing keeps a place for one.
    """

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._ends = clock() + 1
        self._left = per_second
        self._shares: dict[str, _Share] = {}
        #: Whether more was asked for in the last second than there was.
        self.short = False

    def take(self, route: str) -> bool:
        """Whether this one may be traced."""
        now = self._clock()
        if now >= self._ends:
            self._ends = now + 1
            self._divide()
        share = self._shares.get(route)
        if share is None:
            share = self._shares[route] = _Share(self._per_second)
        asked = share.asked
        share.asked = asked + 1
        if self._left <= 0 or share.taken >= share.most or asked % share.stride:
            return False
        share.taken += 1
        self._left -= 1
        return True

    def _divide(self) -> None:
        left = self._left = self._per_second
        fits = sum(share.asked for share in self._shares.values()) <= left
        self.short = not fits
        ahead = len(self._shares)
        for share in sorted(self._shares.values(), key=lambda share: share.asked):
            wants = max(1, share.asked)
            share.most = self._per_second if fits else min(wants, left // ahead)
            share.stride = 1 if fits else -(-wants // max(1, share.most))
            left -= 0 if fits else share.most
            ahead -= 1
            share.asked = share.taken = 0
