"""What a board counts is defined in one place, and costs no call."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

#: Calls that reach every function that uses the predicate.
CALLS = [
    "SELECT * FROM api.submit_scores('{1,2,3}', '{10,20,30}', NULL, NULL, '{a,b,c}', p_with_rank => true)",
    "SELECT * FROM api.submit_scores('{1,2,4}', '{10,20,30}', '{ranked,ranked,ranked}', p_board => 'ranked')",
    "INSERT INTO game_sessions (user_id, score) VALUES (1, 5)",
    "SELECT * FROM api.verify_sample(10)",
    "SELECT * FROM api.verify_leaderboard()",
    "SELECT * FROM api.rebuild_leaderboard()",
    "SELECT * FROM api.set_score_rules('best', p_max_score => 50)",
]


@pytest.mark.parametrize(
    ("mode", "score", "counted"),
    [
        ("ranked", 10, True),
        ("ranked", 20, True),
        ("ranked", 9, False),
        ("ranked", 21, False),
        ("solo", 15, False),
    ],
)
async def test_counts_its_mode_within_its_bounds(db, mode, score, counted):
    await db.execute("SELECT api.create_board('b', 'ranked', 'sum', 10, 20)")
    assert await db.fetchval("SELECT board.counts(b, $1, $2) FROM boards AS b WHERE name = 'b'", mode, score) is counted


async def test_a_board_of_no_mode_counts_every_mode(db):
    for mode in ("ranked", "solo"):
        assert await db.fetchval("SELECT board.counts(b, $1, 0) FROM boards AS b WHERE name = 'overall'", mode) is True


def test_no_other_place_defines_it():
    sources = [
        *(ROOT / "db/functions").rglob("*.sql"),
        *(ROOT / "seed").glob("*.py"),
        *(ROOT / "service").rglob("*.py"),
    ]
    copies = {path.stem for path in sources if re.search(r"game_mode IS NULL OR", path.read_text())}
    assert copies == {"counts"}


async def test_it_is_inlined_wherever_it_is_used(db):
    """The plans that run have the comparisons in place of a call."""
    await db.execute("SELECT api.create_board('ranked', 'ranked')")
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await db.execute("SELECT api.create_board('last', NULL, 'last', -9007199254740991, 9007199254740991)")
    await db.execute(
        "SELECT api.set_score_rules('best', p_max_submissions_per_minute => 5, p_max_gain_per_hour => 100)"
    )
    found = []
    db.add_log_listener(lambda _, message: found.append(message.message))
    await db.execute("LOAD 'auto_explain'")
    for setting in (
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_nested_statements = on",
        "auto_explain.log_verbose = on",
        "auto_explain.log_format = json",
        "auto_explain.log_level = notice",
        "client_min_messages = notice",
    ):
        await db.execute(f"SET {setting}")
    for call in CALLS:
        await db.execute(call)
    plans = [
        json.dumps(json.loads(message[message.index("{") :])["Plan"]) for message in found if "Query Text" in message
    ]
    assert len([plan for plan in plans if "min_score" in plan]) > 10
    assert [plan for plan in plans if "counts(" in plan] == []
