"""The season drill: boards whose seasons last seconds, late scores, and kills beside it all.

What is right is computed here, in Python, from the rows of the ledger and the options of the boards.
"""

import asyncio
import bisect
import dataclasses
import datetime as dt
import itertools
import math
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import asyncpg
import psycopg

from tests.faults.check import verdict
from tests.faults.clients import ATTEMPT_SECONDS, Books, Caller, Sent
from tests.faults.stack import PATIENCE_SECONDS, Stack

#: Scores are below it, so that totals are equal often.
SCORES = 400
#: Clients, and the players of each.
CLIENTS, PLAYERS = 8, 25
#: How long ago a late score was played, at most.
LATE_SECONDS = 6.0
#: How long there are only reads, so that they come from the cache. Twice as long there are submissions.
QUIET_SECONDS = 3.0
_LIMIT = 1000
_ANCHOR = dt.datetime(2001, 1, 1, tzinfo=dt.UTC).timestamp()
_ids = itertools.count(5_000_000)


@dataclasses.dataclass(frozen=True)
class Rule:
    """A board of the drill. Its seasons last `seconds`, and count late scores for `grace` more."""

    name: str
    aggregate: str
    seconds: int
    grace: int
    lowest_wins: bool = False
    ties: str = "shared"

    def create(self) -> tuple[str, tuple[object, ...]]:
        return (
            "SELECT api.create_board(%s, p_aggregate => %s, p_period => %s, p_grace => %s::interval,"
            " p_lowest_wins => %s, p_ties => %s)",
            (
                *(self.name, self.aggregate, f"{self.seconds} seconds", f"{self.grace} seconds"),
                *(self.lowest_wins, self.ties),
            ),
        )


RULES = (
    Rule("sum", "sum", 2, 2),
    Rule("best", "best", 3, 4),
    Rule("lowest", "best", 5, 1, lowest_wins=True),
    Rule("earliest", "best", 3, 3, ties="earliest"),
    Rule("sum-earliest", "sum", 5, 2, ties="earliest"),
    Rule("last", "last", 4, 2),
    Rule("first", "first", 3, 2, lowest_wins=True),
    Rule("count", "count", 2, 1),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Played:
    """A row of the ledger."""

    id: int
    user_id: int
    score: int
    counted: dt.datetime
    played: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """A list that a board returned to a question asked and answered at these times."""

    board: str
    previous: bool
    asked: float
    answered: float
    #: (rank, user_id, total), or None if there was no such season.
    rows: list[tuple[int, int, int]] | None


@dataclasses.dataclass(slots=True)
class SeasonReport:
    workers: int
    kills: int = 0
    sessions: int = 0
    late: int = 0
    #: How often one came after the grace of a season, over all boards.
    too_late: int = 0
    seasons: int = 0
    #: Totals with their ranks that were compared.
    totals: int = 0
    reads: int = 0
    books: Books = dataclasses.field(default_factory=Books)
    problems: list[str] = dataclasses.field(default_factory=list)


class _Players(Caller):
    """A client that plays for several players, whom no other client plays for. It retries until it is acknowledged."""

    def __init__(self, books: Books, ended: asyncio.Event, reads: list[Read]) -> None:
        super().__init__(books)
        self.rounds = 0
        self._ended = ended
        self._reads = reads
        #: No two submissions of a player are alike.
        self._scores = {next(_ids): iter(random.sample(range(1, 50 * SCORES), 49 * SCORES)) for _ in range(PLAYERS)}

    async def work(self, address: str, *, keeps: bool) -> None:
        connector = aiohttp.TCPConnector(limit=0, force_close=not keeps)
        timeout = aiohttp.ClientTimeout(total=ATTEMPT_SECONDS)
        async with aiohttp.ClientSession(address, connector=connector, timeout=timeout) as self.http:
            while not self._ended.is_set():
                if time.time() % (3 * QUIET_SECONDS) < QUIET_SECONDS:
                    await asyncio.sleep(random.uniform(0, 0.02))
                elif random.random() < 0.5:
                    await self._submit_batch()
                else:
                    await self._submit()
                await self._read()
                self.rounds += 1

    def _new(self) -> tuple[Sent, dict[str, object]]:
        user_id = random.choice(list(self._scores))
        one = Sent(user_id, next(self._scores[user_id]), uuid.uuid4().hex)
        self.books.sent.append(one)
        body: dict[str, object] = {"user_id": user_id, "score": one.score}
        if random.random() < 0.2:
            played = time.time() - random.uniform(0, LATE_SECONDS)
            body["played_at"] = dt.datetime.fromtimestamp(played, dt.UTC).isoformat()
        return one, body

    async def _submit(self) -> None:
        one, body = self._new()
        answer = await self.call("POST", "/api/leaderboard/submit", json=body, headers={"Idempotency-Key": one.key})
        self._acknowledge(one, answer)

    async def _submit_batch(self) -> None:
        items = [self._new() for _ in range(random.randint(2, 12))]
        answers = await self.call(
            "POST",
            "/api/leaderboard/submit/batch",
            json=[{**body, "idempotency_key": one.key} for one, body in items],
        )
        for (one, _), answer in zip(items, answers or [], strict=False):
            if answer.get("status") not in {"accepted", "duplicate"}:
                self.books.wrong.append(f"an item was refused: {answer!r}")
                return
            self._acknowledge(one, answer)

    def _acknowledge(self, one: Sent, answer: object) -> None:
        if not isinstance(answer, dict):
            return
        one.acknowledged = True
        one.acknowledged_at = time.time()
        if (answer["user_id"], answer["score"]) != (one.user_id, one.score):
            self.books.wrong.append(f"the answer is for another submission: {answer!r}")

    async def _read(self) -> None:
        rule, previous = random.choice(RULES), random.random() < 0.3
        season = "&season=previous" if previous else ""
        asked = time.time()
        answer = await self.call(
            "GET",
            f"/api/leaderboard/top?limit={_LIMIT}&board={rule.name}{season}",
            expected=frozenset({"unknown_season"}) if previous else frozenset(),
        )
        rows = None if answer is None else [(r["rank"], r["user_id"], r["total_score"]) for r in answer]
        self._reads.append(Read(rule.name, previous, asked, time.time(), rows))


# --- the oracle -------------------------------------------------------------------------------------------------------


def total_of(rule: Rule, sessions: Sequence[Played]) -> tuple[int, int]:
    """The total that these sessions make, and the id of the session that made it, for ties by time."""
    if rule.aggregate == "sum":
        last = max((s.id for s in sessions if s.score), default=min(s.id for s in sessions))
        return sum(s.score for s in sessions), last
    if rule.aggregate == "count":
        return len(sessions), max(s.id for s in sessions)
    if rule.aggregate == "best":
        chosen = min(sessions, key=lambda s: (s.score if rule.lowest_wins else -s.score, s.id))
    else:
        choose = max if rule.aggregate == "last" else min
        chosen = choose(sessions, key=lambda s: (s.counted, s.id))
    return chosen.score, chosen.id


@dataclasses.dataclass
class Season:
    """What a season has to be, of the sessions that count in it."""

    rule: Rule
    starts: float
    ends: float
    sessions: dict[int, list[Played]] = dataclasses.field(default_factory=lambda: defaultdict(list))

    def counts(self, session: Played) -> bool:
        return (
            self.starts <= session.played.timestamp() < self.ends
            and session.counted.timestamp() < self.ends + self.rule.grace
        )

    def final(self) -> list[tuple[int, int, int]]:
        """(rank, user_id, total) in the board's order."""
        sign = 1 if self.rule.lowest_wins else -1
        ordered = sorted(
            (sign * total, made if self.rule.ties == "earliest" else 0, user_id, total)
            for user_id, sessions in self.sessions.items()
            for total, made in [total_of(self.rule, sessions)]
        )
        totals = [key for key, *_ in ordered]
        return [(1 + bisect.bisect_left(totals, key), user_id, total) for key, _, user_id, total in ordered]

    def may_show(self, read: Read, acknowledged: dict[tuple[int, int], float]) -> str | None:
        """What is wrong if this read is of this season; None if nothing is."""
        if read.rows is None:
            late = [s for ss in self.sessions.values() for s in ss if acknowledged[s.user_id, s.score] < read.asked]
            return f"no season, but {len(late)} sessions" if late else None
        sign = 1 if self.rule.lowest_wins else -1
        keys = [sign * total for _, _, total in read.rows]
        if keys != sorted(keys) or [rank for rank, *_ in read.rows] != [1 + bisect.bisect_left(keys, k) for k in keys]:
            return "the order or the ranks do not follow from the totals"
        shown = {user_id: total for _, user_id, total in read.rows}
        if strange := shown.keys() - self.sessions.keys():
            return f"players of another season: {sorted(strange)[:3]}"
        for user_id, sessions in self.sessions.items():
            known = sum(acknowledged[s.user_id, s.score] < read.asked for s in sessions)
            possible: set[int | None] = {None} if known == 0 else set()
            # In the order in which they were counted, and each acknowledged one with all before it.
            fewest = max(
                (n for n, s in enumerate(sessions, 1) if acknowledged[user_id, s.score] < read.asked), default=1
            )
            possible |= {total_of(self.rule, sessions[:n])[0] for n in range(fewest, len(sessions) + 1)}
            if shown.get(user_id) not in possible:
                return f"player {user_id} has {shown.get(user_id)}, not one of {list(possible)[:5]}"
        return None


class Board:
    """The seasons of a board, by number. They begin at multiples of their length since 2001-01-01."""

    def __init__(self, rule: Rule, opens: dt.datetime, ledger: Sequence[Played]) -> None:
        """`ledger`: in the order of ids."""
        self.rule = rule
        self._first = self._period(opens.timestamp())
        self._seasons: dict[int, Season] = {}
        #: Sessions that came after the grace of their season.
        self.too_late = 0
        for session in ledger:
            if session.played >= opens:
                season = self.season(self.number(session.played.timestamp()))
                if season.counts(session):
                    season.sessions[session.user_id].append(session)
                else:
                    self.too_late += 1

    def _period(self, at: float) -> int:
        return math.floor((at - _ANCHOR) / self.rule.seconds)

    def number(self, at: float) -> int:
        return self._period(at) - self._first + 1

    def season(self, number: int) -> Season:
        starts = _ANCHOR + (self._first + number - 1) * self.rule.seconds
        return self._seasons.setdefault(number, Season(self.rule, starts, starts + self.rule.seconds))

    def problem_of(self, read: Read, acknowledged: dict[tuple[int, int], float]) -> str | None:
        """What is wrong with a read that shows none of the seasons that ran while it was under way."""
        problems = []
        for current in range(self.number(read.asked), self.number(read.answered) + 1):
            number = current - read.previous
            problem = self.season(number).may_show(read, acknowledged)
            if problem is None:
                return None
            problems.append(f"season {number}: {problem}")
        return "; ".join(problems)


# --- the drill --------------------------------------------------------------------------------------------------------

Kill = Callable[[Stack], Awaitable[None]]


async def season_drill(stack: Stack, sessions: int, kills: Sequence[Kill], pause: float) -> SeasonReport:
    """Plays until there are so many sessions. Meanwhile each of `kills` in turn is done to the stack, about every
    `pause` seconds.
    """
    report = SeasonReport(stack.workers)
    log_start = len(stack.service.log.read_text())
    reads: list[Read] = []
    ended = asyncio.Event()
    await asyncio.to_thread(_create_boards, stack)
    try:
        players = [_Players(report.books, ended, reads) for _ in range(CLIENTS)]
        tasks = [
            *(asyncio.create_task(one.work(stack.address, keeps=n % 2 == 0)) for n, one in enumerate(players)),
            asyncio.create_task(_close_beside(stack, ended)),
        ]
        try:
            for kill in itertools.cycle(kills):
                rounds = [one.rounds for one in players]
                async with asyncio.timeout(PATIENCE_SECONDS):
                    # Every client gets on after each kill, and seasons pass between two.
                    while any(one.rounds < before + 2 for one, before in zip(players, rounds, strict=True)):
                        await asyncio.sleep(0.02)
                        for task in tasks:
                            if task.done():
                                task.result()
                await asyncio.sleep(random.uniform(0.5, 1.5) * pause)
                await stack.recovered()
                if report.books.acknowledged >= sessions and report.kills >= len(kills):
                    break
                await kill(stack)
                report.kills += 1
        finally:
            ended.set()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.gather(*tasks)
        await stack.recovered()
        await _all_closed(stack)
        await _compare(stack, report, reads)
    finally:
        await asyncio.to_thread(_delete_boards, stack)
    if "Traceback" in stack.service.log.read_text()[log_start:]:
        report.problems.append("a traceback in the service's log")
    return report


def _create_boards(stack: Stack) -> None:
    with psycopg.connect(stack.owner_url, autocommit=True) as connection:
        for rule in RULES:
            connection.execute(*rule.create())  # type: ignore[call-overload]


def _delete_boards(stack: Stack) -> None:
    with psycopg.connect(stack.owner_url, autocommit=True) as connection:
        for rule in RULES:
            connection.execute("SELECT api.delete_board(%s, %s)", (rule.name, rule.name))


async def _close_beside(stack: Stack, ended: asyncio.Event) -> None:
    """As a second service that is eager to close seasons."""

    def close() -> None:
        with psycopg.connect(stack.owner_url, autocommit=True) as connection:
            while not ended.is_set():
                (more,) = connection.execute("SELECT api.close_seasons()").fetchone() or (False,)
                if not more:
                    time.sleep(0.05)

    while not ended.is_set():
        try:
            await asyncio.to_thread(close)
        except psycopg.OperationalError:  # PostgreSQL was killed
            await asyncio.sleep(0.1)


async def _all_closed(stack: Stack) -> None:
    """Returns when upkeep has closed every season that is over."""
    connection = await asyncpg.connect(stack.owner_url)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await connection.fetchval(
                "SELECT count(*) FROM rankings AS r JOIN boards AS b ON b.id = r.board_id AND b.name = ANY ($1)"
                " WHERE r.deadline < $2 AND r.closed_at IS NULL",
                [rule.name for rule in RULES],
                dt.datetime.now(dt.UTC),
            ):
                await asyncio.sleep(0.2)
    finally:
        await connection.close()


async def _compare(stack: Stack, report: SeasonReport, reads: Sequence[Read]) -> None:
    acknowledged = {(one.user_id, one.score): one.acknowledged_at or math.inf for one in report.books.sent}
    connection = await asyncpg.connect(stack.owner_url)
    try:
        found = await verdict(connection, report.books.sent)
        report.problems += found.problems + report.books.wrong
        rows = await connection.fetch(
            'SELECT g.id, g.user_id, g.score, g."timestamp" AS counted, coalesce(g.played_at, g."timestamp") AS played'
            " FROM game_sessions AS g WHERE g.user_id = ANY ($1) ORDER BY g.id",
            sorted({one.user_id for one in report.books.sent}),
        )
        ledger = [Played(**row) for row in rows]
        report.sessions = len(ledger)
        report.late = sum(session.played < session.counted for session in ledger)
        opens = dict(await connection.fetch("SELECT name, opens_at FROM boards"))
        boards = {rule.name: Board(rule, opens[rule.name], ledger) for rule in RULES}
        for board in boards.values():
            await _compare_seasons(connection, board, report)
    finally:
        await connection.close()
    for read in reads:
        problem = boards[read.board].problem_of(read, acknowledged)
        if problem is not None:
            report.problems.append(f"{read.board}{' (previous)' * read.previous}: {problem}")
    report.reads = len(reads)


async def _compare_seasons(connection: asyncpg.Connection, board: Board, report: SeasonReport) -> None:
    """Holds the ranks of every season that is over against the ledger."""
    rows = await connection.fetch(
        "SELECT r.number, extract(epoch FROM r.ends_at)::float8 AS ends, r.closed_at, r.players FROM rankings AS r"
        " JOIN boards AS b ON b.id = r.board_id WHERE b.name = $1 AND r.closed_at IS NOT NULL ORDER BY r.number",
        board.rule.name,
    )
    numbers = [row["number"] for row in rows]
    if numbers != list(range(1, len(numbers) + 1)):
        report.problems.append(f"{board.rule.name}: the closed seasons are {numbers}")
    for row in rows:
        where = f"season {row['number']} of {board.rule.name}"
        season = board.season(row["number"])
        wanted = season.final()
        shown = await connection.fetch(
            "SELECT rank, user_id, total_score FROM api.top_players(1000, p_board => $1)",
            f"{board.rule.name}@{row['number']}",
        )
        if [tuple(one) for one in shown] != wanted:
            differing = sum(a != b for a, b in itertools.zip_longest(map(tuple, shown), wanted))
            report.problems.append(f"{where}: {differing} of {len(wanted)} ranks differ from the ledger")
        if row["players"] != len(wanted) or abs(row["ends"] - season.ends) > 1e-6:
            report.problems.append(f"{where}: {row['players']} players until {row['ends']}")
        report.totals += len(wanted)
    report.seasons += len(rows)
    report.too_late += board.too_late


async def assert_exact(stack: Stack, sessions: int, kills: Sequence[Kill], pause: float) -> SeasonReport:
    report = await season_drill(stack, sessions, kills, pause)
    assert report.problems == [], "\n".join(report.problems[:20])
    assert report.late > 0
    return report
