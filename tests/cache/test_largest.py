"""Numbers that processes tell each other through Redis, beside the cache."""

from typing import Any

import redis
from aiohttp.test_utils import TestClient

from service.cache.epoch_cache import Cache
from service.http import app_keys


async def test_processes_learn_the_largest_number(client: TestClient[Any, Any], redis_client: redis.Redis) -> None:
    cache: Cache = client.app[app_keys.CACHE]  # type: ignore[index]
    assert await cache.largest("n", 5, 10) == 5
    assert await cache.largest("n", 3, 10) == 5
    assert await cache.largest("n", 7, 10) == 7
    assert await cache.largest("n", 6, 10) == 7
    (key,) = redis_client.keys("*:n")
    assert 0 < redis_client.ttl(key) <= 10
    redis_client.set(key, "not a number")
    assert await cache.largest("n", 6, 10) == 6
    assert await cache.largest("n", 1, 10) == 6
