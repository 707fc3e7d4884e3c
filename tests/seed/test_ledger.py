"""The check of the ledger finds every way in which it can be wrong."""

import asyncpg
import pytest

from seed import ledger
from seed.ledger import Submission, Verdict


async def submitted(db: asyncpg.Connection, user_id: int, key: str, score: int) -> Submission:
    await db.execute("SELECT api.submit_score($1, $2, p_submission_key => $3)", user_id, score, key)
    return Submission(user_id, key, score, "solo", acknowledged=True)


async def test_all_is_well(db: asyncpg.Connection) -> None:
    await submitted(db, 1, "earlier", 5)
    before = await ledger.baseline(db, [1, 2])
    submissions = [
        await submitted(db, 1, "a", 10),
        await submitted(db, 1, "b", 20),
        await submitted(db, 2, "a", 30),
        Submission(2, "lost", 40, "solo"),
    ]
    submissions[1].acknowledged = False  # the answer was lost, the score was counted
    await submitted(db, 3, "somebody_else", 5)
    assert await ledger.verdict(db, before, submissions) == Verdict(counted=3, unknown=1, growth=60, problems=[])
    assert await ledger.has(db, submissions[0])
    assert not await ledger.has(db, submissions[3])


@pytest.mark.parametrize(
    ("damage", "problems"),
    [
        (
            "SET leaderboard.counted = 'on'; DELETE FROM public.game_sessions WHERE score = 10",
            ["submission a of player 1 was counted, but its session 1 is not in game_sessions"],
        ),
        (
            "SET leaderboard.counted = 'on'; UPDATE public.game_sessions SET score = 11 WHERE score = 10",
            ["submission a of player 1 is score 10, solo, but its session 1 holds (1, 11, 'solo')"],
        ),
        (
            "DELETE FROM public.submission_keys WHERE key = 'a'",
            [
                "submission a of player 1 was acknowledged, but its key is not in submission_keys",
                "session 1 of player 1 belongs to no submission",
                "the total of player 1 is 30, but should be 20",
            ],
        ),
        (
            "SET leaderboard.counted = 'on';INSERT INTO public.game_sessions (user_id, score) VALUES (1, 10)",
            ["session 3 of player 1 belongs to no submission"],
        ),
        (
            "UPDATE public.leaderboard SET total_score = 29 WHERE user_id = 1",
            ["the total of player 1 is 29, but should be 30"],
        ),
        (
            "UPDATE public.submission_keys SET session_id = 1",
            [
                "submission b of player 1 is score 20, solo, but its session 1 holds (1, 10, 'solo')",
                "submission b of player 1 shares its session 1 with another submission",
                "session 2 of player 1 belongs to no submission",
            ],
        ),
        (
            "SELECT api.submit_score(1, 5, p_submission_key => 'strange')",
            ["key strange of player 1 was not submitted", "the total of player 1 is 35, but should be 30"],
        ),
    ],
)
async def test_damage_is_found(db: asyncpg.Connection, damage: str, problems: list[str]) -> None:
    before = await ledger.baseline(db, [1])
    submissions = [await submitted(db, 1, "a", 10), await submitted(db, 1, "b", 20)]
    await db.execute(damage)
    assert (await ledger.verdict(db, before, submissions)).problems == problems


async def test_players_are_drawn_from_all(db: asyncpg.Connection) -> None:
    await db.execute("INSERT INTO public.users (username) SELECT 'p' || n FROM generate_series(1, 20) AS n")
    drawn = await ledger.any_players(db, 8)
    assert len(set(drawn)) == 8
    assert set(drawn) <= set(range(1, 21))
    assert sorted(await ledger.any_players(db, 50)) == list(range(1, 21))
