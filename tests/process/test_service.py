"""`python -m service` as a process: how it starts, ends, and carries on."""

import contextlib
import os
import re
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from service.__main__ import _was_interrupted
from service.database import migrate
from service.embedded import EmbeddedPostgres
from service.embedded.postgres import running_url
from tests.support import release_before
from tests.support.ports import free_port
from tests.support.service import Service, servers_in
from tests.support.waiting import PATIENCE_SECONDS, Eventually

Start = Callable[..., Service]


def owner(service: Service) -> "psycopg.Connection[tuple[object, ...]]":
    url = running_url(service.data_dir)
    assert url is not None
    return psycopg.connect(url, autocommit=True)


def children(service: Service, program: str) -> list[int]:
    """The process ids of the embedded server `program`: one, or none while it is started again."""
    return [
        server.pid
        for server in servers_in(service.data_dir)
        if server.program == program and server.parent == service.process.pid
    ]


def server_of(service: Service, program: str) -> int:
    (pid,) = children(service, program)
    return pid


def test_each_signal_stops_it_in_good_order_and_a_restart_has_everything(service: Start) -> None:
    total = 0
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        running = service().ready()
        assert running.request("/healthz")[0] == 200
        assert running.request("/readyz")[0] == 200
        total += 10
        assert running.submit(7, 10)[1]["total_score"] == total
        running.signal(number)
        assert running.ended() == 0
        assert servers_in(running.data_dir) == []
        assert "Traceback" not in running.log.read_text()


def test_after_a_kill_the_next_start_has_everything(service: Start, eventually: Eventually) -> None:
    killed = service().ready()
    for user_id in range(1, 6):
        assert killed.submit(user_id, user_id * 10)[0] == 200
    killed.signal(signal.SIGKILL)
    killed.ended()
    again = service().ready()
    assert again.top() == [(5, 50), (4, 40), (3, 30), (2, 20), (1, 10)]
    again.stop()


def test_a_killed_database_comes_back_by_itself(service: Start, eventually: Eventually) -> None:
    running = service().ready()
    assert running.submit(1, 10)[0] == 200
    killed = server_of(running, "postgres")
    os.kill(killed, signal.SIGKILL)
    seen = set()
    acknowledged, unknown = 10, 0

    def new_server() -> bool:
        nonlocal acknowledged, unknown
        assert running.request("/healthz")[0] == 200
        status, answer = running.submit(1, 1)
        acknowledged += status == 200
        unknown += status == 503 and answer["error"]["code"] == "outcome_unknown"
        seen.add(status)
        return status == 200 and children(running, "postgres") not in ([], [killed])

    eventually(new_server)
    eventually(lambda: running.request("/readyz")[0] == 200)
    assert seen <= {200, 503}
    assert acknowledged <= running.top()[0][1] <= acknowledged + unknown
    assert "the embedded PostgreSQL ended (by signal 9), restarting it" in running.log.read_text()
    running.stop()


def test_a_killed_cache_is_not_noticed(service: Start, eventually: Eventually) -> None:
    running = service().ready()
    running.submit(1, 10)
    killed = server_of(running, "valkey-server")
    os.kill(killed, signal.SIGKILL)
    total = 10

    def new_server() -> bool:
        nonlocal total
        assert running.submit(1, 1)[0] == 200
        total += 1
        assert running.top() == [(1, total)]
        return children(running, "valkey-server") not in ([], [killed])

    eventually(new_server)
    eventually(lambda: running.request("/readyz")[1]["cache"]["status"] == "up")
    running.stop()


def slow_submit(running: Service, eventually: Eventually, pool: ThreadPoolExecutor) -> tuple[object, object]:
    """A submit that waits for a lock: its future answer, and the connection that holds the lock."""
    lock = owner(running)
    lock.execute("BEGIN")
    lock.execute("LOCK TABLE public.users")
    answer = pool.submit(running.submit, 1, 10)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with owner(running) as watcher:
        eventually(lambda: watcher.execute(waiting).fetchone() != (0,))
    return answer, lock


def test_a_stop_lets_requests_finish(service: Start, eventually: Eventually) -> None:
    running = service(SHUTDOWN_TIMEOUT_SECONDS="20").ready()
    with ThreadPoolExecutor(1) as pool:
        answer, lock = slow_submit(running, eventually, pool)
        running.signal(signal.SIGTERM)
        eventually(lambda: "requests in progress" in running.log.read_text())
        lock.execute("COMMIT")  # type: ignore[attr-defined]
        status, body = answer.result()  # type: ignore[attr-defined]
        lock.close()  # type: ignore[attr-defined]
    assert (status, body["total_score"]) == (200, 10)
    assert running.ended() == 0


def test_a_second_signal_stops_at_once(service: Start, eventually: Eventually) -> None:
    running = service(SHUTDOWN_TIMEOUT_SECONDS="600", STATEMENT_TIMEOUT_MS="600000").ready()
    with ThreadPoolExecutor(1) as pool:
        answer, lock = slow_submit(running, eventually, pool)
        running.signal(signal.SIGINT)
        eventually(lambda: "requests in progress" in running.log.read_text())
        running.signal(signal.SIGINT)
        assert running.ended() == 0
        assert answer.exception() is not None or answer.result()[0] == 503  # type: ignore[attr-defined]
        lock.close()  # type: ignore[attr-defined]
    assert servers_in(running.data_dir) == []


def test_a_signal_during_the_start_leaves_nothing_behind(service: Start, eventually: Eventually) -> None:
    for appears in ("postgres", "valkey-server"):
        starting = service()
        eventually(
            lambda program=appears, started=starting: any(
                server.program == program for server in servers_in(started.data_dir)
            ),
            appears,
        )
        starting.signal(signal.SIGTERM)
        assert starting.ended() == 0, starting.log.read_text()
        assert servers_in(starting.data_dir) == []
        assert "Traceback" not in starting.log.read_text()
    service().ready().stop()


def test_what_a_driver_says_of_a_signal_is_no_error() -> None:
    """The migration's transaction is rolled back on the way out, in the middle of a query."""

    def cut_off() -> None:
        try:
            try:
                raise KeyboardInterrupt
            finally:
                raise psycopg.OperationalError("another command is already in progress")
        except psycopg.Error as error:
            raise migrate.MigrationError(str(error)) from error

    with pytest.raises(migrate.MigrationError) as caught:
        cut_off()
    assert _was_interrupted(caught.value)
    assert not _was_interrupted(migrate.MigrationError("a fault of its own"))


def test_a_busy_port_is_a_clear_message(service: Start, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = service(PORT=str(port))
        assert refused.ended() == 1
    assert refused.log.read_text() == (
        f"error: port {port} is in use by another program. Stop it, or use another port: PORT={port + 1} make run\n"
    )
    assert not (data_dir / "lock").exists()


def test_an_address_of_another_machine_is_a_clear_message(service: Start) -> None:
    for host in ("192.0.2.1", "host.invalid"):
        refused = service(HOST=host)
        assert refused.ended() == 1
        assert refused.log.read_text().startswith(f"error: HOST='{host}' is not ")


def test_a_second_service_in_the_folder_is_told_of_the_first(service: Start) -> None:
    first = service().ready()
    second = service()
    assert second.ended() == 1
    assert second.log.read_text() == (
        f"error: {first.data_dir} is in use by process {first.process.pid} (the leaderboard service)."
        " Stop that first, or set DATA_DIR (and PORT) to run a second one.\n"
    )
    assert first.request("/healthz")[0] == 200
    first.stop()


def test_wrong_settings_are_all_named(service: Start) -> None:
    refused = service(PORT="eighty", POOL_SIZE="0", DATABASE_URL="postgresql://u:hush@h:x/d")
    assert refused.ended() == 2
    lines = refused.log.read_text().splitlines()
    assert [re.split("[ =]", line)[1] for line in lines] == ["PORT", "DATABASE_URL", "POOL_SIZE"]
    assert "hush" not in refused.log.read_text()


def test_the_first_start_decides_on_demo_players(service: Start) -> None:
    with_demo = service(DEMO="1").ready()
    assert len(with_demo.top()) == 10
    with owner(with_demo) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (1000,)
        assert connection.execute("SELECT count(*) FROM api.verify_leaderboard()").fetchone() == (0,)
        truncated = False
        while not truncated:  # it locks every table, in an order of its own: the service's upkeep may be in its way
            with contextlib.suppress(psycopg.errors.DeadlockDetected):
                connection.execute("TRUNCATE users CASCADE")
                truncated = True
    with_demo.stop()
    # Emptied for the opening: nobody wants to see made-up players among the real ones.
    opened = service(DEMO="1").ready()
    assert opened.top() == []
    opened.stop()


def test_a_data_folder_of_the_release_before_is_upgraded_by_itself(service: Start, data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    postgres.start()
    release_before.restore(postgres.url())
    with psycopg.connect(postgres.url()) as connection:
        found = connection.execute(
            "SELECT key, user_id, score, total_score FROM submission_keys WHERE key = 'pending-7'"
        )
        key, user_id, score, total = found.fetchone() or ()
        ranks = connection.execute("SELECT user_id, total_score FROM api.top_players(10)").fetchall()
    postgres.stop()

    upgraded = service().ready()
    with owner(upgraded) as connection:
        schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname IN ('lib', 'shard', 'submission')")
        assert schemas.fetchall() == [("submission",)]
        (api_key,) = connection.execute("SELECT api_key FROM api.create_api_key('t', '{submit,read}')").fetchone() or ()
    headers = {"Authorization": f"Bearer {api_key}"}
    submission = {"user_id": user_id, "score": score}
    status, answer = upgraded.request("/api/leaderboard/submit", submission, **headers, **{"Idempotency-Key": key})
    assert (status, answer["total_score"], answer["duplicate"]) == (200, total, True)
    status, rows = upgraded.request("/api/leaderboard/top", **headers)
    assert [(row["user_id"], row["total_score"]) for row in rows] == ranks
    with owner(upgraded) as connection:
        assert connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []
    upgraded.stop()


def test_without_demo_it_starts_empty_and_stays_so(service: Start) -> None:
    empty = service(DEMO="0").ready()
    assert empty.top() == []
    empty.stop()
    again = service(DEMO="1").ready()
    assert again.top() == []
    again.stop()


def test_own_servers_are_used_and_none_is_started(service: Start, folder: Path, data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    postgres.start()
    try:
        # Redis is named but not there: the service does without a cache.
        settings = {"DATABASE_URL": postgres.url(), "REDIS_URL": "redis://127.0.0.1:1"}
        running = service(DATA_DIR=str(folder / "unused"), **settings).ready()
        assert running.submit(1, 10)[0] == 200
        assert running.top() == [(1, 10)]
        with psycopg.connect(postgres.url()) as connection:
            roles = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'leaderboard'"
            ).fetchone()
            assert roles is not None
            assert roles[0] > 0
        running.signal(signal.SIGTERM)
        assert running.ended() == 0
        assert not (folder / "unused").exists()
        assert postgres.alive()
    finally:
        postgres.stop()


def test_the_embedded_servers_know_no_secret_and_give_the_service_its_role_only(service: Start) -> None:
    running = service(NEW_RELIC_LICENSE_KEY="hush").ready()
    running.top()
    with owner(running) as connection:
        users = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'leaderboard'"
        ).fetchall()
    assert users == [("leaderboard_service",)]
    for program in ("postgres", "valkey-server"):
        assert b"hush" not in Path(f"/proc/{server_of(running, program)}/environ").read_bytes()
    running.stop()


def test_it_listens_on_every_address_of_its_host(service: Start) -> None:
    running = service(HOST="localhost").ready()
    port = int(running.address.rsplit(":", 1)[1])
    for family, _, _, _, address in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM):
        with socket.socket(family, socket.SOCK_STREAM) as client:
            client.connect(address)
    running.stop()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_unspecified_ipv6_address_takes_both_families(service: Start, workers: str) -> None:
    metrics_port = free_port()
    running = service(HOST="::", WORKERS=workers, METRICS_PORT=str(metrics_port)).ready()
    port = int(running.address.rsplit(":", 1)[1])
    # What it says leads there, and that there is more.
    assert running.output.read_text() == (
        f"The leaderboard runs on http://localhost:{port} (and all IPv4 and IPv6 addresses of this machine)"
        " - stop it with Ctrl-C\n"
    )
    assert running.request("/healthz") == (200, {"status": "ok"})
    for place in ("127.0.0.1", port), ("::1", port), ("127.0.0.1", metrics_port), ("::1", metrics_port):
        for _ in range(8):  # of either worker
            with socket.create_connection(place, 10) as client:
                path = b"/metrics" if place[1] == metrics_port else b"/api/leaderboard/rank/0"
                # Not for this machine alone, so by any name; an address in the log is the client's own.
                client.sendall(b"GET %s HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n" % path)
                answer = b"".join(iter(lambda: client.recv(65536), b""))
                assert answer.split(b" ")[1] == (b"200" if path == b"/metrics" else b"400")
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(b"GET /api/leaderboard/rejected HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n")
        assert client.recv(65536).split(b" ")[1] == b"401"
    running.stop()
    text = running.log.read_text()
    assert '"address":"127.0.0.1"' in text
    assert "::ffff:" not in text
    assert "ANYONE WHO CAN REACH [::]:" in text


def test_an_address_of_one_family_takes_no_other(service: Start) -> None:
    for host, other in ("0.0.0.0", "::1"), ("::1", "127.0.0.1"):
        running = service(HOST=host).ready()
        port = int(running.address.rsplit(":", 1)[1])
        assert running.request("/healthz")[0] == 200
        with pytest.raises(ConnectionRefusedError), socket.create_connection((other, port), 10):
            pass
        running.stop()


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told_when_it_serves(service: Start, folder: Path, abstract: bool) -> None:
    address = str(folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + address if abstract else address)
        systemd.settimeout(PATIENCE_SECONDS)
        running = service(NOTIFY_SOCKET="@" + address if abstract else address)
        assert systemd.recv(100) == b"READY=1"
        assert running.request("/readyz")[0] == 200
    running.stop()


def test_a_socket_of_systemd_that_does_not_answer_is_no_error(service: Start, folder: Path) -> None:
    running = service(NOTIFY_SOCKET=str(folder / "absent")).ready()
    running.stop()
