"""The service with a Redis that asks for a login, allows only some commands, or speaks TLS: real servers."""

import contextlib
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
import trustme

from service.http import app_keys
from tests.support import ROOT, redis_topologies
from tests.support.api import get, submit
from tests.support.breakable_redis import BreakableRedis, valkey_program
from tests.support.programs import missing
from tests.support.waiting import until

#: The Redis server of Debian. The package of its tools has the same program, and starts no server.
REDIS = next((path for path in ("/usr/bin/redis-server", "/usr/bin/redis-check-rdb") if shutil.which(path)), None)
AWKWARD = "p@ss/w:rd?#%[é] &+"
LIMITS = {"rate_limit_address": "100000/day", "rate_limit_player": "3/day"}


def redis_program():
    """Started by another name, the program is the server."""
    found = REDIS or missing("no Redis (Debian: redis-tools)")
    return ["/bin/bash", "-c", f'exec -a redis-server {found} "$@"', "redis-server"]


@pytest.fixture
def new_server(tmp_path):
    """`new_server(*options, program=...)` starts a server."""
    with contextlib.ExitStack() as stack:

        def start(*options, program=None):
            folder = tmp_path / f"server-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            server = BreakableRedis(folder, *options, program=program)
            stack.callback(server.kill)
            server.start()
            return server

        yield start


async def works(service, player=7):
    """Submits and reads by the cache, until the rate limit of the player is reached."""
    assert await down_reason(service) is None
    for total in 1, 2, 3:
        await submit(service, player, 1)
        for _ in range(2):
            assert (await get(service, f"/rank/{player}"))["total_score"] == total
            await get(service, "/top")
    answer = await service.post("/api/leaderboard/submit", json={"user_id": player, "score": 1})
    assert answer.status == 429


async def down_reason(service):
    return service.app[app_keys.CACHE].down_reason


def documented_user(prefix="leaderboard"):
    """The line of docs/redis-url.md, for the user `leaderboard` with the password `password`."""
    (line,) = re.findall(r"^(ACL SETUSER leaderboard .*)$", (ROOT / "docs" / "redis-url.md").read_text(), re.M)
    return line.replace("~leaderboard:", f"~{prefix}:").split()


@pytest.mark.parametrize("program", ["valkey", "redis"])
async def test_a_user_with_just_the_documented_rights(new_server, new_client, program):
    """It serves, counts limits, recovers, and finds another server, and Redis refused nothing."""
    server = new_server(program=[valkey_program()] if program == "valkey" else redis_program())
    url = server.url.replace("redis://", "redis://leaderboard:password@").replace("/0", "/1")

    def add_user():
        with server.client() as admin:
            admin.execute_command(*documented_user())

    def denied():
        with server.client() as admin:
            return admin.acl_log()

    add_user()
    service = await new_client(redis_url=url, **LIMITS)
    await works(service)
    assert denied() == []
    with server.client() as admin:
        admin.script_flush()
        for client in admin.client_list():
            if client["user"] == "leaderboard":
                admin.client_kill_filter(_id=client["id"])
    server.kill()
    await submit(service, 8, 1)
    server.start()
    add_user()

    async def up():
        return await down_reason(service) is None

    await until(up)
    await works(service, 9)
    refused = [entry for entry in denied() if entry["reason"] != "auth"]  # those from before the user was there
    assert refused == []


async def test_a_password_with_any_character(new_server, new_client):
    server = new_server("--requirepass", AWKWARD)
    service = await new_client(redis_url=server.url.replace("//", f"//:{quote(AWKWARD, safe='')}@"), **LIMITS)
    await works(service)


async def test_a_unix_socket(new_server, new_client, tmp_path):
    path = tmp_path / "a socket"
    new_server("--unixsocket", str(path))
    await works(await new_client(redis_url=f"unix://{quote(str(path))}?db=2", **LIMITS))


@pytest.mark.parametrize(
    ("without", "reason"),
    [
        (("-mget",), "lacks a right"),
        (("-get",), "lacks a right"),
        (("-set",), "lacks a right"),
        (("-del",), "lacks a right"),
        (("-info",), "lacks a right"),
        (("resetkeys", "~leaderboard:epoch"), "lacks a right"),
        (("resetkeys", "~other:*"), "lacks a right"),
        ((">other", "<password"), "does not accept the user or the password"),
        (("off",), "does not accept the user or the password"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
async def test_a_right_is_missing(new_server, new_client, without, reason):
    """The service works without its cache, says why, and uses it once the right is given."""
    server = new_server()
    with server.client() as admin:
        admin.execute_command(*documented_user())
        admin.execute_command("ACL SETUSER leaderboard", *without)
        service = await new_client(redis_url=server.url.replace("//", "//leaderboard:password@"))
        found = await down_reason(service)
        assert reason in found
        assert ":password@" not in found
        if without[0] in ("-mget", "-get", "-del"):
            assert f"{without[0][1:].upper()} leaderboard:" in found
        for total in 1, 2:
            await submit(service, 7, 1)
            assert (await get(service, "/rank/7"))["total_score"] == total
        assert await down_reason(service) is not None  # it does not take a SET alone for a success
        admin.execute_command("ACL SETUSER leaderboard reset")
        admin.execute_command(*documented_user())

        async def up():
            return await down_reason(service) is None

        await until(up)
        assert (await get(service, "/rank/7"))["total_score"] == 2


async def test_a_login_is_asked_for(new_server, new_client):
    server = new_server("--requirepass", "secret")
    service = await new_client(redis_url=server.url)
    assert "does not accept the user or the password" in await down_reason(service)


async def test_a_replica(new_server, new_client):
    server = new_server("--replicaof", "127.0.0.1 1")
    service = await new_client(redis_url=server.url)
    assert "read-only replica" in await down_reason(service)


async def test_a_node_of_a_cluster(new_server, new_client):
    server = new_server("--cluster-enabled", "yes", "--cluster-port", str(redis_topologies.free_port()))
    service = await new_client(redis_url=server.url)
    assert "cluster" in await down_reason(service)
    with server.client() as admin:
        admin.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)

        async def says_what_to_write():
            return "redis+cluster://" in await down_reason(service)

        await until(says_what_to_write)


@pytest.mark.parametrize("kind", ["cluster", "sentinel"])
async def test_a_plain_server_is_neither(own_redis, new_client, kind):
    url = own_redis.url.replace("redis://", f"redis+{kind}://").removesuffix("/0") + "/scores" * (kind == "sentinel")
    service = await new_client(redis_url=url)
    reason = await down_reason(service)
    assert "is no cluster: write redis://" in reason if kind == "cluster" else "unknown command" in reason


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def tls_redis(new_server, authority, tmp_path):
    """Debian's Redis with TLS, and a certificate for localhost. It asks clients for theirs. With it comes its address
    for TLS.
    """
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls_port = str(redis_topologies.free_port())
    server = new_server(
        *("--tls-port", tls_port, "--tls-cert-file", str(tmp_path / "cert.pem")),
        *("--tls-key-file", str(tmp_path / "key.pem"), "--tls-ca-cert-file", str(tmp_path / "ca.pem")),
        program=redis_program(),
    )
    return server, f"localhost:{tls_port}"


@pytest.fixture
def tls_server(tls_redis):
    return tls_redis[1]


def client_certificate(authority, folder: Path) -> str:
    authority.issue_cert("client").private_key_and_cert_chain_pem.write_to_path(folder / "client.pem")
    return f"ssl_certfile={folder / 'client.pem'}"


@pytest.fixture
def tls_url(tls_server, authority, tmp_path):
    return f"rediss://{tls_server}?ssl_ca_certs={tmp_path / 'ca.pem'}&{client_certificate(authority, tmp_path)}"


async def test_tls(tls_url, new_client):
    await works(await new_client(redis_url=tls_url, **LIMITS))


async def test_tls_that_is_not_checked(tls_server, new_client, authority, tmp_path):
    own = client_certificate(authority, tmp_path)
    await works(await new_client(redis_url=f"rediss://{tls_server}?ssl_cert_reqs=none&{own}", **LIMITS))


async def test_tls_whose_host_name_is_not_checked(tls_server, new_client, authority, tmp_path):
    address = tls_server.replace("localhost", "127.0.0.1")
    url = f"rediss://{address}?ssl_ca_certs={tmp_path / 'ca.pem'}&{client_certificate(authority, tmp_path)}"
    assert "IP address mismatch" in await down_reason(await new_client(redis_url=url))
    await works(await new_client(redis_url=f"{url}&ssl_check_hostname=false", **LIMITS))


async def test_tls_with_an_unknown_authority(tls_server, new_client, authority, tmp_path):
    url = f"rediss://{tls_server}?{client_certificate(authority, tmp_path)}"
    assert "certificate verify failed" in await down_reason(await new_client(redis_url=url))


async def test_tls_without_the_client_certificate(tls_server, new_client, tmp_path):
    service = await new_client(redis_url=f"rediss://{tls_server}?ssl_ca_certs={tmp_path / 'ca.pem'}")
    assert await down_reason(service) is not None
    await submit(service, 7, 1)


async def test_tls_that_hangs(tls_redis, tls_url, new_client):
    """A server that hangs does not answer TLS's goodbye either, when the connections to it are closed."""
    server, _ = tls_redis
    service = await new_client(redis_url=tls_url, redis_timeout_ms=500)
    server.freeze()
    await submit(service, 7, 1)
    attempts = service.app[app_keys.CACHE]._redis.failures + 2
    await until(lambda: service.app[app_keys.CACHE]._redis.failures >= attempts)
    server.thaw()

    async def up():
        return await down_reason(service) is None

    await until(up)


async def test_a_stop_while_tls_hangs(tls_redis, tls_url, new_client):
    server, _ = tls_redis
    service = await new_client(redis_url=tls_url, redis_timeout_ms=500)
    server.freeze()
    await service.close()


@pytest.fixture(scope="module")
def sentinels():
    with redis_topologies.running(redis_topologies.Sentinels) as topology:
        yield topology


async def test_sentinels_and_server_with_a_login_each(sentinels, new_client):
    """The rights at the sentinels are those of the documentation."""
    with contextlib.ExitStack() as stack:
        for node in sentinels.sentinels:
            client = stack.enter_context(node.client())
            client.execute_command("ACL SETUSER scout on >hidden -@all +sentinel|master")
            stack.callback(redis.Redis(port=node.port).execute_command, "ACL DELUSER", "scout")
        for node in sentinels.servers:
            client = stack.enter_context(node.client())
            client.execute_command(*documented_user())
            with contextlib.suppress(redis.exceptions.ReadOnlyError):  # a replica
                client.flushall()  # the rate limits of an earlier test
        url = sentinels.url.replace("//", "//leaderboard:password@")
        login = "?sentinel_username=scout&sentinel_password="
        await works(await new_client(redis_url=f"{url}{login}hidden", **LIMITS))
        wrong = await down_reason(await new_client(redis_url=f"{url}{login}wrong"))
        assert "does not accept the user or the password" in wrong
        assert any(node.address in wrong for node in sentinels.sentinels)
        assert "knows no master other" in await down_reason(
            await new_client(redis_url=url.replace("/scores", "/other"))
        )


async def test_sentinels_that_hang_or_are_gone(sentinels, new_client):
    """One that answers is enough, and no other one delays it."""
    first, *others = sentinels.sentinels
    url = f"redis+sentinel://127.0.0.1:1,{others[0].address},{first.address}/scores"
    with first.frozen():
        assert await down_reason(await new_client(redis_url=url)) is None
