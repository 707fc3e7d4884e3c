"""Addresses of PostgreSQL and Redis with awkward passwords: read as they are meant or refused, and never shown."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict
from redis.asyncio.connection import parse_url

from service.commands import api_keys, command, psql
from service.database import migrate
from service.database.functions import Database
from service.database.pool import DatabaseUnusableError
from service.settings import Settings, SettingsError, database_url, redis_url, urls
from tests.support import ROOT

#: Where nothing listens.
_HOST = "127.0.0.1:1"
#: What stands before and behind the awkward characters of a password: neither may show.
_HALVES = "Tr0ub4dor", "c0rrecth0rse"
_AWKWARD = [
    "@",
    "%",
    "%zz",
    "%4-",
    "/",
    "?",
    "#",
    " ",
    "[",
    "]",
    "[x]",
    ":/",
    "%00",
    "%ff",
    "\t",
    "?a=b",
    "\u2100",
]
#: The same with digits in front, so that what is cut off there is a port, and what is behind a path.
_DIGITS = ["/", "?", "#", "/@", "?a=b&c=", "/0?db=1#"]
_FINE = ["", ":", "+", "\\", "'", '"', "\u00fc", "~", "$&", ";", ",", "%41", "{x}", "|"]


def read(url: str) -> tuple[list[tuple[str, int]], str, str, str]:
    found = database_url.parse(url)
    (password,) = {host.password for host in found.hosts}
    return [(host.name, host.port) for host in found.hosts], found.user, password, found.database


def postgresql(password: str) -> str:
    return f"postgresql://ada:{password}@{_HOST}/game"


def redis(password: str) -> str:
    return f"redis://:{password}@{_HOST}/0"


def problem(name: str, url: str) -> str | None:
    try:
        Settings.from_env({name: url, "MIGRATE_ON_START": "0"})
    except SettingsError as error:
        (found,) = error.problems
        return found
    return None


@pytest.mark.parametrize("awkward", [_HALVES[0] + text for text in _AWKWARD] + ["12" + text for text in _DIGITS])
def test_an_awkward_password_is_read_as_it_is_or_refused_by_its_part(awkward: str) -> None:
    password = awkward + _HALVES[1]
    for name in "DATABASE_URL", "SERVICE_DATABASE_URL":
        found = problem(name, postgresql(password))
        if found is None:
            assert read(postgresql(password))[2] == password
            continue
        assert found.startswith(f"{name} cannot be used: ")
        assert "password" in found or "space" in found
        assert "%40" in found  # how to write it
        assert not any(half in found for half in _HALVES)
        assert problem(name, postgresql(quote(password, safe=""))) is None or "%00" in quote(password, safe="")
    found = problem("REDIS_URL", redis(password))
    if found is None:
        assert parse_url(redis(password))["password"] in (password, _HALVES[0] + "\0" + _HALVES[1])
    else:
        assert not any(half in found for half in _HALVES)
    assert problem("REDIS_URL", redis(quote(password, safe=""))) is None


@pytest.mark.parametrize("fine", _FINE)
def test_a_password_that_all_read_alike_is_taken(fine: str) -> None:
    password = _HALVES[0] + fine
    assert problem("DATABASE_URL", postgresql(password)) is None
    assert problem("REDIS_URL", redis(password)) is None
    meant = password.replace("%41", "A")
    assert conninfo_to_dict(postgresql(password))["password"] == meant
    assert read(postgresql(password)) == ([("127.0.0.1", 1)], "ada", meant, "game")
    assert parse_url(redis(password))["password"] == meant


_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["@", ":", "/", "?", "#", "%", "%4", "%41", "%00", "%c3%bc", "%c3", "[", "]", "&", "=", "+", " "]
        ),
        st.sampled_from(["password=", "?host=x", "&user=", "a", "0", "1", "\\", ",", "é", "\u2100", "\u2028"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=8,
).map("".join)


# No deadline: the first example loads the drivers.
@settings(deadline=None)
@given(login=_PIECES, behind=_PIECES)
def test_what_is_taken_is_what_libpq_reads(login: str, behind: str) -> None:
    """Whatever stands in an address: one that is taken is read, and no part of it moves to the host."""
    for url in (
        f"postgresql://{login}@db.example/{behind}",
        f"postgresql://u:{login}@db.example/g?options={behind}",
    ):
        try:
            (host,) = database_url.parse(url).hosts
        except urls.UrlError as error:
            assert str(error)
            continue
        libpq = conninfo_to_dict(url)
        assert (host.name, host.port) == (libpq["host"], int(libpq.get("port") or 5432))
        assert host.name == "db.example" or "host=" in url
        assert host.password == libpq.get("password", "")


@settings(deadline=None)
@given(password=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_every_password_can_be_written(password: str) -> None:
    escaped = quote(password, safe="")
    redis_url.parse(redis(escaped))
    assert conninfo_to_dict(postgresql(escaped))["password"] == password
    assert read(postgresql(escaped))[2] == password
    assert parse_url(redis(escaped))["password"] == password


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://one:5432,two:5433/game",
        "postgresql:///game?host=/run/postgresql",
        "postgresql://ada@/game?host=/run/postgresql&port=5432",
        "postgresql://ada@[::1]:5432/game?sslmode=verify-full&sslrootcert=/etc/passwd",
        "postgresql://%2Frun%2Fpostgresql/game",
        "postgres://db/game?application_name=x&options=-c%20geqo%3Doff",
    ],
)
def test_other_forms_of_addresses(url: str) -> None:
    assert problem("DATABASE_URL", url) is None


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("POSTGRESQL://ada:hush@db/game", "postgresql://user"),  # to libpq that is no address
        ("postgresql:ada:hush@db/game", "postgresql://user"),
        ("postgresql://ada:hush@db/game?password=hush=", "a character of its password"),
        ("postgresql://ada@db/game?password", "name=value"),
        ("postgresql://ada:hush@db/game?sslmode=hush", "sslmode"),
        ("postgresql://ada:hush@db/game?hush_hush=1", "does not know the parameter"),
        ("postgresql://ada:hush@db:0/game", "its port"),
        ("postgresql://ada:hush@/game?port=hush", "its port"),
        ("postgresql://ada:hush@d%b/game", "its host"),
        ("postgresql://ada:hush@,/game", "its host"),
        ("postgresql://ada:hush@db/ga%me", "database"),
    ],
)
def test_a_problem_names_the_part(url: str, part: str) -> None:
    found = problem("DATABASE_URL", url)
    assert found is not None
    assert part in found
    assert "hush" not in found.replace("hush_hush", "")


COMMANDS = {
    "service": (),
    "service.commands.migrate": (),
    "service.commands.psql": ("-c", "SELECT 1"),
    "service.commands.api_keys": ("list",),
    "service.commands.remove_data": ("--force",),
    "seed": ("--users", "1", "--sessions", "1"),
    "seed.simulate": ("--players", "1", "--seconds", "1"),
}


def environ(folder: Path, **settings: str) -> dict[str, str]:
    return {"DATA_DIR": str(folder / "none"), "PORT": "0", "PATH": os.defpath, **settings}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_shows_a_password_that_it_refuses(command: str, folder: Path) -> None:
    def run(awkward: str) -> None:
        password = _HALVES[0] + awkward + _HALVES[1]
        result = subprocess.run(
            [sys.executable, "-m", command, *COMMANDS[command]],
            cwd=ROOT,
            env=environ(
                folder,
                DATABASE_URL=postgresql(password),
                SERVICE_DATABASE_URL=postgresql(password),
                REDIS_URL=redis(password),
            ),
            input="",
            capture_output=True,
            text=True,
            timeout=60,
        )
        said = result.stdout + result.stderr
        assert result.returncode in (1, 2), said
        assert "DATABASE_URL cannot be used: " in said
        assert "Traceback" not in said
        assert not any(half in said for half in _HALVES), said

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, ["@", "%zz", "/", "?a=", "#", " "]))


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "service.commands.remove_data"])
def test_no_command_shows_a_password_that_it_uses(command: str, folder: Path) -> None:
    """Of a server that is not there, with all the words of the drivers."""
    password = _HALVES[0] + "@%/" + _HALVES[1]
    settings = environ(
        folder,
        DATABASE_URL=postgresql(quote(password, safe="")),
        REDIS_URL=redis(quote(password, safe="")),
        LOG_LEVEL="debug",
        MIGRATE_ON_START="0" if command == "service" else "1",
    )
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", command, *COMMANDS[command]],
            cwd=ROOT,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
        deadline = time.monotonic() + 60
        while process.poll() is None and "waiting for the database" not in output.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.wait(60)
    said = output.read_text()
    assert "refused" in said or "Connect call failed" in said or "no service answers" in said, said
    assert not any(half in said for half in _HALVES), said
    assert quote(password, safe="") not in said


async def test_a_driver_that_cannot_read_an_address_is_not_quoted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second line, should one slip through the settings."""
    broken = Settings(database_url=postgresql("hush%zz") + "?hush")
    with pytest.raises(DatabaseUnusableError) as unreachable:
        await Database.connect(broken)
    with pytest.raises(migrate.MigrationError) as failed:
        migrate.apply(broken.database_url or "")
    assert str(failed.value) == urls.UNREADABLE
    for error in unreachable.value, failed.value:
        assert "hush" not in str(error)
        assert error.__cause__ is None
    monkeypatch.setattr(command, "load", lambda: broken)
    for module in api_keys, psql:
        assert module.main(["list"]) == 1
        assert urls.UNREADABLE in (said := capsys.readouterr().err)
        assert "hush" not in said
    with pytest.raises(psycopg.ProgrammingError, match="hush"):  # as the driver would have it
        conninfo_to_dict(broken.database_url or "")
