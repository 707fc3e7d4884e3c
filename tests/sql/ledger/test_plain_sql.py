"""Plain SQL on game_sessions, boards and users: totals and ranks follow in the same transaction, or the
statement is refused."""

import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill

BOARDS = ("overall", "best-team", "last", "some")
TOTALS = "SELECT user_id, total_score FROM leaderboard WHERE board_id = 1 ORDER BY 1"


@pytest.fixture
async def boards(db):
    """Four players, a board of every kind, and a player without sessions."""
    await db.execute("""
        SELECT api.create_board('best-team', 'team', 'best'), api.create_board('last', NULL, 'last'),
               api.create_board('some', NULL, 'sum', 15, 1000);
        SELECT api.submit_scores('{1,1,2,3,4,4}', '{10,20,20,40,7,5}', '{solo,team,team,solo,team,solo}');
        INSERT INTO users (id, username) VALUES (9, 'nine')""")


async def all_exact(db):
    for board in BOARDS:
        await assert_exact(db, board)


LEDGER = [
    "INSERT INTO game_sessions (user_id, score) VALUES (1, 5)",
    "INSERT INTO game_sessions (user_id, score, game_mode) VALUES (9, 50, 'team'), (1, 300, 'team')",
    "INSERT INTO game_sessions (user_id, score, timestamp) VALUES (4, 9, '2020-01-01'), (3, 8, '2040-01-01')",
    "INSERT INTO game_sessions (user_id, score) VALUES (9, -5), (2, 2147483648)",
    "INSERT INTO game_sessions (id, user_id, score) SELECT min(id), 1, 5 FROM game_sessions"
    " ON CONFLICT (id) DO UPDATE SET score = 500, user_id = 9",
    "INSERT INTO game_sessions (user_id, score) SELECT 1, 1 WHERE false",
    "UPDATE game_sessions SET score = score + 100",
    "UPDATE game_sessions SET score = -1 WHERE user_id = 4",
    "UPDATE game_sessions SET user_id = 9 WHERE user_id = 1",
    "UPDATE game_sessions SET game_mode = 'team'",
    "UPDATE game_sessions SET \"timestamp\" = '2020-01-01' WHERE score = 5",
    "UPDATE game_sessions SET score = 1 WHERE false",
    "DELETE FROM game_sessions WHERE user_id = 1",
    "DELETE FROM game_sessions WHERE score = 20",
    "DELETE FROM game_sessions",
    "DELETE FROM users WHERE id IN (1, 4)",
    "DELETE FROM users",
    "TRUNCATE game_sessions, leaderboard",
    "TRUNCATE leaderboard, game_sessions RESTART IDENTITY",
    "TRUNCATE users CASCADE",
    "WITH gone AS (DELETE FROM game_sessions WHERE user_id = 1 RETURNING *)"
    " INSERT INTO game_sessions (user_id, score, game_mode) SELECT 9, score + 1, game_mode FROM gone",
    "WITH new AS (INSERT INTO game_sessions (user_id, score) VALUES (1, 1)),"
    " less AS (DELETE FROM game_sessions WHERE score = 10)"
    " UPDATE game_sessions SET score = 77 WHERE user_id = 3",
    """
        MERGE INTO game_sessions AS g
        USING (VALUES (1, 5), (3, NULL), (9, 6)) AS n(user_id, score) ON g.user_id = n.user_id
        WHEN MATCHED AND n.score IS NULL THEN DELETE
        WHEN MATCHED THEN UPDATE SET score = n.score
        WHEN NOT MATCHED THEN INSERT (user_id, score) VALUES (n.user_id, n.score)""",
    "WITH gone AS (DELETE FROM users WHERE id = 1) DELETE FROM game_sessions WHERE user_id = 2",
]


@pytest.mark.parametrize("change", LEDGER)
@pytest.mark.parametrize("folded", [False, True])
async def test_totals_follow_the_ledger(db, boards, change, folded):
    await assert_followed(db, change, folded)


async def assert_followed(db, change, folded):
    """All is exact after the change, after submissions, and once all of it is folded."""
    if folded:
        await db.execute("SELECT api.fold_ranks()")
    await db.execute(change)
    await all_exact(db)
    await db.execute("SELECT api.submit_scores('{1,2,9}', '{8,9,10}', '{solo,team,team}')")
    await all_exact(db)
    await db.execute("SELECT api.fold_ranks()")
    await all_exact(db)


@pytest.mark.parametrize("change", LEDGER[::5])
async def test_a_statement_that_is_rolled_back_changes_no_total(db, boards, change):
    before = rows(await db.fetch(TOTALS))
    transaction = db.transaction()
    await transaction.start()
    await db.execute(change)
    await transaction.rollback()
    assert rows(await db.fetch(TOTALS)) == before
    await all_exact(db)


async def test_copy_of_old_scores(db, boards):
    records = [(player, score, "team") for player in (1, 2, 9) for score in (5, 500)]
    await db.copy_records_to_table("game_sessions", records=records, columns=("user_id", "score", "game_mode"))
    assert rows(await db.fetch(TOTALS)) == [(1, 535), (2, 525), (3, 40), (4, 12), (9, 505)]
    await all_exact(db)


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO game_sessions (user_id, score) SELECT id, id % 77 FROM users, generate_series(1, 2)",
        "UPDATE game_sessions SET score = score * 3 + 1",
        "UPDATE game_sessions SET user_id = user_id + 1 WHERE user_id < 12000",
        "DELETE FROM game_sessions WHERE user_id > 500",
        "DELETE FROM users WHERE id > 500",
    ],
)
async def test_a_bulk_statement_is_followed_and_goes_into_the_tree_at_once(db, change):
    await db.execute("SELECT api.create_board('best', NULL, 'best'), api.create_board('last', NULL, 'last')")
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 12000) AS g")
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT id, id % 3000 FROM users")
    assert await db.fetchval("SELECT count(*) FROM leaderboard WHERE rank IS NULL") == 0
    await db.execute(change)
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") < 100
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


@pytest.mark.parametrize(
    ("change", "sqlstate"),
    [
        ("INSERT INTO game_sessions (user_id, score) VALUES (1, 9007199254740991)", "LB023"),
        (
            "INSERT INTO game_sessions (user_id, score) SELECT 1, 9007199254740991 FROM generate_series(1, 2000)",
            "LB023",
        ),
        ("UPDATE game_sessions SET score = 9007199254740991 WHERE user_id = 1", "LB023"),
        ("UPDATE boards SET max_score = 9007199254740991, min_score = -1 WHERE id = 1", None),
        ("TRUNCATE game_sessions", "LB001"),
        ("TRUNCATE game_sessions CASCADE", "LB001"),
        ("TRUNCATE boards", "LB001"),
        ("UPDATE boards SET id = 77 WHERE name = 'last'", "LB001"),
        ("UPDATE boards SET id = id + 10", "LB001"),
        ("INSERT INTO boards (name, aggregate) VALUES ('x', 'median')", "23514"),
    ],
)
async def test_what_cannot_be_exact_is_refused(db, boards, change, sqlstate):
    await db.execute("UPDATE boards SET max_score = 9007199254740991")
    before = rows(await db.fetch("SELECT * FROM boards ORDER BY id")), rows(await db.fetch(TOTALS))
    if sqlstate is None:
        await db.execute(change)
    else:
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.execute(change)
        assert caught.value.sqlstate == sqlstate
        assert before == (
            rows(await db.fetch("SELECT * FROM boards ORDER BY id")),
            rows(await db.fetch(TOTALS)),
        )
    await all_exact(db)


async def test_an_emptied_ledger_is_told_how(db, boards):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("TRUNCATE game_sessions")
    assert caught.value.hint == "To empty both, run: TRUNCATE game_sessions, leaderboard"
    await db.execute("TRUNCATE game_sessions, leaderboard")
    await db.execute("TRUNCATE game_sessions")  # no total is left that is made of it
    await all_exact(db)


@pytest.mark.parametrize("change", LEDGER[:2] + LEDGER[6:8] + LEDGER[12:14] + ["TRUNCATE game_sessions, leaderboard"])
@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
async def test_a_statement_with_an_old_snapshot_is_refused(db, boards, change, isolation):
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation=isolation):
            await db.execute(change)
    assert caught.value.sqlstate == "LB030"
    await all_exact(db)


async def test_players_can_be_deleted_at_any_isolation_level(db, boards):
    async with db.transaction(isolation="serializable"):
        await db.execute("DELETE FROM users WHERE id = 1")
    await all_exact(db)


async def test_the_setting_that_says_that_the_caller_counts(db, boards):
    """Like session_replication_role: the owner's own business, and verify finds what they did."""
    async with db.transaction():
        await db.execute("SET LOCAL leaderboard.counted = 'on'")
        await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 500)")
    found = rows(await db.fetch("SELECT * FROM api.verify_leaderboard() ORDER BY board"))
    assert found == [
        ("last", "total", "1", 500, 20),
        ("overall", "total", "1", 530, 30),
        ("some", "total", "1", 520, 20),
    ]
    await db.execute("SELECT api.rebuild_leaderboard()")
    await all_exact(db)
    await db.execute("SET leaderboard.counted = 'off'")
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 500)")
    await all_exact(db)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE boards SET aggregate = 'best'",
        "UPDATE boards SET aggregate = 'sum'",
        "UPDATE boards SET aggregate = 'last', game_mode = NULL WHERE name = 'best-team'",
        "UPDATE boards SET game_mode = 'team' WHERE id = 1",
        "UPDATE boards SET game_mode = 'nobody plays this'",
        "UPDATE boards SET min_score = 6, max_score = 20",
        "UPDATE boards SET min_score = -50, max_score = 9007199254740991",
        "UPDATE boards SET max_submissions_per_minute = 5",
        "UPDATE boards SET aggregate = 'last' WHERE false",
        "UPDATE boards SET name = name || '-x'; UPDATE boards SET name = replace(name, '-x', '')",
        "DELETE FROM boards WHERE name = 'some'; INSERT INTO boards (name, min_score) VALUES ('some', 6)",
        "INSERT INTO boards (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET aggregate = 'last'",
    ],
)
@pytest.mark.parametrize("folded", [False, True])
async def test_a_board_that_counts_differently_is_made_anew(db, boards, change, folded):
    await assert_followed(db, change, folded)


async def test_a_board_made_by_plain_sql_is_filled(db, boards):
    await db.execute("INSERT INTO boards (name, game_mode, aggregate) VALUES ('a', 'team', 'sum'), ('b', NULL, 'best')")
    for board, totals in (
        ("a", [(1, 20, 1), (2, 20, 1), (4, 7, 3)]),
        ("b", [(1, 20, 2), (2, 20, 2), (3, 40, 1), (4, 7, 4)]),
    ):
        found = await db.fetch(
            "SELECT user_id, total_score, rank FROM leaderboard"
            " WHERE board_id = (SELECT id FROM boards WHERE name = $1) ORDER BY 1",
            board,
        )
        assert rows(found) == totals
        await assert_exact(db, board)


async def test_a_change_of_a_board_says_what_it_did(db, boards):
    notices = []
    db.add_log_listener(lambda connection, message: notices.append(message.message))
    await db.execute("UPDATE boards SET aggregate = 'best' WHERE id = 1")
    await db.execute("UPDATE boards SET max_score = 30 WHERE id = 1")
    await db.execute("UPDATE boards SET name = 'final' WHERE name = 'last'")
    assert notices == [
        "board overall now counts differently, past scores included: 2 totals changed",
        "board overall now counts scores from 0 to 30, past ones included: 1 totals changed."
        " To undo this, set the bounds 0 to 2147483647",
    ]


@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
@pytest.mark.parametrize(
    "change", ["UPDATE boards SET aggregate = 'best' WHERE id = 1", "INSERT INTO boards (name) VALUES ('x')"]
)
async def test_a_board_is_not_filled_from_an_old_snapshot(db, boards, change, isolation):
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation=isolation):
            await db.execute(change)
    assert caught.value.sqlstate == "LB030"
    await all_exact(db)


# --- totals inserted with their ranks, as bulk loads do -----------------------------------------------------

BULK = """
    INSERT INTO leaderboard (user_id, total_score, rank)
    SELECT user_id, SUM(score), RANK() OVER (ORDER BY SUM(score) DESC) FROM game_sessions GROUP BY user_id"""
STALE = """
    SELECT count(*) FROM (
        SELECT rank, rank() OVER (ORDER BY total_score DESC) AS plain FROM leaderboard WHERE board_id = 1
    ) AS r WHERE rank IS DISTINCT FROM plain"""


async def test_totals_that_are_counted_already_give_their_ranks(db, boards):
    assert await db.fetchval(STALE) == 4
    await db.execute(BULK)
    assert await db.fetchval(STALE) == 0
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (4, 1000)")
    assert await db.fetchval(STALE) > 0
    await db.execute(BULK)
    assert await db.fetchval(STALE) == 0
    await all_exact(db)


async def test_another_total_than_the_sessions_have_is_refused(db, boards):
    with pytest.raises(asyncpg.UniqueViolationError) as caught:
        await db.execute("INSERT INTO leaderboard (user_id, total_score, rank) VALUES (3, 40, 1), (1, 31, 2)")
    assert str(caught.value).startswith(
        "player 1 has a total of 30 on board overall, from game_sessions: a total of 31 cannot be inserted\n"
    )
    assert "api.materialize_ranks()" in caught.value.hint
    assert await db.fetchval(STALE) == 4
    await all_exact(db)


@pytest.mark.parametrize("total", [30, 31])
async def test_on_conflict_means_what_it_says(db, boards, total):
    insert = (
        f"INSERT INTO leaderboard (user_id, total_score, rank) VALUES (1, {total}, 5) ON CONFLICT (user_id, board_id)"
    )
    one = "SELECT total_score, rank FROM leaderboard WHERE user_id = 1 AND board_id = 1"
    await db.execute(f"{insert} DO NOTHING")
    assert tuple(await db.fetchrow(one)) == (30, None)
    await db.execute(f"{insert} DO UPDATE SET total_score = leaderboard.total_score + 1000, rank = excluded.rank")
    assert tuple(await db.fetchrow(one)) == (1030, 5)
    await assert_exact(db, ledger=False)


async def test_an_upsert_within_a_function_means_what_it_says(db, boards):
    await db.execute("""
        DO $$ BEGIN
            INSERT INTO public.leaderboard AS l (user_id, total_score, rank) VALUES (1, 31, 5)
            ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = l.total_score + 1000;
        END $$""")
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1 AND board_id = 1") == 1030


async def test_totals_without_sessions_are_taken_as_they_are(db, boards):
    """Ranks are exact of what is written there, and verify says what the ledger does not know."""
    await db.execute("INSERT INTO leaderboard (user_id, total_score, rank) VALUES (9, 500, 1)")
    await assert_exact(db, ledger=False)
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == [("overall", "total", "9", None, 500)]


@pytest.mark.parametrize("statements", [1, 3])
async def test_a_bulk_load_in_pieces(db, statements):
    await db.execute("INSERT INTO users (username) SELECT 'user_' || generate_series(1, 40)")
    for _ in range(statements):
        await db.execute(
            "INSERT INTO game_sessions (user_id, score) SELECT 1 + g * 7 % 40, g FROM generate_series(1, 90) AS g"
        )
        await assert_exact(db)
    await db.execute(BULK)
    assert await db.fetchval(STALE) == 0
    await assert_exact(db)


# --- the cure -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "checks"),
    [
        ("UPDATE leaderboard SET total_score = 999 WHERE user_id = 1", {"total"}),
        ("TRUNCATE leaderboard", {"total"}),
        (
            "SET leaderboard.counted = 'on'; DELETE FROM game_sessions WHERE user_id = 1;RESET leaderboard.counted",
            {"total"},
        ),
        ("DELETE FROM rank_node; DELETE FROM rank_delta", {"rank_index"}),
        ("TRUNCATE rank_state", {"rank_index"}),
        ("DELETE FROM rank_state WHERE board_id = 1", {"rank_index"}),
        (
            "ALTER TABLE leaderboard DISABLE TRIGGER USER;"
            "INSERT INTO leaderboard (board_id, user_id, total_score) SELECT 77, id, 5 FROM users;"
            "UPDATE leaderboard SET total_score = 1 WHERE user_id = 2;"
            "ALTER TABLE leaderboard ENABLE TRIGGER USER",
            {"orphan", "total", "rank_index"},
        ),
    ],
)
async def test_verify_names_the_cure_and_it_cures(db, boards, damage, checks):
    notices = []
    db.add_log_listener(lambda connection, message: notices.append(message.hint))
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert notices == []
    await db.execute(damage)
    notices.clear()
    found = await db.fetch("SELECT * FROM api.verify_leaderboard()")
    assert {row["check_name"] for row in found} == checks
    assert len(notices) == 1
    assert "SELECT * FROM api.rebuild_leaderboard()" in notices[0]
    await db.execute("SELECT * FROM api.rebuild_leaderboard()")
    await all_exact(db)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    left = "SELECT count(*) FROM rank_delta AS d WHERE d.board_id NOT IN (SELECT id FROM boards)"
    assert await db.fetchval(left) == 0


async def test_a_sample_names_the_cure(db):
    await fill(db, 10, 20)
    notices = []
    db.add_log_listener(lambda connection, message: notices.append(message.hint))
    assert await db.fetch("SELECT * FROM api.verify_sample()") == []
    assert notices == []
    await db.execute("UPDATE leaderboard SET total_score = 11 WHERE user_id = 1")
    assert len(await db.fetch("SELECT * FROM api.verify_sample()")) == 1
    assert len(notices) == 1
    assert "SELECT * FROM api.rebuild_leaderboard()" in notices[0]


async def test_many_rows_of_a_board_that_does_not_exist(db):
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 10500) AS g")
    await db.execute("ALTER TABLE leaderboard DISABLE TRIGGER USER")
    await db.execute("INSERT INTO leaderboard (board_id, user_id, total_score) SELECT 77, id, 5 FROM users")
    await db.execute("ALTER TABLE leaderboard ENABLE TRIGGER USER")
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == [(None, "orphan", "board id 77", 0, 10500)]
    await db.execute("SELECT api.rebuild_leaderboard()")
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert await db.fetchval("SELECT count(*) FROM leaderboard") == 0


async def test_sessions_get_the_seasons_in_which_they_were_played(db):
    """Also those of the future; a season that is over is neither added nor changed."""
    await db.execute("""
        SELECT api.create_board(
            'daily', p_period => 'daily', p_grace => '24 hours', p_opens_at => now() - interval '9 days'
        );
        INSERT INTO users (id, username) VALUES (1, 'one'), (2, 'two');
        INSERT INTO game_sessions (user_id, score, "timestamp", played_at) VALUES
            (1, 1, now(), NULL), (1, 2, now() - interval '24 hours', NULL), (2, 4, now(), now() - interval '24 hours'),
            (2, 8, now() + interval '3 days', NULL), (2, 16, now() - interval '5 days', NULL),
            (2, 32, now() - interval '100 days', NULL)""")
    live = await db.fetch("""
        SELECT r.number, l.user_id, l.total_score
        FROM rankings AS r LEFT JOIN leaderboard AS l ON l.board_id = r.id
        WHERE r.board_id = (SELECT id FROM boards WHERE name = 'daily') AND r.closing_xid IS NULL
        ORDER BY 1, 2""")
    assert rows(live) == [(9, 1, 2), (9, 2, 4), (10, 1, 1), (13, 2, 8)]
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    await db.execute("UPDATE game_sessions SET \"timestamp\" = now() + interval '4 days' WHERE score = 8")
    await db.execute("DELETE FROM game_sessions WHERE score = 1")
    totals = await db.fetch("""
        SELECT r.number, l.user_id, l.total_score FROM rankings AS r JOIN leaderboard AS l ON l.board_id = r.id
        WHERE r.board_id <> 1 AND r.closing_xid IS NULL ORDER BY 1, 2""")
    assert rows(totals) == [(9, 1, 2), (9, 2, 4), (14, 2, 8)]
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
