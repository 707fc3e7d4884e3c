"""The open streams of this process, and the changes that they are told of: docs/live.md."""

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import NoReturn

from service import errors
from service.database.functions import Database
from service.database.rows import ApiKey
from service.errors import ApiError
from service.live.source import Feed, Source, Stream
from service.live.states import Question, State
from service.model import Details
from service.observability import metrics, new_relic

logger = logging.getLogger(__name__)

#: How often PostgreSQL is asked whether something has changed, while there are streams.
POLL_SECONDS = 0.1
#: Less often if a poll takes long: the time between two is at least so many times that of one.
POLL_REST = 20
#: But not less often than this: a poll that had to wait for PostgreSQL says nothing about the next one.
LONGEST_POLL_SECONDS = 1.0
#: How often streams are checked for API keys that are not valid any more, and every how many times also for clients
#: that left or do not read.
CHECK_SECONDS = 0.5
STREAMS_EVERY = 2


class Hub:
    """`run` is its background work. Call `close` when no stream is left."""

    def __init__(
        self,
        database: Database,
        refusal: Callable[[ApiKey | None], ApiError | None],
        *,
        max_streams: int,
        max_concurrency: int,
    ) -> None:
        """`refusal` says why a stream with that API key may go on no longer; it raises ApiError while that is not
        known. At most `max_streams` are open, and `max_concurrency` database calls under way, at a time.
        """
        self._database = database
        self._refusal = refusal
        self._max_streams = max_streams
        self._reading = asyncio.Semaphore(max_concurrency)
        self._sources: dict[tuple[str, Details | None], Source] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count(1)
        self._streams: set[Stream] = set()
        self._opening = 0
        self._any = asyncio.Event()
        self._is_ending = False

    # --- streams --------------------------------------------------------------------------------------------

    async def first(self, question: Question) -> State:
        """The present state: what is committed when this is called, or a later one. Raises ApiError."""
        if len(self._streams) + self._opening >= self._max_streams:
            raise ApiError(
                errors.TOO_MANY_STREAMS,
                f"{self._max_streams} streams are open, which is the limit of this process (MAX_STREAMS);"
                " GET /api/leaderboard/top has the same rows",
            )
        self._opening += 1
        try:
            return await self._source(question).first(question)
        finally:
            self._opening -= 1

    def add(self, stream: Stream, first: State) -> None:
        """Shows a stream the present state, and each one after it. `first` is what `first` returned."""
        source = self._source(stream.question)
        feed = source.feeds.get(stream.question)
        if feed is None:
            feed = source.feeds[stream.question] = Feed(first)
            source.change()  # since `first` was read, the others of the source may have been read already
        feed.streams.add(stream)
        self._streams.add(stream)
        stream.show(max(first, feed.state, key=lambda state: state.number))
        if self._is_ending:
            stream.end(None)  # it was being opened when the others ended

    def remove(self, stream: Stream) -> None:
        self._streams.discard(stream)
        feeds, feed = self._feed_of(stream.question)
        if feed is not None:
            feed.streams.discard(stream)
            if not feed.streams:
                del feeds[stream.question]

    def end_all(self) -> None:
        """Ends every stream; their clients come back, to another process."""
        self._is_ending = True
        for stream in list(self._streams):
            stream.end(None)

    @property
    def streams(self) -> int:
        """How many are open."""
        return len(self._streams)

    @property
    def sources(self) -> int:
        """How many boards, seasons and splits are read for them, or were lately."""
        return len(self._sources)

    def update_gauges(self) -> None:
        metrics.STREAMS[()].set(len(self._streams))

    # --- background work ------------------------------------------------------------------------------------

    async def run(self) -> NoReturn:
        """Finds out when something has changed, as long as there are streams."""
        checking = asyncio.create_task(self._check())
        loop = asyncio.get_running_loop()
        seen: str | None = None
        try:
            while True:
                if not self._sources:
                    seen = None
                    self._any.clear()
                    await self._any.wait()
                began = loop.time()
                marker = await self._marker()
                if marker is not None and marker != seen:
                    seen = marker
                    for source in self._sources.values():
                        source.change()
                rest = POLL_REST * (loop.time() - began)
                await asyncio.sleep(min(max(POLL_SECONDS, rest), LONGEST_POLL_SECONDS))
                # What is found earlier could not be pushed yet.
                free_at = min((source.free_at for source in self._sources.values()), default=0.0)
                await asyncio.sleep(max(0.0, free_at - loop.time()))
        finally:
            checking.cancel()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _marker(self) -> str | None:
        """A text that differs after every change; None if PostgreSQL cannot be asked, which the watcher logs."""
        try:
            with new_relic.tracing.background("live"):
                return (await self._database.rank_index_status()).change_marker
        except ApiError:
            return None

    async def _check(self) -> None:
        for number in itertools.count():
            await asyncio.sleep(CHECK_SECONDS)
            try:
                self._end_refused()
                if number % STREAMS_EVERY:
                    continue
                for stream in list(self._streams):
                    _, feed = self._feed_of(stream.question)
                    if feed is None or not stream.check(feed.state):
                        stream.end(None)
            except Exception:
                logger.exception("checking the streams failed")

    def _end_refused(self) -> None:
        try:
            refusals = {key: self._refusal(key) for key in {stream.key for stream in self._streams}}
        except ApiError:
            return  # PostgreSQL is out of reach: nothing new is shown either
        for stream in list(self._streams):
            error = refusals[stream.key]
            if error is not None:
                stream.end(error)

    def _feed_of(self, question: Question) -> tuple[dict[Question, Feed], Feed | None]:
        source = self._sources.get((question.board, question.details))
        feeds = {} if source is None else source.feeds
        return feeds, feeds.get(question)

    def _source(self, question: Question) -> Source:
        key = question.board, question.details
        source = self._sources.get(key)
        if source is None:
            source = self._sources[key] = Source(*key, self._database.live, self._reading, self._numbers)
            task = asyncio.create_task(self._run(key, source))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._any.set()
        return source

    async def _run(self, key: tuple[str, Details | None], source: Source) -> None:
        try:
            await source.run()
        except Exception as error:
            logger.exception("streams of a board failed")
            problem = ApiError(errors.INTERNAL_ERROR)
            problem.__cause__ = error
            source.end(problem)
        finally:
            del self._sources[key]
