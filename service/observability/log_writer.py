"""Writes the lines of the log: those of one turn of the event loop in one system call."""

import asyncio
import logging
import threading
from typing import TextIO


class LineWriter(logging.StreamHandler[TextIO]):
    """A handler that writes the lines of one turn of the event loop together: under load, a write costs more than the
    line. Their order is kept. If the process is killed, the lines of its last turn are lost, and only those.

    Outside of an event loop, in other threads and at interpreter shutdown, a line is written at once.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._guard = threading.RLock()  # `flush` may be called by a thread that does not hold the handler's lock
        self._lines: list[str] = []
        #: The loop that will call `flush` in its next turn.
        self._scheduled: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.write(self.format(record))
        except Exception:
            self.handleError(record)

    def write(self, line: str) -> None:
        """Writes a line, without a line break at its end."""
        with self._guard:
            self._lines.append(line)
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                self.flush()
                return
            if self._scheduled is not loop:
                loop.call_soon(self.flush)
                self._scheduled = loop

    def flush(self) -> None:
        with self._guard:
            self._scheduled = None
            if not self._lines:
                return
            text = "\n".join(self._lines) + "\n"
            self._lines.clear()
            try:
                self.stream.write(text)
                self.stream.flush()
            except Exception:
                self.handleError(logging.makeLogRecord({"msg": "the log cannot be written"}))
