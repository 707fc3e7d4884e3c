"""Everything that `make bench` measures, started side by side on the same data."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from service.embedded import EmbeddedPostgres, EmbeddedValkey
from tests.bench.options import BenchOptions
from tests.bench.references import no_ranks, zset
from tests.bench.servers import (
    AppendOnlyValkey,
    HttpServer,
    fill_database,
    leaderboard_service,
    reference,
    running,
    warm,
)

_OURS = "leaderboard"
_NO_RANKS = "no_ranks"


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the servers that are compared."""

    url: str
    #: Where the writes beside its reads go: itself, or a server on the same data.
    writes_url: str
    #: Its processes by what they are: http, postgres, valkey.
    pids: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Stack:
    """The subjects by name, and the owner's address of our database."""

    subjects: dict[str, Subject]
    database_url: str


@contextlib.contextmanager
def running_stack(options: BenchOptions, folder: Path, say: Callable[[str], None]) -> Iterator[Stack]:
    """Starts and fills all servers. PostgreSQL has the settings that the product ships: fsync is on."""
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(running(EmbeddedPostgres(folder / "postgres")))
        database_url = postgres.url(database=_OURS)
        say(f"loading {options.players:,} players and {options.sessions:,} sessions")
        fill_database(database_url, options.players, options.sessions)
        say("copying them for the references")
        no_ranks.copy_database(postgres.url(database="postgres"), _OURS, _NO_RANKS)
        no_ranks.prepare(postgres.url(database=_NO_RANKS))
        store = stack.enter_context(running(AppendOnlyValkey(folder / "store")))
        with psycopg.connect(database_url) as connection, connection.cursor("totals") as cursor:
            cursor.itersize = 50_000
            zset.load(store.url, cursor.execute("SELECT user_id, total_score FROM leaderboard WHERE board_id = 1"))
        for database in (_OURS, _NO_RANKS):
            warm(postgres.url(database=database))

        say("starting the services")
        subjects: dict[str, Subject] = {}
        data = _pids(postgres=postgres)
        for name, database in (("ours", _OURS), ("no_ranks", _NO_RANKS)):
            cache = stack.enter_context(running(EmbeddedValkey(folder / f"cache-{database}")))
            server = stack.enter_context(leaderboard_service(postgres, database, cache.url, folder))
            subjects[name] = _subject(server, {**data, **_pids(valkey=cache)})
        bare = stack.enter_context(reference("bare", [], folder))
        subjects["bare"] = _subject(bare, {})
        for name, commands in (("zset", "2"), ("zset_1_command", "1")):
            arguments = ["--redis-url", store.url, "--rank-commands", commands]
            subjects[name] = _subject(stack.enter_context(reference("zset", arguments, folder)), _pids(valkey=store))
        naive_url = postgres.url(database=_NO_RANKS)
        naive = stack.enter_context(reference("naive_sql", ["--database-url", naive_url], folder))
        subjects["naive_sql"] = _subject(naive, data, writes=subjects["no_ranks"])
        yield Stack(subjects, database_url)


def _subject(server: HttpServer, pids: dict[str, list[int]], writes: Subject | None = None) -> Subject:
    return Subject(server.url, writes.url if writes else server.url, {"http": list(server.pids), **pids})


def _pids(**servers: EmbeddedPostgres | EmbeddedValkey) -> dict[str, list[int]]:
    return {name: [server.pid] for name, server in servers.items() if server.pid is not None}
