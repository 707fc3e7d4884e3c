"""Hosts that hang: the service finds the one that answers, ends calls that will never be answered, and says why."""

import asyncio
import collections
import contextlib
import dataclasses
import socket
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from service.database import connect, migrate
from service.database.connect import NoServerError
from service.database.functions import Database
from service.database.pool import DatabaseUnusableError
from service.errors import ApiError
from service.model import Submission
from service.settings import Settings, database_url
from tests.support.databases import execute_on
from tests.support.ports import free_port
from tests.support.stock_postgres import OWNER, system_binaries
from tests.support.tcp_postgres import LoneStandby, TcpPostgres
from tests.support.waiting import until


def _migrated() -> Iterator[TcpPostgres]:
    server = TcpPostgres(system_binaries())
    server.start()
    try:
        execute_on(server, "CREATE DATABASE leaderboard")
        migrate.apply(server.url())
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server() -> Iterator[TcpPostgres]:
    yield from _migrated()


@pytest.fixture(scope="module")
def spare() -> Iterator[TcpPostgres]:
    """A second server that takes writes, as a standby does after its promotion."""
    yield from _migrated()


@pytest.fixture(scope="module")
def standby() -> Iterator[TcpPostgres]:
    server = LoneStandby(system_binaries())
    server.start()
    yield server
    server.stop()


class SilentHost:
    """Takes connections and never answers."""

    def __init__(self, address: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.create_server((address, port), family=family)
        self.port: int = self._socket.getsockname()[1]
        self.writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> "SilentHost":
        self._server = await asyncio.start_server(self._take, sock=self._socket)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for writer in self.writers:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)


def settings_of(hosts: str, parameters: str = "sslmode=disable", **settings: str) -> Settings:
    return Settings.from_env({"DATABASE_URL": f"postgresql://{OWNER}@{hosts}/leaderboard?{parameters}", **settings})


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    database = await Database.connect(settings)
    try:
        yield database
    finally:
        await database.close()


async def submit(database: Database, user_id: int = 1) -> str:
    """The outcome, or the code of the error."""
    try:
        (outcome,) = await database.submit_scores([Submission(user_id, 5, "solo", None, None)], "overall", False)
    except ApiError as error:
        return error.failure.code
    return outcome.status


async def port_of(database: Database) -> int:
    async with database.pool.connection() as connection:
        return int(await connection.fetchval("SELECT inet_server_port()"))


async def test_a_silent_first_host_costs_its_head_start_once(
    server: TcpPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect.Connector, "visit_others", _nothing)  # which would ask it, too
    async with SilentHost() as silent:
        settings = settings_of(
            f"127.0.0.1:{silent.port},127.0.0.1:{server.port}", POOL_SIZE="20", POOL_TIMEOUT_MS="60000"
        )
        async with opened(settings) as database:
            assert await port_of(database) == server.port
            assert len(silent.writers) == 1
            outcomes = await asyncio.gather(*(submit(database, user_id) for user_id in range(1, 21)))
            assert set(outcomes) == {"accepted"}
            # It is known to be silent by now: the other connections did not ask it again.
            assert len(silent.writers) == 1


async def test_a_name_with_several_addresses_is_several_hosts(server: TcpPostgres) -> None:
    """localhost is ::1 and 127.0.0.1, and only the one or the other answers."""
    async with SilentHost("::1", server.port), opened(settings_of(f"localhost:{server.port}")) as database:
        assert await submit(database) == "accepted"


async def test_a_standby_is_skipped(server: TcpPostgres, standby: TcpPostgres) -> None:
    hosts = f"127.0.0.1:{standby.port},127.0.0.1:{server.port}"
    for attributes in "any", "primary", "read-write", "prefer-standby", "standby":
        async with opened(settings_of(hosts, f"target_session_attrs={attributes}")) as database:
            assert await port_of(database) == server.port


async def test_the_error_names_each_host_with_its_reason(standby: TcpPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.database.pool.START_WAIT_SECONDS", 0.0)
    async with SilentHost() as silent:
        dead = free_port()
        hosts = f"127.0.0.1:{dead},127.0.0.1:{silent.port},127.0.0.1:{standby.port},no.such.host.invalid"
        with pytest.raises(DatabaseUnusableError) as failed:
            await Database.connect(settings_of(hosts, POOL_TIMEOUT_MS="2000"))
    reasons = dict(
        part.split(": ", 1) for part in str(failed.value).removeprefix("the database cannot be used: ").split("; ")
    )
    assert "Connect call failed" in reasons[f"127.0.0.1:{dead}"]
    assert "no answer within" in reasons[f"127.0.0.1:{silent.port}"]
    assert "takes no writes" in reasons[f"127.0.0.1:{standby.port}"]
    assert "no.such.host.invalid:5432" in reasons


async def test_a_frozen_server_is_left_for_another(server: TcpPostgres, spare: TcpPostgres) -> None:
    hosts = f"127.0.0.1:{server.port},127.0.0.1:{spare.port}"
    async with opened(settings_of(hosts, POOL_SIZE="4", STATEMENT_TIMEOUT_MS="60000")) as database:
        await asyncio.gather(*(submit(database, user_id) for user_id in range(1, 9)))
        assert await port_of(database) == server.port
        server.freeze()
        try:
            async with asyncio.timeout(30):  # half of the statements' own timeout
                found = await asyncio.gather(*(submit(database, user_id) for user_id in range(1, 9)))
                # Those under way may have been counted. Those that waited for a connection were not sent.
                assert found.count("outcome_unknown") == 4
                assert set(found) <= {"outcome_unknown", "database_unavailable", "accepted"}
                assert await submit(database) == "accepted"
            assert await port_of(database) == spare.port
        finally:
            server.thaw()
        # The last good one stays: nothing goes back and forth.
        assert await port_of(database) == spare.port


async def test_a_server_that_only_computes_is_left_alone(server: TcpPostgres) -> None:
    settings = settings_of(f"127.0.0.1:{server.port}")
    async with opened(settings) as database, database.pool.connection() as connection:
        assert await connection.fetchval("SELECT 1 FROM pg_sleep(2)") == 1


async def test_a_call_on_a_frozen_server_without_another(server: TcpPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, nothing hangs when the pool closes, and the server is used again once it answers."""
    database = await Database.connect(settings_of(f"127.0.0.1:{server.port}"))
    try:
        server.freeze()
        try:
            assert await submit(database) == "outcome_unknown"
            assert await submit(database) == "database_unavailable"
        finally:
            server.thaw()
        assert await submit(database) == "accepted"
        server.freeze()
        monkeypatch.setattr("service.database.pool._CLOSE_WAIT_SECONDS", 1.0)
        call = asyncio.create_task(submit(database))
        await asyncio.sleep(0.1)
        call.cancel()  # asyncpg now asks the frozen server to cancel the statement
        with pytest.raises(asyncio.CancelledError):
            await call
    finally:
        started = time.monotonic()
        await database.close()
        server.thaw()
    assert time.monotonic() - started < 10


async def test_a_server_that_misses_its_own_timeout(server: TcpPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as behind a pooler, which still answers for it."""
    monkeypatch.setattr(connect.Connector, "answers", _always)
    settings = settings_of(f"127.0.0.1:{server.port}", STATEMENT_TIMEOUT_MS="500")
    async with opened(settings) as database:
        server.freeze()
        try:
            assert await submit(database) == "outcome_unknown"
        finally:
            server.thaw()
        assert await submit(database) == "accepted"


async def _nothing(*_: object) -> None:
    pass


async def _always(*_: object) -> bool:
    return True


async def test_a_host_that_refuses_is_asked_once_for_all_while_another_is_silent(spare: TcpPostgres) -> None:
    """As a standby is until its promotion, while the primary is frozen."""
    waiting, refusals, promoted = 8, 0, False

    async def refuse(_: connect.Connection) -> None:
        nonlocal refusals
        if not promoted:
            refusals += 1
            raise connect.ReadOnlyServerError

    async with SilentHost() as silent:
        url = settings_of(f"127.0.0.1:{silent.port},127.0.0.1:{spare.port}").database_url
        connector = connect.Connector(database_url.parse(url or ""), timeout=60, checks=[refuse])
        started = time.monotonic()
        attempts = [asyncio.create_task(connector()) for _ in range(waiting)]
        await until(lambda: refusals >= waiting + 4, 60)
        assert refusals <= waiting + 2 + (time.monotonic() - started) / connect.REFUSED_SECONDS
        promoted = True
        for connection in await asyncio.gather(*attempts):
            await connection.close()


async def test_watching_goes_on_after_a_failure(
    server: TcpPostgres, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls = collections.Counter[str]()

    def fail(name: str) -> None:
        async def call(*_: object) -> bool:
            calls[name] += 1
            raise RuntimeError(name)

        monkeypatch.setattr(connect.Connector, name, call)

    monkeypatch.setattr("service.database.pool.VISIT_SECONDS", 0.05)
    async with opened(settings_of(f"127.0.0.1:{server.port}")) as database, database.pool.connection():
        fail("answers")
        fail("visit_others")
        await until(lambda: calls["answers"] > 1 and calls["visit_others"] > 1)
    failures = [record for record in caplog.records if record.message == "watching the database servers failed"]
    assert len(failures) == 2 and all(record.exc_info for record in failures)


async def test_a_command_connects_alike(server: TcpPostgres) -> None:
    async with SilentHost() as silent:
        url = settings_of(f"127.0.0.1:{silent.port},127.0.0.1:{server.port}").database_url
        connection = await connect.connect(url or "")
        assert await connection.fetchval("SELECT inet_server_port()") == server.port
        await connection.close()
        with pytest.raises(NoServerError, match=r"no answer within 0\.3 s"):
            await connect.connect(f"postgresql://{OWNER}@127.0.0.1:{silent.port}/leaderboard", timeout=0.3)


async def test_the_options_of_a_socket(server: TcpPostgres) -> None:
    parameters = "sslmode=disable&keepalives_idle=7&keepalives_interval=8&keepalives_count=9&tcp_user_timeout=5000"
    url = f"postgresql://{OWNER}@127.0.0.1:{server.port}/leaderboard?{parameters}"
    for given, on in ("", 1), ("&keepalives=0", 0):
        connection = await connect.connect(url + given)
        tcp = connection._transport.get_extra_info("socket")
        assert bool(tcp.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)) == bool(on)
        names = "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT"
        options = [tcp.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
        assert options == [7, 8, 9, 5000]
        await connection.close()


async def test_a_check_that_refuses_a_server_leads_to_the_next(server: TcpPostgres, spare: TcpPostgres) -> None:
    class Old(connect.UnfitServerError):
        permanent = True

    async def refuse(connection: connect.Connection) -> None:
        if connection.target.host.port == server.port:
            raise Old("an older timeline")

    url = f"postgresql://{OWNER}@127.0.0.1:{server.port},127.0.0.1:{spare.port}/leaderboard"
    connector = connect.Connector(database_url.parse(url), timeout=5, checks=[refuse])
    connection = await connector()
    assert connection.target.host.port == spare.port
    await connection.close()
    alone = dataclasses.replace(database_url.parse(url), hosts=database_url.parse(url).hosts[:1])
    with pytest.raises(NoServerError, match=f"127.0.0.1:{server.port}: an older timeline") as refused:
        await connect.Connector(alone, timeout=5, checks=[refuse])()
    assert refused.value.permanent
