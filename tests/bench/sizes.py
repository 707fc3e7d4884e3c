"""`make bench-sizes`: how much disk and WAL players and submissions need. docs/sizing.md uses the figures.

    PLAYERS=1000000, SESSIONS=5000000

The bytes per row of each table and its indexes. Then the WAL of submissions with keys at several rates, from one
checkpoint to the next (15 minutes, as the embedded server is set), each rate in batches and folds as large as they are
then: with full-page images, with compressed ones, and without. Only the number of submissions counts, so no rate is
waited for.
"""

import os
import random
import sys
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from service.embedded import EmbeddedPostgres
from tests.bench import command, report
from tests.bench.command import Say
from tests.bench.options import number
from tests.bench.report import number as shown
from tests.bench.servers import fill_database, running

_LONGEST_SECONDS = 3600
_CHECKPOINT_SECONDS = 900
_MOST_SUBMISSIONS = 100_000
#: Submissions a second, those in a transaction, and those in a fold.
_RATES = ((10, 1, 1), (100, 1, 10), (1_000, 2, 100), (5_000, 16, 500))
_SUBMIT = "SELECT count(*) FROM api.submit_scores(%s::bigint[], %s::bigint[], NULL, NULL, %s::text[])"
_COUNTERS = """
    SELECT w.wal_bytes::bigint, w.wal_fpi, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    FROM pg_stat_wal AS w"""
_TABLES = """
    SELECT c.relname, c.reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.reltuples > 100
    ORDER BY c.relname"""


class Wal(NamedTuple):
    """What submissions wrote: their number, and per submission bytes of WAL, full-page images and transaction ids."""

    submissions: int
    wal: float
    images: float
    xids: float


def main(folder: Path, say: Say) -> int:
    players, sessions = number(os.environ, "PLAYERS", 1_000_000), number(os.environ, "SESSIONS", 5_000_000)
    with running(
        EmbeddedPostgres(folder / "postgres", conf={"max_wal_size": "64GB", "checkpoint_timeout": "1d"})
    ) as own:
        url = own.url()
        say(f"loading {players:,} players and {sessions:,} sessions")
        fill_database(url, players, sessions)
        lines = []
        source = random.Random(1)
        for images, compression in ("on", "off"), ("on", "pglz"), ("off", "off"):
            _set(url, "full_page_writes", images)
            _set(url, "wal_compression", compression)
            for rate, batch, fold in _RATES:
                measured = _wal(url, source, players, rate, batch, fold)
                say(f"{rate}/s, images {images}, compression {compression}: {measured.wal:.0f} bytes per submission")
                lines.append(
                    [
                        f"{rate:,}",
                        images,
                        compression,
                        f"{measured.submissions:,}",
                        shown(measured.wal),
                        f"{measured.images:.3f}",
                        f"{measured.xids:.2f}",
                    ]
                )
        print(report.table(("table", "rows", "bytes per row", "its indexes"), _tables(url)))
        head = (
            "submissions/s",
            "full_page_writes",
            "wal_compression",
            "submissions",
            "WAL bytes each",
            "images each",
            "xids each",
        )
        print("\n" + report.table(head, lines))
    return 0


def _set(url: str, setting: str, value: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET {setting} = {value}")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")


def _tables(url: str) -> list[list[str]]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        rows: list[tuple[Any, ...]] = connection.execute(_TABLES).fetchall()  # type: ignore[call-overload]
    return [[name, f"{count:,}", shown(table / count), shown(indexes / count)] for name, count, table, indexes in rows]


def _wal(url: str, source: random.Random, players: int, rate: int, batch: int, fold: int) -> Wal:
    """The WAL from one checkpoint to just before the next."""
    submissions = min(rate * _CHECKPOINT_SECONDS, _MOST_SUBMISSIONS) // batch * batch
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("CHECKPOINT")
        before = _counters(connection)
        for first in range(0, submissions, batch):
            users = [source.randint(1, players) for _ in range(batch)]
            keys = [f"match-{source.getrandbits(64):016x}" for _ in range(batch)]
            connection.execute(_SUBMIT, [users, [100] * batch, keys], prepare=True)
            if (first + batch) % fold < batch:
                connection.execute("SELECT api.fold_ranks()")
        after = _counters(connection)
    wal, images, xids = ((b - a) / submissions for a, b in zip(before, after, strict=True))
    return Wal(submissions, wal, images, xids)


def _counters(connection: "psycopg.Connection[Any]") -> tuple[int, ...]:
    connection.execute("SELECT pg_stat_force_next_flush()")
    row = connection.execute(_COUNTERS).fetchone()
    assert row is not None
    return tuple(row)


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
