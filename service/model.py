"""The types that the layers hand to each other: submissions, their outcomes, and the rows that reads return."""

from datetime import datetime
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

#: The most items of one batch; api.submit_scores has the same limit.
MAX_BATCH = 1000
#: Integers up to here are exact in every JSON client (2^53 - 1).
MAX_EXACT = 9_007_199_254_740_991
UserId = Annotated[int, Meta(ge=1, le=2_147_483_647, description="the game's id of the player")]
# A backslash escape that JSON Schema's regular expressions and Python's read alike.
PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
BoardName = Annotated[str, Meta(pattern=PRINTABLE, description="name of the board, see /api/leaderboard/boards")]
Total = Annotated[int, Meta(description="the player's total on the board")]
Rank = Annotated[int, Meta(ge=1, description="1 + the number of players with a higher total: ties share a rank")]
Percentile = Annotated[
    float, Meta(ge=0, le=100, description="the share of players whose total is not higher than this player's")
]


class Submission(msgspec.Struct, frozen=True):
    """One score of one player. `key` is its idempotency key: a retry with it counts once."""

    user_id: int
    score: int
    game_mode: str
    username: str | None
    key: str | None


class Row(msgspec.Struct, frozen=True):
    """A row of the database: its fields are the columns of the select list, in order."""

    @classmethod
    def from_row(cls, row: Any) -> Self:
        return cls(*row)


class Outcome(Row, frozen=True):
    """The outcome of a submission. `status` is 'accepted', 'replayed', 'busy' or 'rejected'; `error` is the SQLSTATE of
    a rejected one. `username` is the player's current name, if the submission has a username and counted.
    """

    status: str
    user_id: int | None
    score: int | None
    total_score: int | None
    previous_rank: int | None
    rank: int | None
    error: str | None
    message: str | None
    username: str | None = None


class Standing(Row, frozen=True):
    rank: Rank
    user_id: UserId
    username: str
    total_score: Total


class PlayerRank(Row, frozen=True):
    user_id: UserId
    username: str
    total_score: Total
    rank: Rank
    players: Annotated[int, Meta(ge=1, description="how many players are on the board")]
    percentile: Percentile


class PlayerAmong(Row, frozen=True):
    user_id: UserId
    username: str
    total_score: Total
    rank: Rank
    rank_among: Annotated[int, Meta(ge=1, description="the rank among the players asked for")]
    players: Annotated[int, Meta(ge=1, description="how many players are on the board")]
    percentile: Percentile


class Bucket(Row, frozen=True, rename={"from_score": "from", "to_score": "to"}):
    from_score: Annotated[int, Meta(description="lowest total of the range")]
    to_score: Annotated[int, Meta(description="highest total of the range")]
    players: Annotated[int, Meta(ge=0)]


class Board(Row, frozen=True):
    board: BoardName
    game_mode: Annotated[str | None, Meta(description="the mode that counts here; null: any")]
    aggregate: Annotated[str, Meta(description="sum, best or last: how scores make a total")]
    min_score: int
    max_score: int
    players: Annotated[int, Meta(ge=0)]


class RejectedSubmission(Row, frozen=True):
    id: int
    rejected_at: datetime
    user_id: UserId
    score: int
    game_mode: str
    board: Annotated[BoardName, Meta(description="the board whose rule it broke")]
    idempotency_key: str | None
    code: Annotated[str, Meta(description="the error code that its sender got")]
    reason: Annotated[str, Meta(description="the message that its sender got")]
