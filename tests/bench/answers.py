"""Before anything is measured: do all servers answer the same questions with the same totals?"""

import json
import random
import urllib.request
from typing import Any

from tests.bench.stack import Stack, Subject
from tests.bench.targets import AGENT, OURS, QUIET, SEASONS

_PLAYERS_ASKED = 20
_EXACT = (OURS, QUIET, AGENT, SEASONS, "naive_sql")
_TOPS = (OURS, QUIET, AGENT, SEASONS, "zset")


class WrongAnswerError(Exception):
    """A server answers something else than the others: its speed would mean nothing."""


def compare(stack: Stack, players: int) -> None:
    """Asks all servers for some players' ranks and the top list. Raises WrongAnswerError.

    Ranks are compared where they are ranks: `no_ranks` has none, and a sorted set breaks ties by name.
    """
    for user_id in random.Random(1).sample(range(1, players + 1), min(_PLAYERS_ASKED, players)):
        answers = {
            name: _get(subject, f"/rank/{user_id}") for name, subject in stack.subjects.items() if name != "bare"
        }
        if len({answer["total_score"] for answer in answers.values()}) != 1:
            raise WrongAnswerError(f"different totals of player {user_id}: {answers}")
        if len({answers[name]["rank"] for name in _EXACT if name in answers}) != 1:
            raise WrongAnswerError(f"different ranks of player {user_id}: {answers}")
    tops = {
        name: tuple(row["total_score"] for row in _get(stack.subjects[name], "/top?limit=10"))
        for name in _TOPS
        if name in stack.subjects
    }
    if len(set(tops.values())) != 1:
        raise WrongAnswerError(f"different top lists: {tops}")


def _get(subject: Subject, path: str) -> Any:
    request = urllib.request.Request(f"{subject.url}/api/leaderboard{path}")
    if subject.key:
        request.add_header("Authorization", f"Bearer {subject.key}")
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)
