"""A submission alone in its call goes a shorter way. It must do what it does in a call with others."""

import random

import pytest

from tests.support.oracle import assert_exact

BOARDS = [
    ("overall", "sum", None),
    ("duel", "sum", "duel"),
    ("best", "best", None),
    ("last", "last", None),
]
TABLES = {
    "game_sessions": "user_id, score, game_mode",
    "leaderboard": "board_id, user_id, total_score",
    "submission_keys": "user_id, key, board_id, score, game_mode, total_score, previous_rank, rank",
    "users": "id, username",
}


@pytest.fixture
async def boards(db):
    for name, aggregate, mode in BOARDS[1:]:
        await db.execute("SELECT api.create_board($1, $2, $3)", name, mode, aggregate)


async def submit(db, submission, *, alone):
    """The outcome of a submission, alone in its call or behind one that is refused."""
    columns = [[value] for value in submission[:-1]]
    if not alone:
        columns = [[refused, *column] for refused, column in zip((0, 1, None, None, None), columns, strict=True)]
    rows = await db.fetch("SELECT * FROM api.submit_scores($1, $2, $3, $4, $5, $6)", *columns, submission[-1])
    outcome = dict(rows[-1])
    assert outcome.pop("item") == len(rows) == (1 if alone else 2)
    return outcome


async def contents(db):
    found = {
        table: [tuple(row) for row in await db.fetch(f"SELECT {columns} FROM {table} ORDER BY {columns}")]
        for table, columns in TABLES.items()
    }
    found["order"] = [
        tuple(row) for row in await db.fetch('SELECT user_id, score FROM game_sessions ORDER BY "timestamp"')
    ]
    return found


async def clear(db):
    await db.execute("TRUNCATE users RESTART IDENTITY CASCADE")


def submissions(seed):
    """Submissions in which known and new players, replays, reused and bad keys, modes and boards come in any order."""
    chosen = random.Random(seed)
    made = []
    for _ in range(150):
        if made and chosen.random() < 0.3:
            made.append(chosen.choice(made))
            continue
        submission = (
            chosen.choice([1, 2, 3, 3, 4, 2147483647, 0, None]),
            chosen.choice([0, 1, 5, 1000, 2147483647, -1, None]),
            chosen.choice([None, "solo", "duel", "größe", "", "a\nb", "x" * 51]),
            chosen.choice([None, None, None, "anna", "bert", " "]),
            chosen.choice([None, None, "a", "b", "c", "d", "", "ä", "k" * 256]),
            chosen.choice(["overall", "overall", "duel", "best", "last"]),
        )
        made.append(submission)
    return made


@pytest.mark.parametrize("seed", range(4))
async def test_both_ways_do_the_same(db, boards, seed):
    found = []
    for alone in (True, False):
        outcomes = [await submit(db, submission, alone=alone) for submission in submissions(seed)]
        await assert_exact(db)
        found.append((outcomes, await contents(db)))
        await clear(db)
    assert {outcome["status"] for outcome in found[0][0]} == {"accepted", "replayed", "rejected"}
    assert found[0] == found[1]


@pytest.mark.parametrize("boards_beside", [False, True])
async def test_a_known_player_takes_the_short_way(db, plans, boards_beside):
    await db.execute("SELECT api.submit_scores('{1}', '{1}')")
    if boards_beside:
        for name, aggregate, mode in BOARDS[1:]:
            await db.execute("SELECT api.create_board($1, $2, $3)", name, mode, aggregate)
    plans.clear()
    await db.execute("SELECT api.submit_scores('{1}', '{1}', p_submission_keys => '{a}')")
    text = "\n".join(plans)
    assert "UPDATE public.leaderboard" in text
    assert "unnest(p_items) AS s" not in text
    plans.clear()
    await db.execute("SELECT api.submit_scores('{1}', '{1}', p_submission_keys => '{a}')")  # a replay
    assert "unnest(p_items) AS s" in "\n".join(plans)


@pytest.mark.parametrize("first", [-1, 0, 1, 2])
@pytest.mark.parametrize("all_of_them", [False, True])
async def test_arrays_may_begin_at_any_index(db, first, all_of_them):
    await db.execute("SELECT api.submit_scores('{1}', '{1}')")
    bounds = f"[{first}:{first}]="
    others = bounds if all_of_them else ""
    call = (
        f"SELECT * FROM api.submit_scores('{others}{{1}}', '{others}{{5}}', '{bounds}{{duel}}', '{bounds}{{anna}}',"
        f" '{bounds}{{a}}')"
    )
    assert [(await db.fetchrow(call))["status"] for _ in range(2)] == ["accepted", "replayed"]
    assert await db.fetchval("SELECT game_mode FROM game_sessions WHERE score = 5") == "duel"
    await assert_exact(db)
    await db.execute(call.replace("anna", "").replace("{}", "{NULL}").replace("{a}", "{b}"))
    keys = await db.fetch("SELECT key, game_mode FROM submission_keys ORDER BY key")
    assert [tuple(row) for row in keys] == [("a", "duel"), ("b", "duel")]


async def test_a_total_near_its_end_goes_the_careful_way(db, boards):
    await db.execute("SELECT api.submit_scores('{1,1}', '{1,2}', '{solo,duel}')")
    for board, mode in (("duel", "duel"), ("overall", "solo")):
        await db.execute(
            "UPDATE leaderboard SET total_score = 9007199254740992 - 5"
            " WHERE board_id = (SELECT id FROM boards WHERE name = $1)",
            board,
        )
        fits = await submit(db, (1, 3, mode, None, None, board), alone=True)
        assert (fits["status"], fits["total_score"]) == ("accepted", 9007199254740990)
        refused = await submit(db, (1, 3, mode, None, None, board), alone=True)
        assert (refused["status"], refused["error"]) == ("rejected", "LB023")
        await db.execute("UPDATE leaderboard SET total_score = 1")


async def test_a_player_without_a_total_on_one_of_the_boards_gets_it(db, boards):
    await db.execute("SELECT api.submit_scores('{1}', '{1}', '{duel}')")
    await db.execute("DELETE FROM leaderboard WHERE board_id <> (SELECT id FROM boards WHERE name = 'overall')")
    outcome = await submit(db, (1, 4, "duel", None, None, "overall"), alone=True)
    assert outcome["total_score"] == 5
    totals = await db.fetch("SELECT b.name, l.total_score FROM leaderboard AS l JOIN boards AS b ON b.id = l.board_id")
    assert dict(totals) == {"overall": 5, "duel": 4, "best": 4, "last": 4}


async def test_a_player_held_by_another_transaction_is_busy(db, connect):
    await db.execute("SELECT api.submit_scores('{1}', '{1}')")
    other = await connect()
    async with other.transaction():
        await other.execute("SELECT api.submit_scores('{1}', '{2}')")
        await db.execute("SET leaderboard.busy_players = 'skip'")
        assert (await submit(db, (1, 4, None, None, None, "overall"), alone=True))["status"] == "busy"
    assert (await submit(db, (1, 4, None, None, None, "overall"), alone=True))["total_score"] == 7


async def test_a_session_that_counts_keeps_its_own_setting(db):
    """Plain SQL later in the transaction is corrected from the ledger again."""
    await db.execute("SELECT api.submit_scores('{1}', '{1}')")
    async with db.transaction():
        await db.execute("SELECT api.submit_scores('{1}', '{1}')")
        await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 40)")
    assert await db.fetchval("SELECT total_score FROM leaderboard") == 42
