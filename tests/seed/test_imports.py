"""`make import`: old scores from a CSV file, each line once, on boards of every kind, beside a service."""

import asyncio
import csv
import os
import re
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from seed.importer import AlreadyImportedError, Report, import_file
from seed.imports import main
from seed.rejected_file import ImportFailedError
from service.commands.database_tools import find

ROOT = Path(__file__).parents[2]

BOARDS = """
    SELECT api.create_board('best', NULL, 'best', -100, 1000), api.create_board('last', NULL, 'last'),
           api.create_board('team', 'team', 'sum')
"""
#: What every board has to show, made from the ledger in another way than the product does it.
EXPECTED = """
    SELECT b.name, g.user_id, CASE b.aggregate
        WHEN 'sum' THEN sum(g.score)
        WHEN 'best' THEN max(g.score)
        ELSE (array_agg(g.score ORDER BY g.timestamp DESC, g.id DESC))[1]
    END::bigint AS total_score
    FROM boards AS b
    JOIN game_sessions AS g
        ON (b.game_mode IS NULL OR b.game_mode = g.game_mode) AND g.score BETWEEN b.min_score AND b.max_score
    GROUP BY b.id, g.user_id
    ORDER BY 1, 2
"""
SHOWN = """
    SELECT b.name, l.user_id, l.total_score FROM leaderboard AS l JOIN boards AS b ON b.id = l.board_id
    ORDER BY 1, 2
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scores.csv"


async def load(url: str, path: Path, **options: bool) -> Report:
    return await asyncio.to_thread(import_file, url, path, **options)


async def ledger(db: asyncpg.Connection) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for row in await db.fetch(
            "SELECT u.username, g.score, g.game_mode, g.timestamp FROM game_sessions AS g"
            " JOIN users AS u ON u.id = g.user_id ORDER BY g.id"
        )
    ]


async def check_exact(db: asyncpg.Connection) -> None:
    """Every total is what the ledger says, and every rank what RANK() says."""
    assert await db.fetch(SHOWN) == await db.fetch(EXPECTED)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_counts_what_a_file_has_with_its_times(db, database_url, file):
    await db.execute(BOARDS)
    await db.execute("SELECT * FROM api.submit_score(7, 500, p_username => 'ada')")
    file.write_text(
        "user_id,username,score,game_mode,timestamp\n"
        "7,,100,team,2024-01-31T12:00:00Z\n"
        ",ada,200,solo,1706702401\n"
        ",grace,-50,,2020-01-01\n"
        ",grace,300,team,2019-01-01\n"
        "9,linus,4000,,\n"
        "8,,5,,\n"
    )
    report = await load(database_url, file)
    assert (report.counted, report.players, report.new_players, report.rejected) == (6, 4, 3, 0)
    assert report.on_no_board == 0
    assert report.rejected_file is None
    assert list(file.parent.iterdir()) == [file]
    rows = await ledger(db)
    now = rows[0][3]
    assert rows[1:5] == [
        ("ada", 100, "team", datetime(2024, 1, 31, 12, tzinfo=UTC)),
        ("ada", 200, "solo", datetime(2024, 1, 31, 12, 0, 1, tzinfo=UTC)),
        ("grace", -50, "solo", datetime(2020, 1, 1, tzinfo=UTC)),
        ("grace", 300, "team", datetime(2019, 1, 1, tzinfo=UTC)),
    ]
    assert [row[:3] for row in rows[5:]] == [("linus", 4000, "solo"), ("user_8", 5, "solo")]
    assert all(now < row[3] for row in rows[5:])
    await check_exact(db)
    totals = {(row[0], row[1]): row[2] for row in await db.fetch(SHOWN)}
    # The newest score stays the last one; -50 counts on `best` only, 4000 not there.
    assert (totals["overall", 7], totals["best", 7], totals["last", 7]) == (800, 500, 500)
    assert ("best", 9) not in totals


async def test_two_lines_with_one_name_are_one_player(db, database_url, file):
    await db.execute("SELECT * FROM api.submit_score(1, 1, p_username => 'taken')")
    file.write_text(
        "username,score,user_id\n"
        "ada,1,\n"
        "ada,2,\n"
        "Ada,4,\n"
        "e\u0301,8,\n"
        "\u00e9,16,\n"
        "bob,32,50\n"  # a number and its name: lines with the name alone are its player's, too
        "bob,64,\n"
        "user_60,128,\n"
        ",256,60\n"  # whose default name that is
        "alias,512,50\n"  # the number says who it is
        "taken,1024,70\n"
        "taken,2048,\n"
    )
    report = await load(database_url, file)
    assert (report.counted, report.rejected, report.other_names) == (11, 1, 1)
    assert report.bad == [(12, "the username asked for player 70 is taken: choose another, or omit it")]
    totals = {
        row["username"]: row["total_score"]
        for row in await db.fetch(
            "SELECT u.username, l.total_score FROM leaderboard AS l JOIN users AS u ON u.id = l.user_id"
        )
    }
    assert totals == {
        "ada": 3,
        "Ada": 4,
        "\u00e9": 24,
        "bob": 608,
        "user_60": 384,
        "taken": 2049,
    }
    assert report.rejected_file is not None
    assert report.rejected_file.read_text() == (
        "username,score,user_id,line,reason\n"
        'taken,1024,70,12,"the username asked for player 70 is taken: choose another, or omit it"\n'
    )
    await check_exact(db)


async def test_a_name_in_two_normal_forms_is_one_player(db, database_url, file):
    file.write_text("username,score\nZo\u00eb,5\nZoe\u0308,7\n", encoding="utf-8")
    report = await asyncio.to_thread(import_file, database_url, file)
    assert (report.counted, report.players, report.new_players) == (2, 1, 1)
    assert await db.fetchval("SELECT u.username FROM users AS u") == "Zo\u00eb"
    await check_exact(db)


async def test_bad_lines_are_told_and_can_be_corrected(db, database_url, file):
    good = "".join(f"{number},10,solo,\n" for number in range(1, 41))
    bad = "".join(f"0,{number},solo,\n" for number in range(25))
    file.write_text(f"{good}{bad}7,1,{'m' * 51},\n8,2,solo,2999-01-01\n")
    report = await load(database_url, file)
    assert (report.counted, report.rejected, len(report.bad)) == (40, 27, 20)
    assert report.bad[0] == (41, "user_id must be from 1 to 2147483647")
    assert report.rejected_file == file.with_name("scores.csv.rejected.csv")
    with report.rejected_file.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [int(row["line"]) for row in rows] == [*range(41, 66), 67, 66]
    assert rows[-1]["game_mode"] == "m" * 51
    assert rows[-1]["reason"].startswith("game_mode must be 1 to 50")
    assert rows[-2]["reason"] == "timestamp is in the future"

    corrected = file.with_name("corrected.csv")
    text = report.rejected_file.read_text().replace("\n0,", "\n100,").replace("2999", "2019")
    corrected.write_text(text)
    again = await load(database_url, corrected)
    assert (again.counted, again.rejected, again.ignored) == (26, 1, [])
    assert again.rejected_file is not None
    assert again.rejected_file.read_text().startswith("user_id,score,game_mode,timestamp,line,reason\n7,1,")
    await check_exact(db)


async def test_names_are_judged_as_those_of_submissions_are(db, database_url, file):
    names = ["ada", "O'Hara", "x" * 300, "a\x07b", "b\tc", "\U0001f600" * 60]
    file.write_text("username,score\n" + "".join(f'"{name}",1\n' for name in names))
    report = await load(database_url, file)
    # Judging counted nothing.
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == report.counted == 3
    assert await db.fetchval("SELECT count(*) FROM rejected_submissions") == 0
    assert [line - 2 for line, _ in report.bad] == [2, 3, 4]
    for line, reason in report.bad:
        outcome = await db.fetchrow(
            "SELECT s.error, s.message FROM api.submit_scores('{1000}', '{1}', NULL, $1) AS s",
            [names[line - 2]],
        )
        assert tuple(outcome) == ("LB005", reason)


async def test_a_file_counts_once(db, database_url, file):
    file.write_text("7,100\n8,200\n")
    assert (await load(database_url, file)).counted == 2
    before = await ledger(db)
    with pytest.raises(AlreadyImportedError, match=r"scores\.csv, imported on 20"):
        await load(database_url, file)
    renamed = file.rename(file.with_name("renamed.csv"))
    with pytest.raises(AlreadyImportedError):
        await load(database_url, renamed)
    assert await ledger(db) == before

    # It grew: what came after is counted.
    with renamed.open("a") as opened:
        opened.write("7,1000\n0,1\n")
    report = await load(database_url, renamed)
    assert (report.known_lines, report.counted, report.bad) == (
        2,
        1,
        [(4, "user_id must be from 1 to 2147483647")],
    )
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 7") == 1100

    assert (await load(database_url, renamed, again=True)).counted == 3
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 7") == 2200
    await check_exact(db)


async def test_a_total_beyond_the_range_is_refused_for_its_player_alone(db, database_url, file):
    await db.execute("SELECT * FROM api.set_score_rules('overall', p_max_score => 9007199254740991)")
    file.write_text("7,9007199254740991\n8,9007199254740990\n7,1\n8,1\n")
    report = await load(database_url, file)
    assert report.counted == 2
    assert [number for number, _ in report.bad] == [1, 3]
    assert "the total of player 7 would not be from" in report.bad[0][1]
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 8") == 2**53 - 1
    await check_exact(db)


async def test_what_counts_on_no_board_is_told(db, database_url, file):
    file.write_text("7,-5\n8,5\n")
    report = await load(database_url, file)
    assert (report.counted, report.on_no_board) == (2, 1)
    await check_exact(db)


async def test_nothing_good_is_not_remembered(db, database_url, file):
    file.write_text("0,1\n")
    report = await load(database_url, file)
    assert (report.counted, report.rejected) == (0, 1)
    assert report.rejected_file is not None and report.rejected_file.exists()
    assert await db.fetchval("SELECT count(*) FROM imported_files") == 0


async def test_a_folder_that_takes_no_rejected_file_is_told_first(db, database_url, file):
    file.write_text("7,1\n")
    file.with_name("scores.csv.rejected.csv.partial").mkdir()
    with pytest.raises(ImportFailedError, match="cannot be written"):
        await load(database_url, file)
    assert await ledger(db) == []


async def test_beside_submits_nothing_is_lost_or_doubled(db, connect, database_url, file):
    """The players of the file submit all the while, new ones too, and boards are looked at."""
    await db.execute(BOARDS)
    file.write_text("".join(f"{1 + line % 400},{line % 1000},solo,{1_600_000_000 + line}\n" for line in range(30_000)))
    ended = asyncio.Event()
    sent = 0

    async def submit(connection: asyncpg.Connection, first: int) -> None:
        nonlocal sent
        number = first
        while not ended.is_set():
            players = [1 + (number + step) % 600 for step in range(8)]
            outcomes = await connection.fetch("SELECT s.status FROM api.submit_scores($1, $2) AS s", players, [7] * 8)
            assert all(row["status"] == "accepted" for row in outcomes)
            sent += 8
            number += 13

    async def look(connection: asyncpg.Connection) -> None:
        while not ended.is_set():
            assert await connection.fetch("SELECT * FROM api.verify_sample(50)") == []
            await connection.execute("SELECT * FROM api.fold_ranks()")

    work = [asyncio.create_task(submit(await connect(), first)) for first in (0, 300)]
    work.append(asyncio.create_task(look(await connect())))
    report = await load(database_url, file)
    await asyncio.sleep(0.2)
    ended.set()
    await asyncio.gather(*work)
    assert report.counted == 30_000
    assert sent > 0
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 30_000 + sent
    await check_exact(db)


COMMAND = [sys.executable, "-m", "seed.imports"]


@pytest.mark.parametrize(
    ("number", "statement"),
    [
        (signal.SIGKILL, "COPY import_line%"),
        (signal.SIGKILL, "%register_players%"),
        (signal.SIGKILL, "INSERT INTO public.game_sessions%"),
        (signal.SIGINT, "INSERT INTO public.game_sessions%"),
    ],
)
async def test_killed_in_the_middle_it_counts_once(db, database_url, file, eventually_seen, number, statement):
    """Whatever it was doing: started again, every line is counted once."""
    file.write_text(
        "user_id,username,score\n" + "".join(f"{line % 9000 + 1},n{line % 9000},3\n" for line in range(30_000))
    )
    environ = {"PATH": os.defpath, "DATABASE_URL": database_url}
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        str(file),
        cwd=ROOT,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    await eventually_seen(statement, process)
    process.send_signal(number)
    await process.communicate()
    assert process.returncode in (-number, 130)
    assert await db.fetchval("SELECT count(*) FROM game_sessions") in (0, 30_000)
    for _ in range(2):
        again = await asyncio.create_subprocess_exec(
            *COMMAND,
            str(file),
            cwd=ROOT,
            env=environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, err = await again.communicate()
        assert again.returncode == 0, err
    assert b"this file was counted before" in err
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 30_000
    assert [
        path.name for path in file.parent.iterdir() if "rejected.csv" in path.name and "partial" not in path.name
    ] == []
    await check_exact(db)


@pytest.fixture
async def eventually_seen(connect):
    """`eventually_seen(pattern, process)`: until a statement like that is seen to run in an import."""
    connection = await connect()

    async def seen(pattern: str, process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(60):
            while not await connection.fetchval(
                "SELECT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.datname = current_database()"
                " AND a.application_name = 'leaderboard import' AND a.state = 'active' AND a.query LIKE $1)",
                pattern,
            ):
                assert process.returncode is None, "it ended before"
                await asyncio.sleep(0.002)

    return seen


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)  # away from anybody's .env

    async def run(*arguments: str) -> int:
        return await asyncio.to_thread(main, list(arguments))

    return run


async def test_the_command_tells_what_it_did(command, file, capsys):
    file.write_text("user_id;score;note\n7;100;x\n8;abc;y\n")
    assert await command("scores.csv") == 0
    shown = capsys.readouterr()
    assert "ignored columns: note\n" in shown.out
    assert "counted 1 sessions of 1 players, 1 of them new, in " in shown.out
    assert "1 lines were rejected; they are in scores.csv.rejected.csv with the reasons:\n" in shown.out
    assert "  line 3: score must be a whole number\n" in shown.out
    assert [line.partition(":")[0] for line in shown.err.splitlines()] == [
        "reading",
        "names",
        "players",
        "sessions",
    ]
    assert await command("scores.csv") == 0
    assert "counted before (scores.csv, imported on" in capsys.readouterr().err
    assert await command("--again", "scores.csv") == 0


async def test_the_command_fails_with_a_reason(command, file, capsys, monkeypatch):
    assert await command("") == 2
    assert "make import FILE=scores.csv" in capsys.readouterr().err
    assert await command("missing.csv") == 1
    assert "error: missing.csv cannot be read: No such file or directory" in capsys.readouterr().err
    file.write_text("0,1\n")
    assert await command("scores.csv") == 1
    capsys.readouterr()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert await command("scores.csv") == 1
    assert capsys.readouterr().err.startswith("error: the database cannot be reached")


async def test_the_way_by_plain_sql_that_the_docs_show(db, database_url, tmp_path):
    (sql,) = re.findall(
        r"^```sql\n(BEGIN;\n.*?\\copy.*?)^```",
        (ROOT / "docs" / "sql.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    await db.execute(BOARDS)
    await db.execute("SELECT * FROM api.submit_score(7, 500, p_username => 'ada')")
    (tmp_path / "scores.csv").write_text(
        "user_id,score,game_mode,timestamp\n7,100,team,2024-01-31\n8,2,solo,2023-01-31 12:00+00\n"
    )
    command = [find("psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", database_url]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    await process.communicate(sql.encode())
    assert process.returncode == 0
    assert [row[:3] for row in await ledger(db)] == [
        ("ada", 500, "solo"),
        ("user_8", 2, "solo"),
        ("ada", 100, "team"),
    ]
    await check_exact(db)


async def test_a_name_that_several_players_have_is_rejected(db, database_url, file):
    await db.execute("SELECT api.set_unique_usernames(false)")
    await db.execute("SELECT api.submit_scores('{1,2,3}', '{1,1,1}', p_usernames => '{ada,ada,bob}')")
    file.write_text("user_id,username,score\n,ada,10\n,bob,20\n,new,30\n2,,40\n5,ada,50\n,new,60\n")
    report = await load(database_url, file)
    assert (report.counted, report.rejected) == (5, 1)
    assert "several players have the name ada: give the user_id" in Path(f"{file}.rejected.csv").read_text()
    names = [tuple(row) for row in await db.fetch("SELECT id, username FROM users ORDER BY username, id")]
    assert [name for _, name in names] == ["ada", "ada", "ada", "bob", "new"]
    await check_exact(db)
