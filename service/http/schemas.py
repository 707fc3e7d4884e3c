"""The bodies and query strings of the API. These types validate requests, encode responses, and describe both in
/openapi.json.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from service.model import MAX_EXACT, BoardName, BoardTotal, Rank, Total, UserId

Score = Annotated[
    int,
    Meta(
        ge=-MAX_EXACT,
        le=MAX_EXACT,
        description="an integer within the bounds of the board, 0 to 2147483647 unless it has others",
    ),
]
# Optional strings may also be empty: Unity writes null as "".
GameMode = Annotated[str, Meta(max_length=50, pattern=r"^[^\x00-\x1f\x7f]*$")]
# The database reports which character of a name is not allowed, and where. A NUL cannot be sent to it at all.
Username = Annotated[str, Meta(max_length=255, pattern=r"^[^\x00]*$")]
SubmissionKey = Annotated[
    str,
    Meta(
        pattern="^[!-~]{1,255}$",
        description="identifies this submission: however often it is sent with the same key, it counts once",
    ),
]
PlayedAt = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00]*$",
        description="when it was played, as 2026-01-31T12:00:00Z: it decides the season. At most 5 minutes ahead; empty"
        " and null mean now",
        extra_json_schema={"examples": ["2026-01-31T12:00:00Z"]},
    ),
]
CursorText = Annotated[
    str,
    Meta(
        pattern=r"^-?[0-9]{1,16}\.([0-9]{1,18}\.)?[0-9]{1,10}$",
        description="start after this row; taken from the Link header of the previous page",
    ),
]


# --- queries ------------------------------------------------------------------------------------------------


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query string without parameters, and the base of the others."""


class BoardQuery(Query, frozen=True, kw_only=True):
    board: BoardName = "overall"


_WHOLE = r"[0-9]+(\.[0-9]+)?([eE][0-9]+)?"
SeasonName = Annotated[str, Meta(pattern=rf"^(current|previous|{_WHOLE})$")]


class SeasonQuery(BoardQuery, frozen=True, kw_only=True):
    season: (
        Annotated[SeasonName, Meta(description="a season of the board: current (the default), previous, or its number")]
        | None
    ) = None


class SubmitQuery(SeasonQuery, frozen=True, kw_only=True):
    include: Annotated[
        Literal["rank", "boards", "rank,boards", "boards,rank"] | None,
        Meta(
            description="rank: also return the rank before and after; boards: also what the submission did on every"
            " board on which it counted"
        ),
    ] = None


class TopQuery(SeasonQuery, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 10
    after: CursorText | None = None
    place: (
        Annotated[
            str,
            Meta(
                pattern=rf"^(last|{_WHOLE})$",
                description="start at this place of the list, counted from 1; last: the last players of the board",
            ),
        ]
        | None
    ) = None


class RankOfQuery(SeasonQuery, frozen=True, kw_only=True):
    score: Annotated[int, Meta(ge=-MAX_EXACT, le=MAX_EXACT, description="a total that a player might reach")]


class ThresholdQuery(SeasonQuery, frozen=True, kw_only=True):
    place: Annotated[int, Meta(ge=1, le=MAX_EXACT, description="a place of the list, counted from 1")] | None = None
    percent: (
        Annotated[float, Meta(gt=0, le=100, description="the last player within this share of the best")] | None
    ) = None


class SeasonsQuery(BoardQuery, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    before: (
        Annotated[int, Meta(ge=1, le=2_147_483_647, description="only seasons before this one; see the Link header")]
        | None
    ) = None


class AlterBoardQuery(Query, frozen=True, kw_only=True):
    dry_run: Annotated[
        Literal["0", "1"], Meta(description="1: change nothing, and say how many totals the change would make others")
    ] = "0"


class DeleteBoardQuery(Query, frozen=True, kw_only=True):
    confirm: Annotated[BoardName | None, Meta(description="the name of the board again")] = None


class EndSeasonQuery(Query, frozen=True, kw_only=True):
    season: (
        Annotated[
            SeasonName, Meta(description="the season that is to end, by its number: then a retry ends no second one")
        ]
        | None
    ) = None


class AroundQuery(SeasonQuery, frozen=True, kw_only=True):
    span: Annotated[int, Meta(ge=0, le=100, description="how many neighbours above and below")] = 5


class RanksQuery(SeasonQuery, frozen=True, kw_only=True):
    user_ids: Annotated[
        str,
        Meta(
            pattern=rf"^{_WHOLE}(,{_WHOLE})*$",
            description="up to 1000 user ids separated by commas. Players who are not on the board are omitted",
        ),
    ]


class DistributionQuery(SeasonQuery, frozen=True, kw_only=True):
    buckets: Annotated[int, Meta(ge=1, le=1000)] = 50


class RejectedQuery(Query, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    before: (
        Annotated[int, Meta(ge=1, le=MAX_EXACT, description="only older entries than this id; see the Link header")]
        | None
    ) = None
    user_id: UserId | None = None
    board: BoardName | None = None


# --- submissions --------------------------------------------------------------------------------------------


class SubmitRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    user_id: UserId
    score: Score
    game_mode: Annotated[GameMode | None, Meta(description="empty and null mean solo")] = "solo"
    username: Annotated[
        Username | None,
        Meta(
            description="name of a new player, by default user_<id>; empty and null: use the default. A player"
            " who exists already keeps their name: see username in the response"
        ),
    ] = None
    played_at: PlayedAt | None = None


class BatchItem(SubmitRequest, frozen=True, forbid_unknown_fields=True):
    idempotency_key: SubmissionKey | None = None


_CURRENT_NAME = Meta(
    description="the player's current name, if the submission has a username: a player who existed already keeps"
    " their name"
)
_PREVIOUS_RANK = Meta(
    description="null if the player was not on the board before; like rank, null while the board is being filled from"
    " the ledger. A duplicate has the ranks of the first response; if that had none, rank is the current one and"
    " previous_rank is null"
)


class SubmitAnswer(msgspec.Struct, frozen=True):
    message: str
    user_id: UserId
    score: Score
    total_score: Total
    duplicate: Annotated[
        bool, Meta(description="true: this submission was counted before, and this is its first response again")
    ]
    username: Annotated[str, _CURRENT_NAME] | UnsetType = UNSET
    rank: Rank | UnsetType | None = UNSET
    previous_rank: Annotated[Rank | None, _PREVIOUS_RANK] | UnsetType = UNSET
    boards: list[BoardTotal] | UnsetType = UNSET


class Error(msgspec.Struct, frozen=True):
    code: Annotated[str, Meta(description="what went wrong, for programs")]
    message: Annotated[str, Meta(description="what went wrong and what to do, for people")]


class ErrorBody(msgspec.Struct, frozen=True):
    error: Error


class _CountedItem(msgspec.Struct, frozen=True):
    user_id: UserId
    score: Score
    total_score: Total
    username: Annotated[str, _CURRENT_NAME] | UnsetType = UNSET
    rank: Rank | UnsetType | None = UNSET
    previous_rank: Annotated[Rank | None, _PREVIOUS_RANK] | UnsetType = UNSET
    boards: list[BoardTotal] | UnsetType = UNSET


class AcceptedItem(_CountedItem, frozen=True, tag_field="status", tag="accepted"):
    pass


class DuplicateItem(_CountedItem, frozen=True, tag_field="status", tag="duplicate"):
    pass


class RejectedItem(msgspec.Struct, frozen=True, tag_field="status", tag="rejected"):
    error: Error


BatchOutcome = AcceptedItem | DuplicateItem | RejectedItem


# --- standings ----------------------------------------------------------------------------------------------


class Access(msgspec.Struct, frozen=True):
    submit: Annotated[bool, Meta(description="whether the sender may submit scores")]
    read: Annotated[bool, Meta(description="whether the sender may read")]


# --- boards -------------------------------------------------------------------------------------------------


class CreatedBoard(msgspec.Struct, frozen=True):
    board: BoardName


class DeletedBoard(msgspec.Struct, frozen=True):
    deleted: BoardName


# --- health -------------------------------------------------------------------------------------------------


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"]
