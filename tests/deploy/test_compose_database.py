"""The script that makes the database of compose.yaml, on a real server of the embedded version."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service.embedded.postgres import program
from tests.support import ROOT
from tests.support.service import Service, run
from tests.support.stock_postgres import OWNER, StockPostgres


@pytest.fixture
def server() -> Iterator[StockPostgres]:
    server = StockPostgres(program("postgres").parent)
    server.start()
    yield server
    server.stop()


def test_the_owner_is_no_superuser_and_what_it_migrates_is_served_by_the_other_login(
    server: StockPostgres, folder: Path
) -> None:
    environ = {
        "PATH": f"{server.bin_folder}:{os.defpath}",
        "PGHOST": str(server.folder),
        "POSTGRES_USER": OWNER,
        "OWNER_PASSWORD": "it's",
        "SERVICE_PASSWORD": 'an"other',
    }
    script = ROOT / "deploy" / "compose" / "database.sh"
    subprocess.run(["sh", script], env=environ, check=True, capture_output=True, timeout=60)
    with psycopg.connect(server.url()) as connection:
        powers = "SELECT rolname, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = ANY (%s) ORDER BY 1"
        found = connection.execute(powers, [["studio", "leaderboard_service"]]).fetchall()
        assert found == [("leaderboard_service", False), ("studio", False)]
        passwords = connection.execute("SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256%'")
        assert passwords.fetchone() == (2,)
    # As the containers `migrate` and `service` do.
    migrated = run("service.commands.migrate", data_dir=folder / "none", DATABASE_URL=server.url("studio"))
    assert migrated.returncode == 0, migrated.stderr
    url = server.url("leaderboard_service")
    settings = {"SERVICE_DATABASE_URL": url, "MIGRATE_ON_START": "0", "REDIS_URL": "redis://127.0.0.1:1"}
    running = Service(folder / "none", **settings).ready()
    assert running.submit(7, 10)[0] == 200
    assert running.top() == [(7, 10)]
    running.stop()
