"""Plans that were made while a table was small, its growth since unknown: no call may read whole tables."""

import json

import pytest

from tests.support.sql import fill

CALLS = [
    "SELECT * FROM api.submit_scores('{9001,9002,9003}', '{5,6,7}', NULL, '{ann,user_1001,NULL}')",
    "SELECT * FROM api.submit_scores('{1001,1002}', '{1001,7}', NULL, NULL, '{k1001,k1002}')",
    "SELECT * FROM api.submit_scores('{1,2,3}', '{5,6,7}', NULL, NULL, '{a,b,c}', 'overall', true)",
    "SELECT * FROM api.top_players(10)",
    "SELECT * FROM api.top_players(3, 500, 3)",
    "SELECT * FROM api.player_rank(1)",
    "SELECT * FROM api.player_ranks('{1,2,3}')",
    "SELECT * FROM api.players_around(3)",
]


@pytest.mark.parametrize("small", [0, 30, 200])
async def test_no_call_reads_a_table_whole(db, plans, small):
    if small:
        await fill(db, *range(small))
        await db.execute(
            "SELECT api.submit_scores(array_agg(g), array_agg(g), NULL, NULL, array_agg('old' || g))"
            " FROM generate_series(1, $1) AS g",
            small,
        )
    await db.execute("ANALYZE users, leaderboard, submission_keys, game_sessions")
    many = "(SELECT array_agg(g) FROM generate_series({0}, {0} + 999) AS g)"
    for start in (1001, 2001, 3001):
        players = many.format(start)
        keys = f"(SELECT array_agg('k' || g) FROM generate_series({start}, {start} + 999) AS g)"
        await db.execute(f"SELECT count(*) FROM api.submit_scores({players}, {players}, NULL, NULL, {keys})")
    await db.execute("SELECT api.fold_ranks()")
    await db.execute("SET auto_explain.log_analyze = on")
    await db.execute("SET auto_explain.log_format = json")
    plans.clear()
    for call in CALLS:
        await db.execute(call)
    nodes = [node for plan in plans for node in walk(json.loads(plan[plan.index("{") :])["Plan"])]
    assert len(nodes) > len(CALLS)
    whole = {
        (node["Node Type"], node.get("Index Name")): node["Actual Rows"]
        for node in nodes
        if "Relation Name" in node and node["Actual Rows"] >= 1000
    }
    assert whole == {}


def walk(node):
    yield node
    for child in node.get("Plans", ()):
        yield from walk(child)
