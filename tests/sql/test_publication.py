"""Logical replication of all tables: a publication breaks nothing, and what a subscriber can be used for."""

import asyncio
import subprocess

import asyncpg
import psycopg
import pytest

from service.database import migrate
from tests.support.databases import execute_on
from tests.support.oracle import assert_exact
from tests.support.sql import fill
from tests.support.stock_postgres import StockPostgres


async def test_every_table_has_a_replica_identity(db):
    without = await db.fetch(
        "SELECT c.oid::regclass::text FROM pg_class AS c"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        " AND NOT (c.relreplident IN ('i', 'f') OR c.relreplident = 'd' AND EXISTS ("
        "SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary))"
    )
    assert without == []


@pytest.mark.filterwarnings("ignore:.*wal_level")
async def test_everything_works_beside_a_publication_of_all_tables(db, database_url):
    await fill(db, *range(0, 1000, 100))
    await db.execute("CREATE PUBLICATION everything FOR ALL TABLES")
    await db.execute("SELECT api.submit_score(1, 5, p_submission_key => 'k')")
    await db.execute("UPDATE submission_keys SET created_at = now() - interval '8 days'")
    assert await db.fetchval("SELECT api.fold_ranks()") == 1
    await assert_exact(db)
    await db.execute("SELECT api.submit_score(1, 5)")
    await db.execute("SELECT api.rebuild_leaderboard()")
    await db.execute("UPDATE users SET username = 'renamed' WHERE id = 2")
    await db.execute("SELECT api.set_score_rules('overall', 0, 500)")
    await db.execute("DELETE FROM users WHERE id = 3")
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db)
    await db.execute("SELECT api.create_board('best', NULL, 'best'); DELETE FROM boards WHERE name = 'best'")
    assert await asyncio.to_thread(migrate.apply, database_url) == []
    await db.execute("TRUNCATE users CASCADE")
    await assert_exact(db)


async def test_a_fold_that_fails_does_not_fail_a_submit(db):
    await fill(db, 10, 20)
    await db.execute(
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no space'; END $$;"
        " CREATE TRIGGER broken BEFORE UPDATE ON rank_state EXECUTE FUNCTION broken()"
    )
    warnings = []
    db.add_log_listener(lambda _, message: warnings.append(message.message))
    ones = "array_fill(1::bigint, '{1000}')"
    thousand = f"SELECT count(*) FROM api.submit_scores({ones}, {ones})"
    for _ in range(3):
        await db.execute("UPDATE leaderboard SET total_score = total_score + 1")
    await db.execute("INSERT INTO rank_delta SELECT pg_current_xact_id(), 1, 5, 5 FROM generate_series(1, 2100)")
    assert await db.fetchval(thousand) == 1000
    assert any("folding rank changes failed" in warning and "no space" in warning for warning in warnings)
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1") == 10 + 3 + 1000
    await db.execute("DROP TRIGGER broken ON rank_state")
    await assert_exact(db, ledger=False)


@pytest.fixture
def publisher(postgres):
    """A server of the same version that lets its changes be decoded."""
    server = StockPostgres(postgres.bin_folder, {"fsync": "off", "wal_level": "logical"})
    server.start()
    yield server
    server.stop()


async def test_a_subscriber_has_exact_ranks_and_can_take_over(publisher):
    """Its tables, the rank index among them, are copies: triggers do not fire there. So it is for reading;
    for writing, too, once the subscription is gone.
    """
    for name in ("published", "subscribed"):
        execute_on(publisher, f"CREATE DATABASE {name}")
    migrate.apply(publisher.url(database="published"))
    dump = subprocess.run(
        [publisher.bin_folder / "pg_dump", "--schema-only", publisher.url(database="published")],
        capture_output=True,
        check=True,
    ).stdout
    subprocess.run(
        [publisher.bin_folder / "psql", "-q", "-v", "ON_ERROR_STOP=1", publisher.url(database="subscribed")],
        input=dump,
        capture_output=True,
        check=True,
    )
    primary = await asyncpg.connect(publisher.url(database="published"))
    copy = await asyncpg.connect(publisher.url(database="subscribed"))
    try:
        await fill(primary, *range(0, 1000, 100))
        await primary.execute("CREATE PUBLICATION everything FOR ALL TABLES")
        # In one cluster the slot has to be made apart.
        await primary.execute("SELECT pg_create_logical_replication_slot('copy', 'pgoutput')")
        with psycopg.connect(publisher.url(database="subscribed"), autocommit=True) as connection:
            connection.execute(
                "CREATE SUBSCRIPTION copy CONNECTION '{}' PUBLICATION everything"
                " WITH (create_slot = false, slot_name = copy)".format(publisher.url(database="published"))
            )
        for score in range(20):
            await primary.execute("SELECT api.submit_score($1, $2)", 1 + score % 12, 50 * score)
            if score % 5 == 0:
                await primary.execute("SELECT api.fold_ranks()")
        await primary.execute("DELETE FROM users WHERE id = 4")
        written = await primary.fetchval("SELECT pg_current_wal_lsn()::text")
        async with asyncio.timeout(120):
            # Each table is copied for itself at first: until all are ready, they are not of one moment.
            while await copy.fetchval("SELECT bool_or(r.srsubstate <> 'r') FROM pg_subscription_rel AS r"):
                await asyncio.sleep(0.1)
            while not await primary.fetchval(
                "SELECT s.confirmed_flush_lsn >= $1::text::pg_lsn FROM pg_replication_slots AS s"
                " WHERE s.slot_name = 'copy'",
                written,
            ):
                await asyncio.sleep(0.1)
        await assert_exact(copy)

        await copy.execute("ALTER SUBSCRIPTION copy DISABLE")
        await copy.execute("ALTER SUBSCRIPTION copy SET (slot_name = NONE)")
        await copy.execute("DROP SUBSCRIPTION copy")
        await copy.execute("SELECT setval('game_sessions_id_seq', (SELECT max(id) FROM game_sessions))")
        await copy.execute("SELECT api.submit_score(5, 777)")
        await assert_exact(copy)
        await copy.execute("SELECT api.fold_ranks()")
        await assert_exact(copy)
    finally:
        await copy.close()
        await primary.close()
