import asyncio

import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill_up, fill_with_rollbacks, submit, unfill

READS = [
    "api.top_players(p_board => 'b')",
    "api.player_rank(1, 'b')",
    "api.player_ranks('{1}', 'b')",
    "api.players_around(1, 5, 'b')",
    "api.score_distribution(5, 'b')",
    "api.materialize_ranks('b')",
]
#: Players and sessions: more than are filled at once. Some players have no session, one has many.
LARGE = """
    INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 20000) AS g;
    INSERT INTO game_sessions (user_id, score, game_mode)
    SELECT 1 + (hashint4(g) & 16383), g % 500, CASE g % 3 WHEN 0 THEN 'team' ELSE 'solo' END
    FROM generate_series(1, 33000) AS g;
    INSERT INTO game_sessions (user_id, score) SELECT 777, g FROM generate_series(1, 5000) AS g"""
#: What a board would have, by plain SQL.
DIFFERENT = {
    "sum": "SELECT g.user_id, sum(g.score) AS total FROM game_sessions AS g GROUP BY 1",
    "best": "SELECT g.user_id, max(g.score) AS total FROM game_sessions AS g WHERE g.game_mode = 'team' GROUP BY 1",
}


async def wrong(db, board, totals):
    return rows(
        await db.fetch(
            f"SELECT t.user_id, t.total, l.total_score FROM ({totals}) AS t FULL JOIN ("
            " SELECT r.* FROM leaderboard AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = $1"
            ") AS l ON l.user_id = t.user_id WHERE t.total IS DISTINCT FROM l.total_score",
            board,
        )
    )


async def small(db, *boards, players=1200):
    """Boards of 1,200 players that are not filled: three steps each."""
    await db.execute(
        "INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, $1::integer) AS g", players
    )
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT id, id * 7 % 500 FROM users")
    for name, aggregate in boards:
        await db.execute("SELECT api.create_board($1, NULL, $2)", name, aggregate)
        await unfill(db, name)


async def test_a_board_of_a_large_ledger_is_filled_in_steps_that_may_be_interrupted(db):
    await db.execute(LARGE)
    notices = []
    db.add_log_listener(lambda _, message: notices.append((message.message, message.hint)))
    await db.execute("SELECT api.create_board('sum'), api.create_board('best', 'team', 'best')")
    assert len(notices) == 2
    assert "until then reads of it fail with LB032" in notices[0][0]
    assert "DO $x$ BEGIN WHILE api.fill_boards() LOOP COMMIT; END LOOP; END $x$" in notices[0][1]
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []  # what is not filled yet is not wrong
    steps = 0
    more = True
    while more:
        transaction = db.transaction()
        await transaction.start()
        more = await db.fetchval("SELECT api.fill_boards()")
        if steps % 3 == 1:
            await transaction.rollback()
            more = True
        else:
            await transaction.commit()
        if steps % 9 == 0:
            player = 1 + steps * 211 % 20000
            await submit(db, (player, 9), (player + 1, 8, "team"), board="sum")
            assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
        steps += 1
    assert steps > 60
    for board, totals in DIFFERENT.items():
        assert await wrong(db, board, totals) == []
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert await db.fetchval("SELECT count(*) FROM rankings WHERE filled_to IS NOT NULL") == 0
    assert rows(await db.fetch("SELECT user_id, rank FROM api.top_players(1, p_board => 'sum')")) == [(777, 1)]


async def test_what_the_hint_says_fills_the_board(db):
    await small(db, ("b", "sum"))
    await db.execute("DO $x$ BEGIN WHILE api.fill_boards() LOOP COMMIT; END LOOP; END $x$")
    assert await wrong(db, "b", DIFFERENT["sum"]) == []
    assert await db.fetch("SELECT * FROM api.top_players(p_board => 'b')") != []


async def test_other_bounds_on_a_large_ledger_are_filled_in_steps(db):
    await db.execute(LARGE)
    notices = []
    db.add_log_listener(lambda _, message: notices.append(message.message))
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => 100)")
    assert notices == [
        "board overall now counts scores from 0 to 100, past ones included, once they are recounted; until then reads"
        " of it fail with LB032. To undo this, set the bounds 0 to 2147483647"
    ]
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.top_players()")
    assert caught.value.sqlstate == "LB032"
    total = "SELECT sum(score) FROM game_sessions WHERE user_id = $1 AND score <= 100"
    for player in (5, 777, 16000):  # not filled yet: what a submission answers is exact all the same
        before = await db.fetchval(total, player) or 0
        assert (await submit(db, (player, 10)))[0][4] == before + 10
    # Changed again before it is filled: it begins anew.
    assert await db.fetchval("SELECT api.fill_boards()")
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => 200)")
    assert await fill_up(db) > 30
    assert await wrong(db, "overall", f"{DIFFERENT['sum']}".replace("GROUP", "WHERE g.score <= 200 GROUP")) == []
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


@pytest.mark.parametrize("read", READS)
async def test_reads_of_a_board_that_is_not_filled_are_refused(db, read):
    await small(db, ("b", "sum"), players=3)
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM {read}")
    assert caught.value.sqlstate == "LB032"
    assert caught.value.message == "board b is being filled from the ledger; retry later"
    await fill_up(db)
    await db.fetch(f"SELECT * FROM {read}")


@pytest.mark.parametrize("aggregate", ["sum", "best", "last"])
@pytest.mark.parametrize("size", [1, 3])
async def test_submissions_to_a_board_that_is_not_filled_are_exact(db, aggregate, size):
    await small(db, ("b", aggregate), players=4)
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (2, 400), (3, 500)")
    await unfill(db, "b")
    found = await submit(db, *[(2, 30), (3, 40), (9, 50)][:size], board="b", with_rank=True)
    expected = {"sum": [14 + 430, 21 + 540, 50], "best": [400, 500, 50], "last": [30, 40, 50]}[aggregate][:size]
    assert [row[4] for row in found] == expected
    assert {(row[1], row[5], row[6]) for row in found} == {("accepted", None, None)}  # no ranks yet
    await fill_up(db)
    await assert_exact(db, "b")
    await assert_exact(db)


async def test_a_replay_has_its_rank_once_the_board_is_filled(db):
    await small(db, ("b", "sum"), players=3)
    first = (await submit(db, (1, 5, "solo", None, "k"), board="b", with_rank=True))[0]
    assert (first[1], first[6]) == ("accepted", None)
    await fill_up(db)
    again = (await submit(db, (1, 5, "solo", None, "k"), board="b", with_rank=True))[0]
    assert (again[1], again[4], again[6]) == ("replayed", first[4], 3)


async def test_the_ledger_the_players_and_the_boards_may_change_meanwhile(db):
    await small(db, ("b", "sum"), ("gone", "best"))
    for change in (
        "INSERT INTO game_sessions (user_id, score) VALUES (1, 5), (1200, 6)",
        "UPDATE game_sessions SET score = 9 WHERE user_id IN (2, 1199)",
        "DELETE FROM game_sessions WHERE user_id IN (3, 1198)",
        "DELETE FROM users WHERE id IN (500, 501, 502, 1197)",
        "DELETE FROM boards WHERE name = 'gone'",
        "INSERT INTO users (id, username) VALUES (500, 'new')",
    ):
        await db.execute(change)
        await db.fetchval("SELECT api.fill_boards()")
    await fill_up(db)
    assert await wrong(db, "b", DIFFERENT["sum"]) == []
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_step_ends_before_a_player_whom_another_transaction_holds(db, connect):
    await small(db, ("b", "sum"))
    other = await connect()
    async with other.transaction():
        await other.execute("SELECT api.submit_score(100, 5)")
        assert await db.fetchval("SELECT api.fill_boards()")
        assert await db.fetchval("SELECT max(filled_to) FROM rankings") == 99
        # It begins with that player now: it waits for a second, holding no other player, and does nothing.
        assert await db.fetchval("SELECT api.fill_boards()")
        assert await db.fetchval("SELECT max(filled_to) FROM rankings") == 99
    await fill_up(db)
    assert await wrong(db, "b", DIFFERENT["sum"]) == []


async def test_one_session_fills_at_a_time(db, connect):
    await small(db, ("b", "sum"), ("c", "best"))
    other = await connect()
    async with other.transaction():
        assert await other.fetchval("SELECT api.fill_boards()")
        assert not await asyncio.wait_for(db.fetchval("SELECT api.fill_boards()"), 5)
    assert await db.fetchval("SELECT api.fill_boards()")


async def test_a_board_that_cannot_be_filled_does_not_stop_the_others(db):
    await small(db, ("wide", "sum"), ("b", "sum"))
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT 5, 9007199254740991 FROM generate_series(1, 2)")
    await db.execute("SET session_replication_role = replica")
    await db.execute("UPDATE boards SET max_score = 9007199254740991 WHERE name = 'wide'")
    await db.execute("RESET ALL")
    await unfill(db, "wide")
    await unfill(db, "b")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await fill_up(db)
    assert caught.value.sqlstate == "LB023"
    assert caught.value.message.startswith("on board wide a total would leave the range")
    assert await db.fetch("SELECT * FROM api.top_players(p_board => 'b')") != []
    await db.execute("SELECT api.set_score_rules('wide', p_max_score => 100)")
    await fill_up(db)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_rebuild_fills_the_board(db):
    await small(db, ("b", "sum"))
    assert await db.fetchval("SELECT api.fill_boards()")
    await db.execute("SELECT api.rebuild_leaderboard('b')")
    assert not await db.fetchval("SELECT api.fill_boards()")
    assert await wrong(db, "b", DIFFERENT["sum"]) == []
    assert await db.fetch("SELECT * FROM api.top_players(p_board => 'b')") != []


async def test_the_marker_tells_when_a_board_is_filled(db):
    await small(db, ("b", "sum"), players=0)
    marker = "SELECT change_marker FROM api.rank_index_status()"
    before = await db.fetchval(marker)
    assert await db.fetchval("SELECT api.fill_boards()")
    assert await db.fetchval(marker) != before


async def test_needs_read_committed(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation="repeatable_read"):
            await db.fetchval("SELECT api.fill_boards()")
    assert caught.value.sqlstate == "LB030"


async def test_submissions_beside_the_filling_of_boards_lose_nothing(db, connect):
    """Three callers submit, another fills; every third step is rolled back, as if its session had ended."""
    await small(db, ("sum", "sum"), ("best", "best"), ("last", "last"), players=3000)
    filled = asyncio.Event()

    async def play(caller):
        connection = await connect()
        number = 0
        while not filled.is_set():
            number += 1
            players = [1 + (caller * 997 + number * 31 + i * 613) % 3010 for i in range(5)]
            await submit(connection, *[(player, player * number % 400) for player in sorted(set(players))])
            await connection.execute("SELECT api.fold_ranks()")

    async def work():
        connection = await connect()
        await fill_with_rollbacks(connection)
        filled.set()

    await asyncio.gather(work(), *[play(caller) for caller in range(3)])
    assert await wrong(db, "sum", DIFFERENT["sum"]) == []
    assert await wrong(db, "best", DIFFERENT["best"].replace("WHERE g.game_mode = 'team'", "")) == []
    last = (
        'SELECT DISTINCT ON (user_id) user_id, score AS total FROM game_sessions ORDER BY 1, "timestamp" DESC, id DESC'
    )
    assert await wrong(db, "last", last) == []
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
