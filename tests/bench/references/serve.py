"""How every reference is served: uvloop, no access log, a port that several processes can share."""

import argparse
import asyncio
import signal
from collections.abc import Callable

import uvloop
from aiohttp import web


def arguments(description: str, *required: str) -> argparse.Namespace:
    """The command line: --port, and an option for each name."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, required=True)
    for name in required:
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


def run(create_app: Callable[[], web.Application], port: int) -> None:
    """Serves until SIGTERM. Prints `ready` once it answers."""
    uvloop.run(_serve(create_app(), port))


async def _serve(app: web.Application, port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024, reuse_port=True).start()
        print("ready", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()
