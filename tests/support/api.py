"""Calls of the HTTP API that have to succeed, by any aiohttp client."""

from typing import Any


async def get(client: Any, path: str) -> Any:
    """The JSON of GET /api/leaderboard`path`."""
    async with client.get(f"/api/leaderboard{path}") as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def submit(client: Any, user_id: int, score: int, board: str = "overall", **fields: Any) -> Any:
    """The answer to a submission that has to be accepted; `fields` are further fields of the body."""
    body = {"user_id": user_id, "score": score, **fields}
    async with client.post("/api/leaderboard/submit", params={"board": board}, json=body) as response:
        assert response.status == 200, await response.text()
        return await response.json()
