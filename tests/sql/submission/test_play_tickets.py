"""Play tickets: one score, of one player and mode, in time. These are the attempts of a cheating script, in SQL."""

import asyncio
import collections

import asyncpg
import pytest

from tests.support.oracle import assert_exact

START = "SELECT * FROM api.start_play($1, p_game_mode => $2)"
SUBMIT = "SELECT * FROM api.submit_scores($1, $2, $3, p_submission_keys => $4)"


async def ticket(db, user_id=1, mode="solo", seconds=10):
    """A ticket that was issued so many seconds ago."""
    await db.execute("INSERT INTO users (id, username) VALUES ($1, $2) ON CONFLICT DO NOTHING", user_id, f"u{user_id}")
    ask = "SELECT submission.make_ticket($1, $2, clock_timestamp() - $3 * interval '1 second')"
    return await db.fetchval(ask, user_id, mode, seconds)


async def attempt(db, key, score=5, user_id=1, mode="solo"):
    """What becomes of a submission: accepted, replayed, or the error."""
    (row,) = await db.fetch(SUBMIT, [user_id], [score], [mode], [key])
    return row["error"] or row["status"]


@pytest.fixture
async def demanding(db):
    """The board demands tickets; a play takes 5 to 60 seconds and makes 100 points per second."""
    await db.execute(
        "SELECT api.set_score_rules('overall', p_require_ticket => true, p_min_play_seconds => 5,"
        " p_max_play_seconds => 60, p_max_score_per_second => 100)"
    )


@pytest.mark.usefixtures("demanding")
async def test_a_ticket_counts_once(db):
    key = await ticket(db)
    assert await attempt(db, key) == "accepted"
    assert await attempt(db, key) == "replayed"
    assert await attempt(db, key, 6) == "LB021"
    assert await db.fetchval("SELECT total_score FROM leaderboard") == 5
    await assert_exact(db)


@pytest.mark.usefixtures("demanding")
async def test_what_a_cheating_script_tries(db):
    good, theirs = await ticket(db), await ticket(db, 2)
    assert await attempt(db, None) == "LB028"  # any score without a ticket
    assert await attempt(db, "my-key") == "LB028"
    assert await attempt(db, theirs) == "LB029"  # of another player
    assert await attempt(db, good, mode="duel") == "LB029"
    assert await attempt(db, good, user_id=3) == "LB029"  # of a player who is new
    assert await attempt(db, await ticket(db, seconds=4)) == "LB034"
    assert await attempt(db, await ticket(db, seconds=61)) == "LB035"
    assert await attempt(db, good, 1100) == "LB034"  # in 10 seconds
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0
    assert await attempt(db, good, 900) == "accepted"
    kept = collections.Counter([row[0] for row in await db.fetch("SELECT error FROM rejected_submissions")])
    assert kept == {"LB028": 2, "LB034": 2, "LB035": 1}
    assert await db.fetchval("SELECT count(*) FROM users WHERE id = 3") == 0


@pytest.mark.usefixtures("demanding")
async def test_a_changed_ticket_is_none(db):
    key = await ticket(db)
    for place in range(len(key)):
        changed = key[:place] + ("0" if key[place] != "0" else "1") + key[place + 1 :]
        expected = "LB028" if place < len("play1") else "LB029"
        assert await attempt(db, changed) == expected, place
    for changed in key.upper().replace("PLAY", "play"), key + "0", key[:-1], "play1", "play1" + "0" * 120, key + "=":
        assert await attempt(db, changed) == "LB029", changed


@pytest.mark.usefixtures("demanding")
async def test_twice_at_once(db, connect):
    """Ten clients send one ticket at once: one score counts."""
    key = await ticket(db)
    clients = [await connect() for _ in range(10)]
    found = await asyncio.gather(*(attempt(client, key, 5 + number % 2) for number, client in enumerate(clients)))
    counted = collections.Counter(found)
    assert counted["accepted"] == 1
    assert counted["replayed"] + counted["LB021"] == 9
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 1


async def test_the_rules_of_every_board_that_counts_the_score_apply(db):
    await db.execute("SELECT api.create_board('duels', 'duel', 'best')")
    await db.execute("SELECT api.set_score_rules('duels', p_require_ticket => true)")
    assert await attempt(db, None) == "accepted"  # no duel
    assert await attempt(db, None, mode="duel") == "LB028"
    assert await attempt(db, await ticket(db, mode="duel", seconds=0), mode="duel") == "accepted"
    await db.execute("SELECT api.alter_board('duels', '{\"require_ticket\": false}')")
    assert await attempt(db, None, mode="duel") == "accepted"


async def test_a_ticket_is_good_for_a_day_on_boards_without_rules(db):
    assert await attempt(db, await ticket(db, seconds=0)) == "accepted"
    assert await attempt(db, await ticket(db, seconds=86_000)) == "accepted"
    assert await attempt(db, await ticket(db, seconds=86_500)) == "LB035"


async def test_a_retry_of_a_counted_score_is_a_replay_when_the_ticket_is_too_old(db):
    key = await ticket(db)
    assert await attempt(db, key) == "accepted"
    await db.execute("SELECT api.set_score_rules('overall', p_max_play_seconds => 1)")
    assert await attempt(db, key) == "replayed"


async def test_start_play_says_when_the_score_may_come(db):
    await db.execute("SELECT api.set_score_rules('overall', p_min_play_seconds => 5, p_max_play_seconds => 60)")
    await db.execute("SELECT api.create_board('duels', 'duel', 'best')")
    await db.execute("SELECT api.set_score_rules('duels', p_min_play_seconds => 7, p_max_play_seconds => 3600)")
    solo = await db.fetchrow(START, 1, None)
    duel = await db.fetchrow("SELECT *, expires_at - now() AS span FROM api.start_play(1, p_board => 'duels')")
    assert (solo["user_id"], solo["game_mode"], solo["min_seconds"]) == (1, "solo", 5)
    assert (duel["game_mode"], duel["min_seconds"]) == ("duel", 7)
    assert 59 < duel["span"].total_seconds() < 61
    assert await attempt(db, solo["ticket"]) == "LB034"


async def test_start_play_registers_a_new_player_by_id(db):
    first = await db.fetchrow("SELECT * FROM api.start_play(p_player => 'steam:1')")
    again = await db.fetchrow("SELECT * FROM api.start_play(p_player => 'steam:1')")
    assert first["user_id"] == again["user_id"]
    assert first["ticket"] != again["ticket"]
    ask = "SELECT * FROM api.submit_scores('{NULL}', '{5}', p_submission_keys => $1, p_players => '{steam:1}')"
    assert (await db.fetchrow(ask, [first["ticket"]]))["status"] == "accepted"
    ask = "SELECT * FROM api.submit_scores('{NULL}', '{5}', p_submission_keys => $1, p_players => '{steam:2}')"
    assert (await db.fetchrow(ask, [again["ticket"]]))["error"] == "LB029"


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("", "LB002"),
        ("0", "LB002"),
        ("1, 'a'", "LB001"),
        ("p_player => '42'", "LB008"),
        ("1, p_game_mode => ''", "LB004"),
        ("1, p_board => 'nowhere'", "LB010"),
        ("1, p_game_mode => 'solo', p_board => 'duels'", "LB022"),
    ],
)
async def test_start_play_refuses_what_makes_no_sense(db, arguments, sqlstate):
    await db.execute("SELECT api.create_board('duels', 'duel', 'best')")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.start_play({arguments})")
    assert caught.value.sqlstate == sqlstate
    assert await db.fetchval("SELECT count(*) FROM users") == 0


async def test_the_code_is_that_of_rfc_2104(db):
    """HMAC-SHA-256 of Python over the same bytes, with the key that the pads stand for."""
    import hashlib
    import hmac

    key = bytes.fromhex((await ticket(db))[5:])
    inner = await db.fetchval("SELECT inner_pad FROM ticket_key")
    assert hmac.new(bytes(byte ^ 0x36 for byte in inner), key[:28], hashlib.sha256).digest() == key[28:]


async def test_with_another_key_no_ticket_is_left(db):
    key = await ticket(db)
    await db.execute("DELETE FROM ticket_key")
    assert await attempt(db, key) == "LB029"
    await ticket(db)
    assert await attempt(db, key) == "LB029"
