"""Checks the database against what the service acknowledged: every submission once, and nothing else."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from seed.definitions import Connection

_TOTALS = """
        SELECT u.user_id, coalesce(l.total_score, 0) AS total_score FROM unnest($1::integer[]) AS u(user_id)
        LEFT JOIN public.leaderboard AS l ON l.user_id = u.user_id AND l.board_id = (SELECT b.id FROM
        public.boards AS b WHERE b.name = 'overall')
"""


@dataclass(slots=True)
class Submission:
    """A score that a player sent. Until it is acknowledged, it may or may not have counted."""

    user_id: int
    key: str
    score: int
    game_mode: str
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """The database before: the players' totals and the last session of the ledger."""

    totals: dict[int, int]
    last_session: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the submissions, and a sentence for each problem."""

    counted: int
    unknown: int
    growth: int
    problems: list[str]


async def any_players(connection: Connection, number: int) -> list[int]:
    """The ids of up to `number` random players."""
    rows = await connection.fetch("SELECT u.id FROM public.users AS u ORDER BY random() LIMIT $1", number)
    return [row["id"] for row in rows]


async def has(connection: Connection, submission: Submission) -> bool:
    """Whether a submission was counted."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM public.submission_keys AS k WHERE k.user_id = $1 AND k.key = $2)",
            submission.user_id,
            submission.key,
        )
    )


async def baseline(connection: Connection, players: Collection[int]) -> Baseline:
    """The state from which the players' submissions are counted."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        last = await connection.fetchval("SELECT coalesce(max(s.id), 0) FROM public.game_sessions AS s")
        return Baseline(await _totals(connection, players), last)


async def verdict(connection: Connection, before: Baseline, submissions: Iterable[Submission]) -> Verdict:
    """Compares one snapshot of the database with everything submitted for the players since `before`.

    Submissions of other clients for these players would look like submissions counted twice.
    """
    players = list(before.totals)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        sessions = {
            row["id"]: (row["user_id"], row["score"], row["game_mode"])
            for row in await connection.fetch(
                "SELECT s.id, s.user_id, s.score, s.game_mode FROM public.game_sessions AS s"
                " WHERE s.user_id = ANY ($1) AND s.id > $2",
                players,
                before.last_session,
            )
        }
        keys = {
            (row["user_id"], row["key"]): row["session_id"]
            for row in await connection.fetch(
                "SELECT k.user_id, k.key, k.session_id FROM public.submission_keys AS k"
                " WHERE k.user_id = ANY ($1) AND k.session_id > $2",
                players,
                before.last_session,
            )
        }
        totals = await _totals(connection, players)

    problems = []
    unknown = 0
    counted: set[int] = set()
    growth: Counter[int] = Counter()
    for one in submissions:
        name = f"submission {one.key} of player {one.user_id}"
        session_id = keys.pop((one.user_id, one.key), None)
        if session_id is None:
            if one.acknowledged:
                problems.append(f"{name} was acknowledged, but its key is not in submission_keys")
            unknown += not one.acknowledged
            continue
        if session_id not in sessions:
            problems.append(f"{name} was counted, but its session {session_id} is not in game_sessions")
        elif sessions[session_id] != (one.user_id, one.score, one.game_mode):
            problems.append(
                f"{name} is score {one.score}, {one.game_mode}, but its session {session_id} holds"
                f" {sessions[session_id]}"
            )
        if session_id in counted:
            problems.append(f"{name} shares its session {session_id} with another submission")
        counted.add(session_id)
        growth[one.user_id] += one.score
    problems += [f"key {key} of player {user_id} was not submitted" for user_id, key in keys]
    problems += [
        f"session {session_id} of player {sessions[session_id][0]} belongs to no submission"
        for session_id in sorted(sessions.keys() - counted - set(keys.values()))
    ]
    for user_id, total in before.totals.items():
        expected = total + growth[user_id]
        if totals[user_id] != expected:
            problems.append(f"the total of player {user_id} is {totals[user_id]}, but should be {expected}")
    return Verdict(counted=len(counted), unknown=unknown, growth=growth.total(), problems=problems)


async def _totals(connection: Connection, players: Collection[int]) -> dict[int, int]:
    rows = await connection.fetch(_TOTALS, players)
    return {row["user_id"]: row["total_score"] for row in rows}
