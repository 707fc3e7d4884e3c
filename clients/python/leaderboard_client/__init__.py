"""A client of the leaderboard service, sync (`Client`) and async (`AsyncClient`): see docs/clients.md."""

from leaderboard_client.aio.client import AsyncClient
from leaderboard_client.errors import ApiError, LeaderboardError, QueueFull, Unreachable
from leaderboard_client.queue import Flushed, QueuedScore, Refused
from leaderboard_client.sync.client import Client

__all__ = [
    "ApiError",
    "AsyncClient",
    "Client",
    "Flushed",
    "LeaderboardError",
    "QueueFull",
    "QueuedScore",
    "Refused",
    "Unreachable",
]
