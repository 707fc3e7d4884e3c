"""The floor of a durable submit: the same service on a copy of the database without ranks (no_ranks.sql)."""

from pathlib import Path

import psycopg
from psycopg import sql

_SQL = Path(__file__).with_suffix(".sql")


def prepare(database_url: str) -> None:
    """Takes the ranks out of a migrated database. `database_url` is the owner's."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_SQL.read_bytes())


def copy_database(server_url: str, source: str, target: str) -> None:
    """Copies a database of a cluster, with its data. `server_url` leads to another one of the cluster."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        # File by file: writing the pages through the log would take minutes and leave it full of work.
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )
