"""What a soak sees: the load of an interval, and what that left behind in the database and the service."""

from dataclasses import dataclass

import psycopg

from tests.bench import machine
from tests.bench.load import Load
from tests.bench.steady import Steady

_TABLES = """
    SELECT s.relname, round(pg_table_size(s.relid) / 1e6, 1)::double precision,
           round(pg_indexes_size(s.relid) / 1e6, 1)::double precision,
           s.n_dead_tup, s.n_tup_upd, s.n_tup_hot_upd
    FROM pg_stat_user_tables AS s
    WHERE s.schemaname = 'public'
    ORDER BY s.relname"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the server's statistics have it. `updates` and `hot_updates` count from its creation; a HOT
    update touched no index.
    """

    table_mb: float
    indexes_mb: float
    dead_rows: int
    updates: int
    hot_updates: int

    @property
    def megabytes(self) -> float:
        return self.table_mb + self.indexes_mb


@dataclass(frozen=True, slots=True)
class Sight:
    """One look. `memory_mb` is of each process of the service, the largest first."""

    tables: dict[str, Table]
    pending: int
    memory_mb: list[float]


@dataclass(frozen=True, slots=True)
class Interval:
    """What happened until `until` seconds after the start, and a look taken under that load."""

    until: int
    submits: Load
    ranks: Steady
    tops: Steady
    sight: Sight
    hot_totals: float | None
    hot_nodes: float | None

    @property
    def errors(self) -> int:
        return sum(sum(one.errors.values()) for one in (self.submits, self.ranks, self.tops))


def look(connection: psycopg.Connection, service_pid: int) -> Sight:
    """`connection` is the owner's, with autocommit."""
    tables = {name: Table(*values) for name, *values in connection.execute(_TABLES)}
    status = connection.execute("SELECT s.pending FROM api.rank_index_status() AS s").fetchone()
    return Sight(tables, status[0] if status else 0, machine.memory_mb(service_pid))


def hot_share(before: Sight, after: Sight, table: str) -> float | None:
    """The share of a table's updates between two looks that were HOT. None if there was no update."""
    first, last = before.tables[table], after.tables[table]
    updates = last.updates - first.updates
    return (last.hot_updates - first.hot_updates) / updates if updates else None
