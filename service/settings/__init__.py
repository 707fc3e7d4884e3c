"""The service's settings: one frozen dataclass, read from the environment and checked once, at the start.

Each setting is an environment variable of the same name in capitals; `.env.example` explains them. Only this module
reads `os.environ`.
"""

import dataclasses
import difflib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, get_args, get_type_hints

from service import redaction
from service.settings import env_file, parsers, rate_limits, urls
from service.settings.env_file import SettingsError
from service.settings.parsers import Network

__all__ = [
    "Network",
    "Settings",
    "SettingsError",
    "environment_without",
    "exposed_secrets",
    "load",
    "misspelt",
    "notify_socket",
]

#: The database role of the service: it may execute the functions of schema `api` and nothing else.
SERVICE_ROLE = "leaderboard_service"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, each with its parser and default. Names include the unit. Secrets are not in the repr.

    The service builds it with `from_env`, tests directly or with `dataclasses.replace`.
    """

    host: Annotated[str, parsers.host] = "127.0.0.1"
    port: Annotated[int, parsers.integer(0, 65535)] = 8000
    workers: Annotated[int, parsers.integer(1, 64)] = 1
    express: Annotated[bool, parsers.flag] = True
    database_url: Annotated[str | None, parsers.database_url] = field(default=None, repr=False)
    service_database_url: Annotated[str | None, parsers.database_url] = field(default=None, repr=False)
    redis_url: Annotated[str | None, parsers.redis_url] = field(default=None, repr=False)
    data_dir: Annotated[Path, Path] = Path(".data")
    demo: Annotated[bool, parsers.flag] = True
    migrate_on_start: Annotated[bool, parsers.flag] = True
    require_keys: Annotated[bool, parsers.flag] = False
    open_reads: Annotated[bool, parsers.flag] = False
    cors_origins: Annotated[tuple[str, ...], parsers.origin_list] = ()
    embed_origins: Annotated[tuple[str, ...], parsers.embed_list] = ()
    avatar_origins: Annotated[tuple[str, ...], parsers.site_list] = ()
    public_url: Annotated[str | None, parsers.public_url] = None
    allowed_hosts: Annotated[tuple[str, ...], parsers.host_list] = ()
    trusted_proxies: Annotated[tuple[Network, ...], parsers.network_list] = ()
    rate_limit_address: Annotated[str, rate_limits.checked] = ""
    rate_limit_key: Annotated[str, rate_limits.checked] = ""
    rate_limit_player: Annotated[str, rate_limits.checked] = ""
    rate_limit_plays: Annotated[str, rate_limits.checked_or_none] = "30 per minute"
    log_level: Annotated[str, parsers.choice("debug", "info", "warning", "error")] = "info"
    log_format: Annotated[str, parsers.choice("auto", "human", "json")] = "auto"
    max_waiting: Annotated[int, parsers.integer(1, 100_000)] = 1_000
    max_streams: Annotated[int, parsers.integer(0, 100_000)] = 5_000
    pool_size: Annotated[int, parsers.integer(1, 500)] = 10
    statement_timeout_ms: Annotated[int, parsers.integer(100, 600_000)] = 5_000
    pool_timeout_ms: Annotated[int, parsers.integer(10, 60_000)] = 2_000
    redis_timeout_ms: Annotated[int, parsers.integer(10, 10_000)] = 200
    cache_ttl_seconds: Annotated[int, parsers.integer(1, 3_600)] = 30
    cache_memory_mb: Annotated[int, parsers.integer(0, 4_096)] = 16
    max_body_bytes: Annotated[int, parsers.integer(1_024, 67_108_864)] = 1_048_576
    shutdown_delay_seconds: Annotated[int, parsers.integer(0, 600)] = 0
    shutdown_timeout_seconds: Annotated[int, parsers.integer(0, 600)] = 5
    fold_interval_ms: Annotated[int, parsers.integer(10, 60_000)] = 100
    watch_interval_ms: Annotated[int, parsers.integer(50, 60_000)] = 500
    verify_interval_seconds: Annotated[int, parsers.integer(0, 86_400)] = 60
    keep_history_days: Annotated[int, parsers.integer(0, 3_660)] = 400
    metrics_host: Annotated[str | None, parsers.host] = None
    metrics_port: Annotated[int, parsers.integer(0, 65_535)] = 0
    new_relic_license_key: Annotated[str | None, parsers.text] = field(default=None, repr=False)
    new_relic_environment: Annotated[str, parsers.choice("development", "test", "staging", "production")] = "production"
    new_relic_config_file: Annotated[Path | None, Path] = None
    traced_per_second: Annotated[int, parsers.integer(0, 100_000)] = 200

    @property
    def url_host(self) -> str:
        """HOST as it is written in a URL: an IPv6 address in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def embedded_database(self) -> bool:
        """Whether the service starts its own PostgreSQL, because no database address is set."""
        return self.database_url is None and self.service_database_url is None

    @property
    def embedded_cache(self) -> bool:
        """Whether the service starts its own Valkey."""
        return self.redis_url is None

    @property
    def rate_limits(self) -> dict[str, str]:
        """The limits that are set, by what they apply to."""
        limits = {
            "address": self.rate_limit_address,
            "key": self.rate_limit_key,
            "player": self.rate_limit_player,
            "plays": self.rate_limit_plays,
        }
        return {name: limit for name, limit in limits.items() if limit}

    @property
    def service_url(self) -> str | None:
        """The service's address of the database: SERVICE_DATABASE_URL, or else DATABASE_URL with `service_role`."""
        return self.service_database_url or self.database_url

    @property
    def service_has_login(self) -> bool:
        """Whether the service connects as its own role, so that the owner need not be able to take that role."""
        return self.service_database_url is not None

    @property
    def service_role(self) -> str | None:
        """The role to set on each new connection; None if the login has the service's rights already."""
        return None if self.service_has_login else SERVICE_ROLE

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads `environ`. An empty variable counts as not set. Raises SettingsError with all problems."""
        values: dict[str, object] = {}
        problems: list[str] = []
        annotations = get_type_hints(cls, include_extras=True)
        for setting in dataclasses.fields(cls):
            name = setting.name.upper()
            text = environ.get(name, "").strip()
            if not text:
                continue
            parse = get_args(annotations[setting.name])[1]
            try:
                values[setting.name] = parse(text)
            except (parsers.Problem, urls.UrlError) as problem:
                shown = f"={text!r}" if setting.repr else ""
                # The value of any setting may be an address with a password, by mistake.
                problems.append(redaction.without_passwords(f"{name}{shown} cannot be used: {problem}."))
        settings = dataclasses.replace(cls(), **values)  # type: ignore[arg-type]
        if not problems and settings.service_database_url and not settings.database_url and settings.migrate_on_start:
            problems.append(
                "SERVICE_DATABASE_URL is set without DATABASE_URL, so the service cannot migrate the database: set"
                " DATABASE_URL (its owner) too, or MIGRATE_ON_START=0 if you run `make migrate` elsewhere."
            )
        if problems:
            raise SettingsError(problems)
        return settings


def load(path: Path = Path(".env")) -> Settings:
    """The settings of this process: from the environment, and from the file `path`, which the environment overrides.

    Raises SettingsError as `Settings.from_env` does, and for a line of the file that cannot be read.
    """
    given = {name: value for name, value in os.environ.items() if value.strip()}
    written = env_file.read(path)
    for name, value in written.items():
        # The agent reads its own variables, from the environment only.
        if name.startswith("NEW_RELIC_") and value.strip() and name not in given:
            os.environ[name] = value
    return Settings.from_env({**written, **given})


def environment_without(names: Collection[str]) -> dict[str, str]:
    """The environment of this process without `names`, for a program that it starts."""
    return {name: value for name, value in os.environ.items() if name not in names}


def notify_socket() -> str | None:
    """The socket on which systemd, if it started this process, waits for messages."""
    return os.environ.get("NOTIFY_SOCKET") or None


def exposed_secrets(path: Path = Path(".env")) -> list[str]:
    """The names of the secrets in the file, if other users than its owner may read it."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return []
    if not mode & 0o077:
        return []
    secrets = {setting.name.upper() for setting in dataclasses.fields(Settings) if not setting.repr}
    return sorted(name for name, value in env_file.read(path).items() if name in secrets and value)


def misspelt(path: Path = Path(".env")) -> dict[str, str]:
    """Names in the file that look like a misspelt setting, each with that setting. Others may be of other programs."""
    settings = [setting.name.upper() for setting in dataclasses.fields(Settings)]
    found: dict[str, str] = {}
    for name in env_file.read(path):
        if name not in settings and not name.startswith("NEW_RELIC_"):
            for like in difflib.get_close_matches(name.upper(), settings, n=1, cutoff=0.8):
                found[name] = like
    return found
