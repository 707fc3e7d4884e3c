"""DATABASE_URL in every form: the service, migrations, the seed and psql reach the same server as the same user."""

import asyncio
import fnmatch
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import uvloop

from service.commands import command, psql
from service.database import connect
from service.database.pool import Pool
from service.database.yoyo_backend import Backend
from service.errors import OperatorError
from service.settings import Settings
from tests.support import ROOT
from tests.support.ports import free_port
from tests.support.stock_postgres import system_binaries
from tests.support.tls_postgres import OWNER, PASSWORD, TlsPostgres

#: What a session knows about itself, whatever its rights.
SEEN = "SELECT seen.seen()"
_SETUP = f"""
CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{PASSWORD}';
CREATE ROLE tls_only LOGIN PASSWORD 'x';
CREATE ROLE plain_only LOGIN PASSWORD 'x';
CREATE ROLE certified LOGIN;
CREATE ROLE leaderboard_service;
GRANT leaderboard_service TO {OWNER}, tls_only, plain_only, certified, leaderboard_owner;
CREATE SCHEMA seen;
GRANT USAGE ON SCHEMA seen TO PUBLIC;
CREATE FUNCTION seen.seen() RETURNS text SECURITY DEFINER RETURN concat_ws(
    ' ', session_user, current_database(),
    coalesce(host(inet_server_addr()), 'socket'), (SELECT s.ssl FROM pg_stat_ssl AS s WHERE s.pid = pg_backend_pid()),
    current_setting('geqo_threshold'), (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid())
);
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsPostgres]:
    server = TlsPostgres(system_binaries(), tmp_path_factory.mktemp("tls"))
    server.start()
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE game")
    with psycopg.connect(server.url(database="game"), autocommit=True) as connection:
        connection.execute(_SETUP)
    yield server
    server.stop()


@dataclass(frozen=True)
class Fill:
    """What the URLs of the table leave out."""

    server: TlsPostgres

    def __call__(self, text: str) -> str:
        replaced = {
            "LOGIN": f"{OWNER}:{quote(PASSWORD, safe='')}",
            "PASSWORD": quote(PASSWORD, safe=""),
            "SOCKET": quote(str(self.server.folder), safe=""),
            "FILES": str(self.server.files),
            "DEAD": str(free_port()),
            "PORT": str(self.server.port),
        }
        for name, value in replaced.items():
            text = text.replace(name, value)
        return text


@pytest.fixture
def fill(server: TlsPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fill:
    fill = Fill(server)
    monkeypatch.setenv("HOME", str(tmp_path))
    passfile = tmp_path / "passfile"
    escaped = PASSWORD.replace(":", "\\:")
    passfile.write_text(f"localhost:{server.port}:game:{OWNER}:{escaped}\n*:*:*:tls_only:x\n")
    passfile.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passfile))
    services = tmp_path / "services"
    services.write_text(f"[game]\nhost=localhost\nport={server.port}\ndbname=game\nuser={OWNER}\nsslmode=require\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    return fill


def by_service(settings: Settings) -> str:
    async def run() -> str:
        pool = await Pool.connect(settings, [])
        try:
            async with pool.connection() as connection:
                assert await connection.fetchval("SELECT current_user") == "leaderboard_service"
                return str(await connection.fetchval(SEEN))
        finally:
            await pool.close()

    return uvloop.run(run())  # as the service does


def by_migrations(settings: Settings) -> str:
    with Backend(settings.database_url or "", "none").connection as connection:
        return str(connection.execute(SEEN).fetchall()[0][0])


def by_seed(settings: Settings) -> str:
    async def run() -> str:
        connection = await connect.connect(settings.database_url or "")
        try:
            return str(await connection.fetchval(SEEN))
        finally:
            await connection.close()

    return uvloop.run(run())


@pytest.fixture
def by_psql(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[Settings], str]]:
    handler = signal.getsignal(signal.SIGINT)

    def run(settings: Settings) -> str:
        monkeypatch.setattr(command, "load", lambda: settings)
        capfd.readouterr()
        status = psql.main(["-At", "-c", SEEN])
        output, errors = capfd.readouterr()
        if status:
            raise OperatorError(errors)
        return output.strip()

    yield run
    signal.signal(signal.SIGINT, handler)


ADA = f"{OWNER} game"
TLS, PLAIN = "t 12 TLSv1.3", "f 12"
LOCAL = "127.0.0.1"

TCP, NAME, SOCKET = f"{ADA} {LOCAL} {TLS}", f"{ADA} * {TLS}", f"{ADA} socket {PLAIN}"

#: Each URL, and what every session on it must see.
FORMS = {
    # What hosted services print.
    "postgresql://LOGIN@localhost:PORT/game?sslmode=require&channel_binding=require": NAME,
    "postgres://LOGIN@localhost:PORT/game?sslmode=require&channel_binding=disable": NAME,
    "postgresql://LOGIN@127.0.0.1:PORT/game?channel_binding=prefer&connect_timeout=10&gssencmode=prefer": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?keepalives=1&keepalives_idle=5&keepalives_interval=2": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?keepalives_count=3&tcp_user_timeout=5000&sslcompression=0": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?keepalives=0&load_balance_hosts=random&gssencmode=disable": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?client_encoding=utf8&fallback_application_name=x": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?application_name=board&options=-c%20geqo_threshold%3D7": (
        f"{ADA} {LOCAL} t 7 TLSv1.3"
    ),
    # Hosts.
    "postgresql://LOGIN@[::1]:PORT/game": f"{ADA} ::1 {TLS}",
    "postgresql://LOGIN@127.0.0.1:DEAD,127.0.0.1:PORT/game": TCP,
    "postgresql://LOGIN@127.0.0.1:DEAD,127.0.0.1:PORT/game?": TCP,
    "postgresql://LOGIN@127.0.0.1:DEAD,[::1]:PORT/game?target_session_attrs=read-write": f"{ADA} ::1 {TLS}",
    "postgresql://LOGIN@127.0.0.1,127.0.0.1/game?port=PORT&target_session_attrs=primary": TCP,
    "postgresql://LOGIN@no.such.host.invalid,127.0.0.1/game?port=PORT&target_session_attrs=any": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?target_session_attrs=prefer-standby": TCP,
    "postgresql://LOGIN@localhost:PORT/game?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=FILES/root.crt": TCP,
    "postgresql://ada@SOCKET:PORT/game": SOCKET,
    "postgresql:///game?host=SOCKET&port=PORT&user=ada&sslmode=verify-full&sslrootcert=FILES/root.crt": SOCKET,
    "postgresql://ada@/game?host=SOCKET,127.0.0.1&port=PORT&password=PASSWORD": SOCKET,
    # TLS.
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=disable": f"{ADA} {LOCAL} {PLAIN}",
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=allow": f"{ADA} {LOCAL} {PLAIN}",
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=prefer": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=require": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?ssl=true": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=verify-ca&sslrootcert=FILES/root.crt": TCP,
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=require&sslrootcert=FILES/root.crt": TCP,
    "postgresql://LOGIN@localhost:PORT/game?sslmode=verify-full&sslrootcert=FILES/root.crt&sslsni=0": NAME,
    "postgresql://LOGIN@localhost:PORT/game?sslmode=verify-full&sslrootcert=FILES/root.crt&sslcrl=FILES/no.crl": NAME,
    "postgresql://LOGIN@localhost:PORT/game?sslrootcert=system": NAME,
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=prefer&sslrootcert=FILES/stranger.crt": f"{ADA} {LOCAL} {PLAIN}",
    "postgresql://LOGIN@127.0.0.1:PORT/game?ssl_min_protocol_version=TLSv1.2&ssl_max_protocol_version=tlsv1.2": (
        f"{ADA} {LOCAL} t 12 TLSv1.2"
    ),
    "postgresql://tls_only:x@127.0.0.1:PORT/game?sslmode=allow": f"tls_only game {LOCAL} {TLS}",
    "postgresql://tls_only:x@127.0.0.1:PORT/game": f"tls_only game {LOCAL} {TLS}",
    "postgresql://plain_only:x@127.0.0.1:PORT/game": f"plain_only game {LOCAL} {PLAIN}",
    "postgresql://certified@127.0.0.1:PORT/game?sslcert=FILES/client.crt&sslkey=FILES/client.key": (
        f"certified game {LOCAL} {TLS}"
    ),
    "postgresql://certified@127.0.0.1:PORT/game?sslcert=FILES/client.crt&sslkey=FILES/locked.key"
    "&sslpassword=key%20word": f"certified game {LOCAL} {TLS}",
    # What libpq finds elsewhere: a password file and a service file.
    "postgresql://ada@localhost:PORT/game": NAME,
    "postgresql:///?service=game": NAME,
}

#: URLs that all refuse, each with a word of the service's reason.
REFUSED = {
    "postgresql://ada:wr0ng@127.0.0.1:PORT/game": "password",
    "postgresql://ada@127.0.0.1:PORT/game?passfile=/none": "password",
    "postgresql://stranger:wr0ng@127.0.0.1:PORT/game": "password",
    "postgresql://LOGIN@127.0.0.1:PORT/none": "does not exist",
    "postgresql://tls_only:x@127.0.0.1:PORT/game?sslmode=disable": "pg_hba",
    "postgresql://plain_only:x@127.0.0.1:PORT/game?sslmode=require": "pg_hba",
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=verify-full&sslrootcert=FILES/root.crt": "IP address mismatch",
    "postgresql://LOGIN@localhost:PORT/game?sslmode=verify-full&sslrootcert=FILES/stranger.crt": "CERTIFICATE_VERIFY",
    # With a root certificate, libpq verifies the server's whatever sslmode says.
    "postgresql://LOGIN@127.0.0.1:PORT/game?sslmode=require&sslrootcert=FILES/stranger.crt": "CERTIFICATE_VERIFY",
    "postgresql://LOGIN@localhost:PORT/game?sslmode=verify-ca&sslrootcert=FILES/root.crt&sslcrl=FILES/server.crl": (
        "certificate revoked"
    ),
    "postgresql://certified@127.0.0.1:PORT/game?sslmode=require": "certificate",
}


def settings_of(url: str) -> Settings:
    return Settings.from_env({"DATABASE_URL": url})


@pytest.mark.parametrize("url", FORMS)
def test_all_read_a_url_alike(
    url: str, fill: Fill, by_psql: Callable[[Settings], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", fill("FILES/root.crt"))
    settings = settings_of(fill(url))
    for by in by_service, by_migrations, by_seed, by_psql:
        assert fnmatch.fnmatchcase(by(settings), FORMS[url]), by


@pytest.mark.parametrize("url", REFUSED)
def test_all_refuse_a_url_and_the_service_does_not_wait(
    url: str, fill: Fill, by_psql: Callable[[Settings], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(fill(url))
    monkeypatch.setattr("service.database.pool.START_WAIT_SECONDS", 600.0)
    with pytest.raises(OperatorError, match=REFUSED[url]) as refused:
        by_service(settings)
    assert "wr0ng" not in str(refused.value)
    for by in by_migrations, by_seed, by_psql:
        with pytest.raises((OperatorError, psycopg.OperationalError)):
            by(settings)


def test_a_start_that_is_refused_for_good_does_not_try_again(fill: Fill, tmp_path: Path) -> None:
    for url, reason in (
        ("postgresql://ada:wr0ng@127.0.0.1:PORT/game", "password authentication failed"),
        ("postgresql://LOGIN@127.0.0.1:PORT/none", 'database "none" does not exist'),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "service"],
            env={"PATH": os.defpath, "PORT": "0", "DATABASE_URL": fill(url), "REDIS_URL": "redis://127.0.0.1:1"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 1
        assert reason in done.stderr
        assert "trying again" not in done.stdout + done.stderr
        assert "wr0ng" not in done.stdout + done.stderr


async def test_direct_tls(fill: Fill, server: TlsPostgres) -> None:
    """With a proxy that ends TLS, as servers before 17 do not know it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.files / "proxy.pem")
    context.set_alpn_protocols(["postgresql"])

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_unix_connection(f"{server.folder}/.s.PGSQL.{server.port}")
        try:
            await asyncio.gather(pass_on(reader, up_writer), pass_on(up_reader, writer))
        finally:
            for one in up_writer, writer:
                one.transport.abort()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        url = f"postgresql://ada@localhost:{port}/game?sslnegotiation=direct&sslmode=verify-full&hostaddr=127.0.0.1"
        settings = settings_of(url + fill("&sslrootcert=FILES/root.crt"))
        for by in by_service, by_seed, by_migrations:
            assert await asyncio.to_thread(by, settings) == SOCKET, by
