"""A first start and later deploys with every kind of owner, on a cluster of its own: roles belong to the cluster."""

import itertools
import re
import subprocess
from dataclasses import replace

import psycopg
import pytest

from service.commands.backup import back_up
from service.commands.database_tools import find
from service.database import migrate
from service.database.functions import Database
from service.model import Submission
from service.settings import Settings
from tests.support import ROOT
from tests.support.databases import execute_on
from tests.support.stock_postgres import StockPostgres

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def cluster_of_owners(default_postgres):
    server = StockPostgres(default_postgres.bin_folder)
    server.start()
    yield server
    server.stop()


class Hosted:
    """A server on which the roles and databases of a test are made, and dropped after it."""

    def __init__(self, server):
        self.server = server
        self.databases = []
        self.roles = []
        with psycopg.connect(server.url(database="postgres")) as connection:
            self.version = connection.info.server_version // 10_000

    def run(self, statement):
        execute_on(self.server, statement)

    def role(self, name, attributes="LOGIN"):
        self.run(f"CREATE ROLE {name} {attributes}")
        self.roles.append(name)

    def database(self, owner):
        name = f"owners_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER {owner}")
        self.databases.append(name)
        return name

    def url(self, role, database):
        return self.server.url(role=role, database=database)

    def drop_service(self):
        """Drops the databases and the role of the service."""
        for name in self.databases:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")
        self.databases = []
        self.run("DROP ROLE IF EXISTS leaderboard_service")

    def clean(self):
        self.drop_service()
        for name in reversed(self.roles):
            self.run(f"DROP ROLE {name}")


@pytest.fixture
def hosted(cluster_of_owners):
    server = Hosted(cluster_of_owners)
    yield server
    server.clean()


async def assert_serves(url, service_url=None):
    """A service with this owner has all that it needs, as its role and with no right on a table."""
    settings = replace(Settings.from_env({}), database_url=url, service_database_url=service_url, pool_size=1)
    database = await Database.connect(settings)
    try:
        health = await database.health()
        assert (health.not_writable, list(health.not_granted), list(health.missing)) == (None, [], [])
        (outcome,) = await database.submit_scores([Submission(1, 5, "solo", None, None)], "overall", True)
        assert outcome.status == "accepted"
        assert (await database.player_rank(1, "overall")).rank == 1
        assert await database.pool.call("SELECT f.deltas FROM api.fold_ranks() AS f(deltas)") != []
        async with database.pool.connection() as connection:
            assert await connection.fetchval("SELECT current_user") == "leaderboard_service"
            assert await connection.fetchval("SELECT has_table_privilege('public.users', 'SELECT')") is False
    finally:
        await database.close()


def refusal(url, **options):
    """Why a deploy refuses; it changes nothing."""
    with psycopg.connect(url) as connection:
        before = connection.execute(EVERYTHING).fetchall()
    with pytest.raises(migrate.MigrationError) as caught:
        migrate.apply(url, **options)
    with psycopg.connect(url) as connection:
        assert connection.execute(EVERYTHING).fetchall() == before
    message = str(caught.value)
    assert "\n" not in message
    return message


def statements_in(message):
    """The statements that a message says to run."""
    return re.findall(r"((?:CREATE|GRANT|ALTER|REVOKE) [^;]+;)", message)


EVERYTHING = """
    SELECT n.nspname || coalesce(n.nspacl::text, '') FROM pg_namespace AS n
    UNION ALL SELECT c.oid::regclass || coalesce(c.relacl::text, '') FROM pg_class AS c WHERE c.oid >= 16384
    UNION ALL SELECT p.oid::regprocedure || coalesce(p.proacl::text, '') FROM pg_proc AS p WHERE p.oid >= 16384
    UNION ALL SELECT r.rolname FROM pg_roles AS r
    UNION ALL SELECT format('%s', m) FROM pg_auth_members AS m
    UNION ALL SELECT format('%s', d) FROM pg_default_acl AS d
    ORDER BY 1
"""


async def test_a_superuser(hosted):
    hosted.role("admin", "LOGIN SUPERUSER")
    url = hosted.url("admin", hosted.database("admin"))
    migrate.apply(url)
    await assert_serves(url)


#: Of RDS, Cloud SQL, Azure, Neon and Supabase: it may create roles and databases, and is no superuser.
CREATE_ROLE = "LOGIN CREATEROLE CREATEDB"


async def test_an_owner_who_may_create_roles(hosted):
    """Since PostgreSQL 16 it may administer a role that it has created, and may not take it before it grants itself
    that.
    """
    hosted.role("studio", CREATE_ROLE)
    url = hosted.url("studio", hosted.database("studio"))
    migrate.apply(url)
    await assert_serves(url)
    assert migrate.apply(url) == []
    with psycopg.connect(url) as connection:
        inherited = connection.execute("SELECT pg_has_role('leaderboard_service', 'USAGE')").fetchone()
        assert inherited == (hosted.version < 16,)
        connection.execute("ALTER ROLE leaderboard_service PASSWORD 'secret'")


async def test_the_owner_is_a_group_and_the_login_its_member(hosted):
    """As on Cloud SQL, whose databases belong to cloudsqlsuperuser."""
    hosted.role("hosts_admins", "NOLOGIN CREATEROLE CREATEDB")
    hosted.role("studio", f"{CREATE_ROLE} IN ROLE hosts_admins")
    url = hosted.url("studio", hosted.database("hosts_admins"))
    migrate.apply(url)
    await assert_serves(url)


async def test_a_login_that_becomes_the_owner(hosted):
    """ALTER ROLE ... SET role, so that everything belongs to a team."""
    hosted.role("team", "NOLOGIN CREATEROLE")
    hosted.role("alice", "LOGIN IN ROLE team")
    hosted.run("ALTER ROLE alice SET role = team")
    url = hosted.url("alice", hosted.database("team"))
    migrate.apply(url)
    await assert_serves(url)


async def test_a_plain_owner_and_the_role_made_beforehand(hosted):
    hosted.role("studio")
    hosted.run("CREATE ROLE leaderboard_service LOGIN NOINHERIT")
    hosted.run("GRANT leaderboard_service TO studio")
    url = hosted.url("studio", hosted.database("studio"))
    migrate.apply(url)
    await assert_serves(url)
    assert migrate.apply(url) == []


async def test_a_member_by_another_role(hosted):
    hosted.role("team", "NOLOGIN")
    hosted.role("studio", "LOGIN IN ROLE team")
    hosted.run("CREATE ROLE leaderboard_service LOGIN NOINHERIT")
    hosted.run("GRANT leaderboard_service TO team")
    url = hosted.url("studio", hosted.database("studio"))
    migrate.apply(url)
    await assert_serves(url)


def test_a_plain_owner_without_the_role_is_told_what_to_run(hosted):
    hosted.role('"my studio"')
    url = hosted.url("my%20studio", hosted.database('"my studio"'))
    message = refusal(url)
    options = " WITH INHERIT FALSE, SET TRUE" if hosted.version >= 16 else ""
    assert statements_in(message) == [
        "CREATE ROLE leaderboard_service LOGIN NOINHERIT;",
        f'GRANT leaderboard_service TO "my studio"{options};',
    ]
    assert message.startswith("the role leaderboard_service does not exist, and my studio may not create roles; ")


async def test_the_administrator_of_a_hosted_server_can_run_the_statements(hosted):
    hosted.role("host_admin", CREATE_ROLE)
    hosted.role("studio")
    url = hosted.url("studio", hosted.database("studio"))
    with psycopg.connect(hosted.url("host_admin", "postgres"), autocommit=True) as connection:
        for statement in statements_in(refusal(url)):
            connection.execute(statement)
    migrate.apply(url)
    await assert_serves(url)


async def test_the_role_is_there_from_another_database(hosted):
    hosted.role("studio", CREATE_ROLE)
    hosted.role("rival", CREATE_ROLE)
    first = hosted.url("studio", hosted.database("studio"))
    second = hosted.url("rival", hosted.database("rival"))
    migrate.apply(first)
    if hosted.version >= 16:  # before, CREATEROLE administers every role
        message = refusal(second)
        assert message.startswith("rival may not take the role leaderboard_service, which the service has to; as ")
        assert "; as studio or a superuser, run: GRANT" in message.replace("leaderboard_owner or ", "")
        with psycopg.connect(first, autocommit=True) as connection:
            for statement in statements_in(message):
                connection.execute(statement)
    migrate.apply(second)
    await assert_serves(second)
    await assert_serves(first)


async def test_a_service_with_a_login_of_its_own(hosted):
    """The owner then needs no membership, and can give the role a password whenever it may take the role."""
    hosted.role("studio")
    database = hosted.database("studio")
    url, service_url = hosted.url("studio", database), hosted.url("leaderboard_service", database)
    assert statements_in(refusal(url, service_has_login=True)) == ["CREATE ROLE leaderboard_service LOGIN NOINHERIT;"]
    hosted.run("CREATE ROLE leaderboard_service LOGIN NOINHERIT")
    hosted.run(f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC")
    migrate.apply(url, service_has_login=True)
    await assert_serves(url, service_url)
    password = "ALTER ROLE leaderboard_service PASSWORD 'secret'"
    with psycopg.connect(url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(password)
        for statement in statements_in(refusal(url)):
            hosted.run(statement)
        migrate.apply(url)
        connection.execute("SET ROLE leaderboard_service")
        connection.execute(password)


def test_every_command_that_deploys_says_whether_the_service_has_a_login():
    texts = [path.read_text() for folder in ("service", "seed") for path in (ROOT / folder).rglob("*.py")]
    calls = [call for text in texts for call in re.findall(r"migrate\.apply\((.*)", text)]
    assert len(calls) == 6
    assert [call for call in calls if "service_has_login=" not in call] == []


def test_who_is_not_the_owner_is_told_whom_to_ask(hosted):
    hosted.role("studio", CREATE_ROLE)
    hosted.role("guest", CREATE_ROLE)
    database = hosted.database("studio")
    message = refusal(hosted.url("guest", database))
    assert "DATABASE_URL must name the owner" in message
    assert statements_in(message) == [f"ALTER DATABASE {database} OWNER TO guest;"]
    migrate.apply(hosted.url("studio", database))
    hosted.run(f"GRANT CREATE ON DATABASE {database} TO guest")
    with psycopg.connect(hosted.url("studio", database)) as connection:
        connection.execute("GRANT CREATE, USAGE ON SCHEMA public TO guest")
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest")
    assert "belong to studio, and guest may not change them" in refusal(hosted.url("guest", database))
    assert "name it in SERVICE_DATABASE_URL" in refusal(hosted.url("leaderboard_service", database))


def test_a_schema_public_of_a_superuser(hosted):
    """As pg_upgrade leaves it from PostgreSQL 14 and earlier."""
    hosted.role("studio", CREATE_ROLE)
    database = hosted.database("studio")
    with psycopg.connect(hosted.url("leaderboard_owner", database), autocommit=True) as connection:
        connection.execute("ALTER SCHEMA public OWNER TO leaderboard_owner")
        (statement,) = statements_in(refusal(hosted.url("studio", database)))
        assert statement == "GRANT USAGE, CREATE ON SCHEMA public TO studio;"
        connection.execute(statement)
        migrate.apply(hosted.url("studio", database))
        # Only a first start creates something there.
        connection.execute("REVOKE CREATE ON SCHEMA public FROM studio")
        assert migrate.apply(hosted.url("studio", database)) == []


def test_a_database_without_the_schema_public(hosted):
    hosted.role("studio", CREATE_ROLE)
    url = hosted.url("studio", hosted.database("studio"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public")
    assert "CREATE SCHEMA public" in refusal(url)


@pytest.fixture
def dump(hosted, tmp_path):
    """A backup of a server like the embedded one, with its extension and with players."""
    url = hosted.url("leaderboard_owner", hosted.database("leaderboard_owner"))
    migrate.apply(url)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        connection.execute("SELECT api.submit_scores('{2,3}', '{2,3}')")
        connection.execute("SELECT * FROM api.create_api_key('game', '{submit}')")
    back_up(url, tmp_path / "board.dump")
    subprocess.run([find("pg_dump"), "--format=custom", f"--file={tmp_path / 'plain.dump'}", url], check=True)
    return tmp_path / "board.dump"


def restore_plainly(dump, url, version, *options):
    """As docs/databases.md says. Nothing fails."""
    read = [find("pg_restore"), "--no-owner", "--no-acl", "--exit-on-error", *options]
    if version >= 17:
        subprocess.run([*read, f"--dbname={url}", dump], check=True)
        return
    text = subprocess.run([*read, "--file=-", dump], check=True, capture_output=True, text=True).stdout
    kept = re.sub(r"^SET transaction_timeout = 0;$", "", text, flags=re.MULTILINE)
    options = ["-X", "-q", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    subprocess.run([find("psql"), *options, url], input=kept, check=True, text=True)


@pytest.mark.parametrize("role_exists", [False, True])
async def test_a_plain_restore_is_healed_by_the_next_deploy(hosted, dump, role_exists):
    hosted.drop_service()
    hosted.role("studio", CREATE_ROLE)
    if role_exists:
        hosted.run("CREATE ROLE leaderboard_service LOGIN NOINHERIT")
        hosted.run("GRANT leaderboard_service TO studio")
    url = hosted.url("studio", hosted.database("studio"))
    if role_exists:
        restore_plainly(dump, url, hosted.version)
    else:
        plain, contents = dump.with_name("plain.dump"), dump.with_name("contents")
        listed = subprocess.run(
            [find("pg_restore"), "--list", plain], check=True, capture_output=True, text=True
        ).stdout
        kept = [line for line in listed.splitlines() if "pg_stat_statements" not in line]
        assert len(listed.splitlines()) - len(kept) == 2
        contents.write_text("\n".join(kept))
        restore_plainly(plain, url, hosted.version, f"--use-list={contents}")
    assert migrate.apply(url) == []
    await assert_serves(url)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []
        granted = connection.execute(
            "SELECT count(*) FROM pg_proc AS p WHERE p.pronamespace = 'api'::regnamespace"
            " AND has_function_privilege('public', p.oid, 'EXECUTE')"
        ).fetchone()
        assert granted == (0,)


async def test_what_a_superuser_restored_is_handed_over(hosted, dump):
    """The refusal names the page, whose block hands everything over."""
    hosted.role("studio", CREATE_ROLE)
    database = hosted.database("studio")
    restore_plainly(dump, hosted.url("leaderboard_owner", database), hosted.version)
    hosted.run("GRANT leaderboard_service TO studio")
    url = hosted.url("studio", database)
    message = refusal(url)
    assert "belong to leaderboard_owner, and studio may not change them" in message
    assert "docs/databases.md#another-owner" in message
    page = (ROOT / "docs" / "databases.md").read_text()
    (block,) = re.findall(r"^## Another owner$.*?^```sql\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    with psycopg.connect(hosted.url("leaderboard_owner", database)) as connection:
        connection.execute(block)
    assert migrate.apply(url) == []
    await assert_serves(url)
