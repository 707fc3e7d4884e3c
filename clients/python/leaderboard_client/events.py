"""Server-Sent Events, as the HTML standard defines them (section 9.2.6)."""

import re
from typing import NamedTuple

_LINE_END = re.compile(rb"\r\n|\n|\r(?=.)", re.DOTALL)


class Event(NamedTuple):
    name: str
    data: str


class EventParser:
    """Turns the bytes of a stream into events. `last_id` and `retry_seconds` are for the next connection."""

    def __init__(self, last_id: str = "", retry_seconds: float = 2.0) -> None:
        self.last_id, self.retry_seconds = last_id, retry_seconds
        self._rest = b""
        self._id = last_id
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that are complete with this chunk."""
        # Not str.splitlines: metadata may have characters at which it would split.
        *lines, self._rest = _LINE_END.split(self._rest + chunk)
        return [event for line in lines if (event := self._take(line.decode(errors="replace"))) is not None]

    def _take(self, line: str) -> Event | None:
        if not line:
            self.last_id = self._id  # not before: an event that is cut off has not been seen
            event = Event(self._name or "message", "\n".join(self._data)) if self._data else None
            self._name, self._data = "", []
            return event
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data":
            self._data.append(value)
        elif field == "id":
            self._id = value
        elif field == "retry" and value.isdecimal():
            self.retry_seconds = int(value) / 1000
        return None
