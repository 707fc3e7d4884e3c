"""Indexes, keys and triggers of the loaded tables: taken down before a bulk load and put back after it.

An index is built several times faster from a full table than row by row, and a foreign key is checked with
one join instead of one look-up a row. What is put back is read from the catalogue, so it stands nowhere
twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# A foreign key that leads to a loaded table goes too: the key it refers to could not be dropped otherwise.
_KEYS = """
    SELECT c.contype = 'f' AS is_reference,
           format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, c.conname) AS take_down,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.name, c.conname, pg_get_constraintdef(c.oid))
               || coalesce(format('; COMMENT ON CONSTRAINT %I ON %s IS %L', c.conname, t.name,
                                  obj_description(c.oid, 'pg_constraint')), '') AS put_back
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
           format('DROP INDEX %I.%I', n.nspname, i.relname) AS take_down,
           pg_get_indexdef(i.oid)
               || coalesce(format('; COMMENT ON INDEX %I.%I IS %L', n.nspname, i.relname,
                                  obj_description(i.oid, 'pg_class')), '') AS put_back
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
    SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) AS take_down,
           pg_get_triggerdef(t.oid)
               || CASE WHEN t.tgenabled <> 'O' THEN
                   format('; ALTER TABLE %s ENABLE %s TRIGGER %I', t.tgrelid::regclass,
                          CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' END, t.tgname)
                  ELSE '' END
               || coalesce(format('; COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, t.tgrelid::regclass,
                                  obj_description(t.oid, 'pg_trigger')), '') AS put_back
    FROM pg_trigger AS t
    WHERE t.tgrelid = $1::text::regclass AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    ORDER BY t.tgname
"""


@dataclass(frozen=True, slots=True)
class Definition:
    """A key, foreign key (`is_reference`) or index, and the statements that drop it and make it again."""

    is_reference: bool
    take_down: str
    put_back: str


async def take_down(connection: Connection, tables: Sequence[str]) -> list[Definition]:
    """Drops the keys and indexes of `tables` and every foreign key from or to them.

    That is part of the caller's transaction. Returns them in an order to put them back: foreign keys last.
    """
    rows = [*await connection.fetch(_KEYS, tables), *await connection.fetch(_INDEXES, tables)]
    definitions = sorted((Definition(**row) for row in rows), key=lambda definition: definition.is_reference)
    for definition in reversed(definitions):
        await connection.execute(definition.take_down)
    return definitions


async def silence_triggers(connection: Connection, table: str) -> list[str]:
    """Drops the triggers of `table` in the caller's transaction. Returns what makes them again.

    A trigger that is only disabled still has COPY write rows one by one, or keep a copy of all of them.
    """
    rows = await connection.fetch(_TRIGGERS, table)
    for row in rows:
        await connection.execute(row["take_down"])
    return [row["put_back"] for row in rows]
