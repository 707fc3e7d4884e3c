"""The embedded Valkey: a cache on a private socket, started again when it dies."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from service.embedded import EmbeddedValkey, Supervisor


@pytest.fixture
def valkey(folder: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(folder / "data")
    server.start()
    yield server
    server.stop()


def client_of(server: EmbeddedValkey) -> "redis.Redis":
    return redis.Redis.from_url(server.url)


def test_it_is_a_private_cache_and_nothing_more(valkey: EmbeddedValkey) -> None:
    client = client_of(valkey)
    assert client.ping()
    wanted = {
        "port": "0",
        "save": "",
        "appendonly": "no",
        "maxmemory": str(256 * 1024 * 1024),
        "maxmemory-policy": "allkeys-lru",
    }
    assert {name: client.config_get(name)[name] for name in wanted} == wanted
    assert stat.S_IMODE(valkey.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((valkey.folder / "valkey.sock").stat().st_mode) == 0o700
    assert valkey.pid is not None
    assert os.getsid(valkey.pid) == valkey.pid


def test_a_restart_starts_empty(valkey: EmbeddedValkey) -> None:
    client_of(valkey).set("a", 1)
    valkey.stop()
    assert not valkey.alive()
    valkey.start()
    assert client_of(valkey).get("a") is None


def test_a_killed_server_is_started_again(valkey: EmbeddedValkey, eventually) -> None:  # type: ignore[no-untyped-def]
    with Supervisor([valkey]):
        killed = valkey.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: valkey.pid not in (None, killed) and answers(valkey))


def answers(server: EmbeddedValkey) -> bool:
    try:
        return bool(client_of(server).ping())
    except redis.ConnectionError:
        return False


def test_a_server_of_an_earlier_run_is_ended(valkey: EmbeddedValkey) -> None:
    later = EmbeddedValkey(valkey.data_dir)
    later.start()
    try:
        assert not valkey.alive()
        assert client_of(later).ping()
    finally:
        later.stop()


def test_a_stale_pid_file_harms_nobody(valkey: EmbeddedValkey) -> None:
    valkey.stop()
    (valkey.folder / "valkey.pid").write_text(f"{os.getpid()}\n")
    valkey.start()
    assert client_of(valkey).ping()


@pytest.mark.parametrize("name", ["long-" + 120 * "x", "a folder, 'quoted' é"])
def test_a_path_that_no_socket_can_have(folder: Path, name: str) -> None:
    server = EmbeddedValkey(folder / name)
    server.start()
    try:
        assert server.url.startswith("unix:///tmp/leaderboard-")
        assert client_of(server).ping()
    finally:
        server.stop()
