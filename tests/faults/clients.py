"""Clients who keep books: each tries every submission again, with its key, until it is acknowledged, and
checks every read of its own player against what was acknowledged to it before.
"""

import asyncio
import contextlib
import itertools
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

#: An attempt without an answer for so long is given up and made again: the service's own limits are below.
ATTEMPT_SECONDS = 15.0
#: For finding a connection to each of two workers.
FIND_SECONDS = 60.0
#: The pause before the next attempt. Retry-After says 1 s; impatient clients find more.
_PAUSE_SECONDS = (0.02, 0.2)
#: What a client is promised while something is broken: try again, it is safe.
_TRY_AGAIN = 503
#: The top list holds everybody only while there are no more players than this.
MOST_PLAYERS = 1000

#: Nobody else submits for these players, not even other tests on the same database.
_ids = itertools.count(1_000_000)


@dataclass(slots=True)
class Sent:
    """A submission as its client knows it."""

    user_id: int
    score: int
    key: str
    acknowledged: bool = False
    #: time.monotonic() of the acknowledgement.
    acknowledged_at: float = 0.0


@dataclass(slots=True)
class Books:
    """What all clients of a run saw."""

    sent: list[Sent] = field(default_factory=list)
    reads: int = 0
    #: Attempts that did not succeed, by what came instead.
    failed: Counter[str] = field(default_factory=Counter)
    #: Reads that knew less than was acknowledged to their client before they began.
    stale: list[str] = field(default_factory=list)
    #: Answers that are never right: a total that does not add up, a status that promises nothing.
    wrong: list[str] = field(default_factory=list)
    longest_outage: float = 0.0
    #: Of the call that needed the most.
    most_attempts: int = 0
    #: How long the longest series of stale reads of one client lasted.
    longest_stale: float = 0.0

    @property
    def acknowledged(self) -> int:
        return sum(one.acknowledged for one in self.sent)


class Crowd:
    """Clients at work, from `start` to `stop`. Half of them open a connection for each call, and so come to
    another worker each time; the others keep theirs. Or all are `commuters`, who keep one to each of two
    workers.
    """

    def __init__(self, address: str, clients: int = 12, *, commuters: bool = False) -> None:
        self.books = Books()
        self._address = address
        #: While set, totals are forgotten after each acknowledgement.
        self.forgets = False
        self._end = asyncio.Event()
        self._clients = [
            _Commuter(self) if commuters else _Client(self, keeps=number % 2 == 0) for number in range(clients)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def address(self) -> str:
        return self._address

    @property
    def ended(self) -> bool:
        return self._end.is_set()

    @property
    def players(self) -> list[int]:
        """The player of each client."""
        return [client.user_id for client in self._clients]

    def start(self) -> None:
        self._tasks = [asyncio.create_task(client.work()) for client in self._clients]

    async def progress(self, seconds: float, rounds: int = 1) -> None:
        """Returns when every client has done so many rounds more, which proves that all works again."""
        wanted = [client.rounds + rounds for client in self._clients]
        async with asyncio.timeout(seconds):
            while any(client.rounds < want for client, want in zip(self._clients, wanted, strict=True)):
                for task in self._tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(0.01)

    def forget_totals(self) -> None:
        """Submissions that were acknowledged may be gone, as after a failover to an asynchronous standby: each client
        learns its total anew from its next acknowledgement.
        """
        for client in self._clients:
            client.forget_total()

    async def stop(self, seconds: float) -> None:
        """Lets everybody finish what is under way: after it there is no unknown outcome."""
        self._end.set()
        try:
            async with asyncio.timeout(seconds):
                await asyncio.gather(*self._tasks)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)


class Caller:
    """Makes calls, each again until it is answered, and keeps books about it."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.http: aiohttp.ClientSession

    async def call(self, method: str, path: str, *, expected: frozenset[str] = frozenset(), **arguments: Any) -> Any:
        """The body of the answer, after as many attempts as it takes. None for a wrong answer, and for an error with
        one of the `expected` codes.
        """
        began = time.monotonic()
        for attempt in itertools.count(1):
            try:
                async with self.http.request(method, path, **arguments) as response:
                    body = await response.json()
                    if response.status == 200:
                        self.books.most_attempts = max(self.books.most_attempts, attempt)
                        return body
                    if body["error"]["code"] in expected:
                        return None
                    failure = f"{response.status} {body['error']['code']}"
                    if response.status != _TRY_AGAIN:
                        self.books.wrong.append(f"{method} {path}: {failure} {body['error']['message']}")
                        return None
                    if "Retry-After" not in response.headers:
                        self.books.wrong.append(f"{method} {path}: {failure} without Retry-After")
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                failure = type(error).__name__
            finally:
                self.books.longest_outage = max(self.books.longest_outage, time.monotonic() - began)
            self.books.failed[failure] += 1
            await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))
        return None


class _Client(Caller):
    """Plays one player, for whom no other client submits: so it knows the total at every moment."""

    def __init__(self, crowd: Crowd, *, keeps: bool) -> None:
        super().__init__(crowd.books)
        self.rounds = 0
        self._crowd = crowd
        self._keeps = keeps
        self.user_id = next(_ids)
        #: The sum of what was acknowledged; None if it is not known.
        self._total: int | None = 0
        self._stale_since: float | None = None

    def forget_total(self) -> None:
        self._total = None

    async def work(self) -> None:
        connector = aiohttp.TCPConnector(limit=0, force_close=not self._keeps)
        timeout = aiohttp.ClientTimeout(total=ATTEMPT_SECONDS)
        async with aiohttp.ClientSession(
            self._crowd.address, connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
        ) as self.http:
            while not self._crowd.ended:
                if random.random() < 0.2:
                    await self._submit_batch()
                else:
                    await self._submit()
                await self._read_rank()
                if random.random() < 0.3:
                    await self._read_top()
                self.rounds += 1

    # --- writes ---------------------------------------------------------------------------------------------

    def _new(self) -> Sent:
        # No two submissions of a player are alike, so the ledger alone tells which of them it holds.
        one = Sent(self.user_id, random.randint(1, 2**31 - 1), uuid.uuid4().hex)
        self.books.sent.append(one)
        return one

    async def _submit(self) -> None:
        one = self._new()
        answer = await self.call(
            "POST",
            "/api/leaderboard/submit",
            json={"user_id": one.user_id, "score": one.score},
            headers={"Idempotency-Key": one.key},
        )
        self._acknowledge(one, answer)

    async def _submit_batch(self) -> None:
        items = [self._new() for _ in range(3)]
        answers = await self.call(
            "POST",
            "/api/leaderboard/submit/batch",
            json=[{"user_id": i.user_id, "score": i.score, "idempotency_key": i.key} for i in items],
        )
        if not isinstance(answers, list) or len(answers) != len(items):
            self.books.wrong.append(f"not an outcome for each item: {answers!r}")
            return
        for one, answer in zip(items, answers, strict=True):
            if answer.get("status") not in {"accepted", "duplicate"}:
                self.books.wrong.append(f"an item was refused: {answer!r}")
                return
            self._acknowledge(one, answer)

    def _acknowledge(self, one: Sent, answer: Any) -> None:
        if not isinstance(answer, dict):
            return
        one.acknowledged = True
        one.acknowledged_at = time.monotonic()
        self._total = answer["total_score"] if self._total is None else self._total + one.score
        if (answer["user_id"], answer["score"]) != (one.user_id, one.score):
            self.books.wrong.append(f"the answer is for another submission: {answer!r}")
        # A replay gives the first answer again, so the total is the same however often it was tried.
        if answer["total_score"] != self._total:
            self.books.wrong.append(f"the total is {answer['total_score']}, not {self._total}")
        if self._crowd.forgets:
            self._total = None

    # --- reads ----------------------------------------------------------------------------------------------

    async def _read_rank(self) -> None:
        answer = await self.call("GET", f"/api/leaderboard/rank/{self.user_id}")
        if isinstance(answer, dict):
            self._compare("rank", answer["total_score"])
            if not 1 <= answer["rank"] <= answer["players"]:
                self.books.wrong.append(f"an impossible rank: {answer!r}")

    async def _read_top(self) -> None:
        answer = await self.call("GET", f"/api/leaderboard/top?limit={MOST_PLAYERS}")
        if not isinstance(answer, list):
            return
        totals = [row["total_score"] for row in answer]
        ranks = [1 + sum(other > total for other in totals) for total in totals]
        if totals != sorted(totals, reverse=True) or [row["rank"] for row in answer] != ranks:
            self.books.wrong.append("the order or the ranks of a top list do not follow from its totals")
        mine = [row["total_score"] for row in answer if row["user_id"] == self.user_id]
        if len(answer) < MOST_PLAYERS or mine:
            self._compare("top", mine[0] if mine else 0)

    def _compare(self, what: str, shown: int) -> None:
        if self._total is None:
            return
        self.books.reads += 1
        now = time.monotonic()
        if shown > self._total:
            self.books.wrong.append(f"{what} shows {shown}, more than the {self._total} submitted")
        elif shown < self._total:
            self.books.stale.append(f"{what} shows {shown} after {self._total} was acknowledged")
            self._stale_since = self._stale_since or now
            self.books.longest_stale = max(self.books.longest_stale, now - self._stale_since)
        else:
            self._stale_since = None


class _Commuter(_Client):
    """Goes to and fro between two workers: what one of them acknowledged, the other one has to show. In half
    of the rounds it reads and submits on the one and then reads on the other, without a pause: should the
    first one have given Redis up, the other one may not know it yet.
    """

    def __init__(self, crowd: Crowd) -> None:
        super().__init__(crowd, keeps=True)

    async def work(self) -> None:
        async with contextlib.AsyncExitStack() as opened:
            both = await on_two_workers(self._crowd.address, opened)
            self.http = both[0]
            await self._submit()
            while not self._crowd.ended:
                straight = random.random() < 0.5
                here, there = random.sample(both, 2)
                for step, where in (
                    (self._read_rank, here),
                    (self._submit, here),
                    (self._read_rank, there),
                ):
                    self.http = where if straight else random.choice(both)
                    await step()
                    if not straight:
                        await asyncio.sleep(random.uniform(0, 0.1))
                self.rounds += 1
                await asyncio.sleep(random.uniform(0, 0.2))


async def on_two_workers(
    address: str, opened: contextlib.AsyncExitStack
) -> tuple[aiohttp.ClientSession, aiohttp.ClientSession]:
    """Two sessions whose one connection, which they keep, leads to different workers."""
    found: dict[str, aiohttp.ClientSession] = {}
    timeout = aiohttp.ClientTimeout(total=ATTEMPT_SECONDS)
    async with asyncio.timeout(FIND_SECONDS):
        while len(found) < 2:
            connector = aiohttp.TCPConnector(limit=1)
            session = aiohttp.ClientSession(address, connector=connector, timeout=timeout)
            await opened.enter_async_context(session)
            async with session.get("/healthz") as answer:
                # A request's id starts with what its process drew at its start.
                found.setdefault(answer.headers["X-Request-Id"][:16], session)
    one, other = found.values()
    return one, other
