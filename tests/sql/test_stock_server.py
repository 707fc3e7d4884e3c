"""Servers that somebody else set up: what our own embedded server sets must not be needed."""

import re

import pytest

from tests.support.sql import fill

CALLS = [
    "SELECT * FROM api.submit_score(1, 5, p_submission_key => 'one', p_with_rank => true)",
    "SELECT * FROM api.submit_scores('{1,2,3,99}', '{5,6,7,8}', NULL, NULL, '{a,b,c,d}')",
    "SELECT * FROM api.top_players(10)",
    "SELECT * FROM api.top_players(3, 500, 3)",
    "SELECT * FROM api.player_rank(1)",
    "SELECT * FROM api.player_ranks('{1,2,3}')",
    "SELECT * FROM api.players_around(3)",
    "SELECT * FROM api.score_distribution(10)",
    "SELECT * FROM api.list_boards()",
    "SELECT * FROM api.rank_index_status()",
    "SELECT * FROM api.verify_sample(10)",
    "SELECT api.fold_ranks()",
]


async def test_no_plan_of_a_frequent_call_is_compiled(db, plans):
    """JIT is on by default up to PostgreSQL 18, and a plan that may not scan costs so much on paper that each
    call compiled it for half a second.
    """
    await fill(db, *range(0, 5000, 100))
    await db.execute("SELECT api.set_score_rules('overall', NULL, NULL, 1000000, 900000000)")
    await db.execute("SELECT api.create_board('best', NULL, 'best'), api.create_board('last', NULL, 'last')")
    assert await db.fetchval("SHOW jit_above_cost") == "100000"
    plans.clear()
    for call in CALLS:
        await db.execute(call)
    assert len(plans) > len(CALLS)
    assert [plan for plan in plans if re.search(r"^JIT:", plan, re.MULTILINE)] == []


async def test_sql_functions_are_part_of_their_callers_plans(db, plans):
    """One that is not inlined, for example because an argument is a subquery, is planned at every call up to
    PostgreSQL 17, which costs more than a rank.
    """
    await fill(db, *range(0, 5000, 100))
    plans.clear()
    for call in CALLS:
        if "verify_sample" not in call:
            await db.execute(call)
    called = {name for plan in plans for name in re.findall(r"Function Scan on (\w+)", plan)}
    assert {"ranks", "ranked_rows", "histogram"} <= called
    assert await db.fetchval(
        "SELECT array_agg(p.proname) FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang"
        " WHERE p.pronamespace = 'rank_index'::regnamespace AND l.lanname = 'sql' AND p.proname = ANY ($1)",
        list(called),
    ) in (None, [])


async def test_the_check_finds_a_compiled_plan(db, plans):
    if not await db.fetchval("SELECT pg_jit_available()") or await db.fetchval("SHOW jit") != "on":
        pytest.skip("this server has no JIT")
    await db.execute("ALTER FUNCTION api.player_rank(bigint, text) RESET jit")
    await fill(db, 10, 20)
    await db.execute("SET jit_above_cost = 0")
    plans.clear()
    await db.execute("SELECT * FROM api.player_rank(1)")
    assert any(re.search(r"^JIT:", plan, re.MULTILINE) and "rank_node" in plan for plan in plans)


async def test_functions_that_pin_their_plans_pin_jit_too(db):
    unpinned = await db.fetch(
        "SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'api'::regnamespace"
        " AND p.proconfig::text ~ 'enable_seqscan|plan_cache_mode' AND NOT p.proconfig @> '{jit=off}'"
    )
    assert unpinned == []
