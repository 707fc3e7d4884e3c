"""The bulk load: the same rows every time, exact ranks, and everything or nothing."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from seed import rows
from seed.generate import NotEmptyError, generate
from service.database import migrate
from tests.seed.conftest import CONTENT, Interrupt, definitions, load, state
from tests.support.databases import PostgresServer, execute_on
from tests.support.oracle import STALE_RANKS, assert_exact
from tests.support.seasons import close_seasons


async def test_equal_arguments_give_equal_rows(database_url: str, db: asyncpg.Connection) -> None:
    contents = []
    for random_seed in (1, 1, 2):
        await load(database_url, random_seed=random_seed, replace=True)
        contents.append(await db.fetchval(CONTENT))
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


async def test_every_version_of_postgresql_gives_equal_rows(
    database_url: str, db: asyncpg.Connection, system_postgres: PostgresServer
) -> None:
    await load(database_url)
    execute_on(system_postgres, "CREATE DATABASE seeded")
    url = system_postgres.url(database="seeded")
    await asyncio.to_thread(migrate.apply, url)
    await load(url)
    other = await asyncpg.connect(url)
    assert await other.fetchval(CONTENT) == await db.fetchval(CONTENT)
    await assert_exact(other)
    await other.close()


async def test_boards_with_seasons_get_those_of_the_last_weeks(database_url: str, db: asyncpg.Connection) -> None:
    await asyncio.to_thread(
        generate, database_url, users=2000, sessions=20_000, end=datetime.now(UTC), with_boards=True
    )
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    await close_seasons(db)
    found = await db.fetch("""
        SELECT b.name, count(*) FILTER (WHERE r.closed_at IS NOT NULL) AS closed, count(*) AS all, min(r.players) > 0,
               (SELECT count(*) FROM api.top_players(p_board => b.name || '@previous')) > 0 AS previous
        FROM boards AS b JOIN rankings AS r ON r.board_id = b.id AND r.split = '' WHERE b.id > 1
        GROUP BY b.name ORDER BY 1""")
    assert [tuple(row) for row in found] == [
        ("best", 2, 3, True, True), ("daily", 7, 8, True, True), ("weekly", 4, 5, True, True),
    ]  # fmt: skip
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert await db.fetchval("SELECT count(*) FROM api.top_players(1000, p_board => 'best@previous')") > 500
    for season in ("weekly", "weekly@previous"):
        splits = dict(await db.fetch("SELECT * FROM api.board_splits($1)", season))
        assert len(splits) > 10
        assert next(iter(splits)) == "US"
    await db.execute("SELECT api.submit_score(1, 5, p_board => 'daily')")
    # Again, over what is there.
    await load(database_url, replace=True)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_the_shape_of_the_data(database_url: str, db: asyncpg.Connection) -> None:
    await load(database_url, 9000, 45_000)
    facts = await db.fetchrow("""
        SELECT count(*) AS sessions, count(DISTINCT s.user_id) AS players,
               min(s.id) AS first, max(s.id) AS last,
               min(s.score) AS lowest, max(s.score) AS highest, avg(s.score)::float AS average,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY s.score) AS median,
               array_agg(DISTINCT s.game_mode) AS modes, min(s.timestamp) AS begin, max(s.timestamp) AS end,
               count(*) FILTER (WHERE s.timestamp < u.join_date) AS before_joining,
               corr(s.id, s.score) AS trend
        FROM public.game_sessions AS s JOIN public.users AS u ON u.id = s.user_id""")
    assert (facts["sessions"], facts["players"]) == (45_000, 9000)
    assert (facts["first"], facts["last"]) == (1, 45_000)
    assert 1 <= facts["lowest"] < facts["highest"] <= 10_000
    assert facts["median"] < 0.8 * facts["average"]  # few high scores, many low ones
    assert facts["modes"] == ["solo", "team"]
    assert facts["begin"] >= rows.END - timedelta(days=365)
    assert rows.END - timedelta(days=1) < facts["end"] < rows.END
    assert facts["before_joining"] == 0
    assert abs(facts["trend"]) < 0.02

    names = [row["username"] for row in await db.fetch("SELECT u.username FROM public.users AS u")]
    assert len(set(names)) == 9000
    assert all(re.fullmatch("[A-Z][a-z]+[A-Z][a-z]+[0-9]{0,6}", name) for name in names)
    totals, ties = await db.fetchrow(
        "SELECT count(*), count(*) - count(DISTINCT l.total_score) FROM public.leaderboard AS l"
    )
    assert totals == 9000
    assert 0.05 * totals < ties < 0.9 * totals


async def test_ranks_are_exact_on_every_board(database_url: str, db: asyncpg.Connection) -> None:
    await db.execute("SELECT api.create_board('best', 'solo', 'best'), api.create_board('last', NULL, 'last', 100)")
    await load(database_url)
    for board in ("overall", "best", "last"):
        await assert_exact(db, board)
    assert await db.fetch(STALE_RANKS) == []
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0


async def test_statistics_are_fresh(database_url: str, db: asyncpg.Connection) -> None:
    await load(database_url)
    counts = await db.fetch("""
        SELECT c.relname, c.reltuples, c.relallvisible = c.relpages, c.relpages > 0
        FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace
            AND c.relname IN ('users', 'game_sessions', 'leaderboard')
        ORDER BY c.relname""")
    assert [tuple(row) for row in counts] == [
        ("game_sessions", 1500, True, True),
        ("leaderboard", 300, True, True),
        ("users", 300, True, True),
    ]
    assert await db.fetchval("SELECT count(*) FROM pg_stats AS s WHERE s.tablename = 'game_sessions'") == 8


async def test_keys_indexes_and_triggers_are_as_before(database_url: str, db: asyncpg.Connection) -> None:
    await db.execute("""
        CREATE INDEX by_mode ON public.game_sessions (game_mode) WHERE score > 5;
        COMMENT ON INDEX public.by_mode IS 'for a report';
        COMMENT ON CONSTRAINT users_pkey ON public.users IS 'it''s the key';
        CREATE TABLE public.badges (user_id integer REFERENCES public.users DEFERRABLE INITIALLY DEFERRED);
        CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER off AFTER INSERT ON public.leaderboard
            FOR EACH STATEMENT EXECUTE FUNCTION public.nothing();
        CREATE TRIGGER always AFTER INSERT ON public.leaderboard
            FOR EACH STATEMENT EXECUTE FUNCTION public.nothing();
        ALTER TABLE public.leaderboard DISABLE TRIGGER off;
        ALTER TABLE public.leaderboard ENABLE ALWAYS TRIGGER always""")
    before = await definitions(db)
    await load(database_url)
    assert await definitions(db) == before
    await load(database_url, replace=True)
    assert await definitions(db) == before


async def test_the_rank_index_goes_on_after_it(database_url: str, db: asyncpg.Connection) -> None:
    await load(database_url)
    await db.execute("SELECT api.submit_score(17, 1234), api.submit_score(100000, 55)")
    await db.execute("UPDATE public.leaderboard SET total_score = total_score + 1 WHERE user_id = 3")
    await assert_exact(db, ledger=False)
    await db.execute("DELETE FROM public.users WHERE id = 17")
    assert await db.fetchval("SELECT count(*) FROM public.game_sessions WHERE user_id = 17") == 0
    await assert_exact(db, ledger=False)


async def test_plain_inserts_go_on_behind_the_loaded_rows(database_url: str, db: asyncpg.Connection) -> None:
    await load(database_url)
    assert await db.fetchval("INSERT INTO public.users (username) VALUES ('next') RETURNING id") == 301
    session = await db.fetchval("INSERT INTO public.game_sessions (user_id, score) VALUES (301, 5) RETURNING id")
    assert session == 1501


async def test_a_database_with_players_is_refused(database_url: str, db: asyncpg.Connection) -> None:
    await db.execute("SELECT api.submit_score(5, 10, p_submission_key => 'k')")
    before = await state(db)
    with pytest.raises(NotEmptyError, match=r"holds 1 player already.*make seed REPLACE=1"):
        await load(database_url)
    assert await state(db) == before


async def test_replace_starts_anew(database_url: str, db: asyncpg.Connection) -> None:
    await db.execute("SELECT api.create_board('team', 'team')")
    await db.execute("SELECT api.submit_score(5, 10, p_submission_key => 'k'), api.submit_score(9999, 5)")
    await load(database_url, 20, 50, replace=True)
    assert await db.fetchval("SELECT count(*) FROM public.users") == 20
    assert await db.fetchval("SELECT count(*) FROM public.submission_keys") == 0
    assert [row["board"] for row in await db.fetch("SELECT * FROM api.list_boards()")] == ["overall", "team"]
    for board in ("overall", "team"):
        await assert_exact(db, board)


@pytest.mark.parametrize(("users", "sessions"), [(1, 0), (1, 7), (50, 0), (50, 3), (4097, 4097)])
async def test_few_rows(database_url: str, db: asyncpg.Connection, users: int, sessions: int) -> None:
    await load(database_url, users, sessions)
    counts = await db.fetchrow(
        "SELECT (SELECT count(*) FROM public.users), (SELECT count(*) FROM public.game_sessions)"
    )
    assert tuple(counts) == (users, sessions)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert await db.fetchval("INSERT INTO public.users (username) VALUES ('x') RETURNING id") == users + 1
    assert await db.fetchval("SELECT total_score FROM api.submit_score($1, 5)", users + 1) == 5


@pytest.mark.parametrize(
    ("users", "sessions", "message"),
    [
        (0, 5, "users must be from 1 to 2,000,000,000, not 0"),
        (-1, 5, "users must be from 1"),
        (3_000_000_000, 5, "users must be from 1"),
        (5, -1, "sessions must be from 0 to 2,000,000,000, not -1"),
    ],
)
def test_numbers_out_of_range(users: int, sessions: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        generate("postgresql://nobody@/nowhere?host=/nowhere", users=users, sessions=sessions)


# --- everything or nothing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        'COPY "public"."game_sessions"%',
        "COPY (%player::integer%",
        "COPY (%ledger_totals%",
        "ALTER TABLE%ADD CONSTRAINT%",
    ],
)
async def test_an_interrupted_load_changes_nothing(
    database_url: str, db: asyncpg.Connection, end_session: Interrupt, statement: str
) -> None:
    await load(database_url, 50, 200)
    before = await state(db)
    loading = asyncio.create_task(load(database_url, 20_000, 200_000, replace=True))
    await end_session(statement)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await loading
    assert await state(db) == before
    await assert_exact(db)


async def test_a_load_that_fails_in_the_end_changes_nothing(database_url: str, db: asyncpg.Connection) -> None:
    await db.execute("SELECT api.submit_score(5, 10)")
    # It can be made now, but not from the loaded rows.
    await db.execute("CREATE UNIQUE INDEX only_one ON public.game_sessions (user_id)")
    before = await state(db)
    with pytest.raises(asyncpg.UniqueViolationError):
        await load(database_url, replace=True)
    assert await state(db) == before


# --- beside others ------------------------------------------------------------------------------------------


async def test_others_wait_and_nothing_breaks(
    database_url: str,
    db: asyncpg.Connection,
    connect: Callable[[], Awaitable[asyncpg.Connection]],
) -> None:
    await load(database_url, 500, 2000)
    done = asyncio.Event()
    calls = 0

    async def repeat(connection: asyncpg.Connection, query: str, *arguments: Any) -> None:
        nonlocal calls
        while not done.is_set():
            # Whoever waited with a snapshot of the players that were thrown away finds none.
            try:
                await connection.fetch(query, *arguments)
            except asyncpg.PostgresError as error:
                assert error.sqlstate == "LB011", error
            calls += 1

    others = [
        asyncio.create_task(repeat(await connect(), *call))
        for call in [
            ("SELECT * FROM api.submit_scores($1, $2)", [7, 8, 9, 600], [1, 2, 3, 4]),
            ("SELECT * FROM api.submit_scores($1, $2)", [9, 8, 601], [1, 2, 3]),
            ("SELECT * FROM api.player_rank(7)",),
            ("SELECT * FROM api.top_players(10)",),
            ("SELECT api.fold_ranks()",),
        ]
    ]
    for _ in range(3):
        await load(database_url, 5000, 20_000, replace=True)
    assert await db.fetchval("SELECT count(*) FROM public.users") >= 5000
    done.set()
    await asyncio.gather(*others)
    assert calls > 30
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert await db.fetchval("SELECT d.deadlocks FROM pg_stat_database AS d WHERE d.datname = current_database()") in (
        0,
        None,
    )


async def test_it_waits_for_whoever_uses_the_tables(
    database_url: str, db: asyncpg.Connection, connect: Callable[[], Awaitable[asyncpg.Connection]]
) -> None:
    other = await connect()
    transaction = other.transaction()
    await transaction.start()
    await other.fetch("SELECT * FROM public.leaderboard")
    loading = asyncio.create_task(load(database_url, 10, 10))
    waiting = (
        "SELECT count(*) FROM pg_locks AS k JOIN pg_stat_activity AS a USING (pid)"
        " WHERE a.datname = current_database() AND a.application_name = 'leaderboard seed' AND NOT k.granted"
    )
    for _ in range(2):  # it gives up after a short while, for no reader may be kept from the tables, and comes back
        async with asyncio.timeout(30):
            while not await db.fetchval(waiting):
                await asyncio.sleep(0.005)
            while await db.fetchval(waiting):
                await asyncio.sleep(0.005)
    assert not loading.done()
    await transaction.rollback()
    await loading
    assert await db.fetchval("SELECT count(*) FROM public.users") == 10


def test_the_year_of_the_data_does_not_move() -> None:
    assert datetime(2026, 1, 1, tzinfo=UTC) == rows.END
