"""What a deploy creates is for its owner alone, whatever default privileges say (Supabase, for example, gives every new
table in public to its anonymous users). The owner may grant rights afterwards, and later deploys keep them.
"""

from collections.abc import Collection
from typing import Any

import psycopg

from service.database.preflight import SCHEMAS

_OBJECTS = """
    WITH relation AS (
        SELECT c.* FROM pg_catalog.pg_class AS c
        JOIN unnest(%(relations)s::text[]) AS r(name) ON c.oid = pg_catalog.to_regclass(r.name)
    ), object AS (
        SELECT 'SCHEMA' AS kind, n.oid, n.oid::regnamespace::text AS name, n.nspowner AS owner, n.nspacl AS acl
        FROM pg_catalog.pg_namespace AS n
        WHERE n.nspname = ANY (%(schemas)s)
        UNION ALL
        SELECT 'ROUTINE', p.oid, p.oid::regprocedure::text, p.proowner, p.proacl
        FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = ANY (%(schemas)s)
        UNION ALL
        SELECT CASE r.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, r.oid, r.oid::regclass::text, r.relowner,
            r.relacl
        FROM relation AS r
        UNION ALL
        SELECT 'SEQUENCE', c.oid, c.oid::regclass::text, c.relowner, c.relacl
        FROM pg_catalog.pg_depend AS d
        JOIN relation AS r ON r.oid = d.refobjid
        JOIN pg_catalog.pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
    )
    SELECT DISTINCT o.kind, o.oid, o.name,
        CASE
            WHEN a.grantee NOT IN (0, o.owner) AND a.grantee IS DISTINCT FROM to_regrole('leaderboard_service')::oid
            THEN a.grantee::regrole::text
        END
    FROM object AS o
    LEFT JOIN LATERAL pg_catalog.aclexplode(o.acl) AS a ON true"""


class NewObjects:
    """Made at the beginning of a deploy; `close` takes the rights of others on what was created since (`all_new`: on
    everything). `relations` are all tables and sequences of the release.
    """

    def __init__(
        self, connection: psycopg.Connection[Any], relations: Collection[str], *, all_new: bool = False
    ) -> None:
        self._connection = connection
        # lib and shard are there between two migrations of a first start.
        self._parameters = {"schemas": [*SCHEMAS, "lib", "shard"], "relations": list(relations)}
        self._known = set() if all_new else {(kind, oid) for kind, oid, _, _ in self._rows()}

    def close(self) -> None:
        for kind, oid, name, grantee in self._rows():
            if (kind, oid) not in self._known and grantee is not None:
                self._connection.execute(f"REVOKE ALL ON {kind} {name} FROM {grantee}".encode())

    def _rows(self) -> list[Any]:
        return self._connection.execute(_OBJECTS, self._parameters).fetchall()
