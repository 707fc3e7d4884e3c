"""What a banned player would have, and what the ledger says without them."""

import pytest

from tests.support.oracle import rows
from tests.support.sql import submit

HIDDEN = "SELECT ledger.hidden_total($1, 1)"


@pytest.fixture
async def banned(db):
    for name, options in (
        ("best", "p_aggregate => 'best'"),
        ("low", "p_aggregate => 'best', p_lowest_wins => true"),
        ("last", "p_aggregate => 'last'"),
        ("first", "p_aggregate => 'first', p_ties => 'earliest'"),
        ("count", "p_aggregate => 'count'"),
        ("team", "p_game_mode => 'team'"),
    ):
        await db.execute(f"SELECT api.create_board('{name}', {options})")
    await submit(db, (1, 10), (1, 90), (1, 40), (2, 5))
    await db.execute("SELECT api.ban_players('m', 'r', '{1}')")
    return db


async def test_as_leaderboard_would_hold_it(banned):
    found = {
        name: await banned.fetchval(HIDDEN, board_id)
        for board_id, name in await banned.fetch("SELECT id, name FROM boards")
    }
    assert found == {
        "overall": 140, "best": 90, "low": -10, "last": 40, "first": 10, "count": 3, "team": None,
    }  # fmt: skip


async def test_without_void_sessions_and_with_those_since_the_ban(banned):
    await banned.execute("SELECT api.void_sessions('m', 'r', 1, p_above => 80)")
    await submit(banned, (1, 7))
    assert await banned.fetchval(HIDDEN, 1) == 57
    await banned.execute("SELECT api.void_sessions('m', 'r', 1)")
    assert await banned.fetchval(HIDDEN, 1) is None


async def test_no_such_ranking_or_player(banned):
    assert await banned.fetchval(HIDDEN, 999) is None
    assert await banned.fetchval("SELECT ledger.hidden_total(1, 999)") is None


async def test_an_empty_set_of_players_is_not_everybody(banned):
    assert await banned.fetch("SELECT * FROM ledger.hidden_totals(1, '{}')") == []
    assert await banned.fetch("SELECT * FROM ledger.hidden_totals(1, NULL)") == []
    assert await banned.fetch("SELECT * FROM ledger.totals(1, '{}')") == []


async def test_the_ledger_leaves_banned_players_out(banned):
    """Also asked for other players only, or by a plan for any players."""
    for players in (None, [1, 2], [2]):
        found = await banned.fetch("SELECT user_id, total_score FROM ledger.totals(1, $1)", players)
        assert rows(found) == [(2, 5)]
    assert await banned.fetch("SELECT * FROM ledger.totals(1, '{1}')") == []
    found = await banned.fetch(
        "SELECT t.user_id FROM boards AS b JOIN rankings AS r ON r.id = b.id"
        " CROSS JOIN LATERAL ledger.totals_of(b, r, NULL) AS t WHERE b.id = 1"
    )
    assert rows(found) == [(2,)]


async def test_repairs_and_checks_know_them(banned):
    """Rows that something brought back against the ledger are found, and repaired."""
    await banned.execute("INSERT INTO leaderboard (board_id, user_id, total_score) VALUES (1, 1, 140)")
    found = await banned.fetch("SELECT check_name, subject, expected, found FROM api.verify_leaderboard('overall')")
    assert rows(found) == [("total", "1", None, 140)]
    assert rows(await banned.fetch("SELECT check_name, subject FROM api.verify_sample()"))[0] == ("total", "1")
    assert await banned.fetchval("SELECT corrected FROM api.rebuild_leaderboard('overall')") == 1
    assert await banned.fetch("SELECT * FROM api.verify_leaderboard()") == []
