"""The settings: defaults, ranges, messages, and `.env.example`."""

import dataclasses
import re
import subprocess
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest

from service import settings as settings_module
from service.settings import Settings, SettingsError, exposed_secrets, load, misspelt

_ROOT = Path(__file__).resolve().parent.parent.parent
_EXAMPLE = _ROOT / ".env.example"


def problems_of(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ)
    return caught.value.problems


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_empty_and_blank_values_count_as_unset() -> None:
    assert Settings.from_env({"PORT": "", "DATABASE_URL": "  ", "DEMO": ""}) == Settings()


def test_every_setting_is_read() -> None:
    environ = {
        "HOST": "0.0.0.0",
        "PORT": "9000",
        "WORKERS": "3",
        "EXPRESS": "0",
        "DATABASE_URL": "postgresql://owner:secret@db:5432/game",
        "SERVICE_DATABASE_URL": "postgres://service@db/game",
        "REDIS_URL": "rediss://:secret@cache:6380/1",
        "DATA_DIR": "/var/lib/leaderboard",
        "DEMO": "0",
        "MIGRATE_ON_START": "no",
        "REQUIRE_KEYS": "1",
        "OPEN_READS": "1",
        "CORS_ORIGINS": "https://game.example.com, http://localhost:5173",
        "AVATAR_ORIGINS": "https://avatars.example.com, https://cdn.example.com",
        "EMBED_ORIGINS": "https://game.example.com, https://*.itch.zone",
        "PUBLIC_URL": "https://Scores.example.com:443",
        "ALLOWED_HOSTS": "Board.example.com, *.example.org, [::1]",
        "TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.7,fd00::/8, ::ffff:198.51.100.0/120",
        "RATE_LIMIT_ADDRESS": "100/second",
        "RATE_LIMIT_KEY": "20 per second; 600 per 5 minutes",
        "RATE_LIMIT_PLAYER": "1/day",
        "RATE_LIMIT_PLAYS": "40 per minute",
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "json",
        "MAX_STREAMS": "200",
        "MAX_WAITING": "77",
        "POOL_SIZE": "20",
        "STATEMENT_TIMEOUT_MS": "1000",
        "POOL_TIMEOUT_MS": "500",
        "REDIS_TIMEOUT_MS": "50",
        "CACHE_TTL_SECONDS": "10",
        "CACHE_MEMORY_MB": "0",
        "MAX_BODY_BYTES": "4096",
        "SHUTDOWN_DELAY_SECONDS": "15",
        "SHUTDOWN_TIMEOUT_SECONDS": "0",
        "FOLD_INTERVAL_MS": "70",
        "WATCH_INTERVAL_MS": "250",
        "VERIFY_INTERVAL_SECONDS": "0",
        "KEEP_HISTORY_DAYS": "30",
        "METRICS_HOST": "10.0.0.5",
        "METRICS_PORT": "9100",
        "NEW_RELIC_LICENSE_KEY": "hush",
        "NEW_RELIC_ENVIRONMENT": "Staging",
        "NEW_RELIC_CONFIG_FILE": "/etc/newrelic.ini",
        "TRACED_PER_SECOND": "0",
    }
    assert set(environ) == {field.name.upper() for field in dataclasses.fields(Settings)}
    assert Settings.from_env(environ) == Settings(
        host="0.0.0.0",
        port=9000,
        workers=3,
        express=False,
        database_url="postgresql://owner:secret@db:5432/game",
        service_database_url="postgres://service@db/game",
        redis_url="rediss://:secret@cache:6380/1",
        data_dir=Path("/var/lib/leaderboard"),
        demo=False,
        migrate_on_start=False,
        require_keys=True,
        open_reads=True,
        cors_origins=("https://game.example.com", "http://localhost:5173"),
        avatar_origins=("https://avatars.example.com", "https://cdn.example.com"),
        embed_origins=("https://game.example.com", "https://*.itch.zone"),
        public_url="https://scores.example.com",
        allowed_hosts=("board.example.com", "*.example.org", "[::1]"),
        trusted_proxies=(
            IPv4Network("10.0.0.0/8"),
            IPv4Network("192.0.2.7/32"),
            IPv6Network("fd00::/8"),
            IPv4Network("198.51.100.0/24"),
        ),
        rate_limit_address="100/second",
        rate_limit_key="20 per second; 600 per 5 minutes",
        rate_limit_player="1/day",
        rate_limit_plays="40 per minute",
        log_level="warning",
        log_format="json",
        max_streams=200,
        max_waiting=77,
        pool_size=20,
        statement_timeout_ms=1000,
        pool_timeout_ms=500,
        redis_timeout_ms=50,
        cache_ttl_seconds=10,
        cache_memory_mb=0,
        max_body_bytes=4096,
        shutdown_delay_seconds=15,
        shutdown_timeout_seconds=0,
        fold_interval_ms=70,
        watch_interval_ms=250,
        verify_interval_seconds=0,
        keep_history_days=30,
        metrics_host="10.0.0.5",
        metrics_port=9100,
        new_relic_license_key="hush",
        new_relic_environment="staging",
        new_relic_config_file=Path("/etc/newrelic.ini"),
        traced_per_second=0,
    )


@pytest.mark.parametrize("value", ["", "80.5", "1_000", "+5", "0x10", "-1", "65536", "\uff18\uff10", "port"])
def test_a_port_is_a_whole_number_in_range(value: str) -> None:
    if value == "":
        assert Settings.from_env({"PORT": value}).port == 8000
    else:
        assert problems_of(PORT=value) == [f"PORT={value!r} cannot be used: use a whole number from 0 to 65535."]


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("DEMO", "maybe", "use 1 or 0"),
        ("LOG_LEVEL", "loud", "use one of debug, info, warning, error"),
        ("LOG_FORMAT", "xml", "use one of auto, human, json"),
        ("NEW_RELIC_ENVIRONMENT", "prod", "use one of development, test, staging, production"),
        ("CORS_ORIGINS", "https://game.example.com/", "is not an origin"),
        ("CORS_ORIGINS", "*", "is not an origin"),
        ("CORS_ORIGINS", "http://a.example,ftp://b.example", "'ftp://b.example' is not an origin"),
        ("CORS_ORIGINS", "http://a.example:port", "not a valid address"),
        ("AVATAR_ORIGINS", "https://*.example.com", "is not one web site"),
        ("AVATAR_ORIGINS", "null", "is not one web site"),
        ("AVATAR_ORIGINS", "https://a.example; script-src *", "is not an origin"),
        ("EMBED_ORIGINS", "https://game.example.com/", "write https://game.example.com"),
        ("EMBED_ORIGINS", "*, https://game.example.com", "'*' is not an origin"),
        ("EMBED_ORIGINS", "null", "use https://game.example.com"),
        ("EMBED_ORIGINS", "file://", "do not compare 'file://'"),
        ("EMBED_ORIGINS", "http://[::1]:8000", "* alone for every site"),
        ("EMBED_ORIGINS", "https://a.example; script-src *", "is not an origin"),
        ("PUBLIC_URL", "scores.example.com", "it is not an origin"),
        ("PUBLIC_URL", "https://scores.example.com/board", "write https://scores.example.com"),
        ("PUBLIC_URL", "https://*.example.com", "use scheme and host"),
        ("PUBLIC_URL", "app://scores", "use scheme and host"),
        ("ALLOWED_HOSTS", "board.example.com:8000", "is not a host name"),
        ("ALLOWED_HOSTS", "https://board.example.com", "is not a host name"),
        ("ALLOWED_HOSTS", "a.example, *", "'*' is not a host name"),
        ("ALLOWED_HOSTS", "a.*.example", "is not a host name"),
        ("RATE_LIMIT_ADDRESS", "100", "use the form 100/second"),
        ("RATE_LIMIT_ADDRESS", "100/fortnight", "Periods are second"),
        ("RATE_LIMIT_KEY", "0/second", "with 1 to 1000000000 calls"),
        ("RATE_LIMIT_KEY", "10000000000/second", "with 1 to 1000000000 calls"),
        ("RATE_LIMIT_PLAYER", "5 per 0 seconds", "one second to one year"),
        ("RATE_LIMIT_PLAYER", "5/0second", "one second to one year"),
        ("RATE_LIMIT_PLAYER", "5 per 2 years", "one second to one year"),
        ("RATE_LIMIT_PLAYER", "5 per 60 seconds; 9 per minute", "one limit for each period"),
        ("RATE_LIMIT_PLAYER", "-5/second", "use the form"),
        ("TRUSTED_PROXIES", "proxy.example.com", "is not an address or a network"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "no bits set after"),
        ("TRUSTED_PROXIES", "10.0.0.1, 10.0.0.0/33", "'10.0.0.0/33' is not"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_change(name: str, value: str, advice: str) -> None:
    (problem,) = problems_of(**{name: value})
    assert problem.startswith(f"{name}={value!r} cannot be used: ")
    assert advice in problem


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://game.example.com:443", "https://game.example.com"),
        ("HTTP://Localhost:80", "http://localhost"),
        ("https://Game.Example.com:8443", "https://game.example.com:8443"),
        ("http://[0:0::1]:5173", "http://[::1]:5173"),
        ("https://spiel.k\u00f6ln", "https://spiel.xn--kln-sna"),
        ("https://*.itch.zone", "https://*.itch.zone"),
        ("https://*.Itch.zone:443", "https://*.itch.zone"),
        ("http://*.localhost:5173", "http://*.localhost:5173"),
        ("app://.", "app://."),
        ("capacitor://localhost", "capacitor://localhost"),
        ("tauri://LOCALHOST", "tauri://localhost"),
        ("chrome-extension://abcdefgh", "chrome-extension://abcdefgh"),
        ("file://", "file://"),
        ("NULL", "null"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(written: str, origin: str) -> None:
    assert Settings.from_env({"CORS_ORIGINS": f"{written},{origin}"}).cors_origins == (origin,)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("https://game.example.com/", "write https://game.example.com"),
        ("https://Game.example.com:443/play?x=1", "write https://game.example.com"),
        ("capacitor://localhost/", "write capacitor://localhost"),
        ("game.example.com", "use scheme and host"),
        ("//game.example.com", "use scheme and host"),
        ("https://", "use scheme and host"),
        ("wss://game.example.com", "use scheme and host"),
        ("https://*", "with * only as the first part"),
        ("https://*.com", "a name with a dot"),
        ("https://game*.example.com", "with * only as the first part"),
        ("https://*.*.example.com", "with * only as the first part"),
        ("https://*.127.0.0.1.", "with * only as the first part"),
        ("app://*.x", "a single name"),
        ("https://game.example.com:0x1", "check its host and port"),
        ("https://game example.com", "a name or an address"),
    ],
)
def test_another_form_of_an_origin_is_told_what_to_write(written: str, advice: str) -> None:
    (problem,) = problems_of(CORS_ORIGINS=written)
    assert problem.startswith(f"CORS_ORIGINS={written!r} cannot be used: ")
    assert advice in problem


@pytest.mark.parametrize("name", ["CORS_ORIGINS", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "PORT", "RATE_LIMIT_KEY"])
def test_a_password_in_the_wrong_setting_is_not_shown(name: str) -> None:
    for password in "hush", "hu@sh", "hu/sh", "hu?sh@hu":
        for problem in problems_of(**{name: f"postgresql://ada:{password}@db.example/game, x"}):
            assert problem.startswith(f"{name}=")
            assert not re.search("hu.?sh", problem)


def test_a_host_may_have_the_brackets_of_a_url() -> None:
    assert Settings.from_env({"HOST": "[::]"}).host == "::"
    assert Settings.from_env({"HOST": "::1"}).host == "::1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://user:hush@host/db"),
        ("DATABASE_URL", "user:hush@host"),
        ("DATABASE_URL", "postgresql://user:hush@host:port/db"),
        ("DATABASE_URL", "postgresql://user:hush@[host/db"),
        ("SERVICE_DATABASE_URL", "postgresql+psycopg://user:hush@host/db"),
        ("REDIS_URL", "http://:hush@host"),
        ("REDIS_URL", "redis://:hush@host:99999999"),
    ],
)
def test_a_fault_never_shows_a_secret(name: str, value: str) -> None:
    problems = problems_of(**{name: value})
    assert any(problem.startswith(f"{name} cannot be used: ") for problem in problems)
    assert not any("hush" in problem for problem in problems)


def test_all_problems_are_reported_at_once() -> None:
    problems = problems_of(PORT="x", POOL_SIZE="0", REDIS_URL="nothing")
    assert [problem.split("=")[0].split(" ")[0] for problem in problems] == ["PORT", "REDIS_URL", "POOL_SIZE"]


def test_secrets_are_not_in_the_repr() -> None:
    settings = Settings(
        database_url="postgresql://a:hush@b/c",
        service_database_url="postgresql://d:hush@b/c",
        redis_url="redis://:hush@e",
        new_relic_license_key="hush",
    )
    assert "hush" not in repr(settings)
    assert "port=8000" in repr(settings)


def test_the_service_takes_its_role_unless_it_has_a_login_of_its_own() -> None:
    owner, service = "postgresql://owner@host/db", "postgresql://service@host/db"
    only_owner = Settings(database_url=owner)
    assert (only_owner.service_url, only_owner.service_role) == (owner, "leaderboard_service")
    both = Settings(database_url=owner, service_database_url=service)
    assert (both.service_url, both.service_role) == (service, None)


def test_a_service_without_the_owner_cannot_migrate() -> None:
    service = "postgresql://service@host/db"
    (problem,) = problems_of(SERVICE_DATABASE_URL=service)
    assert "DATABASE_URL" in problem
    assert "MIGRATE_ON_START=0" in problem
    settings = Settings.from_env({"SERVICE_DATABASE_URL": service, "MIGRATE_ON_START": "0"})
    assert not settings.embedded_database


def test_servers_are_embedded_where_no_address_is_given() -> None:
    assert Settings().embedded_database
    assert Settings().embedded_cache
    assert not Settings(database_url="postgresql://h/d").embedded_database
    assert not Settings(redis_url="redis://h").embedded_cache


def test_the_environment_goes_above_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for field in dataclasses.fields(Settings):
        monkeypatch.delenv(field.name.upper(), raising=False)
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\n\nPORT=9001\nexport POOL_SIZE = 7\nDATABASE_URL='postgresql://o:a$b%23c@h/d'\nHOST=\n"
    )
    monkeypatch.setenv("PORT", "9002")
    monkeypatch.setenv("POOL_SIZE", "")
    settings = load(file)
    assert (settings.port, settings.pool_size, settings.host) == (9002, 7, "127.0.0.1")
    assert settings.database_url == "postgresql://o:a$b%23c@h/d"


def test_a_line_of_the_env_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=1\nPORT 9001\n9=1\n")
    with pytest.raises(SettingsError) as caught:
        load(file)
    assert [problem.split(" cannot")[0] for problem in caught.value.problems] == [
        f"{file} line 2",
        f"{file} line 3",
    ]


def test_secrets_that_others_can_read_are_found(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert exposed_secrets(file) == []
    file.write_text("PORT=1\nREDIS_URL=redis://:hush@e\nDATABASE_URL=\n")
    for mode, found in (0o600, []), (0o400, []), (0o640, ["REDIS_URL"]), (0o604, ["REDIS_URL"]):
        file.chmod(mode)
        assert exposed_secrets(file) == found
    file.write_text("PORT=1\n")
    assert exposed_secrets(file) == []


def test_misspelt_names_are_found(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert misspelt(file) == {}
    file.write_text("OPEN_READZ=1\nRATE_LIMIT_ADRESS=5/second\nopen_reads=1\nNEW_RELIC_HOST=x\nGAME=1\nPORT=1\n")
    assert misspelt(file) == {
        "OPEN_READZ": "OPEN_READS",
        "RATE_LIMIT_ADRESS": "RATE_LIMIT_ADDRESS",
        "open_reads": "OPEN_READS",
    }


def test_git_ignores_the_env_file() -> None:
    for name, ignored in (
        (".env", True),
        (".env.production", True),
        (".env.example", False),
        (".data/postgres/x", True),
    ):
        result = subprocess.run(["git", "check-ignore", "-q", name], cwd=_ROOT)
        assert (result.returncode == 0) == ignored, name


def test_the_example_lists_every_setting_with_its_default_and_a_comment() -> None:
    values: dict[str, str] = {}
    previous = ""
    for line in _EXAMPLE.read_text().splitlines():
        if match := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            assert previous.startswith("# "), f"{match[1]} has no comment"
            values[match[1]] = match[2]
        previous = line
    assert set(values) == {field.name.upper() for field in dataclasses.fields(Settings)}
    for field in dataclasses.fields(Settings):
        default = field.default
        text = values[field.name.upper()]
        if default is None or default == ():
            assert text == ""
        else:
            assert text == (str(int(default)) if isinstance(default, bool) else str(default))


def test_the_ranges_in_the_example_are_the_ranges() -> None:
    text = _EXAMPLE.read_text()
    described: dict[str, tuple[int, int]] = {}
    for comment, name in re.findall(r"((?:#[^\n]*\n)+)([A-Z_]+)=", text):
        if found := re.search(r" (\d+) to (\d+)", comment):
            described[name] = int(found[1]), int(found[2])
    for name, (low, high) in described.items():
        for value in (low, high):
            Settings.from_env({name: str(value)})
        for value in (low - 1, high + 1):
            assert f"from {low} to {high}" in problems_of(**{name: str(value)})[0]
    numbers = {f.name.upper() for f in dataclasses.fields(Settings) if type(f.default) is int}
    assert set(described) == numbers


def test_settings_are_the_only_reader_of_the_environment() -> None:
    readers = [
        path
        for path in (_ROOT / "service").rglob("*.py")
        if re.search(r"os\.environ(?!\.setdefault)|getenv", path.read_text()) and path != Path(settings_module.__file__)
    ]
    assert readers == []
