"""REDIS_URL: what each form means, and that everything else is refused by its name, without its value."""

import ssl
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from service.settings import Settings, SettingsError
from service.settings.redis_url import RedisUrl, parse
from tests.support import ROOT

_SECRET = "Tr0ub4dor"


def refusal(url: str) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"REDIS_URL": url})
    (problem,) = caught.value.problems
    assert problem.startswith("REDIS_URL cannot be used: ")
    return problem


@pytest.mark.parametrize(
    ("url", "meaning"),
    [
        ("redis://", {"nodes": (("localhost", 6379),)}),
        ("redis://cache", {"nodes": (("cache", 6379),)}),
        ("redis://cache/", {"nodes": (("cache", 6379),)}),
        ("redis://cache:6380/3", {"nodes": (("cache", 6380),), "database": 3}),
        ("redis://cache?db=3", {"nodes": (("cache", 6379),), "database": 3}),
        ("redis://[::1]:7000/1", {"nodes": (("::1", 7000),), "database": 1}),
        ("redis://:pw@cache", {"nodes": (("cache", 6379),), "password": "pw"}),
        ("redis://ada:p%40%2F%3A@cache", {"nodes": (("cache", 6379),), "username": "ada", "password": "p@/:"}),
        ("redis://cache?username=ada&password=p%26w", {
            "nodes": (("cache", 6379),), "username": "ada", "password": "p&w",
        }),
        ("redis://cache?key_prefix=game-1", {"nodes": (("cache", 6379),), "key_prefix": "game-1:"}),
        ("unix:///run/redis.sock", {"path": "/run/redis.sock"}),
        ("unix://ada:pw@/run/a%20b.sock?db=2", {
            "path": "/run/a b.sock", "username": "ada", "password": "pw", "database": 2,
        }),
        ("redis+sentinel://s1,s2:7000,[::1]/scores", {
            "kind": "sentinel", "nodes": (("s1", 26379), ("s2", 7000), ("::1", 26379)), "master_name": "scores",
        }),
        ("redis+sentinel://ada:pw@s1/my%20master/2?sentinel_username=eve&sentinel_password=x", {
            "kind": "sentinel", "nodes": (("s1", 26379),), "master_name": "my master", "database": 2,
            "username": "ada", "password": "pw", "sentinel_username": "eve", "sentinel_password": "x",
        }),
        ("redis+cluster://:pw@h1,h2:7001/", {
            "kind": "cluster", "nodes": (("h1", 6379), ("h2", 7001)), "password": "pw", "key_prefix": "{leaderboard}:",
        }),
        ("redis+cluster://h1/0?key_prefix=game", {
            "kind": "cluster", "nodes": (("h1", 6379),), "key_prefix": "{game}:",
        }),
    ],
)  # fmt: skip
def test_what_an_address_means(url: str, meaning: dict[str, object]) -> None:
    assert parse(url) == RedisUrl(**{"kind": "server", **meaning})  # type: ignore[arg-type]
    assert Settings.from_env({"REDIS_URL": url}).redis_url == url


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("http://cache", "write it as redis://"),
        ("Redis://cache", "write it as redis://"),
        ("redis:cache", "write it as redis://"),
        ("redis+sentinels://s1/m", "write it as redis://"),
        ("unix+cluster://h1", "write it as redis://"),
        ("redis://cache/leaderboard", "must be the number of a database"),
        ("redis://cache/0/1", "must be the number of a database"),
        ("redis://cache/-1", "must be the number of a database"),
        ("redis://cache?db=x", "option db"),
        ("redis://cache/1?db=2", "db twice"),
        ("redis://cache:0", "port"),
        ("redis://cache:65536", "port"),
        ("redis://cache:x", "host is not valid"),
        ("redis://h1,", "host is not valid"),
        ("redis://a:b@c@cache", "user or its password is not escaped"),
        ("redis://cache?socket_timeout=5", "socket_timeout, which cannot be set here (use REDIS_TIMEOUT_MS)"),
        ("redis://cache?max_connections=5", "max_connections, which cannot be set here"),
        ("redis://cache?protocol=3", "protocol"),
        ("redis://cache?nonsense=1", "option nonsense is unknown here; known are username, password, key_prefix, db"),
        ("redis://cache?nonsense", "must be name=value"),
        ("redis://cache?db=", "option db is empty"),
        ("redis://cache?db=1&db=2", "option db twice"),
        ("redis://cache?ssl_ca_certs=/x", "option ssl_ca_certs needs rediss://"),
        ("redis://cache?sentinel_password=x", "option sentinel_password is unknown here"),
        ("redis://ada:pw@cache?password=x", "password twice"),
        ("redis://cache?key_prefix=a:b", "option key_prefix"),
        ("redis://cache?key_prefix={a}", "option key_prefix"),
        ("redis+sentinel://s1", "name of the master"),
        ("redis+sentinel://s1/", "name of the master"),
        ("redis+sentinel://s1/m/x", "number of a database"),
        ("redis+cluster://h1/1", "a cluster has no numbered databases"),
        ("redis+cluster://h1?db=1", "option db is unknown here"),
        ("unix://", "path of the socket"),
        ("unix://host/run/redis.sock", "path of the socket"),
        ("rediss://cache?ssl_cert_reqs=maybe", "option ssl_cert_reqs must be required, optional or none"),
        ("rediss://cache?ssl_check_hostname=maybe", "option ssl_check_hostname must be true or false"),
        ("rediss://cache?ssl_cert_reqs=none&ssl_check_hostname=true", "ssl_check_hostname cannot be true"),
        ("rediss://cache?ssl_min_version=1.1", "option ssl_min_version must be 1.2 or 1.3"),
        ("rediss://cache?ssl_keyfile=/x", "ssl_keyfile needs ssl_certfile"),
        ("rediss://cache?ssl_password=x", "ssl_password, of the key, needs ssl_certfile"),
        ("rediss://cache?ssl_ca_certs=/no/such/file", "option ssl_ca_certs: the file cannot be read (No such file"),
        ("rediss://cache?ssl_certfile=/no/such/file", "ssl_certfile and ssl_keyfile: the file cannot be read"),
    ],
)
def test_what_is_refused(url: str, named: str) -> None:
    assert named in refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        f"redis://cache?password={_SECRET}%zz",
        f"redis://cache?nonsense={_SECRET}",
        f"redis://cache?password={_SECRET}&nonsense",
        f"redis://cache/{_SECRET}",
        f"redis://cache:{_SECRET}",
        f"redis://ada:{_SECRET}/x@cache",
        f"redis://ada:{_SECRET}?x@cache",
        f"redis://ada:{_SECRET}#x@cache",
        f"redis+sentinel://ada:{_SECRET}@s1/m?sentinel_password={_SECRET}&x=1",
        f"redis+cluster://ada:{_SECRET}@h1:x,h2",
        f"rediss://cache?ssl_password={_SECRET}",
    ],
)
def test_no_error_shows_a_secret(url: str) -> None:
    assert _SECRET not in refusal(url)


def test_no_secret_is_in_the_repr() -> None:
    assert _SECRET not in repr(parse(f"redis+sentinel://a:{_SECRET}@s/m?sentinel_password={_SECRET}"))


def test_tls(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("client").private_key_and_cert_chain_pem.write_to_path(tmp_path / "client.pem")
    files = f"ssl_ca_certs={quote(str(tmp_path / 'ca.pem'))}&ssl_certfile={quote(str(tmp_path / 'client.pem'))}"
    assert parse("rediss://cache").tls == {
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": True,
        "ssl_min_version": ssl.TLSVersion.TLSv1_2,
    }
    assert parse(f"rediss+cluster://h1?{files}&ssl_cert_reqs=CERT_REQUIRED&ssl_check_hostname=no").tls == {
        "ssl_ca_certs": str(tmp_path / "ca.pem"),
        "ssl_certfile": str(tmp_path / "client.pem"),
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": False,
        "ssl_min_version": ssl.TLSVersion.TLSv1_2,
    }
    assert parse("rediss://cache?ssl_cert_reqs=none&ssl_min_version=TLSv1.3").tls == {
        "ssl_cert_reqs": "none",
        "ssl_check_hostname": False,
        "ssl_min_version": ssl.TLSVersion.TLSv1_3,
    }


def test_files_that_hold_no_certificate(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for option in "ssl_ca_certs", "ssl_certfile":
        assert "the file does not hold" in refusal(f"rediss://cache?{option}={tmp_path / 'empty'}")


def test_every_option_is_documented() -> None:
    page = (ROOT / "docs" / "redis-url.md").read_text()
    for scheme in "redis", "rediss+sentinel":
        known = refusal(f"{scheme}://cache/m?nonsense=1" if "+" in scheme else f"{scheme}://cache?nonsense=1")
        for name in known.partition("known are ")[2].removesuffix(".").split(", "):
            assert f"`{name}`" in page
