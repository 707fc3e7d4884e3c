"""Before anything is measured: do all servers answer the same questions with the same totals?"""

import json
import random
import urllib.request
from typing import Any

from tests.bench.stack import Stack

_PLAYERS_ASKED = 20


class WrongAnswerError(Exception):
    """A server answers something else than the others: its speed would mean nothing."""


def compare(stack: Stack, players: int) -> None:
    """Asks all servers for some players' ranks and the top list. Raises WrongAnswerError.

    Ranks are compared where they are ranks: `no_ranks` has none, and a sorted set breaks ties by name.
    """
    for user_id in random.Random(1).sample(range(1, players + 1), min(_PLAYERS_ASKED, players)):
        answers = {
            name: _get(f"{stack.subjects[name].url}/api/leaderboard/rank/{user_id}")
            for name in ("ours", "no_ranks", "naive_sql", "zset", "zset_1_command")
        }
        if len({answer["total_score"] for answer in answers.values()}) != 1:
            raise WrongAnswerError(f"different totals of player {user_id}: {answers}")
        if answers["ours"]["rank"] != answers["naive_sql"]["rank"]:
            raise WrongAnswerError(f"different ranks of player {user_id}: {answers}")
    tops = [
        [row["total_score"] for row in _get(f"{stack.subjects[name].url}/api/leaderboard/top?limit=10")]
        for name in ("ours", "zset")
    ]
    if tops[0] != tops[1]:
        raise WrongAnswerError(f"different top lists: {tops}")


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as response:
        return json.load(response)
