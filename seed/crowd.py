"""Players against the HTTP API of a running service. Each checks every response against what they know."""

import asyncio
import contextlib
import random
import signal
import sys
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from tqdm import tqdm

from seed import ledger
from seed.definitions import Connection
from seed.ledger import Baseline, Submission
from seed.tally import Tally
from service import errors
from service.database.connect import connect
from service.errors import OperatorError

_SUBMIT, _TOP, _RANK = "submit", "top", "rank"
_TOP_LIMIT = 10

#: An attempt that takes longer is cancelled and repeated.
_ATTEMPT_SECONDS = 10.0
#: How much longer calls in progress at the end may take, including repeated attempts.
_DRAIN_SECONDS = 10.0
_MAX_PAUSE_SECONDS = 2.0
#: Statuses worth another attempt: overload, and a service or database that is away for a moment.
_TEMPORARY = frozenset({429, 502, 503, 504})

#: Names of this machine, often allowed when the address in the URL is not.
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


class NotPlayableError(OperatorError):
    """The players cannot play."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to play. `think`: the range of seconds between a player's rounds, None for no pause. `hosts`: the
    ALLOWED_HOSTS of the service, if known.
    """

    base_url: str
    players: int = 200
    seconds: float = 60.0
    think: tuple[float, float] | None = (0.5, 2.0)
    api_key: str | None = field(default=None, repr=False)
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Player:
    user_id: int
    #: The player's total, since only they submit for themselves; None while an outcome is unknown.
    total: int | None


@contextlib.asynccontextmanager
async def database(url: str) -> AsyncIterator[Connection]:
    """A connection for a block."""
    connection = await connect(url)
    try:
        yield connection
    finally:
        await connection.close(timeout=10)


@contextlib.asynccontextmanager
async def assembled(options: Options, database_url: str | None) -> AsyncIterator[tuple["Crowd", Baseline | None]]:
    """A crowd with its players and, if the database is known, what it held before.

    Raises NotPlayableError if no service answers, if it has too few players, or if it uses another database.
    """
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=_ATTEMPT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Authorization": f"Bearer {options.api_key}"} if options.api_key else None,
    ) as http:
        crowd = Crowd(options, http)
        await crowd.require_service()
        await crowd.choose_host_name()
        await crowd.require_access()
        if database_url is None:
            await crowd.take_top_players()
            yield crowd, None
            return
        async with database(database_url) as connection:
            before = await crowd.take_random_players(connection)
        yield crowd, before


class Crowd:
    """The players and what they did: a `tally` of their calls, and `submissions` for the check of the ledger."""

    def __init__(self, options: Options, http: aiohttp.ClientSession) -> None:
        self.tally = Tally((_SUBMIT, _TOP, _RANK))
        self.submissions: list[Submission] = []
        self._options = options
        self._url = options.base_url.rstrip("/")
        self._http = http
        self._players: list[_Player] = []
        #: Boards that count every submission of the players.
        self._boards = ["overall"]
        self._end = asyncio.Event()
        self._last_attempt = 0.0

    # --- before -------------------------------------------------------------------------------------------

    async def require_service(self) -> None:
        """Raises NotPlayableError unless a service is ready."""
        try:
            async with self._http.get(f"{self._url}/readyz", allow_redirects=False) as response:
                if response.status == 200:
                    return
                found = f"{self._url} is not ready: /readyz answers {response.status}"
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            found = f"no service answers at {self._url} ({error or type(error).__name__})"
        raise NotPlayableError(f"{found}. Start one with `make run`, or name another with BASE_URL.")

    async def choose_host_name(self) -> None:
        """Finds a Host header that the service allows, if it refuses the host of the URL. Raises NotPlayableError if no
        known name is allowed.
        """
        names = (f"simulate{name[1:]}" if name.startswith("*.") else name for name in self._options.hosts)
        for name in (None, *names, *_LOCAL_NAMES):
            if name is not None:
                self._http.headers["Host"] = name
            async with self._http.get(f"{self._url}/api/leaderboard/boards", allow_redirects=False) as response:
                if response.status != 421:
                    if response.status == 200:
                        self._choose_boards(await response.json())
                    return
        raise NotPlayableError(
            f"{self._url} does not answer to its address but only to its ALLOWED_HOSTS, which are not known here."
            " Name one: ALLOWED_HOSTS=scores.example.com make simulate."
        )

    def _choose_boards(self, boards: list[dict[str, Any]]) -> None:
        """Takes the boards with seasons of the data set, as far as they are there, beside the board overall."""
        known = {board["board"] for board in boards}
        self._boards += sorted(known & {"daily", "weekly", "best"})

    async def require_access(self) -> None:
        """Raises NotPlayableError if an API key is missing or lacks a scope."""
        # Without a body nothing is submitted. The key is checked before the body.
        for method, path in ("GET", "/api/leaderboard/boards"), ("POST", "/api/leaderboard/submit"):
            async with self._http.request(method, self._url + path, allow_redirects=False) as response:
                if response.status in (401, 403):
                    raise NotPlayableError(
                        f"{self._url} does not let the players in: {(await response.text())[:300]} Set"
                        " LEADERBOARD_API_KEY to a key with the scopes submit and read (make api-key NAME=players"
                        " SCOPES=submit,read)."
                    )

    async def take_top_players(self) -> None:
        """Draws players from the top list: without the database no other ids are known."""
        self._last_attempt = time.monotonic() + _DRAIN_SECONDS
        rows = await self._call(_TOP, "GET", "/api/leaderboard/top?limit=1000")
        if rows is None:
            raise self._unexpected()
        self._require_players(len(rows))
        chosen = random.sample(rows, self._options.players)
        self._players = [_Player(row["user_id"], row["total_score"]) for row in chosen]

    async def take_random_players(self, connection: Connection) -> Baseline:
        """Draws players from the whole database."""
        chosen = await ledger.any_players(connection, self._options.players)
        self._require_players(len(chosen))
        before = await ledger.baseline(connection, chosen)
        self._players = [_Player(user_id, before.totals[user_id]) for user_id in chosen]
        await self._require_same_database(connection)
        return before

    def _unexpected(self) -> NotPlayableError:
        return NotPlayableError(f"{self._url} does not answer as expected: {', '.join(self.tally.messages)}.")

    def _require_players(self, found: int) -> None:
        if found < self._options.players:
            raise NotPlayableError(
                f"{self._options.players:,} players are wanted, but there are only {found:,}."
                " Load more with `make seed`, or ask for fewer with PLAYERS."
            )

    async def _require_same_database(self, connection: Connection) -> None:
        """Makes a first submission, to be sure that the service uses the database whose ledger will be checked."""
        self._last_attempt = time.monotonic() + _DRAIN_SECONDS
        player = self._players[0]
        nothing = {"total_score": 0}
        shown = await self._call(_RANK, "GET", f"/api/leaderboard/rank/{player.user_id}", absent=nothing)
        if shown is None:
            raise self._unexpected()
        # Different totals are proof enough. Submitting then could register a player in another database.
        if shown["total_score"] == player.total:
            await self._submit(player)
            first = self.submissions[0]
            if not first.acknowledged or await ledger.has(connection, first):
                return
        raise NotPlayableError(
            f"the service at {self._url} uses another database than the one whose ledger would be checked. Set"
            " DATABASE_URL to that of the service, or DATA_DIR to its data folder."
        )

    # --- together -----------------------------------------------------------------------------------------

    async def play(self) -> float:
        """Lets all players play until the time is over or the first SIGINT. Returns the seconds it took."""
        loop = asyncio.get_running_loop()
        started = time.monotonic()
        self._last_attempt = started + self._options.seconds + _DRAIN_SECONDS
        loop.add_signal_handler(signal.SIGINT, self._stop)
        tasks = [asyncio.create_task(self._play(player)) for player in self._players]
        try:
            await self._watch(started)
            self._end.set()
            await asyncio.gather(*tasks)
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            for task in tasks:
                task.cancel()
        return time.monotonic() - started

    def _stop(self) -> None:
        """Ends early but gracefully. A second SIGINT ends it at once."""
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        self._last_attempt = time.monotonic() + _DRAIN_SECONDS
        self._end.set()

    async def _watch(self, started: float) -> None:
        """Shows the progress every second, until the time is over."""
        live = sys.stderr.isatty()
        total = self._options.seconds
        with tqdm(
            total=total,
            bar_format="{n:.0f} of {total:.0f} s |{bar}| {postfix}",
            dynamic_ncols=True,
            disable=not live,
        ) as bar:
            calls, before = 0, started
            while before - started < total and not self._end.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._end.wait(), min(1.0, started + total - before))
                now = time.monotonic()
                rate = (self.tally.calls - calls) / (now - before)
                calls, before = self.tally.calls, now
                state = f"{rate:,.0f} calls/s, {self.tally.retries:,} retried, {self.tally.errors:,} errors"
                bar.set_postfix_str(state, refresh=False)
                bar.update(min(now - started, total) - bar.n)
                if not live:
                    print(f"{now - started:.0f} s: {state}", file=sys.stderr, flush=True)

    # --- a player -----------------------------------------------------------------------------------------

    async def _play(self, player: _Player) -> None:
        # Not all at once, or the first moments would be unlike the rest.
        await self._think(part=random.random())
        while not self._end.is_set():
            await self._submit(player)
            if not self._end.is_set():
                await self._read_top(player)
            if not self._end.is_set():
                await self._read_rank(player)
            await self._think()

    async def _think(self, part: float = 1.0) -> None:
        if self._options.think is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), part * random.uniform(*self._options.think))

    async def _submit(self, player: _Player) -> None:
        submission = Submission(
            user_id=player.user_id,
            key=uuid.uuid4().hex,
            score=random.randint(1, 10_000),
            game_mode=random.choice(("solo", "team")),
        )
        self.submissions.append(submission)
        before, player.total = player.total, None
        board = random.choice(self._boards)
        answer = await self._call(
            _SUBMIT,
            "POST",
            "/api/leaderboard/submit" + ("" if board == "overall" else f"?board={board}"),
            json={
                "user_id": submission.user_id,
                "score": submission.score,
                "game_mode": submission.game_mode,
            },
            headers={"Idempotency-Key": submission.key},
        )
        if answer is None:
            return
        submission.acknowledged = True
        if board == "overall":
            player.total = answer["total_score"]
        elif before is not None:
            player.total = before + submission.score  # it counts on overall too
        if (answer["user_id"], answer["score"]) != (submission.user_id, submission.score):
            self.tally.error(_SUBMIT, "the response is for another submission")
        if board == "overall" and before is not None and answer["total_score"] != before + submission.score:
            self.tally.error(_SUBMIT, "the total is not the one before plus the score")

    async def _read_top(self, player: _Player) -> None:
        rows = await self._call(_TOP, "GET", f"/api/leaderboard/top?limit={_TOP_LIMIT}")
        if rows is None:
            return
        totals = [row["total_score"] for row in rows]
        order = sorted(rows, key=lambda row: (-row["total_score"], row["user_id"]))
        ranks = [1 + sum(higher > total for higher in totals) for total in totals]
        if rows != order or [row["rank"] for row in rows] != ranks:
            self.tally.error(_TOP, "the order or the ranks do not match the totals")
        if player.total is None:
            return
        shown = next((row["total_score"] for row in rows if row["user_id"] == player.user_id), None)
        if shown is not None:
            self._compare(_TOP, shown, player.total)
        elif len(rows) < _TOP_LIMIT or player.total > totals[-1]:
            self.tally.error(_TOP, "a player whose acknowledged total belongs there is missing")

    async def _read_rank(self, player: _Player) -> None:
        answer = await self._call(_RANK, "GET", f"/api/leaderboard/rank/{player.user_id}")
        if answer is None:
            return
        rank, players = answer["rank"], answer["players"]
        if answer["user_id"] != player.user_id:
            self.tally.error(_RANK, "the response is for another player")
        share = 100 * (players - rank + 1) / players
        if not 1 <= rank <= players or abs(answer["percentile"] - share) > 0.01:
            self.tally.error(_RANK, "rank, players and percentile contradict each other")
        if player.total is not None:
            self._compare(_RANK, answer["total_score"], player.total)

    def _compare(self, name: str, shown: int, known: int) -> None:
        if shown < known:
            self.tally.error(name, "a total is lower than acknowledged")
        elif shown > known:
            self.tally.error(name, "a total is higher than submitted")

    # --- a call -------------------------------------------------------------------------------------------

    async def _call(self, name: str, method: str, path: str, *, absent: Any = None, **arguments: Any) -> Any:
        """The body of the response, `absent` for 404. None without a successful response in time.

        Temporary failures are retried.
        """
        started = time.monotonic()
        pause = 0.05
        while True:
            try:
                async with self._http.request(method, self._url + path, allow_redirects=False, **arguments) as response:
                    if response.status == 200:
                        body = await response.json()
                        self.tally.answered(name, time.monotonic() - started)
                        return body
                    if response.status == 404 and absent is not None:
                        return absent
                    failure = f"{response.status} {(await response.text())[:200]}"
                    if response.status not in _TEMPORARY:
                        self.tally.error(name, failure)
                        return None
                    with contextlib.suppress(ValueError):
                        pause = max(pause, float(response.headers.get("Retry-After", "")))
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                failure = errors.reason(error)
            pause = min(pause, _MAX_PAUSE_SECONDS)
            if time.monotonic() + pause > self._last_attempt:
                self.tally.error(name, f"not answered in time; last failure: {failure}")
                return None
            self.tally.retried(name)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause *= 2
