import asyncio

import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.sql import submit


async def test_answers_an_outcome_an_item_in_order(db):
    outcomes = await submit(db, (3, 30), (1, 10), (2, 20))
    assert [(row[0], row[1], row[2], row[4]) for row in outcomes] == [
        (1, "accepted", 3, 30),
        (2, "accepted", 1, 10),
        (3, "accepted", 2, 20),
    ]
    await assert_exact(db)


async def test_a_bad_item_leaves_its_neighbours_alone(db):
    await submit(db, (9, 1, None, "taken"))
    outcomes = await submit(
        db,
        (1, 10),
        (0, 10),
        (2, -1),
        (3, 5, "x" * 51),
        (4, 5, None, ""),
        (5, 5, None, None, " "),
        (6, 5, None, "taken"),
        (7, 7),
    )
    assert [(row[1], row[7]) for row in outcomes] == [
        ("accepted", None),
        ("rejected", "LB002"),
        ("rejected", "LB003"),
        ("rejected", "LB004"),
        ("rejected", "LB005"),
        ("rejected", "LB006"),
        ("rejected", "LB020"),
        ("accepted", None),
    ]
    assert all(row[8] for row in outcomes if row[1] == "rejected")
    assert await db.fetchval("SELECT array_agg(id ORDER BY id) FROM users") == [1, 7, 9]
    await assert_exact(db)


async def test_totals_run_through_the_items_of_one_player(db):
    outcomes = await submit(db, (1, 10), (2, 1), (1, 20), (1, 30))
    assert [row[4] for row in outcomes] == [10, 1, 30, 60]
    await assert_exact(db)


async def test_one_key_twice_in_one_call_counts_once(db):
    outcomes = await submit(db, (1, 10, None, None, "a"), (1, 10, None, None, "a"), (1, 11, None, None, "a"))
    assert [(row[1], row[4], row[7]) for row in outcomes] == [
        ("accepted", 10, None),
        ("replayed", 10, None),
        ("rejected", None, "LB021"),
    ]
    await assert_exact(db)


async def test_a_key_of_a_refused_item_is_still_free(db):
    outcomes = await submit(db, (1, -5, None, None, "a"), (1, 5, None, None, "a"))
    assert [row[1] for row in outcomes] == ["rejected", "accepted"]


async def test_a_key_of_an_item_whose_total_would_leave_the_range_is_still_free(db):
    largest = 2**53 - 1
    await db.execute("SELECT api.create_board('wide', NULL, 'sum', $1, $2)", -largest, largest)
    await submit(db, (1, largest - 5), board="wide")
    outcomes = await submit(db, (1, 6, None, None, "a"), (1, 5, None, None, "a"), board="wide")
    assert [(row[0], row[1], row[4], row[7]) for row in outcomes] == [
        (1, "rejected", None, "LB023"),
        (2, "accepted", largest, None),
    ]
    await assert_exact(db, "wide")


async def test_a_replay_whose_first_call_asked_for_no_ranks_has_the_rank_now(db):
    await submit(db, (1, 10, None, None, "a"), (2, 30), (3, 5, None, None, "c"), with_rank=False)
    await submit(db, (4, 20, None, None, "d"), with_rank=True)
    replays = [(1, 10, None, None, "a"), (3, 5, None, None, "c"), (4, 20, None, None, "d")]
    outcomes = await submit(db, *replays, (5, 40), (1, 1), with_rank=True)
    # total_score, previous_rank and rank: the total is the first answer's, and so are the ranks of who asked.
    assert [(row[1], row[4], row[5], row[6]) for row in outcomes[:3]] == [
        ("replayed", 10, None, 4),
        ("replayed", 5, None, 5),
        ("replayed", 20, None, 2),
    ]
    again = await submit(db, *replays, with_rank=True)
    assert [row[6] for row in again] == [4, 5, 2]
    await submit(db, (1, 100))
    assert (await submit(db, replays[0], with_rank=True))[0][6] == 1
    # And nobody who asks for none is given the one of now.
    assert (await submit(db, replays[0]))[0][6] is None
    await assert_exact(db)


async def test_replays_and_fresh_items_in_one_call(db):
    await submit(db, (1, 10, None, None, "a"), (2, 20, None, None, "b"))
    outcomes = await submit(db, (2, 20, None, None, "b"), (3, 30), (1, 10, None, None, "a"), (1, 1, None, None, "c"))
    assert [(row[1], row[4]) for row in outcomes] == [
        ("replayed", 20),
        ("accepted", 30),
        ("replayed", 10),
        ("accepted", 11),
    ]
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 4
    await assert_exact(db)


async def test_ranks_are_those_before_and_after_the_call(db):
    await submit(db, (1, 100), (2, 90))
    outcomes = await submit(db, (2, 20), (3, 95), (2, 1), with_rank=True)
    assert [(row[2], row[4], row[5], row[6]) for row in outcomes] == [
        (2, 110, 2, 1),
        (3, 95, None, 3),
        (2, 111, 2, 1),
    ]


async def test_new_names_in_one_call(db):
    outcomes = await submit(
        db, (1, 1, None, "Ada"), (2, 1, None, "Ada"), (1, 1, None, "Eve"), (3, 1, None, "user_4"), (4, 1)
    )
    assert [row[1] for row in outcomes] == ["accepted", "rejected", "accepted", "accepted", "accepted"]
    assert outcomes[1][7] == "LB020"
    names = dict(await db.fetch("SELECT id, username FROM users"))
    assert names[1] == "Ada"
    assert names[3] == "user_4"
    assert names[4].startswith("user_4_")


async def test_no_items(db):
    assert await db.fetch("SELECT * FROM api.submit_scores('{}', '{}')") == []


async def test_a_thousand_items(db):
    outcomes = await submit(db, *((1 + i % 300, i) for i in range(1000)))
    assert {row[1] for row in outcomes} == {"accepted"}
    assert [row[0] for row in outcomes] == list(range(1, 1001))
    await assert_exact(db)


@pytest.mark.parametrize(
    "arguments",
    [
        "NULL, '{1}'",
        "'{1}', NULL",
        "'{1,2}', '{1}'",
        "'{1}', '{1}', ARRAY['solo', 'team']",
        "'{1}', '{1}', NULL, '{}'",
        "'{1}', '{1}', NULL, NULL, ARRAY['a', 'b']",
        "'{{1,2}}', '{{1,2}}'",
        "'{1,2}', '{1,2}', '{{solo,team}}'",
        "'{1,2}', '{1,2}', NULL, '{{ada},{eve}}'",
        "'{1,2}', '{1,2}', NULL, NULL, '{{a,b}}'",
        "array_fill(1::bigint, ARRAY[1001]), array_fill(1::bigint, ARRAY[1001])",
    ],
)
async def test_arrays_that_do_not_fit_are_refused(db, arguments):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.submit_scores({arguments})")
    assert caught.value.sqlstate == "LB001"
    assert await db.fetchval("SELECT count(*) FROM users") == 0


async def test_totals_stay_within_what_json_clients_read(db):
    largest = 2**53 - 1
    await db.execute("SELECT api.create_board('wide', NULL, 'sum', $1, $2)", -largest, largest)
    assert (await submit(db, (1, largest - 5, None, None, "k"), board="wide"))[0][4] == largest - 5
    outcomes = await submit(db, (1, 6), (2, 1), (1, largest - 5, None, None, "k"), (1, 1), board="wide")
    assert [(row[1], row[7]) for row in outcomes] == [
        ("rejected", "LB023"),
        ("accepted", None),
        ("replayed", None),
        ("accepted", None),
    ]
    assert (await submit(db, (1, 4), board="wide"))[0][4] == largest
    await assert_exact(db, "wide")


async def test_a_total_at_the_end_of_its_range_moves_inwards_only(db):
    largest = 2**53 - 1
    await db.execute("SELECT api.create_board('wide', NULL, 'sum', $1, $2)", -largest, largest)
    outcomes = await submit(db, (1, largest), (1, 1), (1, -5), (1, 5), (1, 1), board="wide")
    assert [(row[4], row[7]) for row in outcomes] == [
        (largest, None),
        (None, "LB023"),
        (largest - 5, None),
        (largest, None),
        (None, "LB023"),
    ]
    await assert_exact(db, "wide")


async def test_each_item_counts_for_those_behind_it(db):
    largest = 2**53 - 1
    await db.execute("SELECT api.create_board('wide', NULL, 'sum', $1, $2)", -largest, largest)
    outcomes = await submit(db, (1, largest), (1, -largest), (1, largest), board="wide")
    assert [row[4] for row in outcomes] == [largest, 0, largest]
    # What one call adds stays within the range as well; the next call has the rest of the way.
    await submit(db, (2, -largest), board="wide")
    outcomes = await submit(db, (2, largest), (2, largest), board="wide")
    assert [(row[4], row[7]) for row in outcomes] == [(0, None), (None, "LB023")]
    assert (await submit(db, (2, largest), board="wide"))[0][4] == largest
    await assert_exact(db, "wide")


async def test_a_clock_that_went_back_leaves_the_last_score_the_last(db):
    await db.execute("SELECT api.create_board('last', NULL, 'last')")
    await submit(db, (1, 10), (2, 10))
    await db.execute("UPDATE game_sessions SET timestamp = now() + interval '2 hours' WHERE user_id = 1")
    assert [row[4] for row in await submit(db, (1, 7), (1, 5), (2, 5), board="last")] == [5, 5, 5]
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1 AND board_id = 2") == 5
    # The other player's time is the clock's.
    assert await db.fetchval("SELECT count(*) FROM game_sessions WHERE timestamp > clock_timestamp()") == 3
    await assert_exact(db, "last")


async def test_counts_on_every_board_that_matches(db):
    await db.execute("SELECT api.create_board('team', 'team')")
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await db.execute("SELECT api.create_board('last', NULL, 'last', -10, 50)")
    await submit(db, (1, 40, "team"), (1, 30, "solo"), (1, 60, "team"), (2, 5))
    totals = await db.fetch(
        "SELECT b.name, l.user_id, l.total_score FROM leaderboard AS l JOIN boards AS b ON b.id = l.board_id "
        "ORDER BY b.id, 2"
    )
    assert [tuple(row) for row in totals] == [
        ("overall", 1, 130),
        ("overall", 2, 5),
        ("team", 1, 100),
        ("best", 1, 60),
        ("best", 2, 5),
        ("last", 1, 30),
        ("last", 2, 5),
    ]
    for board in ("overall", "team", "best", "last"):
        await assert_exact(db, board)


async def test_the_named_board_sets_bounds_and_mode(db):
    await db.execute("SELECT api.create_board('team', 'team', 'best', -10, 50)")
    outcomes = await submit(
        db, (1, 51, "team"), (1, 5, "solo"), (1, -10, "team"), (1, 20, "team"), (1, 10, "team"), board="team"
    )
    assert [(row[1], row[4], row[7]) for row in outcomes] == [
        ("rejected", None, "LB003"),
        ("rejected", None, "LB022"),
        ("accepted", 20, None),
        ("accepted", 20, None),
        ("accepted", 20, None),
    ]
    await assert_exact(db, "team")
    await assert_exact(db)


async def test_many_pending_deltas_are_folded_by_submits_alone(db):
    for _ in range(20):
        await submit(db, *((1 + i % 50, 1) for i in range(250)))
        await submit(db, *((1 + i, 1) for i in range(250)))
    pending = await db.fetchval("SELECT pending FROM api.rank_index_status()")
    assert pending <= 2250  # folds start above 2,000; without them it would be 6,000
    await db.execute("INSERT INTO leaderboard (user_id, total_score) SELECT id, 0 FROM users ON CONFLICT DO NOTHING")
    await assert_exact(db)


@pytest.mark.parametrize("largest", [100, 2**50])
async def test_who_is_registered_while_the_call_waits_has_one_outcome(db, connect, largest):
    """Refused for a taken name, then registered, and the same key used, by another call before this one ends."""
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => $1::bigint)", largest)
    await submit(db, (9, 1, None, "taken"), (2, 1))
    holder, waiter = await connect(), await connect()
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("SELECT FROM users WHERE id = 2 FOR UPDATE")
    waiting = asyncio.create_task(submit(waiter, (5, 10, None, "taken", "k"), (2, 7)))
    async with asyncio.timeout(10):
        while not await db.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
            " AND datname = current_database()"
        ):
            await asyncio.sleep(0.02)
    assert [row[1] for row in await submit(db, (5, 10, None, None, "k"))] == ["accepted"]
    await transaction.rollback()
    assert [(row[0], row[1], row[7]) for row in await waiting] == [
        (1, "rejected", "LB020"),
        (2, "accepted", None),
    ]
    await assert_exact(db)
