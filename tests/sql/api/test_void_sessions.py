import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill, submit

VOID = "SELECT * FROM api.void_sessions('mod 1', 'impossible score'"
TOTALS = "SELECT user_id, total_score FROM api.top_players(1000, p_board => $1)"


async def ledger(db):
    """(player, score) of the void sessions."""
    return rows(await db.fetch("SELECT user_id, score FROM game_sessions WHERE void_id IS NOT NULL ORDER BY 1, 2"))


@pytest.fixture
async def boards(db):
    await db.execute(
        "SELECT api.create_board('best', p_aggregate => 'best'),"
        " api.create_board('low', 'team', 'best', p_lowest_wins => true)"
    )
    await submit(db, (1, 10), (1, 900), (2, 20), (2, 30, "team"), (3, 40, "team"), (3, 950))
    return db


@pytest.mark.parametrize(
    ("filters", "void", "changed"),
    [
        ("p_above => 899", [(1, 900), (3, 950)], (2, 2, 4)),
        ("p_user_id => 1", [(1, 10), (1, 900)], (2, 1, 2)),
        ("p_user_id => 2, p_above => 20", [(2, 30)], (1, 1, 3)),
        ("p_board => 'low', p_above => 40", [(2, 30)], (1, 1, 3)),  # better than 40, where the lowest wins
        ("p_board => 'low'", [(2, 30), (3, 40)], (2, 2, 5)),
        ("p_board => 'low', p_user_id => 1", [], (0, 0, 0)),
        ("p_to => now() - interval '1 hour'", [], (0, 0, 0)),
        ("p_from => now() - interval '1 hour', p_above => 940", [(3, 950)], (1, 1, 2)),
        ("p_session_id => -1", [], (0, 0, 0)),
        ("p_user_id => 99", [], (0, 0, 0)),
    ],
)
async def test_what_matches_counts_nowhere(boards, filters, void, changed):
    tried = await boards.fetchrow(f"{VOID}, {filters}, p_dry_run => true)")
    assert tuple(tried) == (None, *changed)
    assert await ledger(boards) == []
    done = await boards.fetchrow(f"{VOID}, {filters})")
    assert tuple(done)[1:] == changed
    assert (done["act"] is not None) == bool(void)
    assert await ledger(boards) == void
    for board in ("overall", "best", "low"):
        await assert_exact(boards, board)


async def test_one_session_by_its_id(boards):
    session = await boards.fetchval("SELECT id FROM game_sessions WHERE score = 900")
    assert tuple(await boards.fetchrow(f"{VOID}, p_session_id => $1)", session))[1:] == (1, 1, 2)
    assert (1, 10) in rows(await boards.fetch(TOTALS, "best"))


async def test_a_session_that_is_void_already_is_not_counted_again(boards):
    assert tuple(await boards.fetchrow(f"{VOID}, p_above => 899)"))[1:] == (2, 2, 4)
    assert tuple(await boards.fetchrow(f"{VOID}, p_user_id => 1)"))[1:] == (1, 1, 2)
    assert tuple(await boards.fetchrow(f"{VOID}, p_user_id => 1)"))[1:] == (0, 0, 0)


async def test_a_season(db):
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true)")
    await submit(db, (1, 5), (2, 6))
    await db.execute("SELECT api.end_season('cup')")
    await submit(db, (1, 7), (2, 8))
    assert tuple(await db.fetchrow(f"{VOID}, p_board => 'cup@2', p_user_id => 1)"))[1:] == (1, 1, 2)
    assert await ledger(db) == [(1, 7)]
    assert tuple(await db.fetchrow(f"{VOID}, p_board => 'cup')"))[1:3] == (3, 2)


async def test_a_replay_does_not_revive_a_void_session(db):
    await submit(db, (1, 5, None, None, "k"))
    await db.execute(f"{VOID}, 1)")
    ((_, status, *_),) = await submit(db, (1, 5, None, None, "k"))
    assert status == "replayed"
    assert await db.fetch(TOTALS, "overall") == []


async def test_a_closed_season_stays_as_it_was(db):
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true)")
    await submit(db, (1, 5), (2, 6))
    await db.execute("SELECT api.end_season('cup')")
    while await db.fetchval("SELECT api.close_seasons()"):
        pass
    before = await db.fetch(TOTALS, "cup@1")
    assert tuple(await db.fetchrow(f"{VOID}, 2)")) [1:] == (1, 1, 1)  # fmt: skip
    await db.execute("SELECT api.ban_players('mod', 'x', '{1}')")
    assert await db.fetch(TOTALS, "cup@1") == before
    assert rows(before) == [(2, 6), (1, 5)]
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_board_that_is_being_filled(db):
    """Players whom the filling has not reached are counted without their void sessions, too."""
    await fill(db, 10, 20, 30)
    await db.execute("UPDATE rankings SET filled_to = 1; DELETE FROM leaderboard WHERE user_id > 1")
    await db.execute(f"{VOID}, p_above => 15)")
    while await db.fetchval("SELECT api.fill_boards()"):
        pass
    assert rows(await db.fetch(TOTALS, "overall")) == [(1, 10)]
    await assert_exact(db)


async def test_plain_sql_sees_void_sessions_and_bans(db):
    await fill(db, 10, 20, 30)
    await db.execute(f"{VOID}, 1)")
    await db.execute("SELECT api.ban_players('mod', 'x', '{2}')")
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 1), (2, 2), (3, 3)")
    await db.execute("UPDATE game_sessions SET score = score + 1")
    assert rows(await db.fetch(TOTALS, "overall")) == [(3, 35), (1, 2)]
    await assert_exact(db)


async def test_a_marker_that_the_cache_sees(db):
    await fill(db, 10, 20)
    await db.execute("SELECT api.ban_players('mod', 'x', '{1}')")
    marker = await db.fetchval("SELECT change_marker FROM api.rank_index_status()")
    await db.execute(f"{VOID}, 1)")  # changes no total, but what the player sees
    assert marker != await db.fetchval("SELECT change_marker FROM api.rank_index_status()")


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("'m', 'r'", "LB001"),
        ("NULL, 'r', 1", "LB001"),
        ("'', 'r', 1", "LB001"),
        ("repeat('m', 101), 'r', 1", "LB001"),
        ("E'm\\x01', 'r', 1", "LB001"),
        ("'m', NULL, 1", "LB001"),
        ("'m', repeat('r', 501), 1", "LB001"),
        ("'m', 'r', 0", "LB002"),
        ("'m', 'r', 1, p_from => now(), p_to => now()", "LB001"),
        ("'m', 'r', 1, p_board => 'no'", "LB010"),
        ("'m', 'r', 1, p_board => 'overall@2'", "LB014"),
    ],
)
async def test_bad_arguments(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.void_sessions({arguments})")
    assert caught.value.sqlstate == sqlstate


async def test_a_reason_of_several_lines(db):
    await fill(db, 10)
    await db.execute("SELECT api.void_sessions('m', E'first\\nsecond', 1)")
    assert await db.fetchval("SELECT reason FROM api.moderation_log()") == "first\nsecond"


async def test_it_needs_read_committed(db):
    async with db.transaction(isolation="repeatable_read"):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await db.fetch(f"{VOID}, 1)")
    assert caught.value.sqlstate == "LB030"


@pytest.mark.parametrize("scope", ["admin", "moderate"])
async def test_the_service_needs_a_key(db, database_url, scope):
    await db.execute("ALTER TABLE api_keys DROP CONSTRAINT IF EXISTS api_keys_scopes_check")
    await fill(db, 10)
    service = await asyncpg.connect(database_url.replace("leaderboard_owner@", "leaderboard_service@"))
    try:
        for call in (
            f"{VOID}, 1, p_dry_run => true)",
            "SELECT * FROM api.restore_sessions('m', 'r', 1)",
            "SELECT * FROM api.ban_players('m', 'r', '{1}', p_dry_run => true)",
            "SELECT * FROM api.unban_players('m', 'r', '{1}')",
            "SELECT * FROM api.undo_act('m', 'r', 1)",
            "SELECT * FROM api.moderation_log()",
            "SELECT * FROM api.recompute_season('m', 'r', 'cup@1')",
            "SELECT * FROM api.test_score_rules('overall', p_max_score => 1)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only while there is an API key with"):
                await service.fetch(call)
        await db.execute(
            "INSERT INTO api_keys (id, name, scopes, secret_hash) VALUES ('0123456789ab', 'a', $1, sha256('a'))",
            [scope],
        )
        assert (await service.fetchrow(f"{VOID}, 1)"))["sessions"] == 1
        await db.execute("UPDATE api_keys SET revoked_at = now()")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.fetch(f"{VOID}, 1)")
    finally:
        await service.close()


@pytest.mark.parametrize("aggregate", ["sum", "best", "last", "count"])
async def test_void_sessions_use_up_nothing_of_score_rules(db, aggregate):
    await db.execute("SELECT api.create_board('ruled', 'ruled', p_aggregate => $1)", aggregate)
    gain = 2 if aggregate == "count" else 100
    await db.execute(
        "SELECT api.set_score_rules('ruled', p_max_submissions_per_minute => 2, p_max_gain_per_hour => $1)", gain
    )
    tries = [(1, 60, "ruled"), (1, 30, "ruled")]
    assert [row[1] for row in await submit(db, *tries, board="ruled")] == ["accepted", "accepted"]
    assert [row[1] for row in await submit(db, *tries, board="ruled")] == ["rejected", "rejected"]
    await db.execute(f"{VOID}, 1)")
    assert [row[1] for row in await submit(db, *tries, board="ruled")] == ["accepted", "accepted"]
    await assert_exact(db, "ruled")
