"""The client: one method a call. docs/clients.md says how all of them behave."""

# Answers are typed as the service documents them.
# mypy: disable-error-code="no-any-return"

import os
from collections.abc import AsyncGenerator, Callable, Sequence
from types import TracebackType
from typing import Any, Literal, Self

from leaderboard_client import answers, calls, model
from leaderboard_client.aio import streaming
from leaderboard_client.aio.connection import Connection
from leaderboard_client.aio.flushing import Flushing
from leaderboard_client.aio.waiting import off_loop
from leaderboard_client.calls import Moment, Player
from leaderboard_client.queue import Flushed, FolderQueue, QueuedScore, Refused

Season = int | Literal["current", "previous"]
Include = Sequence[Literal["attributes", "metadata", "player"]]
SubmitInclude = Sequence[Literal["rank", "boards"]]


def _ignore(_refused: Refused) -> None:
    """What flush returns has the refused scores, too."""


class AsyncClient:
    """Calls a leaderboard service. Use it in `async with`, or `close` it; one client may be used by many tasks.

    Every method raises ApiError, if the service answered with an error, or Unreachable, if no answer came. Times out
    and retries as docs/clients.md says.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        queue: str | os.PathLike[str] | None = None,
        queue_limit: int = 10_000,
        on_refused: Callable[[Refused], None] = _ignore,
        timeout: float = 10.0,
        patience: float = 30.0,
    ) -> None:
        """`url` is the address of the service, such as https://scores.example; `key` an API key, lb_...

        `queue` is the folder of the offline queue, which holds up to `queue_limit` scores. `on_refused` is told of each
        score that leaves it without being counted. An attempt ends after `timeout` seconds of silence; a call is not
        tried again once it has taken `patience` seconds.
        """
        self._connection = Connection(url, key, timeout, patience)
        self._queue = None if queue is None else FolderQueue(queue, queue_limit)
        self._flushing = None if self._queue is None else Flushing(self._connection, self._queue, on_refused)

    # --- scores -------------------------------------------------------------------------------------------------

    async def submit(
        self,
        score: int,
        *,
        player: Player,
        game_mode: str | None = None,
        username: str | None = None,
        played_at: Moment | None = None,
        metadata: dict[str, Any] | None = None,
        ticket: str | None = None,
        board: str | None = None,
        season: Season | None = None,
        include: SubmitInclude = (),
        key: str | None = None,
    ) -> model.Submitted:
        """Submits a score. When it returns, the score is on the service's disk, and counts once.

        `key` identifies the submission, such as the id of a match; by default it is random. A `ticket`, from
        `start_play`, takes its place. If this fails with `may_have_counted`, only a further attempt with the same key
        is safe.
        """
        body = calls.score(
            player,
            score,
            game_mode=game_mode,
            username=username,
            played_at=played_at,
            metadata=metadata,
            ticket=ticket,
        )
        headers = {"Idempotency-Key": ticket or key or calls.new_key()}
        query = calls.query(include, board=board, season=season)
        answer = await self._connection.retried(
            lambda: self._connection.attempt("POST", "/submit", query, body, headers)
        )
        answers.check_counted(answer)
        return answer

    async def submit_batch(
        self,
        scores: Sequence[model.BatchScore],
        *,
        board: str | None = None,
        season: Season | None = None,
        include: SubmitInclude = (),
    ) -> list[model.BatchOutcome]:
        """Submits up to 1,000 scores: one outcome each, in order. A rejected one does not affect the others."""
        items = [calls.batch_item(score) for score in scores]
        query = calls.query(include, board=board, season=season)
        return await self._connection.call("POST", "/submit/batch", query, items)

    async def submit_later(
        self,
        score: int,
        *,
        player: Player,
        game_mode: str | None = None,
        username: str | None = None,
        played_at: Moment | None = None,
        metadata: dict[str, Any] | None = None,
        ticket: str | None = None,
        board: str | None = None,
        season: Season | None = None,
        key: str | None = None,
    ) -> str:
        """Stores a score in the offline queue, for `flush`. When it returns, the score is on this machine's disk.

        Returns the key with which it will be sent. Raises QueueFull, and OSError if the disk cannot take the score.
        """
        queue, _ = self._offline()
        body = calls.score(
            player,
            score,
            game_mode=game_mode,
            username=username,
            played_at=played_at or calls.now(),
            metadata=metadata,
            ticket=ticket,
        )
        queued = QueuedScore(
            ticket or key or calls.new_key(),
            body,
            calls.query(board=board, season=season),
            stamped=played_at is None,
        )
        await off_loop(queue.add, queued)
        return queued.key

    async def flush(self) -> Flushed:
        """Sends the scores of the offline queue, oldest first, until one cannot be sent now."""
        _, flushing = self._offline()
        return await flushing.flush()

    async def queued(self) -> int:
        """How many scores wait in the offline queue."""
        queue, _ = self._offline()
        return await off_loop(queue.__len__)

    async def start_play(self, *, player: Player, game_mode: str | None = None, board: str | None = None) -> model.Play:
        """A play ticket: give it to `submit` with the score, not before `min_seconds` have passed."""
        body = {**calls.named(player), **calls.given(game_mode=game_mode, board=board)}
        return await self._connection.call("POST", "/plays", body=body)

    # --- standings ----------------------------------------------------------------------------------------------

    async def top(
        self,
        limit: int = 10,
        *,
        place: int | Literal["last"] | None = None,
        board: str | None = None,
        season: Season | None = None,
        split: str | None = None,
        from_: Moment | None = None,
        to: Moment | None = None,
        include: Include = (),
    ) -> list[model.Standing]:
        """The best players, or those from a `place` of the list on. With `from_` and `to`: counting only the scores of
        that time, of at most 31 days.
        """
        query = calls.query(
            include,
            limit=limit,
            place=place,
            board=board,
            season=season,
            split=split,
            from_=calls.moment(from_),
            to=calls.moment(to),
        )
        return await self.get("/top", **query)

    async def rank(
        self,
        player: Player,
        *,
        at: Moment | None = None,
        board: str | None = None,
        season: Season | None = None,
        split: str | None = None,
        include: Include = (),
    ) -> model.PlayerRank:
        """A player's total, rank and percentile, now or `at` a time up to 31 days ago."""
        query = calls.query(include, at=calls.moment(at), board=board, season=season, split=split)
        return await self.get(f"/rank/{calls.in_path(player)}", **query)

    async def around(
        self,
        player: Player,
        span: int = 5,
        *,
        board: str | None = None,
        season: Season | None = None,
        split: str | None = None,
        include: Include = (),
    ) -> list[model.Standing]:
        """A player with `span` neighbours above and below."""
        query = calls.query(include, span=span, board=board, season=season, split=split)
        return await self.get(f"/around/{calls.in_path(player)}", **query)

    async def ranks(
        self,
        players: Sequence[Player],
        *,
        board: str | None = None,
        season: Season | None = None,
        split: str | None = None,
        include: Include = (),
    ) -> list[model.PlayerAmong]:
        """The ranks of up to 1,000 players, on the board and among themselves, best first. Others are left out."""
        query = calls.query(include, players, board=board, season=season, split=split)
        return await self.get("/ranks", **query)

    async def rank_of(
        self,
        score: int,
        *,
        board: str | None = None,
        season: Season | None = None,
        split: str | None = None,
    ) -> model.RankOfScore:
        """The rank that a player with this total would have."""
        return await self.get("/rank-of", **calls.query(score=score, board=board, season=season, split=split))

    async def history(
        self,
        player: Player,
        *,
        board: str | None = None,
        season: Season | None = None,
        split: str | None = None,
        from_: Moment | None = None,
        to: Moment | None = None,
    ) -> list[model.HistoryPoint]:
        """A player's rank and total over time, a point a day and one for now, oldest first."""
        query = calls.query(board=board, season=season, split=split, from_=calls.moment(from_), to=calls.moment(to))
        return await self.get(f"/players/{calls.in_path(player)}/history", **query)

    def stream(
        self,
        *,
        board: str | None = None,
        season: Season | None = None,
        split: str | None = None,
        top: int = 10,
        players: Sequence[Player] = (),
        include: Include = (),
    ) -> AsyncGenerator[model.Standings, None]:
        """The state of a board now, and whenever it changed. Connects again by itself, and ends only with an error."""
        query = calls.query(include, players, board=board, season=season, split=split, top=top)
        return streaming.stream(self._connection, query)

    # --- boards and seasons -------------------------------------------------------------------------------------

    async def boards(self) -> list[model.Board]:
        """The boards, and what counts on each."""
        return await self.get("/boards")

    async def seasons(self, *, board: str, limit: int = 100, before: int | None = None) -> model.Seasons:
        """The seasons of a board, newest first, with their winners and the next reset."""
        return await self.get("/seasons", **calls.query(board=board, limit=limit, before=before))

    async def splits(self, *, board: str, season: Season | None = None) -> list[model.Split]:
        """The values by which a board is split, such as countries."""
        return await self.get("/splits", **calls.query(board=board, season=season))

    # --- players ------------------------------------------------------------------------------------------------

    async def player(self, player: Player) -> model.Profile:
        """A player's name and attributes."""
        return await self.get(f"/players/{calls.in_path(player)}")

    async def find_players(self, name: str, limit: int = 20) -> list[model.FoundPlayer]:
        """Players whose name begins so, in upper or lower case."""
        return await self.get("/players", name=name, limit=limit)

    async def player_seasons(
        self, player: Player, *, board: str, limit: int = 100, before: int | None = None
    ) -> list[model.PlayerSeason]:
        """A player's results in the seasons of a board, newest first."""
        query = calls.query(board=board, limit=limit, before=before)
        return await self.get(f"/players/{calls.in_path(player)}/seasons", **query)

    async def change_player(
        self, player: Player, *, username: str | None = None, attributes: dict[str, str | None] | None = None
    ) -> model.ChangedPlayer:
        """Changes name and attributes: both or neither. An attribute that is None is taken away."""
        body = calls.given(username=username, attributes=attributes)
        return await self._connection.call("PATCH", f"/players/{calls.in_path(player)}", body=body)

    async def link(self, player: Player, external_id: str) -> None:
        """Gives a player one more external id."""
        await self._connection.attempt("POST", f"/players/{calls.in_path(player)}/ids", body={"player": external_id})

    async def unlink(self, player: Player, external_id: str) -> None:
        """Takes an external id away from a player."""
        path = f"/players/{calls.in_path(player)}/ids/{calls.in_path(external_id)}"
        await self._connection.attempt("DELETE", path)

    # --- everything else ----------------------------------------------------------------------------------------

    async def get(self, path: str, **query: Any) -> Any:
        """Any other read, such as `get("/threshold", place=100)`."""
        return await self._connection.call("GET", path, query)

    def _offline(self) -> tuple[FolderQueue, Flushing]:
        if self._queue is None or self._flushing is None:
            raise ValueError('there is no offline queue: give the client a folder, as in queue="scores"')
        return self._queue, self._flushing

    async def close(self) -> None:
        await self._connection.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()
