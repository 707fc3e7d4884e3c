"""The types that the layers hand to each other: submissions, their outcomes, and the rows that reads return."""

from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

#: The most items of one batch; api.submit_scores has the same limit.
MAX_BATCH = 1000
#: Integers up to here are exact in every JSON client (2^53 - 1).
MAX_EXACT = 9_007_199_254_740_991
UserId = Annotated[int, Meta(ge=1, le=2_147_483_647, description="the game's id of the player")]
# A backslash escape that JSON Schema's regular expressions and Python's read alike.
PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
# "x-accepted" takes the place of a type's pattern in /openapi.json. The pattern itself lets more pass, because the code
# that reads the value and the database say better what is wrong with it.
#: External ids: no number that is a user_id, in any way to write it, and no space at an end.
EXTERNAL_ID = (
    r"[1-9][0-9]{10,}|(?!-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$)"
    r"[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?"
)
Player = Annotated[
    str,
    Meta(
        max_length=128,
        pattern=PRINTABLE,
        description="an id of the player that is not a user_id, such as steam:76561198000000000",
        extra_json_schema={
            "x-accepted": {"pattern": rf"^({EXTERNAL_ID})$"},
            "examples": ["steam:76561198000000000"],
        },
    ),
]
#: A player as a call names them: by user_id, or by an external id.
PlayerRef = int | str
BoardName = Annotated[str, Meta(pattern=PRINTABLE, description="name of the board, see /api/leaderboard/boards")]
# PostgreSQL's own way to write an interval is understood, too.
Interval = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,6} (second|minute|hour|day|week|mon|month|year)s?"
        r"|([0-9]{1,6} days? )?[0-9]{1,6}:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?)$",
        description="such as 10 minutes or 00:10:00",
    ),
]
SeasonNumber = Annotated[int, Meta(ge=1, description="number of the season, counted from 1")]
Display = Annotated[
    str, Meta(description="the total as people write it, such as 1:23.456; only if the board has decimals, ms or s")
]
Total = Annotated[int, Meta(description="the player's total on the board")]
Rank = Annotated[int, Meta(ge=1, description="1 + the number of players with a higher total: ties share a rank")]
Percentile = Annotated[
    float, Meta(ge=0, le=100, description="the share of players whose total is not higher than this player's")
]


class Submission(msgspec.Struct, frozen=True):
    """One score of one player, who has a user_id or an external id, `player`. `key` is its idempotency key, or its play
    ticket: a retry with it counts once. `metadata` is a JSON object.
    """

    user_id: int | None
    score: int
    game_mode: str
    username: str | None
    key: str | None
    #: When it was played; None: now.
    played_at: datetime | None = None
    player: str | None = None
    metadata: str | None = None

    @property
    def ref(self) -> PlayerRef:
        """The player as the submission names them."""
        return self.user_id if self.player is None else self.player  # type: ignore[return-value]  # one is given


class Cursor(NamedTuple):
    """A row of a list of standings, after which a page begins. `tie` is None on boards that do not order ties."""

    total: int
    tie: int | None
    user_id: int


class Row(msgspec.Struct, frozen=True):
    """A row of the database: its fields are the columns of the select list, in order."""

    @classmethod
    def from_row(cls, row: Any) -> Self:
        return cls(*row)


class Outcome(Row, frozen=True):
    """The outcome of a submission. `status` is 'accepted', 'replayed', 'busy' or 'rejected'; `error` is the SQLSTATE of
    a rejected one. `boards` is JSON: a list of BoardTotal. `hidden`: the player is banned, so the score is on no board.
    `username` is the player's current name, if the submission has a username and counted.
    """

    status: str
    user_id: int | None
    score: int | None
    total_score: int | None
    previous_rank: int | None
    rank: int | None
    error: str | None
    message: str | None
    boards: str | None = None
    hidden: bool | None = None
    username: str | None = None


class BoardTotal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a submission did on one of the boards on which it counted."""

    board: BoardName
    season: SeasonNumber | None = None
    total_score: Total
    display: Display | None = None
    rank: Annotated[Rank | None, Meta(description="if ranks were asked for and the board is not being filled")] = None


Hidden = Annotated[
    bool, Meta(description="true: the player is banned, so only their own look-ups show them; left out otherwise")
]
#: JSON, passed on as it is. Absent where it was not asked for.
_OBJECT = {"type": ["object", "null"]}
Attributes = Annotated[
    msgspec.Raw | UnsetType,
    Meta(
        description="include=attributes: what is declared of the player, such as country; null: nothing",
        extra_json_schema={**_OBJECT, "examples": [{"country": "DE"}]},
    ),
]
Metadata = Annotated[
    msgspec.Raw | UnsetType,
    Meta(
        description="include=metadata: that of the score that made the total, on boards that count one score of a"
        " player; null: there is none",
        extra_json_schema={**_OBJECT, "examples": [{"level": 3}]},
    ),
]
FirstPlayerId = (
    Annotated[str | None, Meta(description="include=player: the player's first external id; null: there is none")]
    | UnsetType
)


_PLAYER = Meta(
    description="the external id by which the call named the player; with include=player otherwise the first one, null:"
    " there is none"
)


class Details(NamedTuple):
    """What lists of players show besides."""

    attributes: bool = False
    metadata: bool = False
    player: bool = False


class Standing(Row, frozen=True, omit_defaults=True):
    rank: Rank
    user_id: UserId
    username: str
    total_score: Total
    display: Display | None = None
    tie: Annotated[
        int | None,
        Meta(
            description="orders players with equal totals, the lowest first, on boards with ties = earliest and in"
            " closed seasons"
        ),
    ] = None
    hidden: Hidden = False
    attributes: Attributes = UNSET
    metadata: Metadata = UNSET
    player: FirstPlayerId = UNSET


class PlayerRank(Row, frozen=True, omit_defaults=True):
    user_id: UserId
    username: str
    total_score: Total
    rank: Rank
    players: Annotated[int, Meta(ge=1, description="how many players are on the board")]
    percentile: Percentile
    display: Display | None = None
    season: SeasonNumber | None = None
    hidden: Hidden = False
    attributes: Attributes = UNSET
    metadata: Metadata = UNSET
    player: Annotated[str | None, _PLAYER] | UnsetType = UNSET
    at: Annotated[datetime, Meta(description="the moment that the call asked for")] | UnsetType = UNSET


class PastRank(Row, frozen=True, omit_defaults=True):
    """A point of the course of a player's rank."""

    at: Annotated[datetime, Meta(description="the beginning of a day in the board's time zone; the last one: now")]
    rank: Rank
    players: Annotated[int, Meta(ge=1, description="how many players were on the board")]
    total_score: Annotated[int, Meta(description="the player's total")]
    display: Display | None = None
    hidden: Hidden = False


class PlayerAmong(Row, frozen=True, omit_defaults=True):
    user_id: UserId
    username: str
    total_score: Total
    rank: Rank
    rank_among: Annotated[int, Meta(ge=1, description="the rank among the players asked for")]
    players: Annotated[int, Meta(ge=1, description="how many players are on the board")]
    percentile: Percentile
    display: Display | None = None
    season: SeasonNumber | None = None
    hidden: Hidden = False
    attributes: Attributes = UNSET
    metadata: Metadata = UNSET
    player: Annotated[str | None, _PLAYER] | UnsetType = UNSET


class RankOfScore(Row, frozen=True):
    score: int
    rank: Annotated[int, Meta(ge=1, description="the rank that a player with this total would have")]
    players: Annotated[int, Meta(ge=0, description="how many players are on the board")]
    percentile: Percentile


class Threshold(Row, frozen=True, omit_defaults=True):
    total_score: Annotated[int, Meta(description="the total at that place: who reaches it is at least there")]
    place: Annotated[int, Meta(ge=1)]
    players: Annotated[int, Meta(ge=1, description="how many players are on the board")]
    display: Display | None = None


class Bucket(Row, frozen=True, rename={"from_score": "from", "to_score": "to"}):
    from_score: Annotated[int, Meta(description="lowest total of the range")]
    to_score: Annotated[int, Meta(description="highest total of the range")]
    players: Annotated[int, Meta(ge=0)]


Aggregate = Annotated[
    Literal["sum", "best", "last", "first", "count"], Meta(description="how a player's scores make the total")
]
Ties = Annotated[
    Literal["shared", "earliest"],
    Meta(
        description="equal totals share a rank. Within a tie: shared: by user_id; earliest: who got there first comes"
        " first"
    ),
]
GameMode = Annotated[str, Meta(max_length=50, pattern=PRINTABLE)]
Text = Annotated[str, Meta(max_length=255, pattern=PRINTABLE)]
Limit = Annotated[int, Meta(ge=0, le=2_147_483_647)]
Gain = Annotated[int, Meta(ge=0, le=MAX_EXACT)]
PlaySeconds = Annotated[int, Meta(ge=0, le=86_400)]
AttributeName = Annotated[str, Meta(min_length=1, max_length=50, pattern=PRINTABLE)]
Players = Annotated[int, Meta(ge=0)]
NumberOfTotals = Annotated[int, Meta(ge=0)]
NumberOfSeasons = Annotated[int, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1, le=2_147_483_647)]
LocalTime = Annotated[datetime, Meta(tz=False)]
Instant = Annotated[datetime, Meta(tz=True)]
Bound = Annotated[int, Meta(ge=-MAX_EXACT, le=MAX_EXACT)]
Decimals = Annotated[
    int, Meta(ge=0, le=9, description="how many digits of a total are decimals, for its display; totals are integers")
]
_GAME_MODE = Meta(description="the mode that counts here; null: any")
_LOWEST_WINS = Meta(description="whether the lowest total is best")
_UNIT = Meta(description="what scores count, such as ms or points. It only describes; totals in ms and s are displayed")
_OPENS_AT = Meta(description="scores count from here on. With a period: when the first season begins")
_CLOSES_AT = Meta(description="scores count up to before this time")
_PERIOD = Meta(
    description="how long a season lasts: daily, weekly, monthly, or an interval such as 4 hours or 3 months"
)
_ANCHOR = Meta(
    description="a local time of time_zone at which some period begins; by default midnight, for weekly on a Monday,"
    " for monthly on the first"
)
_TIME_ZONE = Meta(description="name of the time zone by which days and months begin, such as Europe/Berlin")
_GRACE = Meta(description="how long after its end a season still counts scores that were played in it")
_MANUAL_SEASONS = Meta(description="whether seasons end by a call")
_KEEP_SEASONS = Meta(description="how many closed seasons are kept; null: all")
_SPLIT_BY = Meta(
    description="an attribute of players, such as country: each of its values is a board of its own (?split=DE);"
    " null: none"
)
_PER_MINUTE = Meta(description="more submissions of one player are refused; 0 and null: no limit")
_PER_HOUR = Meta(description="a score with which a total would rise by more is refused; 0, null: no limit")
_REQUIRE_TICKET = Meta(description="whether a submission needs a play ticket: POST /api/leaderboard/plays")
_MIN_PLAY = Meta(description="how long after its ticket a submission may come at the earliest; 0 and null: at once")
_MAX_PLAY = Meta(description="how long after its ticket a submission may come at the latest; 0 and null: a day")
_PER_SECOND = Meta(description="the largest score for each second since the ticket; 0 and null: no limit")


class Board(Row, frozen=True, omit_defaults=True):
    """The options that a board does not use are left out."""

    board: BoardName
    game_mode: Annotated[str | None, _GAME_MODE]
    aggregate: Aggregate
    min_score: int
    max_score: int
    players: Annotated[int, Meta(ge=0, description="in the season that runs, if the board has seasons")]
    lowest_wins: Annotated[bool, _LOWEST_WINS] = False
    unit: Annotated[str | None, _UNIT] = None
    decimals: Decimals = 0
    ties: Ties = "shared"
    opens_at: Annotated[datetime | None, _OPENS_AT] = None
    closes_at: Annotated[datetime | None, _CLOSES_AT] = None
    period: Annotated[str | None, _PERIOD] = None
    anchor: Annotated[datetime | None, _ANCHOR] = None
    time_zone: Annotated[str, _TIME_ZONE] = "UTC"
    grace: Annotated[str, _GRACE] = "00:00:00"
    manual_seasons: Annotated[bool, _MANUAL_SEASONS] = False
    keep_seasons: Annotated[Count | None, _KEEP_SEASONS] = None
    season: Annotated[SeasonNumber | None, Meta(description="the season that runs")] = None
    season_starts_at: datetime | None = None
    next_reset_at: Annotated[datetime | None, Meta(description="when the next season begins, if that is known")] = None
    split_by: Annotated[str | None, _SPLIT_BY] = None
    max_submissions_per_minute: Annotated[int | None, _PER_MINUTE] = None
    max_gain_per_hour: Annotated[int | None, _PER_HOUR] = None
    require_ticket: Annotated[bool, _REQUIRE_TICKET] = False
    min_play_seconds: Annotated[int | None, _MIN_PLAY] = None
    max_play_seconds: Annotated[int | None, _MAX_PLAY] = None
    max_score_per_second: Annotated[int | None, _PER_SECOND] = None

    @classmethod
    def from_row(cls, row: Any) -> Self:
        given, defaults = row[: -len(cls.__struct_defaults__)], cls.__struct_defaults__
        # What is left out is the default itself, not what equals it.
        options = (d if v == d else v for v, d in zip(row[len(given) :], defaults, strict=True))
        return cls(*given, *options)


class NewBoard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A board to create. What does not go together, the database refuses."""

    name: BoardName
    game_mode: Annotated[GameMode | None, _GAME_MODE] = None
    aggregate: Aggregate = "sum"
    min_score: Bound = 0
    max_score: Bound = 2_147_483_647
    lowest_wins: Annotated[bool, _LOWEST_WINS] = False
    unit: Annotated[Text | None, _UNIT] = None
    decimals: Decimals = 0
    ties: Ties = "shared"
    opens_at: Annotated[Instant | None, _OPENS_AT] = None
    closes_at: Annotated[Instant | None, _CLOSES_AT] = None
    period: Annotated[Text | None, _PERIOD] = None
    anchor: Annotated[LocalTime | None, _ANCHOR] = None
    time_zone: Annotated[Text, _TIME_ZONE] = "UTC"
    grace: Annotated[Interval, _GRACE] = "0 seconds"
    manual_seasons: Annotated[bool, _MANUAL_SEASONS] = False
    keep_seasons: Annotated[Count | None, _KEEP_SEASONS] = None
    split_by: Annotated[AttributeName | None, _SPLIT_BY] = None


class BoardChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a board. What is left out stays. null is no limit, no time, no unit, or any mode."""

    name: BoardName | UnsetType = UNSET
    game_mode: Annotated[GameMode | None, _GAME_MODE] | UnsetType = UNSET
    aggregate: Aggregate | UnsetType = UNSET
    min_score: Bound | UnsetType = UNSET
    max_score: Bound | UnsetType = UNSET
    lowest_wins: Annotated[bool, _LOWEST_WINS] | UnsetType = UNSET
    unit: Annotated[Text | None, _UNIT] | UnsetType = UNSET
    decimals: Decimals | UnsetType = UNSET
    ties: Ties | UnsetType = UNSET
    opens_at: Annotated[Instant | None, _OPENS_AT] | UnsetType = UNSET
    closes_at: Annotated[Instant | None, _CLOSES_AT] | UnsetType = UNSET
    period: Annotated[Text | None, _PERIOD] | UnsetType = UNSET
    anchor: Annotated[LocalTime | None, _ANCHOR] | UnsetType = UNSET
    time_zone: Annotated[Text, _TIME_ZONE] | UnsetType = UNSET
    grace: Annotated[Interval, _GRACE] | UnsetType = UNSET
    manual_seasons: Annotated[bool, _MANUAL_SEASONS] | UnsetType = UNSET
    keep_seasons: Annotated[Count | None, _KEEP_SEASONS] | UnsetType = UNSET
    split_by: Annotated[AttributeName | None, _SPLIT_BY] | UnsetType = UNSET
    max_submissions_per_minute: Annotated[Limit | None, _PER_MINUTE] | UnsetType = UNSET
    max_gain_per_hour: Annotated[Gain | None, _PER_HOUR] | UnsetType = UNSET
    require_ticket: Annotated[bool, _REQUIRE_TICKET] | UnsetType = UNSET
    min_play_seconds: Annotated[PlaySeconds | None, _MIN_PLAY] | UnsetType = UNSET
    max_play_seconds: Annotated[PlaySeconds | None, _MAX_PLAY] | UnsetType = UNSET
    max_score_per_second: Annotated[Gain | None, _PER_SECOND] | UnsetType = UNSET


class ChangedBoard(msgspec.Struct, frozen=True):
    board: BoardName
    totals_changed: Annotated[
        NumberOfTotals | None,
        Meta(description="how many totals change, appear or go, or would; null: they are being recounted"),
    ]
    filling: Annotated[
        bool, Meta(description="whether the board is being filled from the ledger; until then its reads answer 503")
    ]
    seasons_dropped: Annotated[
        NumberOfSeasons,
        Meta(description="how many closed seasons are deleted, or would be, for good: see keep_seasons"),
    ]


class EndedSeason(Row, frozen=True):
    board: BoardName
    ended: Annotated[int, Meta(ge=1, description="the season that ended")]
    started: Annotated[int, Meta(ge=1, description="the season that runs now")]
    at: datetime


class Winner(msgspec.Struct, frozen=True, omit_defaults=True):
    user_id: Annotated[int, Meta(ge=0, description="0: the player was deleted")]
    username: str
    total_score: Total
    display: Display | None = None


class Season(msgspec.Struct, frozen=True):
    season: SeasonNumber
    state: Annotated[
        Literal["running", "closing", "closed"],
        Meta(description="closing: it has ended, and its final ranks are being kept; closed: they are kept for good"),
    ]
    starts_at: Annotated[datetime | None, Meta(description="null: it has no beginning")]
    ends_at: Annotated[datetime | None, Meta(description="null: it ends by a call")]
    closed_at: datetime | None
    players: Annotated[Players | None, Meta(description="null while the season is being computed from the ledger")]
    winner: Annotated[Winner | None, Meta(description="the best player, so far while it runs; null: there is none yet")]

    @classmethod
    def from_row(cls, row: Any) -> Self:
        season, state, starts_at, ends_at, closed_at, players, user_id, username, total, display = row
        winner = None if user_id is None else Winner(user_id, username, total, display)
        return cls(season, state, starts_at, ends_at, closed_at, players, winner)


class BoardSeasons(msgspec.Struct, frozen=True):
    board: BoardName
    next_reset_at: Annotated[datetime | None, Meta(description="when the next season begins, if that is known")]
    seasons: Annotated[list[Season], Meta(description="newest first")]


class PlayerSeason(Row, frozen=True, omit_defaults=True):
    season: SeasonNumber
    starts_at: Annotated[datetime | None, Meta(description="null: it has no beginning")]
    ends_at: Annotated[datetime | None, Meta(description="null: it ends by a call")]
    closed: Annotated[bool, Meta(description="whether total and rank are final")]
    total_score: Total
    rank: Rank
    players: Annotated[int, Meta(ge=1)]
    display: Display | None = None


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


class Split(Row, frozen=True):
    split: Annotated[str, Meta(description="a value of the attribute by which the board is split, for ?split=")]
    players: Players


# --- players ------------------------------------------------------------------------------------------------

_IS_BANNED = Meta(description="the ban of the player; null: none. Only for keys with the scope moderate")
_IDS = Meta(description="all external ids of the player. Only for keys with the scope moderate")
JsonObject = Annotated[
    msgspec.Raw, Meta(extra_json_schema={"type": ["object", "null"], "examples": [{"country": "DE"}]})
]


class FoundPlayer(Row, frozen=True):
    user_id: UserId
    username: str
    player: Annotated[str | None, Meta(description="the player's first external id; null: there is none")]
    attributes: JsonObject


class Ban(msgspec.Struct, frozen=True):
    act: Annotated[int, Meta(description="the act of moderation")]
    action: Annotated[
        Literal["ban", "hide"], Meta(description="hide: a ban of which the answers to the player do not tell")
    ]
    until: Annotated[datetime | None, Meta(description="null: until it is lifted")]


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    user_id: UserId
    username: str
    join_date: datetime
    attributes: JsonObject
    player: Annotated[Player, Meta(description="the external id by which the call named the player")] | UnsetType = (
        UNSET
    )
    players: Annotated[list[str], _IDS] | UnsetType = UNSET
    ban: Annotated[Ban | None, _IS_BANNED] | UnsetType = UNSET


class PlayedSession(Row, frozen=True, omit_defaults=True):
    """A score of a player."""

    id: int
    at: Annotated[datetime, Meta(description="when the score was recorded")]
    played_at: Annotated[datetime | None, Meta(description="when it was played, if that was given")]
    score: int
    game_mode: str
    metadata: JsonObject
    void_id: Annotated[
        int | None,
        Meta(description="the act of moderation that made it void, so that it does not count; left out if it counts"),
    ] = None
    reason: Annotated[str | None, Meta(description="why it is void")] = None


class AttributeKey(Row, frozen=True):
    name: str
    kind: Annotated[Literal["text", "url", "country"], Meta(description="country: two letters, as in ISO 3166-1")]
    max_length: Annotated[int, Meta(ge=1)]


class ErasedPlayer(Row, frozen=True):
    user_id: UserId
    sessions: Annotated[NumberOfTotals, Meta(description="how many scores were deleted, or would be")]
    totals: Annotated[NumberOfTotals, Meta(description="how many totals on boards went")]
    seasons: Annotated[NumberOfSeasons, Meta(description="in how many closed seasons the place has no name any more")]
    external_ids: Annotated[int, Meta(ge=0)]
    submission_keys: Annotated[int, Meta(ge=0)]
    rejected: Annotated[int, Meta(ge=0, description="rejected submissions")]
    acts: Annotated[int, Meta(ge=0, description="how many acts of moderation do not name the player any more")]
    dry_run: bool


class Play(msgspec.Struct, frozen=True):
    """A play that begins: its ticket."""

    ticket: str
    user_id: int
    game_mode: str
    min_seconds: int
    expires_at: datetime


# --- moderation ---------------------------------------------------------------------------------------------

ActId = Annotated[int, Meta(ge=1, le=MAX_EXACT, description="an act of moderation: GET /api/leaderboard/moderation")]


class SessionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which scores an act is about: those that meet every condition. At least one is given."""

    user_id: int | None
    session_id: int | None
    from_: datetime | None
    to: datetime | None
    above: int | None
    board: str | None


class Effect(Row, frozen=True):
    """What an act of moderation did, or would do."""

    act: int | None
    sessions: int
    players: int
    ranks: int


class Act(Row, frozen=True):
    id: ActId
    at: datetime
    operator: Annotated[str, Meta(description="who did it: the id and name of an API key, or a user of the database")]
    action: Annotated[
        Literal["void", "restore", "ban", "hide", "unban", "undo", "recompute", "erase"],
        Meta(description="hide: a ban of which the answers to the player do not tell"),
    ]
    user_id: Annotated[int | None, Meta(description="the player, if it is about a single one")]
    reason: str
    filter: Annotated[
        msgspec.Raw, Meta(description="what the call asked for", extra_json_schema={"type": ["object", "null"]})
    ]
    sessions: Annotated[int | None, Meta(description="how many scores became void, or count again")]
    players: Annotated[int | None, Meta(description="how many players it is about")]
    until: Annotated[datetime | None, Meta(description="when the ban ends by itself")]
    undoes: Annotated[int | None, Meta(description="the act that this one undoes")]
    undone_by: Annotated[int | None, Meta(description="the act that undid this one")]


class RulesToTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Score rules that a board might have."""

    board: BoardName = "overall"
    days: Annotated[int, Meta(ge=1, le=365, description="how far back to look")] = 7
    min_score: Bound | None = None
    max_score: Bound | None = None
    max_submissions_per_minute: Annotated[Count | None, Meta(description="per player")] = None
    max_gain_per_hour: Annotated[int, Meta(ge=1, le=MAX_EXACT)] | None = None
    max_score_per_second: Annotated[int, Meta(ge=1, le=MAX_EXACT)] | None = None
    limit: Annotated[int, Meta(ge=1, le=1000, description="how many players to list")] = 100


class CaughtPlayer(Row, frozen=True):
    user_id: UserId
    username: str
    sessions: Annotated[int, Meta(ge=1, description="how many of the player's scores the rules would have refused")]
    worst_score: Annotated[int, Meta(description="the best of these scores")]
    rules: Annotated[list[str], Meta(description="the rules that they break, such as max_gain_per_hour")]
    first_at: datetime
    last_at: datetime


# --- API keys -----------------------------------------------------------------------------------------------

Scope = Literal["submit", "read", "moderate", "play", "keys", "admin"]


class ListedApiKey(Row, frozen=True):
    id: Annotated[str, Meta(description="the 12 characters after lb_")]
    name: str
    scopes: list[Scope]
    status: Literal["active", "revoked", "expired"]
    created_at: datetime
    last_used_at: Annotated[datetime | None, Meta(description="up to half a minute behind; null: never")]
    expires_at: datetime | None
    revoked_at: datetime | None


class IssuedApiKey(Row, frozen=True):
    id: Annotated[str, Meta(description="by which the key is listed and revoked")]
    api_key: Annotated[str, Meta(description="the key. It is not shown again")]
