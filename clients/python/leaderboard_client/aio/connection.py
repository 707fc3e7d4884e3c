"""Requests to the service: single attempts, and attempts until one succeeds."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import httpx

from leaderboard_client import answers
from leaderboard_client.aio.waiting import sleep
from leaderboard_client.errors import LeaderboardError, Unreachable
from leaderboard_client.retries import wait_after

T = TypeVar("T")
#: Errors of attempts of which no byte arrived.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class Connection:
    def __init__(self, url: str, key: str | None, timeout: float, patience: float) -> None:
        """Raises ValueError for an address that cannot be one."""
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"the address must begin with http:// or https://, not {url[:40]!r}")
        self._base = url.rstrip("/") + "/api/leaderboard"
        self._patience = patience
        self.timeout = timeout
        headers = {"User-Agent": "leaderboard-client-python", "Accept": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        self.http = httpx.AsyncClient(headers=headers, timeout=timeout)

    def address(self, path: str) -> str:
        return self._base + path

    async def attempt(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of the answer. Raises ApiError or Unreachable."""
        try:
            response = await self.http.request(
                method, self.address(path), params=query, json=body, headers=dict(headers or {})
            )
        except httpx.RequestError as error:
            raise self.unreachable(error) from error
        return answers.read(response.status_code, response.headers, response.content)

    async def retried(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The result of the first attempt that succeeds. Raises what the last one failed with, at the latest when the
        patience is over.
        """
        started, attempts = time.monotonic(), 0
        while True:
            try:
                return await attempt()
            except LeaderboardError as error:
                attempts += 1
                wait = wait_after(attempts, error.retry_after)
                if not error.can_retry or time.monotonic() - started + wait > self._patience:
                    raise
            await sleep(wait)

    async def call(self, method: str, path: str, query: Mapping[str, Any] | None = None, body: object = None) -> Any:
        """As `attempt`, with retries: for calls that may be made twice."""
        return await self.retried(lambda: self.attempt(method, path, query, body))

    def unreachable(self, error: httpx.RequestError) -> Unreachable:
        what = str(error) or type(error).__name__
        return Unreachable(f"no answer from {self._base}: {what}", may_have_counted=not isinstance(error, _NOT_SENT))
