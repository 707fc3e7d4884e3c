"""The values that this process keeps in its memory. Whether one is current, only Redis knows: docs/cache.md."""

import sys
from collections import OrderedDict
from dataclasses import dataclass

from service.cache.lease import clock


@dataclass(frozen=True, slots=True)
class KeptValue:
    #: The epoch and the timeline under which it was read from PostgreSQL.
    stamp: bytes
    #: JSON.
    body: bytes
    expires: float
    #: What it takes in memory, with its key.
    size: int


#: What a value takes beside its key and body: the object, its numbers, and its share of a dict that has just grown.
_OVERHEAD_BYTES = 240


class KeptValues:
    """At most `max_bytes` of values, all of one stamp: a value of another one takes the place of all of them. The
    oldest one goes first.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._stamp = b""
        self._values: OrderedDict[str, KeptValue] = OrderedDict()
        #: What they take in memory.
        self.size = 0

    def get(self, key: str) -> KeptValue | None:
        value = self._values.get(key)
        return value if value is not None and clock() < value.expires else None

    def put(self, key: str, stamp: bytes, body: bytes, seconds: float) -> None:
        """Keeps a value for so many seconds, if there is room for it."""
        if stamp != self._stamp:
            self._values.clear()
            self.size = 0
            self._stamp = stamp
        replaced = self._values.pop(key, None)
        if replaced is not None:
            self.size -= replaced.size
        size = sys.getsizeof(key) + sys.getsizeof(body) + _OVERHEAD_BYTES
        if size > self._max_bytes:
            return
        while self.size + size > self._max_bytes:
            self.size -= self._values.popitem(last=False)[1].size
        self._values[key] = KeptValue(self._stamp, body, clock() + seconds, size)
        self.size += size
