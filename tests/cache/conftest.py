"""Fixtures of the cache tests: ways to count calls, and submissions that the service does not see."""

from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import pytest
import redis


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A look at the Redis of the `settings`."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def count_calls(db: asyncpg.Connection) -> Callable[[str, str], Awaitable[Callable[[], Awaitable[int]]]]:
    """Counts the calls of an api function in the database itself. `arguments` as in its signature."""

    async def begin(function: str, arguments: str) -> Callable[[], Awaitable[int]]:
        result = await db.fetchval("SELECT pg_get_function_result(to_regprocedure($1))", f"api.{function}({arguments})")
        numbers = ", ".join(f"${n}" for n in range(1, len(arguments.split(",")) + 1))
        await db.execute(
            f"CREATE SEQUENCE public.{function}_calls MINVALUE 0;"
            f"ALTER FUNCTION api.{function}({arguments}) RENAME TO {function}_uncounted;"
            f"CREATE FUNCTION api.{function}({arguments}) RETURNS {result}"
            f" LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN"
            f" PERFORM nextval('public.{function}_calls');"
            f" RETURN QUERY SELECT * FROM api.{function}_uncounted({numbers});"
            f" END $$;"
            f"GRANT EXECUTE ON FUNCTION api.{function}({arguments}) TO leaderboard_service;"
        )

        async def calls() -> int:
            number: int = await db.fetchval(
                f"SELECT CASE WHEN is_called THEN last_value + 1 ELSE 0 END FROM public.{function}_calls"
            )
            return number

        return calls

    return begin


async def submit_with_psql(db: asyncpg.Connection, user_id: int, score: int) -> None:
    """A submission that the service does not see."""
    await db.execute("SELECT FROM api.submit_score($1, $2)", user_id, score)
