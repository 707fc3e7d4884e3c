"""Restarts an embedded server that dies while the service runs."""

import logging
import threading
import time
from collections.abc import Sequence

from service.embedded.server import EmbeddedServer

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.1
_MIN_PAUSE_SECONDS = 0.5
_MAX_PAUSE_SECONDS = 10.0
#: A server that ran this long was healthy: if it ends, it is restarted without a pause.
_HEALTHY_SECONDS = 30.0
_LOG_CHECK_SECONDS = 60.0


class Supervisor:
    """A context manager that watches started servers, each in its own thread.

    A server that ended is restarted at once, then with a growing pause between attempts. On exit the watching ends
    and the servers may be stopped.
    """

    def __init__(self, servers: Sequence[EmbeddedServer]) -> None:
        self._servers = list(servers)
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, args=[server], name=f"watch-{server.name}", daemon=True)
            for server in servers
        ]

    def __enter__(self) -> "Supervisor":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for server in self._servers:
            server.retire()
        for thread in self._threads:
            thread.join()

    def _watch(self, server: EmbeddedServer) -> None:
        pause = 0.0
        started = log_checked = time.monotonic()
        while not self._ending.wait(_POLL_SECONDS):
            now = time.monotonic()
            if now - log_checked >= _LOG_CHECK_SECONDS:
                log_checked = now
                server.trim_log()
            if server.alive():
                continue
            logger.error("the embedded %s ended (%s), restarting it", server.title, server.how_it_ended())
            if now - started >= _HEALTHY_SECONDS:
                pause = 0.0
            if self._ending.wait(pause):
                return
            pause = min(max(2 * pause, _MIN_PAUSE_SECONDS), _MAX_PAUSE_SECONDS)
            try:
                server.start()
            except Exception as error:  # any error: without this thread the server would stay down
                if not self._ending.is_set():
                    logger.error("%s; next attempt in %.1f s", error, pause)
                continue
            started = time.monotonic()
            logger.warning("the embedded %s runs again after %.1f s", server.title, started - now)
