"""PostgreSQL breaks under load."""

import psycopg
import pytest

from service.settings import SERVICE_ROLE
from tests.faults import on_postgres
from tests.faults.drill import Fault, assert_harmless
from tests.faults.stack import Stack


@pytest.mark.parametrize("fault", on_postgres.FAULTS, ids=lambda fault: fault.name)
async def test_nothing_is_lost_and_nothing_doubled(stack: Stack, fault: Fault) -> None:
    await assert_harmless(stack, fault)


@pytest.mark.parametrize("where", ["", "IN DATABASE leaderboard "])
async def test_the_service_role_cannot_give_durability_away(stack: Stack, where: str) -> None:
    """It may alter itself, as whoever took over the service would."""
    with psycopg.connect(stack.owner_url, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {SERVICE_ROLE} {where}SET synchronous_commit = off")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leaderboard'"
        )
    try:
        await assert_harmless(stack, on_postgres.KILL)
    finally:
        with psycopg.connect(stack.owner_url, autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {SERVICE_ROLE} {where}RESET synchronous_commit")
