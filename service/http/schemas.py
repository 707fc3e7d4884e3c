"""The bodies and query strings of the API. These types validate requests, encode responses, and describe both in
/openapi.json.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from service.model import MAX_EXACT, BoardName, Rank, Total, UserId

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
Cursor = Annotated[
    str,
    Meta(
        pattern=r"^-?[0-9]{1,16}\.[0-9]{1,10}$",
        description="start after this row; taken from the Link header of the previous page",
    ),
]


# --- queries ------------------------------------------------------------------------------------------------


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query string without parameters, and the base of the others."""


class BoardQuery(Query, frozen=True, kw_only=True):
    board: BoardName = "overall"


class SubmitQuery(BoardQuery, frozen=True, kw_only=True):
    include: Annotated[Literal["rank"] | None, Meta(description="rank: also return the rank before and after")] = None


class TopQuery(BoardQuery, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 10
    after: Cursor | None = None


class AroundQuery(BoardQuery, frozen=True, kw_only=True):
    span: Annotated[int, Meta(ge=0, le=100, description="how many neighbours above and below")] = 5


_WHOLE = r"[0-9]+(\.[0-9]+)?([eE][0-9]+)?"


class RanksQuery(BoardQuery, frozen=True, kw_only=True):
    user_ids: Annotated[
        str,
        Meta(
            pattern=rf"^{_WHOLE}(,{_WHOLE})*$",
            description="up to 1000 user ids separated by commas. Players who are not on the board are omitted",
        ),
    ]


class DistributionQuery(BoardQuery, frozen=True, kw_only=True):
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


class BatchItem(SubmitRequest, frozen=True, forbid_unknown_fields=True):
    idempotency_key: SubmissionKey | None = None


_CURRENT_NAME = Meta(
    description="the player's current name, if the submission has a username: a player who existed already keeps"
    " their name"
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
    previous_rank: (
        Annotated[
            Rank | None,
            Meta(
                description="null if the player was not on the board before; like rank, null while the board is being"
                " filled from the ledger. A duplicate has the ranks of the first response; if that had none, rank is"
                " the current one and previous_rank is null"
            ),
        ]
        | UnsetType
    ) = UNSET


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


# --- health -------------------------------------------------------------------------------------------------


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"]
