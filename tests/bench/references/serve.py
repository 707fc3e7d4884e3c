"""How every reference is served: uvloop, a port that several processes can share, on demand aiohttp's access log."""

import argparse
import asyncio
import logging
import signal
from collections.abc import Callable

import uvloop
from aiohttp import web
from aiohttp.log import access_logger


def arguments(description: str, *required: str) -> argparse.Namespace:
    """The command line: --port, and an option for each name."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, required=True)
    for name in required:
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


def run(create_app: Callable[[], web.Application], port: int, *, access_log: bool = False) -> None:
    """Serves until SIGTERM. Prints `ready` once it answers. With `access_log` it writes aiohttp's line a request."""
    if access_log:
        logging.basicConfig(level=logging.INFO)
    uvloop.run(_serve(create_app(), port, access_logger if access_log else None))


async def _serve(app: web.Application, port: int, log: logging.Logger | None) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    # Cancels what a client that is gone had asked for, so that it does not burden the run after this one.
    runner = web.AppRunner(app, access_log=log, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024, reuse_port=True).start()
        print("ready", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()
