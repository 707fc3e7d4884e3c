"""The answers of the service, as they come: dictionaries with these fields. Times are RFC 3339 texts.

A field that is NotRequired is left out where it has nothing to say. docs/http.md and /docs describe all of them.
"""

from typing import Any, Literal, NotRequired, TypedDict

from leaderboard_client.calls import Moment, Player

Attributes = dict[str, str]


class BatchScore(TypedDict):
    """A score to send in a batch."""

    player: Player
    score: int
    game_mode: NotRequired[str]
    username: NotRequired[str]
    played_at: NotRequired[Moment]
    metadata: NotRequired[dict[str, Any]]
    ticket: NotRequired[str]
    idempotency_key: NotRequired[str]


class BoardTotal(TypedDict):
    board: str
    total_score: int
    season: NotRequired[int]
    display: NotRequired[str]
    rank: NotRequired[int | None]


class Counted(TypedDict):
    user_id: int
    score: int
    total_score: int
    username: NotRequired[str]
    rank: NotRequired[int | None]
    previous_rank: NotRequired[int | None]
    boards: NotRequired[list[BoardTotal]]
    player: NotRequired[str]
    hidden: NotRequired[bool]


class Submitted(Counted):
    message: str
    duplicate: bool


class CountedItem(Counted):
    status: Literal["accepted", "duplicate"]


class ErrorText(TypedDict):
    code: str
    message: str


class RejectedItem(TypedDict):
    status: Literal["rejected"]
    error: ErrorText


BatchOutcome = CountedItem | RejectedItem


class Standing(TypedDict):
    rank: int
    user_id: int
    username: str
    total_score: int
    display: NotRequired[str]
    tie: NotRequired[int]
    hidden: NotRequired[bool]
    attributes: NotRequired[Attributes | None]
    metadata: NotRequired[dict[str, Any] | None]
    player: NotRequired[str | None]


class PlayerRank(TypedDict):
    user_id: int
    username: str
    total_score: int
    rank: int
    players: int
    percentile: float
    display: NotRequired[str]
    season: NotRequired[int]
    at: NotRequired[str]
    hidden: NotRequired[bool]
    attributes: NotRequired[Attributes | None]
    metadata: NotRequired[dict[str, Any] | None]
    player: NotRequired[str | None]


class PlayerAmong(PlayerRank):
    rank_among: int


class RankOfScore(TypedDict):
    score: int
    rank: int
    players: int
    percentile: float


class HistoryPoint(TypedDict):
    at: str
    rank: int
    players: int
    total_score: int
    display: NotRequired[str]
    hidden: NotRequired[bool]


class Winner(TypedDict):
    user_id: int
    username: str
    total_score: int
    display: NotRequired[str]


class Season(TypedDict):
    season: int
    state: Literal["running", "closing", "closed"]
    starts_at: str | None
    ends_at: str | None
    closed_at: str | None
    players: int | None
    winner: Winner | None


class Seasons(TypedDict):
    board: str
    next_reset_at: str | None
    seasons: list[Season]


class PlayerSeason(TypedDict):
    season: int
    starts_at: str | None
    ends_at: str | None
    closed: bool
    total_score: int
    rank: int
    players: int
    display: NotRequired[str]


class Board(TypedDict):
    """Options that a board does not use are left out."""

    board: str
    game_mode: str | None
    aggregate: Literal["sum", "best", "last", "first", "count"]
    min_score: int
    max_score: int
    players: int
    lowest_wins: NotRequired[bool]
    unit: NotRequired[str]
    decimals: NotRequired[int]
    ties: NotRequired[Literal["shared", "earliest"]]
    opens_at: NotRequired[str]
    closes_at: NotRequired[str]
    period: NotRequired[str]
    manual_seasons: NotRequired[bool]
    season: NotRequired[int]
    season_starts_at: NotRequired[str]
    next_reset_at: NotRequired[str]
    split_by: NotRequired[str]
    require_ticket: NotRequired[bool]


class Split(TypedDict):
    split: str
    players: int


class Play(TypedDict):
    ticket: str
    user_id: int
    game_mode: str
    min_seconds: int
    expires_at: str
    player: NotRequired[str]


class FoundPlayer(TypedDict):
    user_id: int
    username: str
    player: str | None
    attributes: Attributes | None


class Profile(TypedDict):
    user_id: int
    username: str
    join_date: str
    attributes: Attributes | None
    player: NotRequired[str]
    players: NotRequired[list[str]]


class ChangedPlayer(TypedDict):
    user_id: int
    username: NotRequired[str]
    attributes: NotRequired[Attributes | None]
    player: NotRequired[str]


class Standings(TypedDict):
    """A state of a board, from a stream."""

    board: str
    top: list[Standing]
    players: list[PlayerAmong]
    season: NotRequired[int]
    ends_at: NotRequired[str]
