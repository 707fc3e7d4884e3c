"""HTTP by hand: any bytes to the service, and whatever comes back."""

import contextlib
import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SUBMIT = "/api/leaderboard/submit"
#: Above every limit of the service for a request.
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        """The code of an answer of the one error shape, and of no other."""
        assert self.headers["content-type"].startswith("application/json"), self
        body: Any = json.loads(self.body)
        assert list(body) == ["error"] and sorted(body["error"]) == ["code", "message"], body
        assert body["error"]["message"], body
        return str(body["error"]["code"])


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    assert parts.hostname is not None and parts.port is not None
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_SECONDS)


def post(body: bytes, *headers: bytes, path: str = SUBMIT) -> bytes:
    """A submission with these headers; with none a Content-Length that is right."""
    lines = [b"POST " + path.encode() + b" HTTP/1.1", b"Host: localhost", b"Content-Type: application/json"]
    lines += headers or [b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*lines, b"", body])


def send(address: str, data: bytes) -> Answer:
    """Sends bytes and reads one answer."""
    with connect(address) as connection:
        with contextlib.suppress(ConnectionError):  # it had enough of them, and the answer says why
            connection.sendall(data)
        return receive(connection)


def receive(connection: socket.socket) -> Answer:
    with connection.makefile("rb") as stream:
        status_line = stream.readline(65536)
        assert status_line.startswith(b"HTTP/1."), status_line[:100]
        headers: dict[str, str] = {}
        while (line := stream.readline(65536)) not in {b"\r\n", b""}:
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return Answer(int(status_line.split()[1]), headers, stream.read(int(headers.get("content-length", "0"))))
