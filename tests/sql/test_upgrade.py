"""A deploy takes a database of the release before, with its data and under load, to the schemas by subject."""

import asyncio
import contextlib
import itertools
import random

import asyncpg
import psycopg
import pytest

from service.database import migrate
from service.embedded.postgres import program
from tests.support import release_before
from tests.support.databases import connections_to, execute_on, template_on
from tests.support.oracle import WRONG_RANKS, assert_exact, rows
from tests.support.stock_postgres import StockPostgres

_numbers = itertools.count(1)

TABLES = [
    "api_keys",
    "boards",
    "cache_warnings",
    "game_sessions",
    "imported_files",
    "leaderboard",
    "rank_delta",
    "rank_node",
    "rank_state",
    "rejected_submissions",
    "submission_keys",
    "users",
]

#: Everything that a deploy makes, by name.
CATALOGUE = """
    SELECT 'function ' || p.oid::regprocedure,
           concat_ws(' | ', pg_get_functiondef(p.oid), obj_description(p.oid), p.proacl)
    FROM pg_proc AS p WHERE p.pronamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname !~ '^pg_|^info')
    UNION ALL
    SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger AS t WHERE NOT t.tgisinternal
    UNION ALL
    SELECT concat_ws(' ', 'default', d.adrelid::regclass, a.attname), pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    UNION ALL
    SELECT 'schema ' || n.nspname, concat_ws(' | ', obj_description(n.oid), n.nspacl)
    FROM pg_namespace AS n WHERE n.nspname !~ '^pg_|^info'
    UNION ALL
    SELECT 'relation ' || c.oid::regclass, concat_ws(' | ', obj_description(c.oid), c.relkind, c.relacl)
    FROM pg_class AS c WHERE c.relnamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname !~ '^pg_|^info')
    UNION ALL
    SELECT concat_ws(' ', 'column', a.attrelid::regclass, a.attname),
           concat_ws(' | ', format_type(a.atttypid, -1), a.attacl)
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname !~ '^pg_|^info') AND NOT a.attisdropped
"""

SCHEMAS = (
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname"
)
NEW_SCHEMAS = [
    "api",
    "archive",
    "board",
    "internal",
    "ledger",
    "moderation",
    "past",
    "player",
    "public",
    "rank_index",
    "submission",
]
OLD_SCHEMAS = ["api", "lib", "public", "shard"]


@pytest.fixture
def old(postgres):
    """The owner's URL of a database of the release before."""
    template_on(postgres)  # the role of the service is there by then
    name = f"test_upgrade_{next(_numbers)}"
    execute_on(postgres, f"CREATE DATABASE {name}")
    release_before.restore(postgres.url(database=name))
    yield postgres.url(database=name)
    execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def connect_old(old):
    """Opens connections of the owner, closed after the test."""
    async with connections_to(old) as open_one:
        yield open_one


@pytest.fixture
async def old_db(connect_old):
    return await connect_old()


async def schemas(db):
    return [row[0] for row in await db.fetch(SCHEMAS)]


async def columns(db):
    """The columns of each table, by name."""
    found = await db.fetch(
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = 'public' GROUP BY 1"
    )
    return {table: names for table, names in found if table in TABLES}


async def contents(db, kept):
    """The rows of each table, with the columns of `kept`."""
    return {
        table: await db.fetchval(
            f"""
            SELECT string_agg(r.row, ' ' ORDER BY r.row)
            FROM (
                SELECT (SELECT jsonb_object_agg(c.key, c.value)
                        FROM jsonb_each(to_jsonb(t) - 'signed' - 'server') AS c WHERE c.key = ANY ($1))::text AS row
                FROM public.{table} AS t
            ) AS r""",
            kept[table],
        )  # signed: a column of API keys that goes with 0013; server: one of cache_warnings that comes with 0016
        for table in TABLES
    }


async def assert_all_exact(db):
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    for (board,) in rows(await db.fetch("SELECT board FROM api.list_boards()")):
        await assert_exact(db, board)


async def replays(db):
    """What every submission key of the database answers, by its player and key; no new submission counts."""
    found = {}
    for user_id, key, score, mode, board, total in rows(
        await db.fetch(
            "SELECT k.user_id, k.key, k.score, k.game_mode, b.name, k.total_score"
            " FROM submission_keys AS k JOIN boards AS b ON b.id = k.board_id"
        )
    ):
        answer = await db.fetchrow(
            "SELECT user_id, score, total_score, duplicate, previous_rank, rank"
            " FROM api.submit_score($1, $2, $3, NULL, $4, $5)",
            user_id,
            score,
            mode,
            key,
            board,
        )
        assert (answer["duplicate"], answer["total_score"]) == (True, total)
        found[user_id, key] = tuple(answer)
    return found


async def test_everything_is_kept_and_the_result_is_that_of_a_new_database(old, old_db, db):
    kept = await columns(old_db)
    before = await contents(old_db, kept)
    keys = await replays(old_db)
    assert await schemas(old_db) == OLD_SCHEMAS
    assert len(keys) == await old_db.fetchval("SELECT count(*) FROM submission_keys") > 400

    assert migrate.apply(old)[0] == "0012_schemas_by_subject"

    assert await schemas(old_db) == NEW_SCHEMAS
    assert await contents(old_db, kept) == before
    assert await replays(old_db) == keys
    await assert_all_exact(old_db)
    expected = dict(rows(await db.fetch(CATALOGUE)))
    found = dict(rows(await old_db.fetch(CATALOGUE)))
    # Rights of others, which the release before took and this one leaves as they are.
    assert (found.pop("schema public"), expected.pop("schema public")) == (
        "standard public schema | {pg_database_owner=UC/pg_database_owner}",
        "standard public schema | {pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}",
    )
    assert found == expected
    assert await old_db.fetchval("SELECT api.fold_ranks()") > 0
    await assert_all_exact(old_db)


#: What the release before took from PUBLIC.
RIGHTS_OF_OTHERS = """
    SELECT has_schema_privilege('public', 'public', 'USAGE'),
        has_database_privilege('public', current_database(), 'TEMPORARY'),
        NOT EXISTS (SELECT FROM pg_default_acl AS d WHERE d.defaclobjtype = 'f')"""


async def test_rights_that_the_release_before_took_are_told_once_and_not_given_back(old, old_db, caplog):
    def warnings():
        return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]

    await old_db.execute(
        "DO $$ BEGIN CREATE ROLE lb_test_game LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    database = await old_db.fetchval("SELECT current_database()")
    await old_db.execute(f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC")
    migrate.apply(old)
    assert tuple(await old_db.fetchrow(RIGHTS_OF_OTHERS)) == (False, False, False)
    (warning,) = warnings()
    assert "If so, give them back as leaderboard_owner: " in warning
    migrate.apply(old)
    assert warnings() == [warning]
    await old_db.execute(warning.rpartition("leaderboard_owner: ")[2])
    assert tuple(await old_db.fetchrow(RIGHTS_OF_OTHERS)) == (True, True, True)
    migrate.apply(old)
    assert tuple(await old_db.fetchrow(RIGHTS_OF_OTHERS)) == (True, True, True)
    assert warnings() == [warning]


async def test_what_an_older_service_calls_stays(old, old_db):
    """It may still run: a deploy does not wait for the service's restart. It gives arguments by position, and names the
    columns that it reads.
    """
    api = """
        SELECT p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)
        FROM pg_proc AS p
        WHERE p.pronamespace = 'api'::regnamespace AND has_function_privilege('leaderboard_service', p.oid, 'EXECUTE')
    """
    before = rows(await old_db.fetch(api))
    assert len(before) > 20
    migrate.apply(old)
    after = {name: (arguments, result) for name, arguments, result in rows(await old_db.fetch(api))}
    for name, arguments, result in before:
        assert after[name][0].startswith(arguments), name
        further = after[name][0].removeprefix(arguments).removeprefix(", ")
        assert all(" DEFAULT " in argument for argument in further.split(", ") if further), name
        assert after[name][1].removesuffix(")").startswith(result.removesuffix(")")), name


async def test_the_rollback_goes_back(old, old_db):
    before = dict(rows(await old_db.fetch(CATALOGUE)))
    kept = await columns(old_db)
    data = await contents(old_db, kept)
    applied = migrate.apply(old)
    assert [migrate.rollback_last(old) for _ in applied] == applied[::-1]
    assert await schemas(old_db) == OLD_SCHEMAS
    assert await contents(old_db, kept) == data
    # Before the older functions are there: what does not fail is followed by the triggers.
    with pytest.raises(asyncpg.PostgresError, match="does not exist"):
        await old_db.execute("SELECT api.submit_score(1, 5)")
    for statement in (
        "INSERT INTO game_sessions (user_id, score) VALUES (1, 5)",
        "UPDATE leaderboard SET total_score = total_score + 1 WHERE user_id = 1",
        "DELETE FROM users WHERE id = 1",
        "DELETE FROM boards WHERE name = 'best'",
    ):
        with contextlib.suppress(asyncpg.PostgresError):
            await old_db.execute(statement)
    release_before.deploy_functions(old)
    after = dict(rows(await old_db.fetch(CATALOGUE)))
    for kind in ("function", "trigger", "default", "relation", "column"):
        ours = {name for name in before if name.startswith(kind)}
        assert {name for name in after if name.startswith(kind)} == ours
    assert {after[name] for name in after if name.startswith("trigger")} == {
        before[name] for name in before if name.startswith("trigger")
    }
    found = rows(await old_db.fetch("SELECT check_name FROM api.verify_leaderboard()"))
    assert ("rank_index",) not in found
    await old_db.execute("SELECT api.rebuild_leaderboard()")
    await old_db.execute("SELECT api.submit_score(1, 5)")
    await old_db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 5)")
    assert rows(await old_db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    assert migrate.apply(old) == applied
    await old_db.execute("SELECT api.submit_score(1, 5)")
    await assert_all_exact(old_db)


class Crowd:
    """Callers that go on while the database is upgraded. Each repeats a call that fails, once."""

    def __init__(self, url):
        self.owner = url
        self.service = url.replace("leaderboard_owner@", "leaderboard_service@")
        self.stopped = False
        self.errors = []
        self.done = {}
        self.outcomes = {}
        self.inserted = []

    async def run(self, name, call, url):
        connection = await asyncpg.connect(url)
        try:
            for number in itertools.count():
                if self.stopped:
                    return
                try:
                    await call(connection, f"{name}-{number}")
                except asyncpg.PostgresError as error:
                    self.errors.append((name, error.sqlstate, str(error)))
                    await asyncio.sleep(0.01)
                    await call(connection, f"{name}-{number}")
                self.done[name] = number + 1
        finally:
            await connection.close()

    async def submit_one(self, connection, key):
        randomly = random.Random(key)
        item = (randomly.randint(1, 170), randomly.randint(0, 900), randomly.choice(["solo", "ranked"]))
        row = await connection.fetchrow(
            "SELECT * FROM api.submit_score($1, $2, $3, NULL, $4, 'overall', true)", *item, key
        )
        self.outcomes[item[0], key] = (*item, row["total_score"], row["rank"])

    async def submit_batch(self, connection, key):
        randomly = random.Random(key)
        items = [(randomly.randint(1, 170), randomly.randint(0, 900), "solo", None, f"{key}-{i}") for i in range(20)]
        columns = [list(column) for column in zip(*items, strict=True)]
        found = await connection.fetch("SELECT * FROM api.submit_scores($1, $2, $3, $4, $5, 'overall', true)", *columns)
        for item, row in zip(items, found, strict=True):
            assert row["status"] in {"accepted", "replayed"}
            self.outcomes[item[0], item[4]] = (*item[:3], row["total_score"], row["rank"])

    async def insert(self, connection, key):
        randomly = random.Random(key)
        users = [randomly.randint(1, 9) for _ in range(3)]
        await connection.execute(
            "INSERT INTO game_sessions (user_id, score) SELECT u.id, 7 FROM users AS u WHERE u.id = ANY ($1)", users
        )
        self.inserted += set(users)

    async def fold(self, connection, _):
        await connection.fetchval("SELECT api.fold_ranks()")

    async def read(self, connection, key):
        user_id = 1 + hash(key) % 9
        await connection.fetch("SELECT * FROM api.top_players(20)")
        await connection.fetch("SELECT * FROM api.player_rank($1)", user_id)
        await connection.fetch("SELECT * FROM api.players_around($1)", user_id)
        await connection.fetch("SELECT * FROM api.score_distribution(5)")
        await connection.fetch("SELECT * FROM api.rank_index_status()")
        assert await connection.fetch(WRONG_RANKS.replace("public.", ""), "overall") == []


@pytest.mark.parametrize("turn", range(2))
async def test_nothing_is_lost_or_doubled_while_calls_run(old, old_db, turn):
    sessions = await old_db.fetchval("SELECT count(*) FROM game_sessions")
    crowd = Crowd(old)
    callers = {
        **{f"{turn}-one-{n}": (crowd.submit_one, crowd.service) for n in range(4)},
        **{f"{turn}-batch-{n}": (crowd.submit_batch, crowd.service) for n in range(2)},
        "fold": (crowd.fold, crowd.service),
        "insert": (crowd.insert, crowd.owner),
        **{f"read-{n}": (crowd.read, crowd.owner) for n in range(2)},
    }
    tasks = [asyncio.create_task(crowd.run(name, *caller)) for name, caller in callers.items()]

    async def all_have_done(more):
        goal = {name: crowd.done.get(name, 0) + more for name in callers}
        while any(crowd.done.get(name, 0) < goal[name] for name in callers):
            assert not any(task.done() for task in tasks), [task for task in tasks if task.done()]
            await asyncio.sleep(0.01)

    try:
        await all_have_done(5)
        before = dict(crowd.done)
        applied = await asyncio.to_thread(migrate.apply, old)
        meanwhile = {name: crowd.done[name] - before[name] for name in callers}
        await all_have_done(5)
    finally:
        crowd.stopped = True
        await asyncio.gather(*tasks)

    assert applied[0] == "0012_schemas_by_subject"
    assert all(meanwhile.values()), meanwhile
    assert {state for _, state, _ in crowd.errors} <= {"3F000", "42883", "XX000"}, crowd.errors
    assert max((sum(name == caller for name, *_ in crowd.errors) for caller in callers), default=0) <= 1
    assert await schemas(old_db) == NEW_SCHEMAS

    assert await old_db.fetchval("SELECT count(*) FROM game_sessions") == sessions + len(crowd.outcomes) + len(
        crowd.inserted
    )
    kept = await old_db.fetch(
        "SELECT k.user_id, k.key, k.score, k.game_mode, k.total_score, k.rank FROM submission_keys AS k"
        " JOIN game_sessions AS g ON g.id = k.session_id AND g.user_id = k.user_id AND g.score = k.score"
        " WHERE k.key ~ '^[0-9]-'"
    )
    assert {(row[0], row[1]): tuple(row)[:1] + tuple(row)[2:] for row in kept} == crowd.outcomes
    assert len(await replays(old_db)) > len(crowd.outcomes)
    await assert_all_exact(old_db)


async def test_a_deploy_waits_for_an_open_transaction_and_reads_do_not(old, old_db, connect_old):
    """A submission and a plain INSERT of sessions wait for it too. All of them count."""
    submit = "SELECT total_score FROM api.submit_score($1, 5, 'solo', NULL, $2)"
    insert = "INSERT INTO game_sessions (user_id, score) VALUES (1, 7)"
    holder, submitting, inserting, other = [await connect_old() for _ in range(4)]
    total = await old_db.fetchval("SELECT total_score FROM api.player_rank(1)")
    transaction = holder.transaction()
    await transaction.start()
    await holder.fetch("SELECT * FROM api.submit_scores('{1,180}', '{5,6}')")
    await holder.execute("INSERT INTO game_sessions (user_id, score) VALUES (3, 8)")
    waiting = [asyncio.create_task(submitting.fetchval(submit, 1, "k")), asyncio.create_task(inserting.execute(insert))]
    deploy = asyncio.create_task(asyncio.to_thread(migrate.apply, old))
    for _ in range(20):
        await asyncio.sleep(0.05)
        await asyncio.wait_for(other.fetch("SELECT * FROM api.top_players()"), 10)
    assert not deploy.done()
    await holder.fetch("SELECT * FROM api.submit_scores('{180}', '{7}')")
    await transaction.commit()
    await asyncio.gather(deploy, *waiting)
    assert await old_db.fetchval("SELECT total_score FROM api.player_rank(180)") == 13
    assert await old_db.fetchval("SELECT total_score FROM api.player_rank(1)") == total + 17
    await assert_all_exact(old_db)


FOREIGN = {
    "CREATE FUNCTION lib.own() RETURNS int LANGUAGE sql RETURN 1": (
        "function lib.own()",
        "DROP FUNCTION lib.own()",
    ),
    "CREATE FUNCTION shard.count_above(integer) RETURNS int LANGUAGE sql RETURN 1": (
        "function shard.count_above(integer)",
        "DROP FUNCTION shard.count_above(integer)",
    ),
    "CREATE TABLE shard.own (id integer)": ("table shard.own", "DROP TABLE shard.own"),
    "CREATE VIEW own AS SELECT * FROM lib.ledger_totals(1, NULL)": (
        "rule _RETURN on view own, which uses function lib.ledger_totals(integer,integer[])",
        "DROP VIEW own",
    ),
    "GRANT USAGE ON SCHEMA lib TO lb_test_reporter": (
        "a right of lb_test_reporter on schema lib",
        "REVOKE USAGE ON SCHEMA lib FROM lb_test_reporter",
    ),
    "GRANT EXECUTE ON FUNCTION lib.percentile(bigint, bigint) TO lb_test_reporter": (
        "a right of lb_test_reporter on function lib.percentile(bigint,bigint)",
        "REVOKE EXECUTE ON FUNCTION lib.percentile(bigint, bigint) FROM lb_test_reporter",
    ),
    "ALTER DEFAULT PRIVILEGES IN SCHEMA lib GRANT EXECUTE ON FUNCTIONS TO lb_test_reporter": (
        "default privileges on new functions belonging to role leaderboard_owner in schema lib",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA lib REVOKE EXECUTE ON FUNCTIONS FROM lb_test_reporter",
    ),
}


async def test_what_belongs_to_others_is_named_and_not_dropped(old, old_db, subtests):
    await old_db.execute("DO $$ BEGIN CREATE ROLE lb_test_reporter; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    for statement, (named, remedy) in FOREIGN.items():
        with subtests.test(statement):
            await old_db.execute(statement)
            before = await old_db.fetch(CATALOGUE)
            with pytest.raises(migrate.MigrationError) as caught:
                migrate.apply(old)
            assert f"these have other objects or rights: {named}" in str(caught.value)
            assert "Move or drop these objects and revoke these rights, then deploy again" in str(caught.value)
            assert await schemas(old_db) == OLD_SCHEMAS
            assert set(await old_db.fetch(CATALOGUE)) == set(before)
            await old_db.execute(remedy)
    # What the deploy itself puts right is no obstacle.
    await old_db.execute("GRANT ALL ON SCHEMA lib, shard TO PUBLIC, leaderboard_service")
    await old_db.execute("GRANT ALL ON ALL FUNCTIONS IN SCHEMA lib TO PUBLIC, leaderboard_service")
    migrate.apply(old)
    assert await schemas(old_db) == NEW_SCHEMAS


def test_an_owner_who_is_no_superuser_can_upgrade(postgres):
    template_on(postgres)
    name = f"test_upgrade_{next(_numbers)}"
    owner = f"{name}_owner"
    execute_on(postgres, f"CREATE ROLE {owner} LOGIN")
    execute_on(postgres, f"GRANT leaderboard_service TO {owner}")
    execute_on(postgres, f"CREATE DATABASE {name} OWNER {owner}")
    try:
        url = postgres.url(role=owner, database=name)
        release_before.restore(url, owner)
        migrate.apply(url)
        with psycopg.connect(url) as connection:
            assert [row[0] for row in connection.execute(SCHEMAS)] == NEW_SCHEMAS
            connection.execute("SELECT api.submit_score(1, 5)")
            assert connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []
        applied = migrate.rollback_last(url)
        while applied != "0012_schemas_by_subject":
            applied = migrate.rollback_last(url)
    finally:
        execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")
        execute_on(postgres, f"DROP ROLE {owner}")


def test_a_backup_restored_where_the_role_is_missing_gets_role_and_rights():
    server = StockPostgres(program("postgres").parent)
    server.start()
    try:
        execute_on(server, "CREATE DATABASE restored")
        url = server.url(database="restored")
        release_before.restore(url, rights=False)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT to_regrole('leaderboard_service')").fetchone() == (None,)
        migrate.apply(url)
        with psycopg.connect(server.url("leaderboard_service", "restored")) as connection:
            connection.execute("SELECT api.submit_score(1, 5)")
            assert connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM public.users")
    finally:
        server.stop()


async def test_a_board_that_is_being_filled_is_not_rolled_back_to_a_release_that_would_show_it(database_url, db):
    await db.execute("UPDATE rankings SET filled_to = 0")
    later = []
    with pytest.raises(migrate.MigrationError, match="boards are being filled from the ledger: overall"):
        while True:
            later.append(migrate.rollback_last(database_url))
    assert later[-1] == "0018_board_options"
    await db.execute("UPDATE rankings SET filled_to = NULL")
    assert migrate.rollback_last(database_url) == "0017_rankings"
    assert migrate.apply(database_url) == ["0017_rankings", *later[::-1]]
    await db.execute("SELECT api.submit_score(1, 5)")
    await assert_all_exact(db)
