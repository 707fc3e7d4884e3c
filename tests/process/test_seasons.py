"""Seasons end while the service is stopped, asleep or restored elsewhere: the ones that were missed are there, closed,
and the ranks of those that were played are final.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from service.commands.backup import back_up
from service.commands.restore import restore
from service.database import migrate
from service.embedded import EmbeddedPostgres
from tests.support.service import Service, scratch_folder
from tests.support.stock_postgres import StockPostgres
from tests.support.waiting import PATIENCE_SECONDS

#: number, ends_at is past, closed, players, and whether it follows the one before without a gap.
SEASONS = """
    SELECT r.number, r.ends_at < now(), r.closed_at IS NOT NULL, r.players, r.starts_at = lag(r.ends_at) OVER w
    FROM rankings AS r JOIN boards AS b ON b.id = r.board_id
    WHERE b.name = %s AND r.starts_at <= now() WINDOW w AS (ORDER BY r.starts_at)
"""
CLOSE = "DO $$ BEGIN WHILE api.close_seasons() LOOP COMMIT; END LOOP; END $$"


def read(url: str, statement: str, *values: object) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement, values).fetchall()  # type: ignore[call-overload, no-any-return]


def seasons(url: str, board: str) -> list[tuple[int, bool, bool, int | None, bool | None]]:
    return read(url, SEASONS, board)


def top(url: str, board: str) -> list[tuple[int, int, int]]:
    return read(url, "SELECT rank, user_id, total_score FROM api.top_players(10, p_board => %s)", board)


def pass_boundaries(url: str, number: int) -> None:
    """Returns when so many seasons of a second have ended, by the clock of PostgreSQL."""
    read(url, "SELECT pg_sleep(%s + 0.1)", number)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    """A database with a board whose seasons last a second."""
    url = new_database()
    migrate.apply(url)
    read(url, "SELECT api.create_board('short', p_period => '1 second')")
    return url


@pytest.fixture
def start(url: str) -> Iterator[Callable[..., Service]]:
    started: list[Service] = []
    with scratch_folder() as folder:

        def start(**settings: str) -> Service:
            data = folder / str(len(started))
            data.mkdir()
            started.append(Service(data, DATABASE_URL=url, **settings).ready())
            return started[-1]

        yield start
        for one in started:
            one.process.kill()
            one.process.wait()


def assert_all_closed(url: str, board: str) -> None:
    """Waits for upkeep: every season up to now is there, and each that is over is closed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = seasons(url, board)
        numbers = [number for number, *_ in found]
        # The last ones may be on their way.
        if all(closed for _, over, closed, *_ in found[:-3] if over) and len(found) > 4:
            break
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(touches for *_, touches in found[1:])


def submit_both(service: Service) -> None:
    """In one transaction, and so in one season."""
    body = [{"user_id": 1, "score": 5}, {"user_id": 2, "score": 7}]
    assert service.request("/api/leaderboard/submit/batch", body)[0] == 200


def played_season(url: str, board: str) -> int:
    """The number of the one season with players."""
    ((number,),) = [(number,) for number, _, _, players, _ in seasons(url, board) if players]
    return number


def test_two_workers_that_slept_through_three_boundaries(url: str, start: Callable[..., Service]) -> None:
    service = start(WORKERS="2")
    main = psutil.Process(service.process.pid)
    processes = [main, *(child for child in main.children(recursive=True) if "python" in child.name())]
    submit_both(service)
    for _ in range(6):
        service.request("/api/leaderboard/top?board=short")
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        pass_boundaries(url, 3)
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)
    for _ in range(6):
        assert service.request("/api/leaderboard/top?board=short") == (200, [])
    assert_all_closed(url, "short")
    number = played_season(url, "short")
    assert top(url, f"short@{number}") == [(1, 2, 7), (2, 1, 5)]
    service.submit(1, 5)
    assert "Traceback" not in service.log.read_text()
    assert '"season closed"' in service.log.read_text()
    service.stop()


def test_a_service_that_was_down_for_three_boundaries(url: str, start: Callable[..., Service]) -> None:
    service = start()
    submit_both(service)
    service.process.kill()
    service.process.wait()
    pass_boundaries(url, 3)
    service = start()
    assert service.request("/api/leaderboard/top?board=short") == (200, [])
    assert_all_closed(url, "short")
    assert top(url, f"short@{played_season(url, 'short')}") == [(1, 2, 7), (2, 1, 5)]
    service.stop()


@pytest.mark.parametrize(("steps", "target"), [(3, "embedded"), (2, "older")])
def test_a_backup_is_restored_after_a_season_has_ended(
    url: str, server: EmbeddedPostgres, old_server: StockPostgres, tmp_path: Path, steps: int, target: str
) -> None:
    """Whatever step its closing had come to, on a server with other transaction ids."""
    read(url, "SELECT api.create_board('manual', p_manual_seasons => true)")
    read(url, "SELECT count(*) FROM api.submit_scores('{1,2,3}', '{5,7,5}')")
    read(url, "SELECT * FROM api.end_season('manual')")
    read(url, "SELECT count(*) FROM api.submit_scores('{3}', '{1}')")
    for _ in range(steps):
        read(url, "SELECT api.close_seasons()")
    # As if the ids here were far ahead.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE rankings SET closing_xid = '900000000000' WHERE closing_xid > '0' AND closed_at IS NULL"
        )
    back_up(url, tmp_path / "board.dump")
    name = f"seasons_{os.getpid()}_{steps}"
    place = server if target == "embedded" else old_server
    with psycopg.connect(place.url(database="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    try:
        pass_boundaries(url, 1)
        other = place.url(database=name)
        assert restore(other, tmp_path / "board.dump").differences == []
        ((restored,),) = read(other, "SELECT clock_timestamp()")
        with psycopg.connect(other, autocommit=True) as connection:
            connection.execute(CLOSE)
        assert top(other, "manual@1") == [(1, 2, 7), (2, 1, 5), (2, 3, 5)]
        assert top(other, "manual") == [(1, 3, 1)]
        assert [row[:4] for row in seasons(other, "manual")] == [(1, True, True, 3), (2, False, False, None)]
        found = seasons(other, "short")
        assert [number for number, *_ in found] == list(range(1, len(found) + 1))
        assert read(other, "SELECT count(*) FROM rankings WHERE ends_at < %s AND closed_at IS NULL", restored) == [(0,)]
        assert read(other, "SELECT * FROM api.verify_leaderboard()") == []
    finally:
        with psycopg.connect(place.url(database="postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]
