"""The systemd unit: systemd's own checks, and its command line for real."""

import configparser
import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from service.settings import Settings, env_file
from tests.support import ROOT
from tests.support.databases import execute_on
from tests.support.programs import system_program
from tests.support.stock_postgres import StockPostgres
from tests.support.waiting import Eventually

FOLDER = ROOT / "deploy" / "systemd"
UNIT = FOLDER / "leaderboard.service"


@pytest.fixture
def unit() -> configparser.SectionProxy:
    """The unit's section [Service]; of a name that stands there twice, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT)
    return parser["Service"]


def test_systemd_finds_no_fault(folder: Path) -> None:
    installed = folder / UNIT.name
    installed.write_text(UNIT.read_text().replace("/opt/leaderboard", str(ROOT)))
    command = [system_program("systemd-analyze"), "verify", str(installed)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    ours = [line for line in result.stderr.splitlines() if UNIT.name in line]
    assert (result.returncode, ours) == (0, [])


def test_its_exposure_is_low() -> None:
    """systemd rates units from 0 (safe) to 10. The threshold is in tenths."""
    command = [system_program("systemd-analyze"), "security", "--offline=yes", "--threshold=12", str(UNIT)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout.splitlines()[-1]


def test_its_settings_are_settings_and_its_timeouts_fit(unit: configparser.SectionProxy) -> None:
    values = env_file.read(FOLDER / "leaderboard.env.example")
    names = {field.upper() for field in Settings.__dataclass_fields__}
    assert values.keys() <= names
    settings = Settings.from_env(values)
    assert settings.database_url is not None and settings.redis_url is not None
    assert "127.0.0.1" in settings.allowed_hosts
    longest = settings.shutdown_delay_seconds + 2 * settings.shutdown_timeout_seconds + 15
    assert int(unit["TimeoutStopSec"]) > longest
    assert unit["RestartPreventExitStatus"] == "2"


class Unit:
    """What systemd would start, with a database and settings of the test's."""

    def __init__(self, unit: configparser.SectionProxy, folder: Path, database_url: str) -> None:
        self.log = folder / "log"
        values = env_file.read(FOLDER / "leaderboard.env.example")
        values |= {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1", "PORT": "0", "METRICS_PORT": "0"}
        values |= {"LOG_FORMAT": "json", "PATH": os.defpath}
        values |= dict([unit["Environment"].split("=", 1)])
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(str(folder / "notify"))
        (folder / "notify").chmod(0o777)
        self.notified.setblocking(False)
        command = shlex.split(unit["ExecStart"].replace("/opt/leaderboard", str(ROOT)))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*_as_unprivileged_user(), *command],
                cwd=unit["WorkingDirectory"].replace("/opt/leaderboard", str(ROOT)),
                env={**values, "NOTIFY_SOCKET": str(folder / "notify")},
                stdout=log,
                stderr=log,
            )

    def is_ready(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            return self.notified.recv(100) == b"READY=1"
        return False


def _as_unprivileged_user() -> list[str]:
    prefix = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--no-new-privs"]
    prefix += ["--bounding-set=-all", "--inh-caps=-all"]
    if os.geteuid() == 0 and _runs([*prefix, sys.executable, "-c", "import service.__main__"]):
        return prefix
    return []


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0


@pytest.fixture
def database_for_everyone(stock_postgres: StockPostgres) -> Iterator[str]:
    """An empty database that other users of this machine can reach."""
    execute_on(stock_postgres, "CREATE DATABASE unit")
    stock_postgres.folder.chmod(0o711)
    yield stock_postgres.url(database="unit")
    stock_postgres.folder.chmod(0o700)
    execute_on(stock_postgres, "DROP DATABASE unit WITH (FORCE)")


@pytest.fixture
def started(unit: configparser.SectionProxy, folder: Path, database_for_everyone: str) -> Iterator[Unit]:
    one = Unit(unit, folder, database_for_everyone)
    yield one
    one.notified.close()
    one.process.kill()
    one.process.wait()


def test_its_command_starts_reloads_and_stops(
    unit: configparser.SectionProxy, started: Unit, eventually: Eventually
) -> None:
    eventually(lambda: started.is_ready() or started.process.poll() is not None, "READY=1")
    assert started.process.poll() is None, started.log.read_text()
    main = psutil.Process(started.process.pid)
    assert len(main.children()) == 2
    reload = shlex.split(unit["ExecReload"].replace("$MAINPID", str(main.pid)))
    subprocess.run(reload, check=True)
    eventually(lambda: "all workers are restarted" in started.log.read_text(), "the restart")
    # As KillMode=control-group does; KillMode=mixed signals the main process only.
    for process in [main, *main.children()]:
        process.send_signal(signal.SIGTERM)
    assert started.process.wait(int(unit["TimeoutStopSec"])) == 0
    assert re.findall(r'"level":"error".*|Traceback.*', started.log.read_text()) == []
