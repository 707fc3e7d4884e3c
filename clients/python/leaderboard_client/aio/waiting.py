"""How the async client waits. The sync client has the same names from leaderboard_client.sync.waiting."""

from asyncio import Lock, sleep
from asyncio import to_thread as off_loop

__all__ = ["Lock", "off_loop", "sleep"]
