"""A TCP proxy that stands between two parts of the system and does to their bytes what networks do."""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Weather:
    """What happens to a piece of bytes on its way. Chances are 0 to 1, a piece is one read of a socket.

    An answer that is lost after its request was carried out is the worst there is: the other side did its
    work, and nobody is told.
    """

    #: Seconds that an answer is late, drawn from 0 to this.
    delay: float = 0.0
    #: An answer does not arrive; the connection is reset.
    lose_answer: float = 0.0
    #: Half of an answer arrives, then the connection ends.
    truncate_answer: float = 0.0
    #: Half of a request arrives, then the connection ends.
    truncate_request: float = 0.0
    #: Nothing moves in either direction, and no connection ends.
    hang: bool = False


FAIR = Weather()


class Proxy:
    """Listens on a port of 127.0.0.1 and connects to `target`: a port of 127.0.0.1, or a Unix socket.

    Runs in a thread of its own, so that neither a busy test nor the proxy holds up the other. Use `start`
    and `stop`, and set `weather` at any time. `process_of` finds the process that connects from a port; then
    the weather can be that of one process alone.
    """

    def __init__(self, target: int | Path, process_of: Callable[[int], int | None] | None = None) -> None:
        self.weather = FAIR
        #: The process that has the weather; None: all have it.
        self.only: int | None = None
        self._process_of = process_of
        self._processes: dict[int, int | None] = {}
        self.port = 0
        #: Connections that were reset on purpose.
        self.resets = 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def reset_all(self) -> None:
        """Cuts every connection off."""
        asyncio.run_coroutine_threadsafe(self._reset_all(), self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _reset_all(self) -> None:
        for writer in list(self._open):
            self._reset(writer)

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        sock = writer.get_extra_info("socket")
        if sock is not None and sock.family == socket.AF_INET:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.resets += 1
        writer.transport.abort()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first byte to the end of either side."""
        self._open.add(writer)
        far: asyncio.StreamWriter | None = None
        port: int = writer.get_extra_info("peername")[1]
        try:
            if isinstance(self._target, Path):
                back, far = await asyncio.open_unix_connection(str(self._target))
            else:
                back, far = await asyncio.open_connection("127.0.0.1", self._target)
            ways = [
                asyncio.create_task(self._pass_on(reader, far, port, answers=False)),
                asyncio.create_task(self._pass_on(back, writer, port, answers=True)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            self._reset(writer)  # nobody is there: as near as a proxy comes to a refused connection
        finally:
            self._open.discard(writer)
            self._processes.pop(port, None)
            for end in (writer, far):
                if end is not None:
                    end.close()
                    with contextlib.suppress(OSError):
                        await end.wait_closed()

    def _weather_of(self, port: int) -> Weather:
        """The weather of the connection that comes from this port."""
        only = self.only
        if only is None or self.weather is FAIR:
            return self.weather
        if port not in self._processes:
            assert self._process_of is not None
            self._processes[port] = self._process_of(port)
        return self.weather if self._processes[port] == only else FAIR

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, port: int, *, answers: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                while self._weather_of(port).hang:
                    await asyncio.sleep(0.02)
                weather = self._weather_of(port)
                if answers:
                    if weather.delay:
                        await asyncio.sleep(random.uniform(0, weather.delay))
                    if random.random() < weather.lose_answer:
                        self._reset(sink)
                        return
                cut = weather.truncate_answer if answers else weather.truncate_request
                if random.random() < cut:
                    sink.write(data[: len(data) // 2])
                    await sink.drain()
                    # Closed and not reset, for a reset would take the half back that was sent.
                    return
                sink.write(data)
                await sink.drain()
