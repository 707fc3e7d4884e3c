"""Indexes, keys and triggers of the loaded tables: dropped before a bulk load and created again after it.

An index is built several times faster from a full table than row by row, and a foreign key is checked with one join
instead of one look-up per row. The definitions are read from the catalogue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# Foreign keys to a loaded table are dropped too: the key they refer to could not be dropped otherwise.
_KEYS = """
    SELECT c.contype = 'f' AS is_reference,
           format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, c.conname) AS drop_it,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.name, c.conname, pg_get_constraintdef(c.oid))
               || coalesce(format('; COMMENT ON CONSTRAINT %I ON %s IS %L', c.conname, t.name,
                                  obj_description(c.oid, 'pg_constraint')), '') AS create_it
    FROM pg_constraint AS c
    JOIN pg_class AS r ON r.oid = c.conrelid
    JOIN pg_namespace AS n ON n.oid = r.relnamespace
    CROSS JOIN LATERAL (SELECT format('%I.%I', n.nspname, r.relname) AS name) AS t
    WHERE c.conrelid = ANY ($1::text[]::regclass[]) AND c.contype IN ('p', 'u', 'x', 'f')
        OR c.confrelid = ANY ($1::text[]::regclass[]) AND c.contype = 'f'
    ORDER BY r.relname, c.conname
"""

_INDEXES = """
    SELECT false AS is_reference,
           format('DROP INDEX %I.%I', n.nspname, i.relname) AS drop_it,
           pg_get_indexdef(i.oid)
               || coalesce(format('; COMMENT ON INDEX %I.%I IS %L', n.nspname, i.relname,
                                  obj_description(i.oid, 'pg_class')), '') AS create_it
    FROM pg_index AS x
    JOIN pg_class AS i ON i.oid = x.indexrelid
    JOIN pg_class AS r ON r.oid = x.indrelid
    JOIN pg_namespace AS n ON n.oid = i.relnamespace
    WHERE x.indrelid = ANY ($1::text[]::regclass[]) AND NOT EXISTS (
        SELECT FROM pg_constraint AS c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x')
    )
    ORDER BY r.relname, i.relname
"""

_TRIGGERS = """
    SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) AS drop_it,
           pg_get_triggerdef(t.oid)
               || CASE WHEN t.tgenabled <> 'O' THEN
                   format('; ALTER TABLE %s ENABLE %s TRIGGER %I', t.tgrelid::regclass,
                          CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' END, t.tgname)
                  ELSE '' END
               || coalesce(format('; COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, t.tgrelid::regclass,
                                  obj_description(t.oid, 'pg_trigger')), '') AS create_it
    FROM pg_trigger AS t
    WHERE t.tgrelid = $1::text::regclass AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    ORDER BY t.tgname
"""


@dataclass(frozen=True, slots=True)
class Definition:
    """The statements that drop and create a key, a foreign key (`is_reference`) or an index."""

    is_reference: bool
    drop: str
    create: str


async def drop(connection: Connection, tables: Sequence[str]) -> list[Definition]:
    """Drops the keys and indexes of `tables` and every foreign key from or to them, in the caller's transaction.

    Returns them in the order in which to create them again: foreign keys last.
    """
    rows = [*await connection.fetch(_KEYS, tables), *await connection.fetch(_INDEXES, tables)]
    definitions = sorted((Definition(*row) for row in rows), key=lambda definition: definition.is_reference)
    for definition in reversed(definitions):
        await connection.execute(definition.drop)
    return definitions


async def drop_triggers(connection: Connection, table: str) -> list[str]:
    """Drops the triggers of `table` in the caller's transaction. Returns the statements that create them again.

    With disabled triggers, COPY would still write rows one by one, or keep a copy of all of them.
    """
    rows = await connection.fetch(_TRIGGERS, table)
    for row in rows:
        await connection.execute(row["drop_it"])
    return [row["create_it"] for row in rows]
