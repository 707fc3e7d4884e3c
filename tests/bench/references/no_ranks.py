"""The floor of a durable submit: the same service on a copy of the database without ranks (no_ranks.sql)."""

from pathlib import Path

import psycopg

_SQL = Path(__file__).with_suffix(".sql")


def prepare(database_url: str) -> None:
    """Takes the ranks out of a migrated database. `database_url` is the owner's."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_SQL.read_bytes())
