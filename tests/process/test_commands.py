"""The commands behind make's targets: they find the service's database whether or not the service runs."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from service.embedded import DataDirInUseError, EmbeddedPostgres, EmbeddedServerError, locked, owner_database
from service.settings import Settings
from tests.support import ROOT
from tests.support.service import Service, run, servers_in
from tests.support.waiting import Eventually


def psql(data_dir: Path, text: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return run(
        "service.commands.psql", "--tuples-only", "--no-align", *arguments, data_dir=data_dir, text=text, **settings
    )


def test_psql_starts_the_server_for_its_time(data_dir: Path) -> None:
    result = psql(data_dir, "SELECT current_user, current_database();")
    assert (result.returncode, result.stdout) == (0, "leaderboard_owner|leaderboard\n")
    assert servers_in(data_dir) == []


def test_psql_uses_the_running_service(data_dir: Path, service: Callable[..., Service]) -> None:
    running = service().ready()
    result = psql(data_dir, "SELECT total_score FROM api.submit_score(3, 30);\nSELECT current_user;")
    assert result.stdout == "30\nleaderboard_owner\n"
    assert running.top() == [(3, 30)]
    running.stop()


def test_psql_stops_at_the_first_error_of_a_file(data_dir: Path) -> None:
    result = psql(data_dir, "SELECT 1;\nSELECT 1/0;\nSELECT 2;\n")
    assert result.returncode == 3
    assert result.stdout == "1\n"
    assert "division by zero" in result.stderr
    assert servers_in(data_dir) == []


def test_psql_takes_an_own_database_and_keeps_its_password_to_itself(data_dir: Path, folder: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    try:
        url = server.url().replace("leaderboard_owner@", "leaderboard_owner:hush@") + "&sslpassword=hush"
        result = psql(
            folder / "unused",
            "\\! cat /proc/$PPID/cmdline | tr '\\0' ' '\nSELECT 'as ' || current_user;",
            DATABASE_URL=url,
        )
        assert "as leaderboard_owner" in result.stdout
        assert "dbname=leaderboard" in result.stdout
        assert "hush" not in result.stdout
        assert not (folder / "unused").exists()
    finally:
        server.stop()


def test_the_owner_needs_an_address_if_the_service_has_one() -> None:
    settings = Settings(service_database_url="postgresql://service@h/d", migrate_on_start=False)
    with pytest.raises(EmbeddedServerError, match="set DATABASE_URL"), owner_database(settings):
        pass


def test_the_server_stays_until_the_last_command_is_through(data_dir: Path, eventually: Eventually) -> None:
    settings = Settings(data_dir=data_dir)
    first_may_end, second_may_end = threading.Event(), threading.Event()
    urls: dict[str, str] = {}

    def command(name: str, may_end: threading.Event) -> None:
        with owner_database(settings, name) as url:
            urls[name] = url
            may_end.wait(30)

    first = threading.Thread(target=command, args=["first", first_may_end])
    first.start()
    eventually(lambda: "first" in urls)
    second = threading.Thread(target=command, args=["second", second_may_end])
    second.start()
    eventually(lambda: "second" in urls)
    assert urls["first"] == urls["second"]
    first_may_end.set()
    first.join(0.5)
    with psycopg.connect(urls["second"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second_may_end.set()
    for thread in (first, second):
        thread.join(30)
        assert not thread.is_alive()
    assert servers_in(data_dir) == []


def test_a_locked_folder_names_its_holder(data_dir: Path) -> None:
    with (
        locked(data_dir, "make seed"),
        pytest.raises(DataDirInUseError, match=rf"in use by process {os.getpid()} \(make seed\)"),
        locked(data_dir, "another"),
    ):
        pass
    with locked(data_dir, "another"):
        pass


def test_a_folder_that_cannot_be_made_is_a_clear_message() -> None:
    with (
        pytest.raises(EmbeddedServerError, match=r"/dev/null/data cannot be used: Not a directory"),
        locked(Path("/dev/null/data"), "a test"),
    ):
        pass


def test_data_is_removed_when_confirmed_and_unused(data_dir: Path, service: Callable[..., Service]) -> None:
    running = service().ready()
    refused = run("service.commands.remove_data", "--force", data_dir=data_dir)
    assert refused.returncode == 1
    assert f"in use by process {running.process.pid}" in refused.stderr
    running.stop()
    kept = run("service.commands.remove_data", data_dir=data_dir, text="no\n")
    assert kept.returncode == 1
    assert (data_dir / "postgres").exists()
    foreign = data_dir / "something-else"
    foreign.touch()  # DATA_DIR may be a folder that was there before
    removed = run("service.commands.remove_data", data_dir=data_dir, text="yes\n")
    assert removed.returncode == 0
    assert list(data_dir.iterdir()) == [foreign]
    foreign.unlink()
    assert run("service.commands.remove_data", "--force", data_dir=data_dir).returncode == 0
    assert not data_dir.exists()
    assert run("service.commands.remove_data", data_dir=data_dir).returncode == 0


def test_removing_data_ends_servers_that_a_killed_service_left(data_dir: Path) -> None:
    orphan = EmbeddedPostgres(data_dir)
    orphan.start()
    assert run("service.commands.remove_data", "--force", data_dir=data_dir).returncode == 0
    assert not orphan.alive()
    assert not data_dir.exists()


@pytest.fixture
def migrated_dir(data_dir: Path) -> Path:
    assert run("service.commands.migrate", data_dir=data_dir).returncode == 0
    return data_dir


def manage(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return run("service.commands.api_keys", *arguments, data_dir=data_dir, **settings)


def test_keys_are_made_used_listed_and_revoked(
    data_dir: Path, service: Callable[..., Service], eventually: Eventually
) -> None:
    running = service().ready()
    made = manage(data_dir, "create", "game server", "submit, read", "--days", "90")
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip()
    assert re.fullmatch(r"lb_[0-9a-f]{12}_[0-9a-f]{64}", key)
    assert key not in made.stderr
    eventually(lambda: running.request("/api/leaderboard/top")[0] == 401, "the closed door")
    assert running.request("/api/leaderboard/top", Authorization=f"Bearer {key}")[0] == 200

    listed = manage(data_dir, "list").stdout
    key_id = key.split("_")[1]
    assert key_id in listed
    assert "read,submit" in listed
    assert "game server" in listed
    assert key.split("_")[2] not in listed

    revoked = manage(data_dir, "revoke", key)
    assert revoked.returncode == 0, revoked.stderr
    assert key.split("_")[2] not in revoked.stdout + revoked.stderr
    eventually(
        lambda: running.request("/api/leaderboard/top", Authorization=f"Bearer {key}")[0] == 401,
        "the end of the key",
    )
    assert "revoked" in manage(data_dir, "list").stdout
    running.stop()
    log = running.log.read_text()
    assert key.split("_")[2] not in log


def test_keys_are_managed_without_the_service_too(migrated_dir: Path) -> None:
    empty = manage(migrated_dir, "list")
    assert "no API key" in empty.stdout
    created = manage(migrated_dir, "create", "a", "submit")
    assert created.returncode == 0, created.stderr
    assert "Authorization: Bearer" in created.stderr
    assert "active" in manage(migrated_dir, "list").stdout
    assert servers_in(migrated_dir) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "", "submit"), "make api-key NAME="),
        (("create", "a", ""), "make api-key NAME="),
        (("create", "x" * 101, "submit"), "the name must be"),
        (("create", "a", "write"), "no scope write"),
        (("create", "a", "read", "--days", "0"), "DAYS must be"),
        (("create", "a", "read", "--days", "soon"), "DAYS must be"),
        (("create", "a", "read", "--days", "nan"), "DAYS must be"),
        (("create", "a", "read", "--days", "99999999"), "DAYS must be"),
        (("revoke", "nobody"), "there is no API key nobody"),
        (("revoke", ""), "make revoke-api-key ID="),
        (("revoke", "c0ffee42" * 8), "there is no API key ***; "),
    ],
)
def test_what_cannot_be_done_with_keys_is_told(migrated_dir: Path, arguments: tuple[str, ...], words: str) -> None:
    result = manage(migrated_dir, *arguments)
    assert result.returncode != 0
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_key_may_be_the_first_thing_that_a_database_gets(data_dir: Path) -> None:
    result = manage(data_dir, "list")
    assert result.returncode == 1
    assert "make migrate" in result.stderr
    refused = manage(data_dir, "create", "a", "submit", MIGRATE_ON_START="0")
    assert "make migrate" in refused.stderr
    assert manage(data_dir, "create", "a", "submit").returncode == 0
    assert "active" in manage(data_dir, "list").stdout


def test_a_key_is_revoked_once(migrated_dir: Path) -> None:
    key = manage(migrated_dir, "create", "a", "submit read").stdout.strip()
    assert "is revoked" in manage(migrated_dir, "revoke", key).stdout
    assert "was revoked already" in manage(migrated_dir, "revoke", key).stdout


def test_the_list_may_be_cut_off(migrated_dir: Path) -> None:
    for name in "a", "b":
        assert manage(migrated_dir, "create", name, "read").returncode == 0
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing) as pipe:
        result = subprocess.run(
            [sys.executable, "-m", "service.commands.api_keys", "list"],
            cwd=ROOT,
            env={"DATA_DIR": str(migrated_dir), "PATH": os.defpath},
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "name",
    [
        "Ada's server",
        "a'$(id -u)'b",
        "a $(shell touch /tmp/lb-made-by-a-name) b",
        'price $HOME "x"',
        "a;b|c&d",
        "100% `id`",
    ],
)
def test_make_passes_a_name_on_as_it_is(migrated_dir: Path, name: str) -> None:
    result = subprocess.run(
        ["make", "--silent", "api-key", f"NAME={name}", "SCOPES=read"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(migrated_dir)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    assert not Path("/tmp/lb-made-by-a-name").exists()
    line = manage(migrated_dir, "list").stdout.splitlines()[1]
    assert line.endswith(f"  {name}")


def test_make_creates_no_key_where_a_signed_one_is_asked_for(migrated_dir: Path) -> None:
    result = subprocess.run(
        ["make", "--silent", "api-key", "NAME=a", "SCOPES=read", "SIGNED=1"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(migrated_dir)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode != 0
    assert "signed requests were removed" in result.stderr
    assert "no API key" in manage(migrated_dir, "list").stdout
