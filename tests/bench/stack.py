"""Everything that `make bench` measures, started side by side on the same data."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from service.embedded import EmbeddedPostgres, EmbeddedValkey
from service.embedded.postgres import DATABASE
from tests.bench.options import BenchOptions
from tests.bench.references import no_ranks, zset
from tests.bench.seasons import add_seasons
from tests.bench.servers import (
    AppendOnlyValkey,
    HttpServer,
    copy_database,
    create_key,
    fill_database,
    leaderboard_service,
    reference,
    running,
    warm,
    write_every_page,
)
from tests.bench.targets import AGENT, OURS, QUIET, SEASONS
from tests.support import collector as collectors

_QUIET, _SEASONS, _NO_RANKS = "quiet", "seasons", "no_ranks"
#: The runs are not to meet a checkpoint, see `write_every_page`.
NO_CHECKPOINTS = {"checkpoint_timeout": "1d", "max_wal_size": "64GB"}
_WITHOUT_AGENT = {"NEW_RELIC_LICENSE_KEY": ""}
_AS_USED = {"LOG_LEVEL": "info", "LOG_FORMAT": "json"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the servers that are compared."""

    url: str
    #: Where the writes beside its reads go: itself, or a server on the same data.
    writes_url: str
    #: Its processes by what they are: http, postgres, valkey.
    pids: dict[str, list[int]]
    #: The API key of all requests to it. Those who check none get it too, so that all parse the same header.
    key: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """The subjects by name, and the server with all of their databases."""

    subjects: dict[str, Subject]
    postgres: EmbeddedPostgres

    @property
    def database_url(self) -> str:
        """The owner's address of the database of our service."""
        return self.postgres.url(database=DATABASE)


@contextlib.contextmanager
def running_stack(options: BenchOptions, names: Set[str], folder: Path, say: Callable[[str], None]) -> Iterator[Stack]:
    """Starts and fills the servers that the subjects `names` need. PostgreSQL has the settings that the product ships,
    with fsync, but no checkpoint comes by itself.
    """
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(running(EmbeddedPostgres(folder / "postgres", conf=NO_CHECKPOINTS)))
        urls = {name: postgres.url(database=name) for name in (DATABASE, _QUIET, _SEASONS, _NO_RANKS)}
        say(f"loading {options.players:,} players and {options.sessions:,} sessions")
        fill_database(urls[DATABASE], options.players, options.sessions)
        key = _prepare_databases(postgres.url(database="postgres"), urls, options.players, names, say)
        subjects = Subjects(stack, postgres, folder, key)
        say("starting the services")
        subjects.add_services(names)
        subjects.add_references(names, urls)
        yield Stack(subjects.found, postgres)


def _prepare_databases(
    server_url: str, urls: Mapping[str, str], players: int, names: Set[str], say: Callable[[str], None]
) -> str:
    """Copies our database for the others, warms them all, and returns the API key of ours and of `no_ranks`."""
    used = [DATABASE]
    if QUIET in names:
        say("copying them for the service without keys")
        copy_database(server_url, DATABASE, _QUIET)
        used.append(_QUIET)
    key = create_key(urls[DATABASE])
    if {"no_ranks", "naive_sql"} & names:
        say("copying them for the references")
        copy_database(server_url, DATABASE, _NO_RANKS)
        no_ranks.prepare(urls[_NO_RANKS])
        used.append(_NO_RANKS)
    if SEASONS in names:
        say("copying them for the service with more boards")
        copy_database(server_url, DATABASE, _SEASONS)
        add_seasons(urls[_SEASONS], "sum")
        used.append(_SEASONS)
    say("warming up the databases")
    for name in used:
        warm(urls[name])
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda name: write_every_page(urls[name], players), used))
    return key


class Subjects:
    """Starts subjects, which end with `stack`."""

    def __init__(self, stack: contextlib.ExitStack, postgres: EmbeddedPostgres, folder: Path, key: str) -> None:
        self.found: dict[str, Subject] = {}
        self._stack = stack
        self._postgres = postgres
        self._folder = folder
        self._key = key

    def add_services(self, names: Set[str]) -> None:
        """The product: as people use it, and in the set-ups that it is compared with."""
        cache = self._cache(DATABASE)
        self._service(OURS, DATABASE, cache, {**_AS_USED, **_WITHOUT_AGENT}, self._key)
        if AGENT in names:
            collector = self._stack.enter_context(collectors.running(self._folder, reads=False))
            on = {**collector.environ, "NEW_RELIC_ENVIRONMENT": "production"}
            # The same database, so the same cache.
            self._service(AGENT, DATABASE, cache, {**_AS_USED, **on}, self._key)
        if SEASONS in names:
            self._service(SEASONS, _SEASONS, self._cache(_SEASONS), {**_AS_USED, **_WITHOUT_AGENT}, self._key)
        if QUIET in names:
            self._service(QUIET, _QUIET, self._cache(_QUIET), {**_WITHOUT_AGENT, "LOG_LEVEL": "warning"}, "")
        if {"no_ranks", "naive_sql"} & names:
            settings = {**_AS_USED, **_WITHOUT_AGENT}
            self._service("no_ranks", _NO_RANKS, self._cache(_NO_RANKS), settings, self._key)

    def add_references(self, names: Set[str], urls: Mapping[str, str]) -> None:
        """The other implementations of `names`."""
        if "bare" in names:
            self._reference("bare", "bare", [], {})
        if "naive_sql" in names:
            data = {"postgres": _pids(self._postgres)}
            writes_url = self.found["no_ranks"].url
            self._reference("naive_sql", "naive_sql", ["--database-url", urls[_NO_RANKS]], data, writes_url)
        if any(name.startswith("zset") for name in names):
            store = self._stack.enter_context(running(AppendOnlyValkey(self._folder / "store")))
            with psycopg.connect(urls[DATABASE]) as connection, connection.cursor("totals") as cursor:
                cursor.itersize = 50_000
                zset.load(store.url, cursor.execute("SELECT user_id, total_score FROM leaderboard WHERE board_id = 1"))
            for name, rank_commands, access_log in (
                ("zset", "2", "0"),
                ("zset_logging", "2", "1"),
                ("zset_1_command", "1", "0"),
            ):
                if name in names:
                    arguments = ["--redis-url", store.url, "--rank-commands", rank_commands, "--access-log", access_log]
                    self._reference(name, "zset", arguments, {"valkey": _pids(store)})

    def _cache(self, database: str) -> EmbeddedValkey:
        return self._stack.enter_context(running(EmbeddedValkey(self._folder / f"cache-{database}")))

    def _service(self, name: str, database: str, cache: EmbeddedValkey, settings: Mapping[str, str], key: str) -> None:
        log = "".join(letter if letter.isalnum() else "-" for letter in name)
        server = self._stack.enter_context(
            leaderboard_service(self._postgres, database, cache.url, self._folder, log, settings)
        )
        self._add(name, server, {"postgres": _pids(self._postgres), "valkey": _pids(cache)}, server.url, key)

    def _reference(
        self, name: str, module: str, arguments: list[str], pids: dict[str, list[int]], writes_url: str = ""
    ) -> None:
        server = self._stack.enter_context(reference(module, arguments, self._folder, log=name))
        self._add(name, server, pids, writes_url or server.url, self._key)

    def _add(self, name: str, server: HttpServer, pids: dict[str, list[int]], writes_url: str, key: str) -> None:
        self.found[name] = Subject(server.url, writes_url, {"http": list(server.pids), **pids}, key)


def _pids(server: EmbeddedPostgres | EmbeddedValkey) -> list[int]:
    return [] if server.pid is None else [server.pid]
