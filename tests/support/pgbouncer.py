"""PgBouncer in front of a test's PostgreSQL."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from tests.support import ROOT
from tests.support.databases import PostgresServer
from tests.support.programs import missing, system_program
from tests.support.stock_postgres import OWNER, unprivileged
from tests.support.waiting import eventually

#: Its port only names the socket.
_PORT = 6432
#: What guides on PgBouncer tell to ignore for drivers that send more than PgBouncer knows.
USUAL_IGNORED = "extra_float_digits, statement_timeout, lock_timeout, idle_session_timeout, search_path, role"


def program(version: str) -> Path:
    """PgBouncer `version`: "system" for the distribution's, "prepared" for one that supports prepared statements in
    transaction mode. Without it CI fails and other runs skip.
    """
    if version == "system":
        return Path(system_program("pgbouncer"))
    cached = subprocess.run([ROOT / ".ci" / "pgbouncer", "--cached"], capture_output=True, text=True)
    return Path(cached.stdout.strip() or missing("no PgBouncer with prepared statements: run .ci/pgbouncer"))


class PgBouncer:
    """PgBouncer on a Unix socket in a temporary folder, which `stop` removes. It trusts everyone, as the tests'
    servers do.
    """

    def __init__(self, program: Path, server: PostgresServer, **settings: str) -> None:
        self._program = program
        address = parse_qs(urlsplit(server.url()).query)
        self.server = f"host={address['host'][0]} port={address['port'][0]}"
        self._folder = Path(tempfile.mkdtemp(prefix="lb-pgbouncer-"))
        self._prefix = unprivileged(self._folder)
        self._settings = {
            "listen_port": str(_PORT),
            "unix_socket_dir": str(self._folder),
            "auth_type": "trust",
            "auth_file": str(self._folder / "users"),
            "admin_users": OWNER,
            "logfile": str(self._folder / "log"),
            **settings,
        }
        (self._folder / "users").write_text("".join(f'"{user}" ""\n' for user in (OWNER, "leaderboard_service")))

    def start(self) -> None:
        self._configure()
        self.process = subprocess.Popen(
            [*self._prefix, self._program, "--quiet", self._folder / "ini"], cwd="/", stderr=subprocess.DEVNULL
        )
        eventually(self._answers, "PgBouncer's answer")

    def reload(self, **settings: str) -> None:
        """Changes settings of the running PgBouncer."""
        self._settings.update(settings)
        self._configure()
        self.command("RELOAD")

    def command(self, command: str) -> list[dict[str, object]]:
        """Runs a command of PgBouncer's own console."""
        with psycopg.connect(self.url(database="pgbouncer"), autocommit=True, row_factory=psycopg.rows.dict_row) as db:
            cursor = db.execute(command)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def restart(self) -> None:
        self.kill()
        self.start()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, role: str = OWNER, database: str = "leaderboard") -> str:
        return f"postgresql://{role}@/{database}?host={self._folder}&port={_PORT}"

    def _configure(self) -> None:
        lines = [f"{name} = {value}" for name, value in self._settings.items()]
        (self._folder / "ini").write_text("\n".join(["[databases]", f"* = {self.server}", "[pgbouncer]", *lines, ""]))

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self._folder / "log").read_text()
        try:
            self.command("SHOW VERSION")
        except psycopg.OperationalError:
            return False
        return True
