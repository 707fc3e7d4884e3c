"""TCP ports of this machine."""

import asyncio
import contextlib
import secrets
import socket

# Below the range that the kernel takes ports from by itself (32768 - 60999): a connection of a parallel test, or a
# server on port 0, cannot take one of these before the test that chose it uses it.
CHOSEN_FROM = range(10_000, 32_000)


def free_port(neighbours: int = 0) -> int:
    """A free port of 127.0.0.1, with as many free ones right after it."""
    while True:
        first = secrets.choice(CHOSEN_FROM)  # not random.choice: a parallel test may have set the same seed
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            for port in range(first, first + neighbours + 1):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


async def exchange(data: bytes, port: int, host: str = "127.0.0.1") -> bytes:
    """Sends bytes and gives what comes back until the other side closes the connection."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(data)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer
