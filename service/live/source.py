"""One board, season or split that streams show: it is read when it may have changed, one read after the other, so each
state is at least as new as the one before.
"""

import asyncio
import contextlib
import itertools
import logging
import math
import time
from collections.abc import Iterable, Iterator
from typing import Protocol

from service import errors
from service.database.live import LiveFunctions
from service.database.rows import ApiKey
from service.errors import ApiError
from service.live.states import Question, State, States
from service.model import Details, PlayerRef
from service.observability import metrics, new_relic

logger = logging.getLogger(__name__)

#: The least time between two pushes to a stream.
PUSH_SECONDS = 0.25
#: A board is read again after this time, even if nothing seems to have changed.
REFRESH_SECONDS = 15.0
#: Before a read that failed is repeated.
RETRY_SECONDS = 1.0
#: Players whose ranks one statement asks for.
MAX_PLAYERS = 900
#: After so many writes in a row, others get their turn.
WRITES = 200


class Stream(Protocol):
    """An open stream."""

    question: Question
    #: The API key with which it was opened, if it needed one.
    key: ApiKey | None

    def show(self, state: State) -> None:
        """Sends the state if it is newer than what was sent and differs, and if the client has read enough."""

    def check(self, state: State) -> bool:
        """Sends what the client has not got yet: the state, or a sign of life. False if the client is gone."""

    def end(self, error: ApiError | None) -> None:
        """Tells the client why, if there is a reason, and ends the stream."""


class Feed:
    """The streams with one question, and the state that was pushed to them last."""

    def __init__(self, state: State) -> None:
        self.streams: set[Stream] = set()
        self.state = state


class Source:
    """Reads a board and pushes its states to its feeds. `run` returns when it has none."""

    def __init__(
        self,
        board: str,
        details: Details | None,
        database: LiveFunctions,
        reading: asyncio.Semaphore,
        numbers: "itertools.count[int]",
    ) -> None:
        """`reading` bounds how many sources read at a time. `numbers` numbers the states."""
        self._board = board
        self._details = details
        self._database = database
        self._reading = reading
        self._numbers = numbers
        self.feeds: dict[Question, Feed] = {}
        self._opening: list[tuple[Question, asyncio.Future[State]]] = []
        self._wake = asyncio.Event()
        self._changed = False
        #: When it may be read for all feeds, and when it has to be, by the loop's clock.
        self.free_at = 0.0
        self._stale_at = math.inf
        self._failing = False

    def change(self) -> None:
        """The board may have changed."""
        self._changed = True
        self._wake.set()

    def first(self, question: Question) -> "asyncio.Future[State]":
        """A state that is read after this call."""
        answer: asyncio.Future[State] = asyncio.get_running_loop().create_future()
        self._opening.append((question, answer))
        self._wake.set()
        return answer

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                await self._wait()
                self._opening = [(question, answer) for question, answer in self._opening if not answer.done()]
                if not self.feeds and not self._opening:
                    return
                is_due = self._changed or self._stale_at <= loop.time()
                if is_due and self.free_at <= loop.time():
                    await self._push()
                else:
                    await self._open()
                if self._failing and not self.feeds and not self._opening:
                    return  # a board that is not there must not take memory
        finally:
            for _, answer in self._opening:
                answer.cancel()

    async def _wait(self) -> None:
        """Until a stream is opened, or the board is due for a read."""
        loop = asyncio.get_running_loop()
        while not self._opening:
            due = max(self.free_at, 0.0 if self._changed else self._stale_at)
            if loop.time() >= due:
                return
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(None if due == math.inf else due):
                    await self._wake.wait()

    async def _push(self) -> None:
        """Reads the board for all feeds, and pushes what changed."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        started = time.perf_counter()
        opening, self._opening = self._opening, []
        self._changed = False
        feeds = dict(self.feeds)
        states = await self._read(itertools.chain(feeds, (question for question, _ in opening)), opening)
        if states is None:
            self._changed = True
            self.free_at = loop.time() + RETRY_SECONDS
            return
        writes = 0
        for question, feed in feeds.items():
            state = states[question]
            is_same = feed.state.id == state.id
            # Also then: a stream that was opened in between may show another state, which `check` replaces.
            feed.state = state
            if is_same:
                continue
            for stream in list(feed.streams):
                stream.show(state)
                writes += 1
                if writes % WRITES == 0:
                    await asyncio.sleep(0)
        if writes:
            metrics.STREAM_PUSH[()].observe(time.perf_counter() - started)
        # As long as a read takes, it is not begun again: streams take at most half of a process.
        self.free_at = max(began + PUSH_SECONDS, 2 * loop.time() - began)

    async def _open(self) -> None:
        """Reads the board for streams that are being opened."""
        opening, self._opening = self._opening, []
        await self._read((question for question, _ in opening), opening)

    async def _read(
        self, questions: Iterable[Question], opening: list[tuple[Question, "asyncio.Future[State]"]]
    ) -> dict[Question, State] | None:
        """The states that answer these questions; None if they cannot be read now. Gives those of `opening` theirs."""
        loop = asyncio.get_running_loop()
        states: dict[Question, State] = {}
        stale_at = loop.time() + REFRESH_SECONDS
        problem: ApiError | None = None
        try:
            for part in _parts(dict.fromkeys(questions)):
                top = max(question.top for question in part)
                players = list(dict.fromkeys(player for question in part for player in question.players))
                async with self._reading:
                    with new_relic.tracing.background("live"):
                        found = await self._database.standings(self._board, top, players, self._details)
                if found.ends_in > 0:
                    stale_at = min(stale_at, loop.time() + found.ends_in)
                read = States(next(self._numbers), found)
                states.update((question, read.of(question)) for question in part)
        except ApiError as error:
            problem = error
        except Exception as error:
            problem = ApiError(errors.INTERNAL_ERROR)
            problem.__cause__ = error
            if not self._failing:
                logger.exception("reading a board for streams failed")
        self._failing = problem is not None
        if problem is not None:
            for _, answer in opening:
                if not answer.done():
                    answer.set_exception(problem.copy())
            if problem.failure.status < 500:
                self.end(problem)  # the board, or the season, is not there any more
            return None
        self._stale_at = stale_at
        for question, answer in opening:
            if not answer.done():
                answer.set_result(states[question])
        return states

    def end(self, problem: ApiError) -> None:
        """Ends all of its streams."""
        for stream in [stream for feed in self.feeds.values() for stream in feed.streams]:
            stream.end(problem)


def _parts(questions: Iterable[Question]) -> Iterator[list[Question]]:
    """The questions in parts that one statement can ask, each with at most MAX_PLAYERS players."""
    part: list[Question] = []
    players: set[PlayerRef] = set()
    for question in questions:
        if part and len(players.union(question.players)) > MAX_PLAYERS:
            yield part
            part, players = [], set()
        part.append(question)
        players.update(question.players)
    if part:
        yield part
