"""The service's settings: one frozen dataclass, read from the environment once and checked at the start.

Every setting is an environment variable of the same name in capitals; `.env.example` explains each. This
module is the only reader of `os.environ`.
"""

import dataclasses
import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, get_args, get_type_hints

from service import redaction
from service.settings import origins, rate_limits, urls

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: The role whose rights the service works with: it may execute the functions of schema `api` and nothing
#: else.
SERVICE_ROLE = "leaderboard_service"


class SettingsError(ValueError):
    """One or more settings are wrong.

    `faults` holds one sentence a fault: the variable, its value (never that of a secret) and what to change.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Fault(ValueError):
    """Why a value is refused, as the end of a sentence that starts with the variable and its value."""


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # int() alone would also take "1_000", "+5" and digits of other scripts.
        digits = text.removeprefix("-")
        value = int(text) if digits.isascii() and digits.isdigit() else None
        if value is None or not low <= value <= high:
            raise _Fault(f"use a whole number from {low} to {high}")
        return value

    return parse


def _flag(text: str) -> bool:
    lowered = text.lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise _Fault("use 1 or 0")


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise _Fault(f"use one of {', '.join(choices)}")

    return parse


def _database_url(text: str) -> str:
    """What asyncpg and libpq both read: the service, and its migrations and commands."""
    urls.check_postgresql(text, libpq=True)
    return text


def _service_database_url(text: str) -> str:
    """What asyncpg alone reads."""
    urls.check_postgresql(text, libpq=False)
    return text


def _redis_url(text: str) -> str:
    urls.check_redis(text)
    return text


def _origins(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for origin in _listed(text):
        try:
            found.append(origins.normal(origin))
        except origins.OriginError as error:
            raise _Fault(f"{origin!r} {error}") from None
    return tuple(dict.fromkeys(found))


def _networks(text: str) -> tuple[Network, ...]:
    networks: list[Network] = []
    for part in _listed(text):
        try:
            networks.append(_unmapped(ipaddress.ip_network(part)))
        except ValueError:
            raise _Fault(
                f"{part!r} is not an address or a network: write them as 192.0.2.7, 10.0.0.0/8 or fd00::/8"
                " (with no bit set behind the first 8), several with commas between them"
            ) from None
    return tuple(networks)


def _unmapped(network: Network) -> Network:
    """An IPv4 network in IPv6's clothes as what it is, for so are addresses compared."""
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return network if mapped is None else ipaddress.IPv4Network((mapped, network.prefixlen - 96))


#: A name, the same after `*.`, or an address, in brackets if IPv6.
_HOST_NAME = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(_listed(text.lower()))
    for host in hosts:
        if not _HOST_NAME.fullmatch(host):
            raise _Fault(
                f"{host!r} is not a host name: write names without scheme and port, as in"
                " board.example.com or *.example.com, several with commas between them"
            )
    return hosts


def _listed(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _rate_limits(text: str) -> str:
    rate_limits.parse(text)
    return text


def _text(text: str) -> str:
    return text


def _host(text: str) -> str:
    """An IPv6 address may have the brackets that it has in a URL."""
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings: how each is read, and its default. Names carry the unit. Secrets are not in the repr.

    Built by `from_env` in the service; tests build it directly or with `dataclasses.replace`.
    """

    host: Annotated[str, _host] = "127.0.0.1"
    port: Annotated[int, _integer(0, 65535)] = 8000
    workers: Annotated[int, _integer(1, 64)] = 1
    database_url: Annotated[str | None, _database_url] = field(default=None, repr=False)
    service_database_url: Annotated[str | None, _service_database_url] = field(default=None, repr=False)
    redis_url: Annotated[str | None, _redis_url] = field(default=None, repr=False)
    data_dir: Annotated[Path, Path] = Path(".data")
    demo: Annotated[bool, _flag] = True
    migrate_on_start: Annotated[bool, _flag] = True
    require_keys: Annotated[bool, _flag] = False
    open_reads: Annotated[bool, _flag] = False
    cors_origins: Annotated[tuple[str, ...], _origins] = ()
    allowed_hosts: Annotated[tuple[str, ...], _hosts] = ()
    trusted_proxies: Annotated[tuple[Network, ...], _networks] = ()
    rate_limit_address: Annotated[str, _rate_limits] = ""
    rate_limit_key: Annotated[str, _rate_limits] = ""
    rate_limit_player: Annotated[str, _rate_limits] = ""
    log_level: Annotated[str, _choice("debug", "info", "warning", "error")] = "info"
    log_format: Annotated[str, _choice("auto", "human", "json")] = "auto"
    max_waiting: Annotated[int, _integer(1, 100_000)] = 1_000
    pool_size: Annotated[int, _integer(1, 500)] = 10
    statement_timeout_ms: Annotated[int, _integer(100, 600_000)] = 5_000
    pool_timeout_ms: Annotated[int, _integer(10, 60_000)] = 2_000
    redis_timeout_ms: Annotated[int, _integer(10, 10_000)] = 200
    cache_ttl_seconds: Annotated[int, _integer(1, 3_600)] = 30
    max_body_bytes: Annotated[int, _integer(1_024, 67_108_864)] = 1_048_576
    shutdown_timeout_seconds: Annotated[int, _integer(0, 600)] = 5
    fold_interval_ms: Annotated[int, _integer(10, 60_000)] = 100
    watch_interval_ms: Annotated[int, _integer(50, 60_000)] = 500
    verify_interval_seconds: Annotated[int, _integer(0, 86_400)] = 60
    metrics_port: Annotated[int, _integer(0, 65_535)] = 0
    new_relic_license_key: Annotated[str | None, _text] = field(default=None, repr=False)
    new_relic_environment: Annotated[str, _choice("development", "test", "staging", "production")] = "production"
    new_relic_config_file: Annotated[Path | None, Path] = None
    traced_per_second: Annotated[int, _integer(0, 100_000)] = 200

    @property
    def embedded_database(self) -> bool:
        """Whether the service starts a PostgreSQL of its own: true while no database address is given."""
        return self.database_url is None and self.service_database_url is None

    @property
    def embedded_cache(self) -> bool:
        """Whether the service starts a Valkey of its own."""
        return self.redis_url is None

    @property
    def rate_limits(self) -> dict[str, str]:
        """The limits that are set, by what they count."""
        limits = {
            "address": self.rate_limit_address,
            "key": self.rate_limit_key,
            "player": self.rate_limit_player,
        }
        return {name: limit for name, limit in limits.items() if limit}

    @property
    def service_url(self) -> str | None:
        """What the service connects with: SERVICE_DATABASE_URL, or else DATABASE_URL and `service_role`."""
        return self.service_database_url or self.database_url

    @property
    def service_role(self) -> str | None:
        """The role to take on each new connection; None when the login has the service's rights already."""
        return None if self.service_database_url else SERVICE_ROLE

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads the settings from `environ`. A variable that is set but empty counts as not set.

        Raises SettingsError with every fault found.
        """
        values: dict[str, object] = {}
        faults: list[str] = []
        annotations = get_type_hints(cls, include_extras=True)
        for setting in dataclasses.fields(cls):
            name = setting.name.upper()
            text = environ.get(name, "").strip()
            if not text:
                continue
            parse = get_args(annotations[setting.name])[1]
            try:
                values[setting.name] = parse(text)
            except (_Fault, urls.UrlError, rate_limits.RateLimitError) as fault:
                shown = f"={text!r}" if setting.repr else ""
                # An address with a password may stand where none belongs.
                faults.append(redaction.without_passwords(f"{name}{shown} cannot be used: {fault}."))
        settings = dataclasses.replace(cls(), **values)  # type: ignore[arg-type]
        if not faults and settings.service_database_url and not settings.database_url and settings.migrate_on_start:
            faults.append(
                "SERVICE_DATABASE_URL is set without DATABASE_URL, so the service cannot migrate the"
                " database: set DATABASE_URL (its owner) too, or MIGRATE_ON_START=0 if `make migrate` is run"
                " elsewhere."
            )
        if faults:
            raise SettingsError(faults)
        return settings


def load(env_file: Path = Path(".env")) -> Settings:
    """The settings of this process: the environment, and below it the lines of `env_file` if there is one.

    Raises SettingsError as `Settings.from_env` does, and for a line of the file that cannot be read.
    """
    given = {name: value for name, value in os.environ.items() if value.strip()}
    written = _read_env_file(env_file)
    for name, value in written.items():
        # The agent reads its own variables, and from the environment only.
        if name.startswith("NEW_RELIC_") and value.strip() and name not in given:
            os.environ[name] = value
    return Settings.from_env({**written, **given})


def environment_without(names: Collection[str]) -> dict[str, str]:
    """The environment of this process, less `names`, for a program that it starts."""
    return {name: value for name, value in os.environ.items() if name not in names}


def exposed_secrets(env_file: Path = Path(".env")) -> list[str]:
    """The secrets in `env_file` by the names of their settings, if others than its owner may read it."""
    try:
        mode = env_file.stat().st_mode
    except OSError:
        return []
    if not mode & 0o077:
        return []
    secrets = {setting.name.upper() for setting in dataclasses.fields(Settings) if not setting.repr}
    return sorted(name for name, value in _read_env_file(env_file).items() if name in secrets and value)


def misspelt(env_file: Path = Path(".env")) -> dict[str, str]:
    """Names in `env_file` that are no settings, each with the setting that it looks like. Other programs may
    have theirs there, so a name that looks like none is theirs.
    """
    settings = [setting.name.upper() for setting in dataclasses.fields(Settings)]
    found: dict[str, str] = {}
    for name in _read_env_file(env_file):
        if name not in settings and not name.startswith("NEW_RELIC_"):
            for like in difflib.get_close_matches(name.upper(), settings, n=1, cutoff=0.8):
                found[name] = like
    return found


def _read_env_file(path: Path) -> dict[str, str]:
    """NAME=value lines, as in `.env.example`. Nothing is expanded, so a password may hold `$` and `#`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError([f"{path} cannot be read: {error}."]) from error
    except UnicodeDecodeError as error:
        # Its own words would quote a byte, perhaps of a password.
        raise SettingsError([f"{path} cannot be read: it is not in UTF-8."]) from error
    values: dict[str, str] = {}
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.removeprefix("export ").partition("=")
        if not equals or not name.strip().isidentifier():
            faults.append(f"{path} line {number} cannot be read: write NAME=value, or # before a comment.")
            continue
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        values[name.strip()] = value
    if faults:
        raise SettingsError(faults)
    return values
