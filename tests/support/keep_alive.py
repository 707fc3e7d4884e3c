"""Clients that submit one score after the other on a connection that stays open, and note how each submission ended."""

import asyncio
import contextlib
import json
import ssl
from dataclasses import dataclass, field


@dataclass
class Outcomes:
    """How submissions ended, by their keys."""

    #: Answered with 200.
    counted: set[str] = field(default_factory=set)
    #: The connection was closed before the first byte of an answer: an HTTP client sends such a request again.
    unanswered: set[str] = field(default_factory=set)
    #: The connection was reset, or ended within an answer.
    broken: set[str] = field(default_factory=set)
    #: Another status: (key, status).
    failed: list[tuple[str, int]] = field(default_factory=list)


class KeepAliveClients:
    """`count` clients of 127.0.0.1:`port`. They open a new connection when
    the server closes theirs, and end when the port refuses one.
    """

    def __init__(
        self,
        port: int,
        *,
        count: int = 8,
        tls: ssl.SSLContext | None = None,
        host: str = "localhost",
    ) -> None:
        self.outcomes = Outcomes()
        self._port, self._tls, self._host = port, tls, host
        self._clients = [self._play(number) for number in range(count)]
        self._stopping = False

    async def run(self) -> Outcomes:
        """Plays until the port refuses connections, or `stop` is called."""
        await asyncio.gather(*self._clients)
        return self.outcomes

    def stop(self) -> None:
        self._stopping = True

    async def _play(self, number: int) -> None:
        turn = 0
        while not self._stopping:
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self._port, ssl=self._tls, server_hostname=self._host if self._tls else None
                )
            except OSError:
                return
            try:
                stays_open = True
                while stays_open and not self._stopping:
                    turn += 1
                    key = f"{number}-{turn}"
                    stays_open = await self._submit(reader, writer, key, {"user_id": number + 1, "score": 1})
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

    async def _submit(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str, score: dict[str, int]
    ) -> bool:
        """Sends a submission and notes its outcome. Returns whether the connection stays open."""
        body = json.dumps(score).encode()
        head = (
            f"POST /api/leaderboard/submit HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        answer = b""
        try:
            writer.write(head.encode() + body)
            await writer.drain()
            answer = await reader.readuntil(b"\r\n\r\n")
            status, headers = _parse(answer)
            await reader.readexactly(int(headers["content-length"]))
        except asyncio.IncompleteReadError as error:
            (self.outcomes.broken if answer or error.partial else self.outcomes.unanswered).add(key)
            return False
        except OSError:
            self.outcomes.broken.add(key)
            return False
        if status == 200:
            self.outcomes.counted.add(key)
        else:
            self.outcomes.failed.append((key, status))
        return headers.get("connection", "").lower() != "close"


def _parse(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split(" ")[1]), headers
