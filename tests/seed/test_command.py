"""`python -m seed`: arguments, exit statuses, and signals."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from seed.__main__ import main
from tests.seed.conftest import load, state

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)  # away from anybody's .env


async def run(*arguments: str) -> int:
    return await asyncio.to_thread(main, list(arguments))


async def test_it_loads_what_it_is_told(db: asyncpg.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    end = "--end", datetime.now(UTC).isoformat()
    assert await run("--users", "30", "--sessions", "90", "--random-seed", "7", *end) == 0
    assert [row["board"] for row in await db.fetch("SELECT * FROM api.list_boards()")] == [
        "overall", "daily", "weekly", "best",
    ]  # fmt: skip
    shown = capsys.readouterr()
    assert shown.out.startswith("loaded 30 players and 90 sessions in ")
    assert [line.partition(":")[0] for line in shown.err.splitlines()] == [
        "players",
        "sessions",
        "statistics",
        "totals",
        "keys and indexes",
        "foreign keys",
        "rank index",
        "vacuum",
    ]
    before = await state(db)

    assert await run("--users", "30", "--sessions", "90") == 1
    assert "run `make seed REPLACE=1`" in capsys.readouterr().err
    assert await state(db) == before

    assert await run("--users", "30", "--sessions", "90", "--random-seed", "7", *end, "--replace") == 0
    assert await state(db) == before


async def test_wrong_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert await run("--users", "0") == 2
    assert "users must be from 1" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ending:
        await run("--sessions", "many")
    assert ending.value.code == 2


async def test_no_database(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@/nowhere?host=/nowhere")
    assert await run("--users", "5") == 1
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_a_signal_in_the_middle(database_url: str, db: asyncpg.Connection, number: signal.Signals) -> None:
    await load(database_url, 50, 200)
    before = await state(db)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "seed", "--users", "20000", "--sessions", "300000", "--replace"),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
        stderr=asyncio.subprocess.PIPE,
        # A shell's background job ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    sessions = (
        "SELECT count(*) FROM pg_stat_activity AS a WHERE a.datname = current_database()"
        " AND a.application_name = 'leaderboard seed'"
    )
    async with asyncio.timeout(30):
        while not await db.fetchval(sessions + """ AND a.query LIKE 'COPY "public"."game_sessions"%'"""):
            await asyncio.sleep(0.005)
        process.send_signal(number)
        _, errors = await process.communicate()
        while await db.fetchval(sessions):
            await asyncio.sleep(0.005)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "interrupted: the database is as it was" in errors.decode()
        assert "Traceback" not in errors.decode()
    assert await state(db) == before
