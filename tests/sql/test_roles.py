"""Who may do what, tried by connecting as the role."""

import asyncpg
import pytest

from tests.standings import rows

GRANTED = {
    "submit_score",
    "submit_scores",
    "top_players",
    "player_rank",
    "player_ranks",
    "players_around",
    "score_distribution",
    "list_boards",
    "fold_ranks",
    "rank_index_status",
    "verify_leaderboard",
    "verify_sample",
    "error_codes",
    "usable_api_keys",
    "note_api_keys_used",
    "rejected_submissions",
}


@pytest.fixture
async def service(database_url):
    connection = await asyncpg.connect(database_url.replace("leaderboard_owner@", "leaderboard_service@"))
    yield connection
    await connection.close()


async def test_the_service_can_do_its_work(service):
    await service.execute("SELECT api.submit_score(1, 10, p_submission_key => 'a', p_with_rank => true)")
    await service.fetch("SELECT * FROM api.submit_scores('{1,2}', '{1,2}')")
    for call in (
        "top_players()",
        "player_rank(1)",
        "player_ranks('{1}')",
        "players_around(1)",
        "score_distribution()",
        "list_boards()",
        "fold_ranks()",
        "rank_index_status()",
        "verify_leaderboard()",
        "error_codes()",
        "usable_api_keys()",
        "note_api_keys_used('{}')",
        "rejected_submissions()",
    ):
        await service.fetch(f"SELECT * FROM api.{call}")


@pytest.mark.parametrize(
    "table",
    [
        "users",
        "game_sessions",
        "boards",
        "leaderboard",
        "submission_keys",
        "rank_node",
        "rank_delta",
        "rank_state",
        "api_keys",
        "rejected_submissions",
        "imported_files",
    ],
)
async def test_the_service_can_touch_no_table(service, table):
    for statement in (
        f"SELECT * FROM public.{table}",
        f"DELETE FROM public.{table}",
        f"INSERT INTO public.{table} DEFAULT VALUES",
        f"TRUNCATE public.{table}",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)


async def test_every_table_is_in_the_list_above(db):
    tables = rows(
        await db.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' AND relname !~ 'yoyo'"
        )
    )
    assert len(tables) == 11


async def test_the_service_may_execute_what_is_granted_and_nothing_else(db):
    allowed = rows(
        await db.fetch("""
        SELECT n.nspname, p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname IN ('public', 'lib', 'shard', 'api')
            AND has_function_privilege('leaderboard_service', p.oid, 'EXECUTE')
    """)
    )
    assert set(allowed) == {("api", name) for name in GRANTED}


@pytest.mark.parametrize(
    "call",
    [
        "api.create_board('x')",
        "api.rebuild_leaderboard()",
        "api.materialize_ranks()",
        "api.create_api_key('mine', '{admin}')",
        "api.revoke_api_key('0123456789ab')",
        "api.list_api_keys()",
        "api.set_score_rules('overall')",
        "lib.next_user_id()",
        "shard.total_range(1)",
        "nextval('public.users_id_seq')",
    ],
)
async def test_the_forbidden_is_refused(service, call):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.execute(f"SELECT {call}")


async def test_the_service_can_make_nothing(service):
    for statement in (
        "CREATE TABLE public.t (a int)",
        "CREATE TABLE api.t (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION api.f() RETURNS int LANGUAGE sql RETURN 1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)


async def test_everybody_else_is_kept_out(db, database_url):
    await db.execute(
        "DO $$ BEGIN CREATE ROLE lb_test_stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    stranger = await asyncpg.connect(database_url.replace("leaderboard_owner@", "lb_test_stranger@"))
    try:
        for statement in (
            "SELECT * FROM api.top_players()",
            "SELECT * FROM public.users",
            "SELECT lib.next_user_id()",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await stranger.execute(statement)
    finally:
        await stranger.close()


async def test_a_hostile_search_path_changes_nothing(service, db):
    """SECURITY DEFINER functions look names up where they say, not where the caller says."""
    await db.execute("CREATE SCHEMA evil; GRANT ALL ON SCHEMA evil TO leaderboard_service")
    await service.execute("CREATE FUNCTION evil.count(bigint) RETURNS bigint LANGUAGE sql RETURN 42")
    await service.execute(
        "CREATE TABLE evil.boards (id int, name text); SET search_path = evil, pg_temp, pg_catalog"
    )
    await service.execute("SELECT api.submit_score(1, 10)")
    assert await service.fetchval("SELECT rank FROM api.player_rank(1)") == 1
    assert await service.fetchval("SELECT count(*) FROM evil.boards") == 0
