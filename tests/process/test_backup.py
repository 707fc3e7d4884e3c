"""`make backup` and `make restore`: saved while the service runs, and put into other servers."""

import os
import re
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.commands.backup import back_up
from service.commands.database_tools import ToolError, address, find
from service.commands.restore import restore
from service.database import migrate
from tests.support.seasons import ARCHIVES, CLOSED_SEASON
from tests.support.service import Service, run, servers_in
from tests.support.stock_postgres import StockPostgres

CONTENT = """
    SELECT 'user', u.id::text, u.username, u.join_date::text FROM users AS u
    UNION ALL SELECT 'session', g.id::text, g.user_id::text, format('%s', g) FROM game_sessions AS g
    UNION ALL SELECT 'total', l.board_id::text, l.user_id::text, format('%s', l) FROM leaderboard AS l
    UNION ALL SELECT 'board', b.id::text, b.name, format('%s', b) FROM boards AS b
    UNION ALL SELECT 'ranking', r.id::text, r.board_id::text, format('%s', r) FROM rankings AS r
    UNION ALL SELECT 'key', k.user_id::text, k.key, format('%s', k) FROM submission_keys AS k
    UNION ALL SELECT 'api key', k.id, k.name, format('%s', k) FROM api_keys AS k
    ORDER BY 1, 2, 3
"""
RANKS = """
    SELECT b.name, t.rank, t.user_id, t.total_score FROM boards AS b
    CROSS JOIN LATERAL api.top_players(1000, p_board => b.name) AS t WHERE NOT b.manual_seasons ORDER BY 1, 2, 3
"""
TRUE_RANKS = """
    SELECT b.name, rank() OVER (PARTITION BY b.id ORDER BY l.total_score DESC), l.user_id, l.total_score
    FROM leaderboard AS l JOIN rankings AS r ON r.id = l.board_id JOIN boards AS b ON b.id = r.board_id ORDER BY 1, 2, 3
"""


def read(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        return connection.execute(statement).fetchall()


def fill(url: str, *, seasons: bool = True) -> None:
    """Players, boards, keys of both kinds, negative totals, ties, deltas that no fold has moved, a closed season."""
    migrate.apply(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT api.create_board('best-team', 'team', 'best', -1000, 1000)")
        connection.execute("SELECT * FROM api.set_score_rules('overall', -1000, 100000, 10000)")
        connection.execute("SELECT api.create_api_key('game', '{submit}'), api.create_api_key('ended', '{read}')")
        connection.execute("SELECT api.revoke_api_key(k.id) FROM api_keys AS k WHERE k.name = 'ended'")
        for mode in ("solo", "team"):
            connection.execute(
                "SELECT count(o.*) FROM (SELECT array_agg(i) AS ids, array_agg(i %% 40 - 20) AS scores,"
                " array_agg('Sp\u00efeler; ' || i || ' \\.') AS names, array_agg('k' || i || %s) AS keys"
                " FROM generate_series(1, 300) AS i) AS n CROSS JOIN LATERAL api.submit_scores("
                "n.ids, n.scores, array_fill(%s::text, ARRAY[300]), n.names, n.keys) AS o",
                [mode, mode],
            )
        if seasons:
            connection.execute(CLOSED_SEASON)
        connection.execute("SELECT * FROM api.materialize_ranks()")


def read_all(url: str) -> list[Any]:
    return [*read(url, CONTENT), *read(url, ARCHIVES)]


def check(url: str, content: list[Any]) -> None:
    """The database at `url` is that one: its rows, its exact ranks, and it goes on."""
    assert read_all(url) == content
    assert read(url, RANKS) == read(url, TRUE_RANKS)
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    with psycopg.connect(url, autocommit=True) as connection:
        # As the service does, with its rights: new players, known ones, replays; then a fold.
        connection.execute("SET ROLE leaderboard_service")
        replay = connection.execute(
            "SELECT s.duplicate FROM api.submit_score(7, -13, p_submission_key => 'k7solo') AS s"
        ).fetchone()
        assert replay == (True,)
        connection.execute("SELECT * FROM api.submit_score(7, 50)")
        connection.execute("SELECT * FROM api.submit_score(9000, 60, 'team')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM public.users")
        connection.execute("RESET ROLE")
        connection.execute("INSERT INTO users (username) VALUES ('next')")
        connection.execute("SELECT * FROM api.fold_ranks()")
    assert read(url, RANKS) == read(url, TRUE_RANKS)
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    assert migrate.apply(url) == []


@pytest.fixture
def saved(new_database: Callable[[], str], tmp_path: Path) -> tuple[str, Path]:
    """A full database and its backup."""
    url = new_database()
    fill(url)
    held = back_up(url, tmp_path / "board.dump")
    assert held == {"players": 300, "sessions": 600, "boards": 3, "API keys": 2}
    return url, tmp_path / "board.dump"


def test_a_backup_is_private_whole_and_writes_over_nothing(saved: tuple[str, Path]) -> None:
    url, path = saved
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(ToolError, match="FORCE=1"):
        back_up(url, path)
    assert path.read_bytes() == before
    with psycopg.connect(url) as connection:
        connection.execute("SELECT * FROM api.submit_score(1, 999)")
    back_up(url, path, force=True)
    assert path.read_bytes() != before
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(ToolError, match="cannot be written"):
        back_up(url, path.parent / "missing" / "board.dump")
    with pytest.raises(ToolError, match="contains no leaderboard"):
        back_up(url.replace(url.split("/")[3].split("?")[0], "postgres"), path.parent / "other.dump")
    assert list(path.parent.iterdir()) == [path]


def test_restored_into_an_empty_database_it_is_the_same(
    saved: tuple[str, Path], new_database: Callable[[], str]
) -> None:
    url, path = saved
    content = read_all(url)
    other = new_database()
    report = restore(other, path)
    assert report.held == {"players": 300, "sessions": 600, "boards": 3, "API keys": 2}
    assert (report.differences, report.keys_gone, report.keys_back) == ([], [], [])
    check(other, content)


def test_it_replaces_what_is_there_only_if_told_and_says_which_keys_change(
    saved: tuple[str, Path], new_database: Callable[[], str]
) -> None:
    url, path = saved
    content = read_all(url)
    with psycopg.connect(url) as connection:
        (game,) = connection.execute("SELECT k.id FROM api_keys AS k WHERE k.name = 'game'").fetchone() or ("",)
        connection.execute("SELECT api.revoke_api_key(%s)", [game])
        (later,) = connection.execute("SELECT k.id FROM api.create_api_key('later', '{read}') AS k").fetchone() or ("",)
        connection.execute("SELECT * FROM api.submit_score(1, 999)")
        connection.execute("CREATE TABLE somebody_elses (a integer REFERENCES users (id))")
    changed = read_all(url)
    with pytest.raises(ToolError, match=r"holds 300 players already.*FORCE=1"):
        restore(url, path)
    assert read_all(url) == changed
    report = restore(url, path, force=True)
    assert report.keys_gone == [f"{later} (later)"]
    assert report.keys_back == [f"{game} (game)"]
    assert read(url, "SELECT count(*) FROM somebody_elses") == [(0,)]
    check(url, content)


def test_ranks_are_exact_whatever_transaction_ids_the_other_server_has(
    saved: tuple[str, Path], new_database: Callable[[], str]
) -> None:
    """A horizon, and pending changes, far ahead of the ids of the server they come to."""
    url, path = saved
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE rank_state SET horizon = '900000000000'")
        connection.execute("UPDATE rank_delta SET xid = '900000000001'")
        connection.execute("INSERT INTO rank_delta VALUES ('900000000002', 1, 5, 5)")
    content = read_all(url)
    back_up(url, path, force=True)
    other = new_database()
    restore(other, path)
    with psycopg.connect(other, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM rank_delta").fetchone() == (0,)
    check(other, content)


def test_from_the_embedded_server_to_an_older_one(saved: tuple[str, Path], old_server: StockPostgres) -> None:
    url, path = saved
    content = read_all(url)
    name = f"moved_{os.getpid()}"
    with psycopg.connect(old_server.url(database="postgres"), autocommit=True) as connection:
        # An owner like that of a hosted server: no superuser, and another name.
        connection.execute("CREATE ROLE leaderboard_service LOGIN NOINHERIT")
        connection.execute("CREATE ROLE studio LOGIN CREATEDB")
        connection.execute("GRANT leaderboard_service TO studio")
        connection.execute(f"CREATE DATABASE {name} OWNER studio")
    target = old_server.url("studio", name)
    report = restore(target, path)
    assert report.differences == []
    check(target, content)
    # And back: the dump of the older server into the embedded one.
    back = path.with_name("back.dump")
    back_up(target, back)
    content = read_all(target)
    restore(url, back, force=True)
    assert read_all(url) == content
    assert read(url, RANKS) == read(url, TRUE_RANKS)


def test_a_backup_that_cannot_be_restored_changes_nothing(
    saved: tuple[str, Path], new_database: Callable[[], str], tmp_path: Path
) -> None:
    url, path = saved
    before = read_all(url)
    no_dump, half, nearly, newer = (tmp_path / f"{name}.dump" for name in ("no", "half", "nearly", "newer"))
    no_dump.write_text("7,100\n")
    half.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    nearly.write_bytes(path.read_bytes()[:-2_000])
    other = new_database()
    restore(other, path)
    with psycopg.connect(other) as connection:
        connection.execute("INSERT INTO _yoyo_migration (migration_hash, migration_id) VALUES ('x', '9999_from_later')")
    back_up(other, newer)
    for file, message in (
        (tmp_path / "none.dump", "there is no file"),
        (no_dump, "does not appear to be a valid archive"),
        (half, "end of file"),
        (nearly, "end of file"),
        (newer, "newer release"),
    ):
        with pytest.raises(ToolError, match=message):
            restore(url, file, force=True)
        assert read_all(url) == before, file
    with psycopg.connect(url), pytest.raises(ToolError, match="1 other session uses the database"):
        restore(url, path, force=True)


def test_a_backup_of_an_older_release_is_brought_to_this_one(new_database: Callable[[], str], tmp_path: Path) -> None:
    """As it was before the newest migration: its tables come anew, and what is in the way goes."""
    url = new_database()
    fill(url, seasons=False)
    assert migrate.rollback_last(url) is not None
    back_up(url, tmp_path / "old.dump")
    other = new_database()
    fill(other)
    restore(other, tmp_path / "old.dump", force=True)
    assert migrate.apply(other) == []
    assert read(other, "SELECT count(*) FROM imported_files") == [(0,)]
    check(other, read_all(other))


def test_a_backup_needs_no_superuser(saved: tuple[str, Path]) -> None:
    """The embedded server's extension is left out: a plain pg_restore could not create it."""
    url, path = saved
    with psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
    back_up(url, path, force=True)
    listed = subprocess.run([find("pg_restore"), "--list", path], capture_output=True, text=True, check=True).stdout
    assert "TABLE public game_sessions" in listed
    assert "EXTENSION" not in listed


def test_what_belongs_to_another_program_is_not_replaced(
    saved: tuple[str, Path], new_database: Callable[[], str], tmp_path: Path
) -> None:
    url, path = saved
    with psycopg.connect(url.replace(url.split("/")[3].split("?")[0], "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE test_others_game")
    game = url.replace(url.split("/")[3].split("?")[0], "test_others_game")
    try:
        with psycopg.connect(game) as connection:
            connection.execute("CREATE TABLE users AS SELECT 'Ada' AS name")
            connection.execute("CREATE SCHEMA api CREATE TABLE calls (id integer)")
        for force in False, True:
            with pytest.raises(
                migrate.MigrationError, match=r"has schema api, table public\.users, and the leaderboard"
            ):
                restore(game, path, force=force)
        assert read(game, "SELECT name FROM users") == [("Ada",)]
        assert read(game, "SELECT count(*) FROM api.calls") == [(0,)]
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE test_others_game WITH (FORCE)")
    # Tables beside ours that are in the backup, too.
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE items AS SELECT 1 AS id")
    back_up(url, tmp_path / "with_items.dump")
    other = new_database()
    with psycopg.connect(other) as connection:
        connection.execute("CREATE TABLE items AS SELECT 2 AS id")
    with pytest.raises(ToolError, match=r"other programs, too \(public\.items\), which the database has.*FORCE=1"):
        restore(other, tmp_path / "with_items.dump")
    assert read(other, "SELECT id FROM items") == [(2,)]
    restore(other, tmp_path / "with_items.dump", force=True)
    assert read(other, "SELECT id FROM items") == [(1,)]


def test_a_restore_opens_nothing_by_default_privileges(
    saved: tuple[str, Path], new_database: Callable[[], str]
) -> None:
    _, path = saved
    other = new_database()
    with psycopg.connect(other) as connection:
        connection.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO pg_monitor")
    restore(other, path)
    assert read(other, "SELECT has_table_privilege('pg_monitor', 'users', 'SELECT, INSERT')") == [(False,)]


def test_the_programs_have_to_fit_the_server() -> None:
    with pytest.raises(ToolError, match=r"pg_dump 99 or later is required.*postgresql-client-99"):
        find("pg_dump", 99)
    with pytest.raises(ToolError, match="no_such_program is required"):
        find("no_such_program")


def test_the_commands_on_the_embedded_database(
    data_dir: Path, folder: Path, service: Callable[..., Service], tmp_path: Path
) -> None:
    """Saved while scores come in, restored on a fresh machine, and over the first one."""
    running = service().ready()
    ended = threading.Event()
    counted: list[int] = []

    def play() -> None:
        while not ended.is_set():
            status, _ = running.submit(1 + len(counted) % 50, 10)
            assert status == 200
            counted.append(status)

    player = threading.Thread(target=play)
    player.start()
    file = tmp_path / "board 'one' $HOME.dump"
    while len(counted) < 20:
        assert player.is_alive()
    result = run("service.commands.backup", "--", str(file), data_dir=data_dir)
    ended.set()
    player.join()
    assert result.returncode == 0, result.stderr
    assert re.match(r"saved [\d,]+ players, [\d,]+ sessions, 1 boards, 0 API keys in .* \(.* kB\)\n", result.stdout)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run("service.commands.backup", "--", str(file), data_dir=data_dir)
    assert again.returncode == 1 and "FORCE=1" in again.stderr

    result = run("service.commands.restore", "--force", "--", str(file), data_dir=data_dir)
    assert result.returncode == 1
    assert "is in use by process" in result.stderr and "Stop that first" in result.stderr
    running.stop()

    refused = run("service.commands.restore", "--", str(file), data_dir=data_dir)
    assert refused.returncode == 1 and "players already" in refused.stderr
    for target, options in (folder / "fresh", []), (data_dir, ["--force"]):
        result = run("service.commands.restore", *options, "--", str(file), data_dir=target)
        assert result.returncode == 0, result.stderr
        assert "verified: every total and rank agrees with the ledger\n" in result.stdout
        assert servers_in(target) == []
    restored = service(DATA_DIR=str(folder / "fresh"), DEMO="1").ready()
    saved_sessions = int(re.search(r"([\d,]+) sessions", result.stdout)[1].replace(",", ""))  # type: ignore[index]
    assert 20 <= saved_sessions <= len(counted)
    assert sum(total for _, total in restored.top()) > 0
    status, board = restored.request("/api/leaderboard/boards")
    assert status == 200 and board[0]["players"] <= 50
    restored.stop()


@pytest.mark.parametrize("module", ["service.commands.backup", "service.commands.restore"])
def test_the_commands_say_what_is_missing(module: str, data_dir: Path) -> None:
    result = run(module, "--", "", data_dir=data_dir)
    assert result.returncode == 2
    assert "FILE=board.dump" in result.stderr


def test_a_password_is_on_no_command_line(new_database: Callable[[], str], tmp_path: Path) -> None:
    url = new_database()
    migrate.apply(url)
    secret = url.replace("leaderboard_owner@", "leaderboard_owner:hush@")
    with address(secret) as (conninfo, environ):
        assert "hush" not in conninfo
        assert environ["PGPASSWORD"] == "hush"
    for module in "service.commands.backup", "service.commands.restore":
        result = run(module, str(tmp_path / "a.dump"), data_dir=tmp_path / "unused", DATABASE_URL=secret)
        assert result.returncode == 0, result.stderr
        assert "hush" not in result.stdout + result.stderr
    assert not (tmp_path / "unused").exists()
