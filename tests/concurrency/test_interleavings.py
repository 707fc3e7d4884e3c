"""The interleavings that could break the horizon, step by step on two or three connections."""

import asyncio
import random

import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.sql import fill, fill_up, unfill


async def blocked(db, pid):
    """Waits until the session waits for a lock of another one."""
    async with asyncio.timeout(10):
        while not await db.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid):
            await asyncio.sleep(0.01)


@pytest.fixture
async def session(db, connect):
    """Ten players, ranks folded, and a second connection."""
    await fill(db, *range(0, 1000, 100))
    await db.execute("SELECT api.fold_ranks()")
    return await connect()


async def test_a_delta_committed_after_a_fold_is_not_lost(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    for score in range(3):
        await db.execute("SELECT api.submit_score(2, $1)", score)
        await db.execute("SELECT api.fold_ranks()")
        await assert_exact(db)
    await transaction.commit()
    await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") > 0
    await assert_exact(db)


async def test_a_delta_of_a_younger_transaction_that_commits_first(db, session):
    """A transaction that stays open holds back its own deltas and nobody else's."""
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT pg_current_xact_id()")
    await db.execute("SELECT api.submit_score(2, 50)")
    assert await db.fetchval("SELECT api.fold_ranks()") == 1
    await assert_exact(db)
    await session.execute("SELECT api.submit_score(1, 555)")
    await assert_exact(db)
    await assert_exact(session)
    assert await db.fetchval("SELECT api.fold_ranks()") == 0
    await transaction.commit()
    await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") == 1
    await assert_exact(db)


async def test_a_fold_in_a_transaction_with_older_submits_of_its_own(db, session):
    """Others have ended after it began, so its own id lies below the end of its snapshot."""
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    await db.execute("SELECT api.submit_score(2, 50)")
    assert await session.fetchval("SELECT api.fold_ranks()") == 1
    await session.execute("SELECT api.submit_score(1, 111)")
    await assert_exact(session)
    await assert_exact(db)
    await transaction.commit()
    await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") == 2
    await assert_exact(db)


async def test_a_rebuild_in_a_transaction_with_submits_of_its_own(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    await db.execute("SELECT api.submit_score(2, 50)")
    await session.execute("SELECT rank_index.rebuild(1)")
    await assert_exact(session)
    await session.execute("SELECT api.submit_score(1, 111)")
    await assert_exact(session)
    await assert_exact(db)
    await transaction.commit()
    await assert_exact(db)
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db)


async def test_a_marker_that_differs_although_the_horizon_stays(db, session):
    """The older of two transactions commits last: a fold moves its delta and finds the same end of its
    snapshot.
    """
    marker = "SELECT change_marker FROM api.rank_index_status()"
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    await db.execute("SELECT api.submit_score(2, 50)")
    await db.execute("SELECT api.fold_ranks()")
    before = await db.fetchval(marker)
    await transaction.commit()
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval(marker) != before


async def test_folds_are_fewer_while_dead_rows_cannot_go(db, session):
    """Each fold leaves versions of rows that reads step over until vacuum may remove them."""
    await db.execute(
        "CREATE PROCEDURE burn() LANGUAGE plpgsql AS 'BEGIN "
        "FOR i IN 1..10001 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END'"
    )
    async with session.transaction():
        await session.execute("SELECT pg_current_xact_id()")
        await db.execute("CALL burn()")
        await db.execute("SELECT api.submit_score(1, 5)")
        assert await db.fetchval("SELECT api.fold_ranks()") == 0
        await assert_exact(db)
        for _ in range(200):
            await db.execute("UPDATE leaderboard SET total_score = total_score + 1")
        assert await db.fetchval("SELECT api.fold_ranks()") == 2001
        await assert_exact(db, ledger=False)
    await db.execute("SELECT api.submit_score(1, 5)")
    assert await db.fetchval("SELECT api.fold_ranks()") == 1


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_transactions_folds_and_rebuilds(db, connect, seed):
    """Transactions that stay open, commit or roll back in any order, among folds and rebuilds of others and
    of their own: every read is exact at every moment.
    """
    await fill(db, *range(0, 1000, 100))
    chance = random.Random(seed)
    sessions = [await connect() for _ in range(4)]
    opened = [None] * len(sessions)
    holders = [set() for _ in sessions]  # the players whose rows a transaction holds
    for _ in range(120):
        which = chance.randrange(len(sessions))
        session = sessions[which]
        act = chance.choice(["begin", "submit", "submit", "fold", "rebuild", "commit", "rollback", "count"])
        if act == "begin" and opened[which] is None:
            opened[which] = session.transaction()
            await opened[which].start()
            if chance.random() < 0.5:
                await session.execute("SELECT pg_current_xact_id()")
        elif act == "submit":
            player = chance.randint(1, 10)
            if any(player in held for other, held in enumerate(holders) if other != which):
                continue  # it would wait
            await session.execute("SELECT api.submit_score($1, $2)", player, chance.choice([0, 1, 77, 5000]))
            if opened[which] is not None:
                holders[which].add(player)
        elif act == "fold":
            await session.execute("SELECT api.fold_ranks()")
            if opened[which] is not None:  # a fold's lock would hold up the others' rebuilds
                act = "commit"
        elif act == "rebuild":
            await session.execute("SELECT rank_index.rebuild(1)")
            if opened[which] is not None:
                act = "commit"
        if act in ("commit", "rollback") and opened[which] is not None:
            if chance.random() < 0.3:
                await assert_exact(session)
            await (opened[which].commit() if act == "commit" else opened[which].rollback())
            opened[which] = None
            holders[which].clear()
        if act in ("fold", "rebuild", "commit", "rollback", "count"):
            await assert_exact(db)
    for transaction in opened:
        if transaction is not None:
            await transaction.commit()
    await assert_exact(db)
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    await assert_exact(db)


async def test_a_reader_with_an_old_snapshot_sees_its_own_moment_through_a_fold(db, session):
    await db.execute("SELECT api.submit_score(1, 555)")
    async with session.transaction(isolation="repeatable_read"):
        assert await session.fetchval("SELECT rank FROM api.player_rank(1)") == 5
        await db.execute("SELECT api.fold_ranks()")
        await db.execute("SELECT api.submit_score(1, 5000)")
        await db.execute("SELECT api.fold_ranks()")
        await db.execute("SELECT api.rebuild_leaderboard()")
        await assert_exact(session)
        assert await session.fetchval("SELECT rank FROM api.player_rank(1)") == 5
    assert await session.fetchval("SELECT rank FROM api.player_rank(1)") == 1


async def test_a_second_fold_does_not_wait_for_the_first(db, session):
    await db.execute("SELECT api.submit_score(1, 555)")
    transaction = session.transaction()
    await transaction.start()
    assert await session.fetchval("SELECT api.fold_ranks()") == 1
    assert await asyncio.wait_for(db.fetchval("SELECT api.fold_ranks()"), 10) == 0
    await assert_exact(db)
    await transaction.rollback()
    await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") == 1
    await assert_exact(db)


async def test_a_submit_does_not_wait_for_a_fold(db, session):
    await db.execute("SELECT api.submit_score(1, 555)")
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.fold_ranks()")
    await asyncio.wait_for(db.execute("SELECT api.submit_score(1, 1)"), 10)
    await assert_exact(db)
    await transaction.commit()
    await assert_exact(db)


async def test_a_rebuild_beside_an_open_submit(db, session):
    """The rebuild counts the players without the open submit, whose delta stays above its horizon."""
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    await db.execute("SELECT api.submit_score(2, 50)")
    await db.execute("SELECT rank_index.rebuild(1)")
    await assert_exact(db)
    await transaction.commit()
    await assert_exact(db)
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db)


async def test_a_submit_between_the_snapshot_of_a_rebuild_and_its_commit(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT rank_index.rebuild(1)")
    await db.execute("SELECT api.submit_score(1, 555)")
    await assert_exact(db)
    await transaction.commit()
    await assert_exact(db)
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db)


async def test_a_rebuild_with_a_committed_delta_above_its_horizon(db, connect, session):
    """What the counts already hold must not be added again by its delta."""
    holder = await connect()
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("SELECT pg_current_xact_id()")  # older than what follows
    await db.execute("SELECT api.submit_score(1, 555)")
    await db.execute("SELECT api.rebuild_leaderboard()")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0
    await assert_exact(db)
    await transaction.commit()
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db)


async def test_a_rebuild_waits_for_a_bulk_statement_and_counts_it_once(db, session):
    await db.execute("INSERT INTO users (username) SELECT 'bulk' || g FROM generate_series(1, 10001) AS g")
    transaction = session.transaction()
    await transaction.start()
    await session.execute(
        "INSERT INTO leaderboard (user_id, total_score) SELECT id, 7 FROM users WHERE username LIKE 'bulk%'"
    )
    rebuild = asyncio.create_task(db.execute("SELECT rank_index.rebuild(1)"))
    observer_pid = db.get_server_pid()
    await blocked(session, observer_pid)
    await transaction.commit()
    await rebuild
    assert await db.fetch("SELECT * FROM api.verify_leaderboard() WHERE check_name = 'rank_index'") == []


async def test_a_rebuild_corrects_a_total_while_its_player_submits(db, session):
    await db.execute("UPDATE leaderboard SET total_score = 1 WHERE user_id = 1")
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    rebuild = asyncio.create_task(db.fetch("SELECT * FROM api.rebuild_leaderboard()"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    await rebuild
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1") == 555
    await assert_exact(db)


async def test_a_horizon_of_another_cluster(db):
    """A restored dump: the horizon lies ahead of this cluster's transaction ids."""
    await fill(db, *range(0, 1000, 100))
    await db.execute("SELECT api.submit_score(1, 5)")
    await db.execute("UPDATE rank_delta SET xid = (xid::text::bigint + 1000000)::text::xid8")
    await db.execute("UPDATE rank_state SET horizon = (horizon::text::bigint + 900000)::text::xid8")
    await assert_exact(db)
    assert await db.fetchval("SELECT api.fold_ranks()") == 0
    await db.execute("SELECT api.submit_score(2, 333)")
    await assert_exact(db)
    await db.execute("SELECT api.submit_score(3, 444)")
    await db.execute("SELECT api.fold_ranks()")
    await assert_exact(db)
    await db.execute("SELECT api.rebuild_leaderboard()")
    await assert_exact(db)


async def test_the_first_writers_after_a_restore_side_by_side(db, session):
    await db.execute("UPDATE rank_state SET horizon = '900000000'")
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 5)")
    second = asyncio.create_task(db.execute("SELECT api.submit_score(2, 7)"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    await second
    await assert_exact(db)


async def test_the_second_of_two_submits_with_one_key_waits_and_replays(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 5, p_submission_key => 'k')")
    second = asyncio.create_task(db.fetchrow("SELECT * FROM api.submit_score(1, 5, p_submission_key => 'k')"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    assert tuple(await second)[2:4] == (5, True)
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1") == 5


async def test_the_second_of_two_submits_with_one_key_counts_when_the_first_rolls_back(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 5, p_submission_key => 'k')")
    second = asyncio.create_task(db.fetchrow("SELECT * FROM api.submit_score(1, 5, p_submission_key => 'k')"))
    await blocked(session, db.get_server_pid())
    await transaction.rollback()
    assert tuple(await second)[2:4] == (5, False)
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1") == 5


async def test_two_submits_register_one_player(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(77, 5)")
    second = asyncio.create_task(db.execute("SELECT api.submit_score(77, 6)"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    await second
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 77") == 11
    await assert_exact(db)


async def test_batches_in_opposite_orders_do_not_deadlock(db, session):
    """Both calls lock by player, whatever the order of their items."""
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_scores('{9,1,5}', '{1,1,1}')")
    second = asyncio.create_task(db.execute("SELECT api.submit_scores('{1,5,9}', '{1,1,1}')"))
    await blocked(session, db.get_server_pid())
    await session.execute("SELECT api.submit_scores('{5,9,1}', '{1,1,1}')")
    await transaction.commit()
    await second
    await assert_exact(db)


async def test_a_board_is_made_while_a_submit_is_open(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    board = asyncio.create_task(db.execute("SELECT api.create_board('new')"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    await board
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 1 AND board_id <> 1") == 555
    await assert_exact(db, "new")


async def test_a_submit_waits_for_a_board_in_the_making_and_counts_on_it(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.create_board('new')")
    submit = asyncio.create_task(db.execute("SELECT api.submit_score(1, 555)"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    await submit
    await assert_exact(db, "new")
    await assert_exact(db)


async def test_truncate_beside_an_open_submit(db, session):
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(1, 555)")
    truncate = asyncio.create_task(db.execute("TRUNCATE leaderboard"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    await truncate
    await assert_exact(db, ledger=False)
    await db.execute("SELECT api.submit_score(1, 1)")
    await assert_exact(db, ledger=False)


async def test_a_purge_beside_a_replay_takes_no_answer_away(db, connect, session):
    """The replayed key has expired; a fold that purges comes between the look at the key and the answer."""
    await db.execute("SELECT api.submit_score(1, 5, p_submission_key => 'old')")
    await db.execute("UPDATE submission_keys SET created_at = now() - interval '8 days'")
    transaction = session.transaction()
    await transaction.start()
    await session.execute("UPDATE leaderboard SET rank = 1 WHERE user_id = 2")
    submit = asyncio.create_task(
        db.fetch("SELECT * FROM api.submit_scores('{1,2}', '{5,6}', NULL, NULL, ARRAY['old', 'new'])")
    )
    await blocked(session, db.get_server_pid())
    folder = await connect()
    await folder.execute("SELECT api.fold_ranks()")
    await transaction.commit()
    assert [(row["item"], row["status"]) for row in await submit] == [(1, "replayed"), (2, "accepted")]
    await db.execute("SELECT api.fold_ranks()")
    assert await db.fetchval("SELECT count(*) FROM submission_keys") == 1


@pytest.mark.parametrize(
    ("change", "sqlstate"),
    [
        ("DELETE FROM boards WHERE name = 'b'", "LB010"),
        ("UPDATE boards SET max_score = 3 WHERE name = 'b'", "LB003"),
    ],
)
async def test_a_board_changes_while_a_submit_to_it_waits(db, session, change, sqlstate):
    await db.execute("SELECT api.create_board('b')")
    before = await db.fetchval("SELECT count(*) FROM game_sessions")
    transaction = session.transaction()
    await transaction.start()
    await session.execute(change)
    submit = asyncio.create_task(db.execute("SELECT api.submit_score(1, 5, p_board => 'b')"))
    await blocked(session, db.get_server_pid())
    await transaction.commit()
    with pytest.raises(asyncpg.PostgresError) as caught:
        await submit
    assert caught.value.sqlstate == sqlstate
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == before


async def test_a_rebuild_of_several_boards_beside_a_submit_does_not_deadlock(db, connect, session):
    """A submit writes sum boards, then best ones; a rebuild goes board by board. Players are locked first."""
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await db.execute("SELECT api.create_board('second')")
    await db.execute("SELECT api.rebuild_leaderboard()")
    await db.execute("UPDATE leaderboard SET rank = 77 WHERE board_id > 1 AND user_id IN (2, 3)")
    holder = session.transaction()
    await holder.start()
    await session.execute("UPDATE leaderboard SET rank = 78 WHERE board_id = 2 AND user_id = 3")
    rebuilder = await connect()
    rebuild = asyncio.create_task(rebuilder.execute("SELECT api.rebuild_leaderboard()"))
    await blocked(session, rebuilder.get_server_pid())
    submit = asyncio.create_task(db.execute("SELECT api.submit_score(2, 1)"))
    await blocked(session, db.get_server_pid())
    await holder.commit()
    await asyncio.gather(rebuild, submit)
    for board in ("overall", "best", "second"):
        await assert_exact(db, board)


# --- plain SQL beside others --------------------------------------------------------------------------------

CHANGES = [
    "SELECT api.create_board('new')",
    "INSERT INTO boards (name, aggregate) VALUES ('new', 'best')",
    "UPDATE boards SET aggregate = 'last' WHERE name = 'best'",
    "SELECT api.set_score_rules('best', p_max_score => 500)",
    "SELECT api.rebuild_leaderboard()",
    "SELECT api.materialize_ranks()",
    "INSERT INTO game_sessions (user_id, score) VALUES (5, 1000), (3, 7)",
    "UPDATE game_sessions SET score = score + 1 WHERE user_id IN (3, 5)",
    "DELETE FROM game_sessions WHERE user_id IN (3, 5)",
]
BESIDE = [
    "DELETE FROM users WHERE id = 5",
    "SELECT api.submit_scores('{5,3}', '{400,800}')",
    "UPDATE game_sessions SET score = score + 2 WHERE user_id IN (5, 3)",
    "INSERT INTO game_sessions (user_id, score) VALUES (3, 77), (5, 78)",
]
ORDERS = [(beside, order) for beside in BESIDE for order in ("first", "second")]


async def all_exact(db):
    for row in await db.fetch("SELECT name FROM boards"):
        await assert_exact(db, row["name"])


async def blocked_or_done(db, pid, task):
    async with asyncio.timeout(10):
        while not task.done() and not await db.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid):
            await asyncio.sleep(0.01)


def without_player(first, second):
    """Whether the second statement needs a player whom the first one deletes: the foreign key refuses it."""
    return first.startswith("DELETE FROM users") and second.startswith("INSERT INTO game_sessions")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("beside", "order"), [*ORDERS, (BESIDE[0], "after a rollback")])
async def test_two_side_by_side_leave_exact_totals(db, session, change, beside, order):
    """One is open when the other comes. Whether it waits or not, both count, and neither fails."""
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await db.execute("UPDATE leaderboard SET rank = 77")  # something to do for those who write ranks
    if "rebuild" in change:
        await db.execute("UPDATE leaderboard SET total_score = 1 WHERE user_id IN (3, 5) AND board_id = 1")
    first, second = (change, beside) if order == "first" else (beside, change)
    transaction = session.transaction()
    await transaction.start()
    await session.execute(first)
    waiting = asyncio.create_task(db.execute(second))
    await blocked_or_done(session, db.get_server_pid(), waiting)
    if order == "after a rollback":
        await transaction.rollback()
        await waiting
    else:
        await transaction.commit()
        if without_player(first, second):
            with pytest.raises(asyncpg.ForeignKeyViolationError):
                await waiting
        else:
            try:
                await waiting
            except asyncpg.PostgresError as error:
                # Submissions say that they lost their player; the caller calls again.
                assert (error.sqlstate, second) == ("LB031", BESIDE[1])
    await all_exact(db)


@pytest.mark.parametrize("change", CHANGES[6:])
@pytest.mark.parametrize("waits_first", [True, False])
async def test_sessions_change_and_their_player_goes_while_both_wait_for_a_submit(
    db, connect, session, change, waits_first
):
    """Plain SQL on sessions goes on to their players, a DELETE of a player goes on to their sessions."""
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_score(5, 1)")
    deleter = await connect()
    waiting = []
    for statement in [change, "DELETE FROM users WHERE id = 5"][:: 1 if waits_first else -1]:
        connection = db if statement == change else deleter
        waiting.append(asyncio.create_task(connection.execute(statement)))
        await blocked(session, connection.get_server_pid())
    await transaction.commit()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    failed = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(one, asyncpg.ForeignKeyViolationError) for one in failed)
    assert not failed or (change == CHANGES[6] and not waits_first)
    await all_exact(db)


async def test_ranks_are_filled_in_beside_submits_without_waiting(db, session):
    """An INSERT of known totals goes by rank, submits by player."""
    await db.execute("UPDATE leaderboard SET rank = NULL")
    transaction = session.transaction()
    await transaction.start()
    await session.execute("SELECT api.submit_scores('{9,2}', '{0,0}')")
    await asyncio.wait_for(
        db.execute(
            "INSERT INTO leaderboard (user_id, total_score, rank)"
            " SELECT user_id, SUM(score), RANK() OVER (ORDER BY SUM(score) DESC)"
            " FROM game_sessions GROUP BY user_id"
        ),
        10,
    )
    await transaction.commit()
    assert await db.fetchval("SELECT array_agg(user_id ORDER BY 1) FROM leaderboard WHERE rank IS NULL") == [
        2,
        9,
    ]
    await all_exact(db)


# --- a board that is filled in steps -----------------------------------------------------------------------------


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("order", ["first", "second"])
async def test_a_step_that_fills_a_board_beside_another_change_leaves_exact_totals(db, session, beside, order):
    await db.execute("SELECT api.create_board('best', NULL, 'best'), api.create_board('last', NULL, 'last')")
    for board in ("overall", "best", "last"):
        await unfill(db, board)
    step = "SELECT api.fill_boards()"
    first, second = (step, beside) if order == "first" else (beside, step)
    transaction = session.transaction()
    await transaction.start()
    await session.execute(first)
    waiting = asyncio.create_task(db.execute(second))
    await blocked_or_done(session, db.get_server_pid(), waiting)
    await transaction.commit()
    await waiting
    await fill_up(db)
    await all_exact(db)
