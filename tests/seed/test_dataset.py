"""The plain INSERT statements that users know leave exact ranks behind, too."""

import subprocess
from pathlib import Path

import asyncpg

from service.embedded.postgres import program
from tests.support.oracle import STALE_RANKS, assert_exact

DATASET = Path(__file__).parents[2] / "seed" / "dataset.sql"


def psql(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(program("psql")), url, "--no-psqlrc", "--quiet", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


async def test_ranks_are_exact_after_it(database_url: str, db: asyncpg.Connection) -> None:
    result = psql(database_url, "-f", str(DATASET), "-v", "users=500", "-v", "sessions=2000")
    assert (result.returncode, result.stderr) == (0, "")
    assert await db.fetchval("SELECT count(*) FROM public.users") == 500
    assert await db.fetchval("SELECT count(*) FROM public.game_sessions") == 2000
    await assert_exact(db)
    assert await db.fetch(STALE_RANKS) == []


async def test_so_many_rows_that_the_index_is_written_at_once(database_url: str, db: asyncpg.Connection) -> None:
    assert psql(database_url, "-f", str(DATASET), "-v", "users=12000", "-v", "sessions=40000").returncode == 0
    assert await db.fetchval("SELECT count(*) FROM public.leaderboard") > 10_000
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_second_time_stops_at_the_first_error(database_url: str, db: asyncpg.Connection) -> None:
    arguments = ("-f", str(DATASET), "-v", "users=10", "-v", "sessions=20")
    assert psql(database_url, *arguments).returncode == 0
    again = psql(database_url, *arguments)
    assert again.returncode != 0
    assert "users_username_key" in again.stderr
    assert await db.fetchval("SELECT count(*) FROM public.game_sessions") == 20


def test_its_default_is_the_size_that_everybody_talks_about() -> None:
    text = DATASET.read_text()
    assert "\\set users 1000000\n" in text
    assert "\\set sessions 5000000\n" in text
