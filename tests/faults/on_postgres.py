"""What happens to PostgreSQL."""

import asyncio
import contextlib
import os
import random
import signal
from typing import LiteralString

import psycopg

from tests.faults.drill import Fault
from tests.faults.stack import PATIENCE_SECONDS, STATEMENT_TIMEOUT_SECONDS, Stack


async def _wait_for_the_end(stack: Stack) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while stack.postgres.alive():
            await asyncio.sleep(0.01)


async def _stop_and_start(stack: Stack, number: signal.Signals) -> None:
    stack.postgres_signal(number)
    await _wait_for_the_end(stack)
    await asyncio.sleep(random.uniform(0, 0.5))  # it may be away for a while
    await asyncio.to_thread(stack.postgres.start)


async def _kill(stack: Stack) -> None:
    await _stop_and_start(stack, signal.SIGKILL)


async def _stop_immediately(stack: Stack) -> None:
    await _stop_and_start(stack, signal.SIGQUIT)


async def _restart(stack: Stack) -> None:
    await _stop_and_start(stack, signal.SIGINT)


async def _kill_a_backend(stack: Stack) -> None:
    """Then the postmaster ends all others and recovers from the log, as after a crash."""
    backends = await asyncio.to_thread(stack.backends)
    if backends:
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(backends), signal.SIGKILL)


async def _terminate_backends(stack: Stack) -> None:
    def terminate() -> None:
        with psycopg.connect(stack.owner_url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'leaderboard' AND random() < 0.7"
            )

    await asyncio.to_thread(terminate)


async def _use_up_connections(stack: Stack) -> None:
    """Strangers take every connection there is, and the service has to do without for a while."""

    def open_all() -> list["psycopg.Connection[tuple[object, ...]]"]:
        taken = []
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(stack.service_url, application_name="stranger"))
        return taken

    taken = await asyncio.to_thread(open_all)
    try:
        # Its own are gone, too: whatever it needs it has to open, and cannot.
        await _terminate_backends(stack)
        taken += await asyncio.to_thread(open_all)
        await asyncio.sleep(1)
    finally:
        for connection in taken:
            connection.close()


async def _hold_locks(stack: Stack) -> None:
    """Every submission waits for a lock until statement_timeout gives it up."""

    def hold() -> "psycopg.Connection[tuple[object, ...]]":
        connection = psycopg.connect(stack.owner_url)
        connection.execute("LOCK TABLE public.leaderboard IN SHARE MODE")
        return connection

    holder = await asyncio.to_thread(hold)
    try:
        await asyncio.sleep(STATEMENT_TIMEOUT_SECONDS + 0.7)
    finally:
        await asyncio.to_thread(holder.close)


async def _hold_the_horizon(stack: Stack) -> None:
    """A session of another database forgets to end its transaction, and many totals change meanwhile."""

    def hold() -> "psycopg.Connection[tuple[object, ...]]":
        connection = psycopg.connect(stack.postgres.url(database="postgres"))
        connection.execute("SELECT pg_current_xact_id()")
        return connection

    def change() -> None:
        with psycopg.connect(stack.owner_url) as connection:
            # What an UPDATE of so many totals leaves to be folded, without another total at the end.
            connection.execute(
                "INSERT INTO public.rank_delta (xid, board_id, old_total, new_total)"
                " SELECT pg_current_xact_id(), 1, 5, 5 FROM generate_series(1, 5000)"
            )

    holder = await asyncio.to_thread(hold)
    try:
        for _ in range(12):
            await asyncio.to_thread(change)
        await asyncio.sleep(1)
    finally:
        await asyncio.to_thread(holder.close)


async def _publish_all_tables(stack: Stack) -> None:
    def run(statement: LiteralString) -> None:
        with psycopg.connect(stack.owner_url, autocommit=True) as connection:
            connection.execute("SET lock_timeout = '10s'")
            connection.execute(statement)

    await asyncio.to_thread(run, "CREATE PUBLICATION everything FOR ALL TABLES")
    try:
        await asyncio.sleep(1)
    finally:
        await asyncio.to_thread(run, "DROP PUBLICATION everything")


KILL = Fault("PostgreSQL: kill -9 of the postmaster", _kill, noticed=True, times=20)
KILL_BACKEND = Fault("PostgreSQL: kill -9 of a backend", _kill_a_backend, noticed=True, times=10)
TERMINATE = Fault("PostgreSQL: pg_terminate_backend of most", _terminate_backends, times=10)
STOP = Fault("PostgreSQL: immediate stop, start", _stop_immediately, noticed=True, times=5)
RESTART = Fault("PostgreSQL: restart (fast)", _restart, noticed=True, times=5)
CONNECTIONS = Fault("PostgreSQL: connection limit reached", _use_up_connections, noticed=True, times=3)
TIMEOUT = Fault("PostgreSQL: statement_timeout hit", _hold_locks, noticed=True, times=3)
HORIZON = Fault("PostgreSQL: a transaction stays open elsewhere", _hold_the_horizon, unnoticed=True, times=5)
PUBLICATION = Fault("PostgreSQL: a publication of all tables", _publish_all_tables, unnoticed=True, times=3)

FAULTS = (KILL, KILL_BACKEND, TERMINATE, STOP, RESTART, CONNECTIONS, TIMEOUT, HORIZON, PUBLICATION)
