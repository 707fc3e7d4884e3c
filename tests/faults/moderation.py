"""The moderation drill: clients submit, moderators void, ban, restore and undo beside them, and then everything is
undone.

What is right is computed here, in Python, from the rows of the ledger: what is void and who is banned when the clients
have stopped, and that nothing of it is left once every act is undone.
"""

import asyncio
import contextlib
import dataclasses
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import asyncpg

from tests.support.oracle import order_of

#: Clients, moderators and players of the drill.
CLIENTS, MODERATORS, PLAYERS = 6, 2, 60
#: Players from here on may be deleted while it runs.
_DELETABLE = 51
#: What the report counts as acts, besides their dry runs and calls that came too late.
ACTS = ("void", "restore", "ban", "unban", "undo")
_MODES = ("solo", "team", "ruled", "ticketed")
#: Name and further arguments of api.create_board.
BOARDS = {
    "sum": "",
    "best": "p_aggregate => 'best'",
    "last": "p_aggregate => 'last', p_ties => 'earliest', p_split_by => 'country'",
    "first": "p_aggregate => 'first', p_game_mode => 'team'",
    "count": "p_aggregate => 'count'",
    "lowest": "p_aggregate => 'best', p_lowest_wins => true, p_ties => 'earliest'",
    "lowest-sum": "p_lowest_wins => true, p_game_mode => 'solo'",
    "ruled": "p_game_mode => 'ruled'",
    "ticketed": "p_game_mode => 'ticketed', p_aggregate => 'best'",
    "rounds": "p_period => '2 seconds', p_grace => '1 second', p_split_by => 'country'",
    "best-rounds": "p_aggregate => 'best', p_period => '3 seconds', p_game_mode => 'team'",
}
_RULES = (
    """SELECT api.alter_board('ruled', '{"max_submissions_per_minute": 20, "max_gain_per_hour": 20000}')""",
    """SELECT api.alter_board('ticketed', '{"require_ticket": true}')""",
)
#: What may happen to a call of a moderator while others do the same.
_EXPECTED = {"LB036": "undone already", "LB011": "a player was deleted"}
_LEDGER = 'SELECT * FROM public.game_sessions ORDER BY "timestamp", id'
_RANKINGS = """
    SELECT b.*, r.id AS ranking_id, r.number, r.starts_at, r.ends_at, r.deadline, r.closed_at IS NOT NULL AS closed
    FROM public.boards AS b JOIN public.rankings AS r ON r.board_id = b.id
    WHERE r.split = '' AND (r.closing_xid IS NULL OR r.closed_at IS NOT NULL)
    ORDER BY r.id
"""
_TOTALS = "SELECT user_id, total_score FROM public.leaderboard WHERE board_id = $1"
#: The acts in effect, and the end of the chain of undos that begins with each: the one that can be undone.
_STANDING = """
    WITH RECURSIVE chain AS (
        SELECT m.id AS act, m.id AS tip FROM public.moderation AS m WHERE m.standing AND m.undoes IS NULL
            AND m.action <> 'recompute'
        UNION ALL
        SELECT c.act, u.id FROM chain AS c JOIN public.moderation AS u ON u.undoes = c.tip
    )
    SELECT c.act, max(c.tip) AS tip FROM chain AS c GROUP BY c.act
"""


@dataclasses.dataclass(slots=True)
class ModerationReport:
    submissions: Counter[str] = dataclasses.field(default_factory=Counter)
    acts: Counter[str] = dataclasses.field(default_factory=Counter)
    void: int = 0
    banned: int = 0
    undone: int = 0
    #: Closed seasons whose archives were written anew, and totals that were compared with the ledger.
    seasons: int = 0
    totals: int = 0
    seconds: float = 0
    problems: list[str] = dataclasses.field(default_factory=list)


async def moderation_drill(url: str, seconds: float, seed: int = 1) -> ModerationReport:
    """Runs the drill on the database of the owner's `url`, which has no boards of these names. Seasons are closed and
    bans ended by it, or by a service beside it.
    """
    report = ModerationReport()
    began = time.monotonic()
    async with contextlib.AsyncExitStack() as stack:

        async def connect() -> asyncpg.Connection:
            db = await asyncpg.connect(url)
            stack.push_async_callback(db.close)
            return db

        db = await connect()
        for name, arguments in BOARDS.items():
            await db.execute(f"SELECT api.create_board({', '.join(filter(None, (repr(name), arguments)))})")
        for rule in _RULES:
            await db.execute(rule)
        stop = asyncio.Event()
        work = [_upkeep(await connect(), report, stop), _eraser(await connect(), random.Random(seed), report, stop)]
        for number in range(CLIENTS):
            work.append(_client(await connect(), random.Random(f"{seed} client {number}"), report, stop))
        for number in range(MODERATORS):
            work.append(_moderator(await connect(), random.Random(f"{seed} moderator {number}"), report, stop))
        tasks = [asyncio.create_task(one) for one in work]
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        stop.set()
        await asyncio.gather(*tasks)
        await _check(db, report, "with acts in effect")
        report.void = await db.fetchval("SELECT count(*) FROM public.game_sessions WHERE void_id IS NOT NULL")
        report.banned = await db.fetchval("SELECT count(*) FROM public.users WHERE ban_id IS NOT NULL")
        await _undo_all(db, random.Random(f"{seed} undo"), report)
        await _recompute(db, report)
        await _check(db, report, "with every act undone", archives=True)
    report.seconds = time.monotonic() - began
    return report


async def _client(db: asyncpg.Connection, rng: random.Random, report: ModerationReport, stop: asyncio.Event) -> None:
    used: list[tuple[int, int, str, str]] = []
    while not stop.is_set():
        items = []
        for _ in range(rng.choice((1, 1, 8, 20))):
            player, mode, score = rng.randint(1, PLAYERS), rng.choice(_MODES), rng.randint(0, 2000)
            key = f"{rng.getrandbits(60):x}" if rng.random() < 0.5 else None
            if mode == "ticketed":
                key = await _call(report, db.fetchval, "SELECT ticket FROM api.start_play($1, NULL, $2)", player, mode)
            elif used and rng.random() < 0.1:
                player, score, mode, key = rng.choice(used)
            if key is not None:
                used.append((player, score, mode, key))
            items.append((player, score, mode, key))
        players, scores, modes, keys = zip(*items, strict=True)
        outcomes = await _call(
            report, db.fetch,
            "SELECT s.status, s.error, s.hidden FROM api.submit_scores($1, $2, $3, NULL, $4, p_with_rank => $5) AS s",
            players, scores, modes, keys, rng.random() < 0.2,
        )  # fmt: skip
        for outcome in outcomes or ():
            report.submissions[outcome["error"] or outcome["status"]] += 1
            report.submissions["hidden"] += outcome["hidden"] is True


async def _moderator(db: asyncpg.Connection, rng: random.Random, report: ModerationReport, stop: asyncio.Event) -> None:
    async def act(name: str, arguments: str, *values: Any) -> None:
        dry = rng.random() < 0.15
        call = f"SELECT * FROM api.{name}('moderator', 'drill', {arguments}, p_dry_run => {dry})"
        if await _call(report, db.fetchrow, call, *values) is not None:
            report.acts["dry run" if dry else name.split("_")[0]] += 1

    def some() -> list[int]:
        return rng.sample(range(1, PLAYERS + 1), rng.choice((1, 1, 3, 10)))

    while not stop.is_set():
        chance = rng.random()
        if chance < 0.2:
            await act("void_sessions", "$1, p_from => now() - interval '1 second'", rng.randint(1, PLAYERS))
        elif chance < 0.3:
            await act("void_sessions", "p_board => $1, p_above => $2", rng.choice(list(BOARDS)), rng.randint(0, 2000))
        elif chance < 0.35:
            await act("void_sessions", "p_session_id => (SELECT coalesce(max(g.id), 0) FROM public.game_sessions AS g)")
        elif chance < 0.5:
            await act("restore_sessions", "$1", rng.randint(1, PLAYERS))
        elif chance < 0.7:
            until = rng.choice(("NULL", "clock_timestamp() + interval '0.3 seconds'"))
            known = "ARRAY(SELECT u.id::bigint FROM public.users AS u WHERE u.id = ANY ($1::bigint[]))"
            if await db.fetchval(f"SELECT {known} <> '{{}}'", some_players := some()):
                hide = rng.random() < 0.3
                await act("ban_players", f"{known}, p_until => {until}, p_hide => {hide}", some_players)
        elif chance < 0.8:
            banned = (
                "ARRAY(SELECT u.id::bigint FROM public.users AS u WHERE u.ban_id IS NOT NULL ORDER BY u.id LIMIT 5)"
            )
            if await db.fetchval(f"SELECT {banned} <> '{{}}'"):
                await act("unban_players", banned)
        else:
            chosen = await db.fetchval(
                "SELECT m.id FROM public.moderation AS m WHERE m.action <> 'recompute'"
                " AND NOT EXISTS (SELECT FROM public.moderation AS u WHERE u.undoes = m.id) ORDER BY random() LIMIT 1"
            )
            if chosen is not None:
                await act("undo_act", "$1", chosen)
        await asyncio.sleep(rng.uniform(0, 0.03))


async def _upkeep(db: asyncpg.Connection, report: ModerationReport, stop: asyncio.Event) -> None:
    while not stop.is_set():
        for call in ("fold_ranks", "lift_bans", "close_seasons"):
            await _call(report, db.fetchval, f"SELECT api.{call}()")
        await asyncio.sleep(0.05)


async def _eraser(db: asyncpg.Connection, rng: random.Random, report: ModerationReport, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await _call(report, db.execute, "DELETE FROM public.users WHERE id = $1", rng.randint(_DELETABLE, PLAYERS))
        moved = rng.randint(1, PLAYERS), f'{{"country": "{rng.choice(("DE", "FR", "IT"))}"}}'
        await _call(report, db.execute, "SELECT api.set_attributes($1, $2)", *moved)
        await asyncio.sleep(0.1)


async def _call(report: ModerationReport, call: Callable[..., Any], statement: str, *values: Any) -> Any:
    try:
        return await call(statement, *values)
    except asyncpg.PostgresError as error:
        code = error.sqlstate or ""
        if code in _EXPECTED or code == "LB031":
            report.acts[_EXPECTED.get(code, "a player was deleted")] += 1
        else:
            report.problems.append(f"{code} {error}: {statement}")
        return None


async def _undo_all(db: asyncpg.Connection, rng: random.Random, report: ModerationReport) -> None:
    """Undoes every act in effect, in any order."""
    acts = await db.fetch(_STANDING)
    rng.shuffle(acts)
    for act in acts:
        await db.execute("SELECT api.undo_act('moderator', 'the drill is over', $1)", act["tip"])
        report.undone += 1
    for what, statement in (
        ("sessions are still void", "SELECT count(*) FROM public.game_sessions WHERE void_id IS NOT NULL"),
        ("players are still banned", "SELECT count(*) FROM public.users WHERE ban_id IS NOT NULL"),
    ):
        if left := await db.fetchval(statement):
            report.problems.append(f"{left} {what}")


async def _recompute(db: asyncpg.Connection, report: ModerationReport) -> None:
    for ranking in await db.fetch(_RANKINGS):
        if ranking["closed"]:
            season = f"{ranking['name']}@{ranking['number']}"
            await db.execute("SELECT api.recompute_season('moderator', 'the drill is over', $1)", season)
            report.seasons += 1


async def _check(db: asyncpg.Connection, report: ModerationReport, when: str, *, archives: bool = False) -> None:
    """Compares the totals of every ranking with the ledger."""
    async with db.transaction(isolation="repeatable_read"):
        for row in await db.fetch("SELECT * FROM api.verify_leaderboard()"):
            report.problems.append(f"{when}, verify says {tuple(row)}")
        ledger = await db.fetch(_LEDGER)
        users = {row["id"]: row["ban_id"] for row in await db.fetch("SELECT id, ban_id FROM public.users")}
        counts = [s for s in ledger if s["void_id"] is None and users[s["user_id"]] is None]
        for ranking in await db.fetch(_RANKINGS):
            if ranking["closed"] and not archives:
                continue
            label = f"{ranking['name']}@{ranking['number']}"
            order = order_of(ranking, counts, {})
            if ranking["closed"]:
                found = await db.fetch("SELECT * FROM api.top_players(1000, p_board => $1)", label)
                # Deleted players keep their places.
                totals = [(row["user_id"], row["total_score"]) for row in found if row["user_id"]]
            else:
                sign = -1 if ranking["lowest_wins"] else 1
                totals = [(user, sign * total) for user, total in await db.fetch(_TOTALS, ranking["ranking_id"])]
            report.totals += len(totals)
            expected = {row[1]: row[3] for row in order}
            for user in {*expected, *dict(totals)}:
                if dict(totals).get(user) != expected.get(user):
                    report.problems.append(
                        f"{when}, player {user} has {dict(totals).get(user)} on {label}, not {expected.get(user)}"
                    )
