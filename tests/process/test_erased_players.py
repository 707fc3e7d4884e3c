"""What a running service keeps of a player besides tables: answers in Redis, and log files in the data folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import redis

from service.embedded.postgres import running_url
from tests.support.service import Service, copy_data, scratch_folder
from tests.support.waiting import eventually

PLAYER = 1987654321
PLAYER_ID = "steam:unmistakable-77"
NAME = "Zyxwvut Omega"
TRACES = re.compile(rf"(?<![0-9]){PLAYER}(?![0-9])|{re.escape(PLAYER_ID)}|{NAME}".encode(), re.IGNORECASE)


@pytest.fixture
def service(cluster: Path, request: pytest.FixtureRequest) -> Iterator[Service]:
    """Its answers are cached for so many seconds."""
    with scratch_folder() as folder:
        service = Service(copy_data(cluster, folder), CACHE_TTL_SECONDS=request.param).ready()
        yield service
        service.stop()


def entries(valkey: redis.Redis) -> list[bytes]:
    """All keys and values. What the service keeps are strings."""
    return [entry for key in valkey.scan_iter(count=1000) for entry in (key, valkey.get(key) or b"")]


@pytest.mark.parametrize("service", ["2"], indirect=True)
def test_redis_and_the_log_files_forget_an_erased_player(service: Service) -> None:
    url = running_url(service.data_dir)
    assert url is not None
    valkey = redis.Redis(unix_socket_path=str(next(service.data_dir.rglob("valkey.sock"))))
    body = {"user_id": PLAYER, "score": 5, "username": NAME}
    assert service.request("/api/leaderboard/submit", body)[0] == 200
    assert service.request("/api/leaderboard/submit", {"user_id": 1, "score": 5})[0] == 200
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SELECT api.link_player(%s, %s)", [PLAYER, PLAYER_ID])
        for path in (f"rank/{PLAYER}", "top", f"around/{PLAYER}", f"ranks?user_ids={PLAYER}"):
            assert service.request(f"/api/leaderboard/{path}")[0] == 200
        assert any(TRACES.search(entry) for entry in entries(valkey)), "there is something to forget"
        # Errors that name the player: of the service, of psql, and of a deadlock's kind, with its statement.
        assert service.request(f"/api/leaderboard/rank/{PLAYER}?board=none")[0] == 404
        assert service.request(f"/api/leaderboard/submit?board={quote(NAME)}", body)[0] in {400, 404}
        assert service.request("/api/leaderboard/submit", {**body, "user_id": 3})[0] == 409
        for statement in (
            f"SELECT api.link_player(1, '{PLAYER_ID}')",
            f"SELECT api.rename_player(1, '{NAME}')",
            f"INSERT INTO users (id, username) VALUES ({PLAYER}, '{NAME}')",
            f"SELECT '{NAME}' FROM nowhere",
            f"SELECT api.erase_player({PLAYER}, 1)",
        ):
            with pytest.raises(psycopg.Error):
                owner.execute(statement)
        owner.execute("SET deadlock_timeout = '10ms'")
        with psycopg.connect(url) as other:
            other.execute("SELECT FROM users WHERE id = 1 FOR UPDATE")
            owner.execute("SET lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                owner.execute(f"UPDATE users SET username = '{NAME}' WHERE id = 1")
        owner.execute("SET lock_timeout = 0")
        owner.execute("SELECT api.erase_player(%s, %s)", [PLAYER, PLAYER])

    eventually(lambda: service.top() == [(1, 5)], "the erase in an answer")
    eventually(lambda: not any(TRACES.search(entry) for entry in entries(valkey)), "the end of the cached answers")
    log = (service.data_dir / "log" / "postgres.log").read_text()
    assert "still waiting for" in log, "what waits is logged"
    for path in (service.data_dir / "log").iterdir():
        assert TRACES.findall(path.read_bytes()) == [], path


@pytest.mark.parametrize("service", ["300"], indirect=True)
def test_a_change_of_a_name_by_psql_shows_in_a_cached_answer(service: Service) -> None:
    url = running_url(service.data_dir)
    assert url is not None
    service.submit(1, 5)

    def names() -> list[str]:
        return [row["username"] for row in service.request("/api/leaderboard/top")[1]]

    with psycopg.connect(url, autocommit=True) as owner:
        for name in ("Ada", "Grace", "Alan"):
            assert names() == names()  # from the cache
            owner.execute("SELECT api.rename_player(1, %s)", [name])
            eventually(lambda: names() == [name], f"the name {name}, long before the cached answer would end")  # noqa: B023
