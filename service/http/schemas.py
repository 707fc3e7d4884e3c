"""The bodies and query strings of the API. These types validate requests, encode responses, and describe both in
/openapi.json.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from service.model import (
    EXTERNAL_ID,
    MAX_BATCH,
    MAX_EXACT,
    PRINTABLE,
    ActId,
    AttributeName,
    BoardName,
    BoardTotal,
    Hidden,
    Instant,
    Player,
    Rank,
    Scope,
    Total,
    UserId,
)
from service.readiness import DatabaseState, RankIndexState, SchemaState

_OBJECT = {"type": ["object", "null"], "examples": [{"country": "DE"}]}
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
# Text that Unicode composes to more than 128 characters, the database refuses.
PlayerInBody = Annotated[
    str,
    Meta(
        max_length=128,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="an id of the player in the place of user_id, such as steam:76561198000000000. An unknown one is"
        " registered on its first score. Digits up to 2147483647 are a user_id, and refused here",
        extra_json_schema={
            "x-accepted": {"pattern": rf"^({EXTERNAL_ID})?$"},
            "examples": ["steam:76561198000000000"],
        },
    ),
]
ScoreMetadata = Annotated[
    msgspec.Raw,
    Meta(
        description="what the game keeps with the score: a JSON object of at most 1,024 bytes; null: nothing",
        extra_json_schema={"type": ["object", "null"], "examples": [{"level": 3}]},
    ),
]
PlayerInPath = Annotated[
    str,
    Meta(
        max_length=128,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="a user_id, or an external id, such as steam:76561198000000000. Digits up to 2147483647 are a"
        " user_id. In an external id write / as %2F, ? as %3F and % as %25",
        extra_json_schema={"x-accepted": {"pattern": rf"^([1-9][0-9]*|(?!\.\.?$)({EXTERNAL_ID}))$"}},
    ),
]
KeyId = Annotated[str, Meta(pattern="^[0-9a-f]{12}$", description="the 12 characters after lb_")]
Ticket = Annotated[
    str,
    Meta(
        pattern=r"^[ -~]{0,255}$",
        description="a play ticket, from POST /api/leaderboard/plays. It takes the place of an idempotency key",
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
SeasonName = Annotated[
    str,
    Meta(
        pattern=rf"^(current|previous|{_WHOLE})$",
        extra_json_schema={"x-accepted": {"pattern": "^(current|previous|[1-9][0-9]{0,8})$"}, "examples": ["previous"]},
    ),
]
#: The service also takes the parameter several times, as clients send it that do not know `explode: false`.
UserIdList = Annotated[
    str,
    Meta(
        pattern=rf"^{_WHOLE}(,{_WHOLE})*$",
        description="user ids separated by commas. Players who are not on the board are omitted",
        extra_json_schema={
            "x-accepted": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 2_147_483_647},
                "minItems": 1,
                "maxItems": MAX_BATCH,
            },
            "examples": [[7, 42]],
        },
    ),
]


class SeasonQuery(BoardQuery, frozen=True, kw_only=True):
    season: (
        Annotated[SeasonName, Meta(description="a season of the board: current (the default), previous, or its number")]
        | None
    ) = None


Include = Annotated[
    str,
    Meta(
        pattern=r"^(attributes|metadata|player)(,(attributes|metadata|player))*$",
        description="attributes, metadata or player, or several, separated by commas: what the rows show besides",
        extra_json_schema={"examples": ["attributes,player"]},
    ),
]


class StandingsQuery(SeasonQuery, frozen=True, kw_only=True):
    split: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=100,
                pattern=PRINTABLE,
                description="only the players with this value of the attribute by which the board is split, such as DE",
            ),
        ]
        | None
    ) = None


class RowsQuery(StandingsQuery, frozen=True, kw_only=True):
    include: Include | None = None


Moment = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[-+ ][0-9]{2}:?[0-9]{2})$",
        extra_json_schema={"examples": ["2026-01-31T12:00:00Z"]},
    ),
]


class HistoryQuery(StandingsQuery, frozen=True, kw_only=True, rename={"from_": "from"}):
    from_: (
        Annotated[Moment, Meta(description="the first moment; by default 30 days before to, and at most 366")] | None
    ) = None
    to: Annotated[Moment, Meta(description="the last moment; by default now")] | None = None


class RankQuery(RowsQuery, frozen=True, kw_only=True):
    at: (
        Annotated[
            Moment,
            Meta(
                description="the rank at this moment of the last 31 days. Of a board with seasons: in the season that"
                " ran then"
            ),
        ]
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


class TopQuery(RowsQuery, frozen=True, kw_only=True, rename={"from_": "from"}):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 10
    from_: (
        Annotated[
            Moment,
            Meta(
                description="only the scores that were played from here on: the standings of a window of at most 31"
                " days. Seasons do not matter; not with season, after and place"
            ),
        ]
        | None
    ) = None
    to: Annotated[Moment, Meta(description="and before this time; by default up to now")] | None = None
    after: CursorText | None = None
    place: (
        Annotated[
            str,
            Meta(
                pattern=rf"^(last|{_WHOLE})$",
                description="start at this place of the list, counted from 1; last: the last players of the board."
                " Not with after",
                extra_json_schema={"x-accepted": {"pattern": "^(last|[1-9][0-9]{0,14})$"}, "examples": ["100"]},
            ),
        ]
        | None
    ) = None


class RankOfQuery(StandingsQuery, frozen=True, kw_only=True):
    score: Annotated[int, Meta(ge=-MAX_EXACT, le=MAX_EXACT, description="a total that a player might reach")]


class ThresholdQuery(StandingsQuery, frozen=True, kw_only=True):
    place: (
        Annotated[int, Meta(ge=1, le=MAX_EXACT, description="a place of the list, counted from 1. Or give percent")]
        | None
    ) = None
    percent: (
        Annotated[
            float,
            Meta(gt=0, le=100, description="the last player within this share of the best, if place is not given"),
        ]
        | None
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


class AroundQuery(RowsQuery, frozen=True, kw_only=True):
    span: Annotated[int, Meta(ge=0, le=100, description="how many neighbours above and below")] = 5


class RanksQuery(RowsQuery, frozen=True, kw_only=True):
    user_ids: UserIdList | None = None
    player: Annotated[
        list[Player],
        Meta(
            description="external ids of players, each in a parameter of its own: player=a&player=b. With user_ids at"
            " most 1000 in all"
        ),
    ] = []


class StreamQuery(RanksQuery, frozen=True, kw_only=True):
    top: Annotated[int, Meta(ge=0, le=100, description="how many of the best players")] = 10


class DistributionQuery(StandingsQuery, frozen=True, kw_only=True):
    buckets: Annotated[int, Meta(ge=1, le=1000)] = 50


class PageQuery(Query, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    before: (
        Annotated[int, Meta(ge=1, le=MAX_EXACT, description="only older entries than this id; see the Link header")]
        | None
    ) = None


class RejectedQuery(PageQuery, frozen=True, kw_only=True):
    user_id: UserId | None = None
    player: Player | None = None
    board: BoardName | None = None


class ModerationQuery(PageQuery, frozen=True, kw_only=True):
    user_id: UserId | None = None
    player: Player | None = None


class DryRunQuery(Query, frozen=True, kw_only=True):
    dry_run: Annotated[Literal["0", "1"], Meta(description="1: change nothing, and say what the call would do")] = "0"


class PlayersQuery(Query, frozen=True, kw_only=True):
    name: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=255,
            pattern=PRINTABLE,
            description="how the name begins, in upper or lower case",
            extra_json_schema={"examples": ["ada"]},
        ),
    ]
    limit: Annotated[int, Meta(ge=1, le=1000)] = 20
    after: (
        Annotated[
            str,
            Meta(
                pattern=r"^[0-9]{1,10}\.[^\x00-\x1f\x7f]{1,255}$",
                description="start after this player; taken from the Link header of the previous page",
            ),
        ]
        | None
    ) = None


class EraseQuery(DryRunQuery, frozen=True, kw_only=True):
    confirm: Annotated[int, Meta(ge=1, le=2_147_483_647, description="the player's user_id again")] | None = None
    reason: Annotated[
        str, Meta(min_length=1, max_length=500, pattern=PRINTABLE, description="for the log of moderation")
    ] = "erased at the player's request"


# --- submissions --------------------------------------------------------------------------------------------


class SubmitRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The player is given by user_id or by player: one of the two."""

    user_id: UserId | UnsetType = UNSET
    player: PlayerInBody | None = None
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
    metadata: ScoreMetadata | UnsetType = UNSET
    ticket: Ticket | None = None


class BatchItem(SubmitRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    player: Player | UnsetType = UNSET
    hidden: Hidden | UnsetType = UNSET


class ApiError(msgspec.Struct, frozen=True):
    code: Annotated[str, Meta(description="what went wrong, for programs")]
    message: Annotated[str, Meta(description="what went wrong and what to do, for people")]


class ErrorBody(msgspec.Struct, frozen=True):
    error: ApiError


class _CountedItem(msgspec.Struct, frozen=True):
    user_id: UserId
    score: Score
    total_score: Total
    username: Annotated[str, _CURRENT_NAME] | UnsetType = UNSET
    rank: Rank | UnsetType | None = UNSET
    previous_rank: Annotated[Rank | None, _PREVIOUS_RANK] | UnsetType = UNSET
    boards: list[BoardTotal] | UnsetType = UNSET
    player: Player | UnsetType = UNSET
    hidden: Hidden | UnsetType = UNSET


class AcceptedItem(_CountedItem, frozen=True, tag_field="status", tag="accepted"):
    pass


class DuplicateItem(_CountedItem, frozen=True, tag_field="status", tag="duplicate"):
    pass


class RejectedItem(msgspec.Struct, frozen=True, tag_field="status", tag="rejected"):
    error: ApiError


BatchOutcome = AcceptedItem | DuplicateItem | RejectedItem


# --- standings ----------------------------------------------------------------------------------------------


class Access(msgspec.Struct, frozen=True):
    submit: Annotated[bool, Meta(description="whether the sender may submit scores")]
    read: Annotated[bool, Meta(description="whether the sender may read")]
    play: Annotated[
        bool, Meta(description="whether the sender may begin plays, and so submit scores with play tickets")
    ]
    moderate: Annotated[bool, Meta(description="whether the sender may make scores void and ban players")]
    keys: Annotated[bool, Meta(description="whether the sender may issue and revoke API keys")]
    admin: Annotated[bool, Meta(description="whether the sender may change boards, and export and erase players")]


# --- boards -------------------------------------------------------------------------------------------------


class CreatedBoard(msgspec.Struct, frozen=True):
    board: BoardName


class DeletedBoard(msgspec.Struct, frozen=True):
    deleted: BoardName


# --- health -------------------------------------------------------------------------------------------------


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"]


class CacheReport(msgspec.Struct, frozen=True):
    status: Literal["up", "down"]
    detail: Annotated[str | None, Meta(description="why it is down")]


class VerifyReport(msgspec.Struct, frozen=True):
    at: Annotated[datetime | None, Meta(description="when this process last compared a sample; null: not yet")]
    differences: Annotated[int | None, Meta(description="between ledger, totals and ranks. 0: all is well")]
    interval_seconds: Annotated[int, Meta(description="how often it does; 0: never")]


class Versions(msgspec.Struct, frozen=True):
    service: str
    postgresql: Annotated[str | None, Meta(description="null: the database cannot be reached")]


class HealthReport(msgspec.Struct, frozen=True):
    """The state of the service, for its operators, as the process sees it that answers."""

    status: Literal["ready", "degraded", "unavailable", "stopping"]
    database: DatabaseState
    schema: SchemaState
    cache: CacheReport
    rank_index: RankIndexState
    last_verify: VerifyReport
    versions: Versions


# --- players ------------------------------------------------------------------------------------------------

#: What a client sends as attributes: names and values; null takes one away.
AttributeValues = Annotated[
    dict[AttributeName, Annotated[str, Meta(max_length=2000)] | None],
    Meta(
        description="attributes to set, of those that are declared (GET /api/leaderboard/attributes); null: take away",
        extra_json_schema={"examples": [{"country": "DE", "avatar": None}]},
    ),
]


class PlayerChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a player. What is left out stays."""

    username: Annotated[Username | None, Meta(description="empty and null: it stays")] = None
    attributes: AttributeValues | None = None


class ChangedPlayer(msgspec.Struct, frozen=True):
    user_id: UserId
    username: Annotated[str, Meta(description="if it was given")] | UnsetType = UNSET
    attributes: (
        Annotated[msgspec.Raw, Meta(description="all of them now, if some were given", extra_json_schema=_OBJECT)]
        | UnsetType
    ) = UNSET
    player: Player | UnsetType = UNSET


class PlayerId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    player: Player


class LinkedPlayer(msgspec.Struct, frozen=True):
    user_id: UserId
    player: Annotated[Player, Meta(description="the external id that is the player's now")]


class UnlinkedPlayer(msgspec.Struct, frozen=True):
    user_id: UserId
    unlinked: Annotated[Player, Meta(description="the external id that is no longer the player's")]


class PlayRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The player is given by user_id or by player: one of the two."""

    user_id: UserId | UnsetType = UNSET
    player: PlayerInBody | None = None
    game_mode: Annotated[
        GameMode | None, Meta(description="empty and null mean that of the board, or solo if it has none")
    ] = None
    board: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None


class StartedPlay(msgspec.Struct, frozen=True, omit_defaults=True):
    ticket: Annotated[str, Meta(description="send it with the score, as ticket")]
    user_id: UserId
    game_mode: Annotated[str, Meta(description="the mode that the score has to have")]
    min_seconds: Annotated[
        int, Meta(ge=0, description="how long from now the score may come at the earliest; 0: at once")
    ]
    expires_at: Annotated[datetime, Meta(description="until when the score may come")]
    player: Player | UnsetType = UNSET


# --- moderation ---------------------------------------------------------------------------------------------

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=PRINTABLE, description="for the log of moderation")]


class VoidRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which scores to make void: those that meet every condition given. There has to be at least one."""

    reason: Reason
    user_id: UserId | UnsetType = UNSET
    player: PlayerInBody | None = None
    session_id: Annotated[int, Meta(ge=1, le=MAX_EXACT, description="a single score")] | None = None
    from_: Annotated[Instant, Meta(description="scores recorded from here on")] | None = msgspec.field(
        default=None, name="from"
    )
    to: Annotated[Instant, Meta(description="scores recorded before this time")] | None = None
    above: (
        Annotated[int, Meta(ge=-MAX_EXACT, le=MAX_EXACT, description="scores better than this on the board")] | None
    ) = None
    board: Annotated[BoardName, Meta(description="scores that count on this board")] | None = None


class RestoreRequest(VoidRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which void scores count again: those that meet every condition given. There has to be at least one."""

    act: Annotated[ActId, Meta(description="scores that this act made void")] | None = None


UserIds = Annotated[list[UserId], Meta(max_length=10_000)]
Players = Annotated[list[Player], Meta(max_length=10_000, description="external ids of players")]


class UnbanRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The players are given by user_ids, players, or both."""

    reason: Reason
    user_ids: UserIds = []
    players: Players = []


class BanRequest(UnbanRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The players are given by user_ids, players, or both."""

    until: Annotated[Instant, Meta(description="when it ends by itself; null: never")] | None = None


class UndoRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Reason
    act: ActId


class ModerationAnswer(msgspec.Struct, frozen=True):
    act: Annotated[
        int | None, Meta(description="the id of the act, by which it can be undone; null: nothing was changed")
    ]
    sessions: Annotated[int, Meta(ge=0, description="how many scores become void, or count again")]
    players: Annotated[int, Meta(ge=0, description="how many players it is about")]
    ranks: Annotated[int, Meta(ge=0, description="how many totals on boards change, appear or go")]
    dry_run: bool


# --- API keys -----------------------------------------------------------------------------------------------


class NewApiKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=PRINTABLE, description="what it is for")]
    scopes: Annotated[
        list[Scope], Meta(min_length=1, max_length=6, description="what it allows. keys can only be given by the owner")
    ]
    expires_at: Annotated[Instant, Meta(description="until when it is valid; null: until it is revoked")] | None = None


class RevokedApiKey(msgspec.Struct, frozen=True):
    revoked: Annotated[str, Meta(description="the id of the key")]
    revoked_at: datetime
