"""docs/LLD.md lists the tables, triggers and functions that exist. `SAVE=1` writes the lists instead."""

import os
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "LLD.md"

TABLES = """
    SELECT c.relname AS "table", (
        SELECT string_agg(
            format('`%s` %s%s', a.attname, a.atttypid::regtype, CASE WHEN NOT a.attnotnull THEN '?' END),
            ', ' ORDER BY a.attnum
        )
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS columns, (
        SELECT string_agg(
            format(
                '%s(%s)', CASE WHEN i.indisprimary THEN 'PK ' WHEN i.indisunique THEN 'unique ' END,
                substring(pg_get_indexdef(i.indexrelid) FROM 'btree \\((.*)\\)$')
            ), ', ' ORDER BY NOT i.indisprimary, i.indexrelid::regclass::text
        )
        FROM pg_index AS i
        WHERE i.indrelid = c.oid
    ) AS indexes, obj_description(c.oid, 'pg_class') AS "a row is"
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE '\\_yoyo%'
    ORDER BY c.oid
"""
TRIGGERS = """
    SELECT t.tgrelid::regclass::text AS "table",
           substring(pg_get_triggerdef(t.oid) FROM '(?:BEFORE|AFTER) [A-Z ]+(?= OF| ON)') AS "when",
           t.tgname AS trigger, p.pronamespace::regnamespace || '.' || p.proname AS function
    FROM pg_trigger AS t
    JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal
    ORDER BY t.tgrelid, 3
"""
FUNCTIONS = """
    SELECT n.nspname || '.' || p.proname AS function, l.lanname AS language,
           obj_description(p.oid, 'pg_proc') AS "what it does"
    FROM pg_proc AS p
    JOIN pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_language AS l ON l.oid = p.prolang
    WHERE n.nspname IN ('submission', 'archive', 'rank_index', 'board', 'ledger', 'internal')
    ORDER BY array_position('{submission,archive,rank_index,board,ledger,internal}', n.nspname::text), p.proname
"""


async def test_the_catalogue_on_the_page(db):
    page = PAGE.read_text()
    made = page
    for name, query in (("tables", TABLES), ("triggers", TRIGGERS), ("functions", FUNCTIONS)):
        rows = await db.fetch(query)
        lines = [
            list(rows[0].keys()),
            ["---"] * len(rows[0]),
            *([cell(key, value) for key, value in row.items()] for row in rows),
        ]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        begin, end = f"<!-- {name}: made from the catalogue -->", f"<!-- {name}: end -->"
        made = re.sub(f"{begin}\n.*?{end}", lambda _: f"{begin}\n{table}\n{end}", made, flags=re.DOTALL)  # noqa: B023
    if os.environ.get("SAVE") == "1":
        PAGE.write_text(made)
    else:
        assert made == page, "update docs/LLD.md: SAVE=1 make test ARGS='-k catalogue_on_the_page'"


def cell(key, value):
    if key in ("table", "trigger", "function"):
        return f"`{value}`"
    return (value or "").replace("|", "\\|").removeprefix("Trigger: ")
