"""The real thing on this machine: PostgreSQL with fsync, Valkey and the service's processes, to be broken."""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import aiohttp
import psutil
import psycopg
import redis

from service.database import migrate
from service.embedded import EmbeddedPostgres, EmbeddedValkey
from service.settings import SERVICE_ROLE
from tests.faults.proxy import Proxy
from tests.support.service import Service

#: For whatever has to come true by itself. Far above what it takes; only a defect comes near it.
PATIENCE_SECONDS = 60.0
#: Small, so that a statement that hits it does so within a short test.
STATEMENT_TIMEOUT_SECONDS = 2.0
_POSTGRES = {"shared_buffers": "64MB", "max_connections": "60"}
_SOCKET = ".s.PGSQL.5432"


class Stack:
    """A PostgreSQL, a Valkey and a service, each of which tests kill, hang and start again.

    With `proxied` the service reaches both through proxies, and clients the service: then the network can be
    broken, too. Without, nothing stands between the parts.
    """

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 1,
        proxied: bool = False,
        postgres_folder: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.workers = workers
        self.postgres = EmbeddedPostgres(postgres_folder or folder, conf=_POSTGRES)
        self.valkey = EmbeddedValkey(folder)
        self._proxied = proxied
        self._environ = dict(environ or {})
        self._service: Service | None = None
        self.to_postgres: Proxy | None = None
        self.to_redis: Proxy | None = None
        self.to_service: Proxy | None = None

    # --- life -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.postgres.start()
        migrate.apply(self.owner_url)
        self.valkey.start()
        service_url, redis_url = self.postgres.url(SERVICE_ROLE), self.valkey.url
        if self._proxied:
            self.to_postgres = Proxy(Path(self._postgres_sockets()) / _SOCKET)
            self.to_redis = Proxy(Path(redis_url.removeprefix("unix://")), self._worker_on_port)
            self.to_postgres.start()
            self.to_redis.start()
            service_url = (
                f"postgresql://{quote(SERVICE_ROLE)}@127.0.0.1:{self.to_postgres.port}/leaderboard?sslmode=disable"
            )
            redis_url = f"redis://127.0.0.1:{self.to_redis.port}/0"
        self._start_service(service_url, redis_url)
        if self._proxied:
            self.to_service = Proxy(int(self._service.address.rsplit(":", 1)[1]))
            self.to_service.start()

    def _start_service(self, service_url: str, redis_url: str) -> None:
        self._service = Service(
            self.folder / "unused",
            **{
                "DATABASE_URL": self.owner_url,
                "SERVICE_DATABASE_URL": service_url,
                "REDIS_URL": redis_url,
                "MIGRATE_ON_START": "0",
                "WORKERS": str(self.workers),
                "STATEMENT_TIMEOUT_MS": str(int(STATEMENT_TIMEOUT_SECONDS * 1000)),
                "LOG_LEVEL": "warning",
                **self._environ,
            },
        ).ready()

    def stop(self) -> None:
        if self._service is not None:
            with contextlib.suppress(ProcessLookupError):
                self.valkey_signal(signal.SIGCONT)
            self._service.process.terminate()
            try:
                self._service.process.wait(PATIENCE_SECONDS)
            finally:
                self._service.process.kill()
                self._service.process.wait()
        for proxy in (self.to_service, self.to_redis, self.to_postgres):
            if proxy is not None:
                proxy.stop()
        self.valkey.stop()
        self.postgres.stop()

    # --- addresses ------------------------------------------------------------------------------------------

    @property
    def owner_url(self) -> str:
        """The owner's address of the database, past every proxy."""
        return self.postgres.url()

    @property
    def service_url(self) -> str:
        """The address with which the service's role gets in, past every proxy."""
        return self.postgres.url(SERVICE_ROLE)

    @property
    def address(self) -> str:
        """Where clients reach the service."""
        if self.to_service is not None:
            return f"http://127.0.0.1:{self.to_service.port}"
        return self.service.address

    @property
    def service(self) -> Service:
        assert self._service is not None
        return self._service

    def _postgres_sockets(self) -> str:
        with psycopg.connect(self.owner_url) as connection:
            (sockets,) = connection.execute("SHOW unix_socket_directories").fetchone() or ("",)
        return str(sockets)

    # --- processes ------------------------------------------------------------------------------------------

    def workers_alive(self) -> list[int]:
        """The process ids of the service's workers; with one worker it is the service's own."""
        if self.workers == 1:
            return [self.service.process.pid]
        found = []
        for child in psutil.Process(self.service.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if "service.process.workers" in child.cmdline():
                    found.append(child.pid)
        return found

    def _worker_on_port(self, port: int) -> int | None:
        """The worker that holds this end of a TCP connection."""
        for pid in self.workers_alive():
            with contextlib.suppress(psutil.Error):
                ends = psutil.Process(pid).net_connections("tcp")
                if any(end.laddr and end.laddr.port == port for end in ends):
                    return pid
        return None

    def backends(self) -> list[int]:
        """The PostgreSQL processes that serve the service."""
        with psycopg.connect(self.owner_url) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'leaderboard'"
            ).fetchall()
        return [pid for (pid,) in found]

    def postgres_signal(self, number: signal.Signals) -> None:
        pid = self.postgres.pid
        if pid is not None:
            os.kill(pid, number)

    def valkey_signal(self, number: signal.Signals) -> None:
        pid = self.valkey.pid
        if pid is not None:
            os.kill(pid, number)

    def redis(self) -> "redis.Redis":
        """A client of the Valkey, past every proxy."""
        return redis.Redis.from_url(self.valkey.url, socket_timeout=PATIENCE_SECONDS)

    async def recovered(self) -> None:
        """Returns when every worker says that it is ready and uses its cache. Nobody helps it to."""
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            aiohttp.ClientSession(
                self.address,
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=aiohttp.ClientTimeout(total=10),
            ) as http,
        ):
            ready = 0
            # The system spreads connections over the workers, so several in a row are some of each.
            while ready < 4 * self.workers:
                try:
                    async with http.get("/readyz") as answer:
                        is_ready = answer.status == 200 and (await answer.json())["status"] == "ready"
                except (aiohttp.ClientError, OSError, TimeoutError):
                    is_ready = False
                ready = ready + 1 if is_ready else 0
                await asyncio.sleep(0 if is_ready else 0.1)


@contextlib.contextmanager
def running(
    *,
    workers: int = 1,
    proxied: bool = False,
    postgres_folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """A stack in a folder of its own, which goes with it. On a disk and not in memory, for fsync is on."""
    folder = Path(tempfile.mkdtemp(prefix="lb-faults-", dir="/tmp"))
    folder.chmod(0o755)  # the servers may run as another user
    stack = Stack(folder, workers=workers, proxied=proxied, postgres_folder=postgres_folder, environ=environ)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)
