"""The SQL that serves requests: one coroutine per `api` function.

Each call is one statement that commits by itself. Every method raises ApiError (see pool.py).
"""

import dataclasses
import logging
import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Self, TypeVar

import asyncpg
import msgspec

from service import errors
from service.database import api_keys, live, moderation, players
from service.database.api_keys import ApiKeyFunctions
from service.database.health import Health
from service.database.live import LiveFunctions
from service.database.moderation import ModerationFunctions
from service.database.players import PlayerFunctions
from service.database.pool import Pool
from service.database.rows import ApiKey, CacheStatus, ClosedSeason, HorizonHolder, RankIndexStatus, json_of
from service.database.sqlstates import SQLSTATES
from service.errors import ApiError
from service.model import (
    Board,
    BoardChanges,
    BoardSeasons,
    Bucket,
    ChangedBoard,
    Cursor,
    Details,
    EndedSeason,
    NewBoard,
    Outcome,
    PastRank,
    PlayerAmong,
    PlayerRank,
    PlayerRef,
    PlayerSeason,
    RankOfScore,
    RejectedSubmission,
    Row,
    Season,
    Split,
    Standing,
    Submission,
    Threshold,
)
from service.settings import Settings

logger = logging.getLogger(__name__)

R = TypeVar("R", bound=Row)

#: How long a step of the upkeep of seasons may take, instead of STATEMENT_TIMEOUT_MS.
ARCHIVE_SECONDS = 600
#: How long a dry run of a change of a board may take: it reads all sessions, but nothing waits for it.
DRY_RUN_SECONDS = 120

_SUBMISSION = """api.submit_scores(
        $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text, $7::boolean,
        $8::timestamptz[], $9::boolean, $10::text[], $11::text[]
    )"""
#: The same without waiting: submissions of players that another transaction has locked come back as 'busy'. The
#: setting is made while the arguments are evaluated, so before the call, and lasts as long as the statement.
_SUBMISSION_WITHOUT_WAITING = """api.submit_scores(
        $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[],
        CASE WHEN pg_catalog.set_config('leaderboard.busy_players', 'skip', true) = 'skip' THEN $6::text END,
        $7::boolean, $8::timestamptz[], $9::boolean, $10::text[], $11::text[]
    )"""
_OUTCOMES = """
    SELECT s.status, s.user_id, s.score, s.total_score, s.previous_rank, s.rank, s.error, s.message,
        s.boards, s.hidden
    FROM {submission} AS s
    ORDER BY s.item"""
#: The same with the players' current names, for submissions that bring one. The names are looked up after the
#: outcomes, which decide whose, and in the same transaction.
_OUTCOMES_AND_NAMES = """
    WITH outcome AS MATERIALIZED (
        SELECT s.* FROM {submission} AS s
    ), name AS MATERIALIZED (
        SELECT n.user_id, n.username
        FROM api.submitted_names(
            ARRAY(SELECT DISTINCT o.user_id FROM outcome AS o WHERE o.status IN ('accepted', 'replayed'))
        ) AS n
    )
    SELECT o.status, o.user_id, o.score, o.total_score, o.previous_rank, o.rank, o.error, o.message,
        o.boards, o.hidden, n.username
    FROM outcome AS o
    LEFT JOIN name AS n ON n.user_id = o.user_id
    ORDER BY o.item"""
SUBMIT_SCORES = _OUTCOMES.format(submission=_SUBMISSION)
SUBMIT_WITHOUT_WAITING = _OUTCOMES.format(submission=_SUBMISSION_WITHOUT_WAITING)
SUBMIT_SCORES_AND_NAME = _OUTCOMES_AND_NAMES.format(submission=_SUBMISSION)
SUBMIT_AND_NAME_WITHOUT_WAITING = _OUTCOMES_AND_NAMES.format(submission=_SUBMISSION_WITHOUT_WAITING)
#: The rows of a page, and what they show besides. row_number keeps their order.
_DETAILED = """
    WITH page AS MATERIALIZED (
        SELECT p.*, pg_catalog.row_number() OVER () AS place FROM ({rows}) AS p
    )
    SELECT p.*, d.attributes::text AS attributes, d.metadata::text AS metadata, d.player AS first_player
    FROM page AS p
    LEFT JOIN api.row_details({board}, ARRAY(SELECT p.user_id FROM page AS p), {flags}) AS d ON d.user_id = p.user_id
    ORDER BY p.place"""


def _detailed(statement: str, board: int) -> str:
    """The statement with what its rows show besides. Its parameter number `board` is the board; three more, which say
    what is wanted, come after its own.
    """
    count = max(map(int, re.findall(r"\$(\d+)", statement)))
    flags = ", ".join(f"${count + n}::boolean" for n in (1, 2, 3))
    return _DETAILED.format(rows=statement, board=f"${board}::text", flags=flags)


def _by_player(statement: str) -> str:
    """The statement for an external id in the place of a user_id, which is its first parameter."""
    return statement.replace("$1::bigint", "api.find_player($1::text)")


TOP_PLAYERS = """
    SELECT t.rank, t.user_id, t.username, t.total_score, t.display, t.tie
    FROM api.top_players($1::integer, $2::bigint, $3::integer, $4::text, $5::bigint) AS t"""
PLAYERS_FROM_PLACE = """
    SELECT p.rank, p.user_id, p.username, p.total_score, p.display, p.tie
    FROM api.players_from_place($1::bigint, $2::integer, $3::text) AS p"""
PLAYER_RANK = """
    SELECT r.user_id, r.username, r.total_score, r.rank, r.players, r.percentile, r.display, r.season,
        coalesce(r.hidden, false) AS hidden
    FROM api.player_rank($1::bigint, $2::text) AS r"""
RANK_AT = """
    SELECT r.user_id, r.username, r.total_score, r.rank, r.players, r.percentile, r.display, r.season,
        coalesce(r.hidden, false) AS hidden
    FROM api.rank_at($1::bigint, $2::timestamptz, $3::text) AS r"""
TOP_BETWEEN = """
    SELECT t.rank, t.user_id, t.username, t.total_score, t.display, NULL::bigint AS tie
    FROM api.top_between($1::timestamptz, $2::timestamptz, $3::integer, $4::text) AS t"""
PLAYER_HISTORY = """
    SELECT h.at, h.rank, h.players, h.total_score, h.display, coalesce(h.hidden, false)
    FROM api.player_history($1::bigint, $2::timestamptz, $3::timestamptz, $4::text) AS h"""
PLAYER_RANKS = """
    SELECT r.user_id, r.username, r.total_score, r.rank, r.rank_among, r.players, r.percentile, r.display, r.season,
        coalesce(r.hidden, false) AS hidden
    FROM api.player_ranks($1::bigint[], $2::text) AS r"""
PLAYERS_AROUND = """
    SELECT a.rank, a.user_id, a.username, a.total_score, a.display, a.tie, coalesce(a.hidden, false) AS hidden
    FROM api.players_around($1::bigint, $2::integer, $3::text) AS a"""
RANK_BY_PLAYER, AROUND_BY_PLAYER = _by_player(PLAYER_RANK), _by_player(PLAYERS_AROUND)
#: Both user_ids and external ids. A player who is named twice comes twice.
RANKS_BY_PLAYER = """
    WITH named AS MATERIALIZED (SELECT f.player, f.user_id FROM api.find_players($1::text[]) AS f)
    SELECT r.*, n.player
    FROM ({ranks}) AS r
    LEFT JOIN named AS n ON n.user_id = r.user_id""".format(
    ranks=PLAYER_RANKS.replace("$1::bigint[]", "ARRAY(SELECT n.user_id::bigint FROM named AS n)")
)
TOP_WITH_DETAILS = _detailed(TOP_PLAYERS, 4)
BETWEEN_WITH_DETAILS = _detailed(TOP_BETWEEN, 4)
FROM_PLACE_WITH_DETAILS = _detailed(PLAYERS_FROM_PLACE, 3)
RANK_WITH_DETAILS = _detailed(PLAYER_RANK, 2)
RANK_BY_PLAYER_WITH_DETAILS = _detailed(RANK_BY_PLAYER, 2)
RANKS_WITH_DETAILS = _detailed(PLAYER_RANKS, 2)
AROUND_WITH_DETAILS = _detailed(PLAYERS_AROUND, 3)
AROUND_BY_PLAYER_WITH_DETAILS = _detailed(AROUND_BY_PLAYER, 3)
BOARD_SPLITS = "SELECT s.split, s.players FROM api.board_splits($1::text) AS s"
SCORE_DISTRIBUTION = """
    SELECT d.from_score, d.to_score, d.players FROM api.score_distribution($1::integer, $2::text) AS d"""
RANK_OF_SCORE = """
    SELECT $1::bigint, r.rank, r.players, r.percentile FROM api.rank_of_score($1::bigint, $2::text) AS r"""
THRESHOLD = """
    SELECT t.total_score, t.place, t.players, t.display
    FROM api.threshold($1::bigint, $2::double precision, $3::text) AS t"""
LIST_BOARDS = """
    SELECT b.board, b.game_mode, b.aggregate, b.min_score, b.max_score, b.players, b.lowest_wins, b.unit, b.decimals,
        b.ties, b.opens_at, b.closes_at, b.period, b.anchor, b.time_zone, b.grace, b.manual_seasons, b.keep_seasons,
        b.season, nullif(b.season_starts_at, '-infinity'), b.next_reset_at, b.split_by,
        b.max_submissions_per_minute, b.max_gain_per_hour, b.require_ticket, b.min_play_seconds, b.max_play_seconds,
        b.max_score_per_second
    FROM api.list_boards() AS b"""
#: One statement, so that both are of one moment. FULL: an unknown board raises its error in the second function.
LIST_SEASONS = """
    SELECT b.next_reset_at, s.season, s.state, nullif(s.starts_at, '-infinity'), nullif(s.ends_at, 'infinity'),
        s.closed_at, s.players, s.winner_user_id, s.winner_username, s.winner_total, s.winner_display
    FROM api.list_boards($1::text) AS b
    FULL JOIN api.list_seasons($1::text, $2::integer, $3::integer) AS s ON true
    ORDER BY s.season DESC"""
PLAYER_SEASONS = """
    SELECT s.season, nullif(s.starts_at, '-infinity'), nullif(s.ends_at, 'infinity'), s.closed, s.total_score, s.rank,
        s.players, s.display
    FROM api.player_seasons($1::bigint, $2::text, $3::integer, $4::integer) AS s"""
CREATE_BOARD = """
    SELECT b.id
    FROM api.create_board(
        $1::text, $2::text, $3::text, $4::bigint, $5::bigint, $6::boolean, $7::text, $8::integer, $9::text,
        $10::text::timestamptz, $11::text::timestamptz, $12::text, $13::text::timestamp, $14::text,
        $15::text::interval, $16::boolean, $17::integer, $18::text
    ) AS b(id)"""
ALTER_BOARD = "SELECT a.changed FROM api.alter_board($1::text, $2::text::jsonb, $3::boolean) AS a(changed)"
DELETE_BOARD = "SELECT FROM api.delete_board($1::text, $2::text)"
END_SEASON = """
    SELECT pg_catalog.split_part($1::text, '@', 1), e.ended, e.started, e.at FROM api.end_season($1::text) AS e"""
FOLD_RANKS = "SELECT f.deltas FROM api.fold_ranks() AS f(deltas)"
COPY_RANKS = "SELECT c.more FROM api.copy_ranks($1::integer) AS c(more)"
FILL_BOARDS = "SELECT f.more FROM api.fill_boards() AS f(more)"
LIFT_BANS = "SELECT l.more FROM api.lift_bans() AS l(more)"
#: The setting says what the call closed.
CLOSE_SEASONS = """
    SELECT c.more, pg_catalog.current_setting('leaderboard.closed_seasons', true)
    FROM api.close_seasons() AS c(more)"""
RANK_INDEX_STATUS = """
    SELECT i.pending, i.horizon_age, i.change_marker FROM api.rank_index_status() AS i"""
HORIZON_HOLDER = """
    SELECT h.pid, h.database, h.username, h.application_name, h.state, h.seconds
    FROM api.horizon_holder() AS h"""
USABLE_API_KEYS = """
    SELECT k.id, k.name, k.scopes, k.signed, k.secret_hash FROM api.usable_api_keys() AS k"""
NOTE_API_KEYS_USED = "SELECT n.noted FROM api.note_api_keys_used($1::text[]) AS n(noted)"
CACHE_STATUS = """
    SELECT s.latest::text, s.stand, s.server, s.boundaries, s.boundary_ms FROM api.cache_status() AS s"""
SET_CACHE_SERVER = "SELECT c.changed FROM api.set_cache_server($1::text, $2::text, $3::text) AS c(changed)"
SET_CACHE_WARNING = """
    SELECT w.token::text, w.renewed FROM api.set_cache_warning($1::text, $2::text::uuid) AS w"""
CLEAR_CACHE_WARNING = "SELECT w.stood FROM api.clear_cache_warning($1::text, $2::text::uuid) AS w(stood)"
REJECTED_SUBMISSIONS = """
    SELECT r.error, r.reason, r.id, r.rejected_at, r.user_id, r.score, r.game_mode, r.board, r.submission_key
    FROM api.rejected_submissions($1::integer, $2::bigint, $3::bigint, $4::text) AS r"""
PROBE_WRITE = "SELECT w.works FROM api.probe_write() AS w(works)"
VERIFY_SAMPLE = """
    SELECT v.board, v.check_name, v.subject, v.expected, v.found FROM api.verify_sample($1::integer) AS v"""

STATEMENTS = (
    SUBMIT_SCORES,
    SUBMIT_WITHOUT_WAITING,
    SUBMIT_SCORES_AND_NAME,
    SUBMIT_AND_NAME_WITHOUT_WAITING,
    TOP_PLAYERS,
    PLAYERS_FROM_PLACE,
    PLAYER_RANK,
    PLAYER_RANKS,
    PLAYERS_AROUND,
    SCORE_DISTRIBUTION,
    RANK_OF_SCORE,
    THRESHOLD,
    LIST_BOARDS,
    LIST_SEASONS,
    PLAYER_SEASONS,
    CREATE_BOARD,
    ALTER_BOARD,
    DELETE_BOARD,
    END_SEASON,
    FOLD_RANKS,
    FILL_BOARDS,
    CLOSE_SEASONS,
    LIFT_BANS,
    RANK_INDEX_STATUS,
    HORIZON_HOLDER,
    USABLE_API_KEYS,
    NOTE_API_KEYS_USED,
    CACHE_STATUS,
    SET_CACHE_SERVER,
    SET_CACHE_WARNING,
    CLEAR_CACHE_WARNING,
    REJECTED_SUBMISSIONS,
    PROBE_WRITE,
    VERIFY_SAMPLE,
    RANK_BY_PLAYER,
    RANKS_BY_PLAYER,
    AROUND_BY_PLAYER,
    *api_keys.STATEMENTS,
    TOP_WITH_DETAILS,
    FROM_PLACE_WITH_DETAILS,
    RANK_WITH_DETAILS,
    RANK_BY_PLAYER_WITH_DETAILS,
    RANKS_WITH_DETAILS,
    AROUND_WITH_DETAILS,
    AROUND_BY_PLAYER_WITH_DETAILS,
    BOARD_SPLITS,
    RANK_AT,
    TOP_BETWEEN,
    BETWEEN_WITH_DETAILS,
    PLAYER_HISTORY,
    COPY_RANKS,
    *moderation.STATEMENTS,
    *players.STATEMENTS,
    *live.STATEMENTS,
)


class Database:
    """The `api` functions, called on a pool of connections that may execute nothing else."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.players = PlayerFunctions(pool)
        self.moderation = ModerationFunctions(pool)
        self.api_keys = ApiKeyFunctions(pool)
        self.live = LiveFunctions(pool)

    @classmethod
    async def connect(cls, settings: Settings) -> Self:
        """Raises DatabaseUnusableError."""
        return cls(await Pool.connect(settings, STATEMENTS))

    async def close(self) -> None:
        await self.pool.close()

    async def health(self) -> Health:
        """What keeps requests from working."""
        if self.pool.disk_full:
            try:
                await self.pool.call(PROBE_WRITE)
                self.pool.disk_full = False
            except ApiError as error:
                if not isinstance(error.__cause__, asyncpg.DiskFullError):
                    raise
        found = await self.pool.health()
        if self.pool.disk_full and found.not_writable is None:
            return dataclasses.replace(found, not_writable="the server's disk is full")
        return found

    async def submit_scores(
        self,
        submissions: Sequence[Submission],
        board: str,
        with_rank: bool,
        with_boards: bool = False,
        *,
        wait: bool = True,
    ) -> list[Outcome]:
        """Records up to 1000 submissions in one transaction and returns one outcome each, in order, after the commit.
        Without `wait`, submissions of players that another transaction has locked come back as 'busy'.

        Raises ApiError: OUTCOME_UNKNOWN if the connection broke, so that the transaction may have committed.
        """
        if any(submission.username is not None for submission in submissions):
            statement = SUBMIT_SCORES_AND_NAME if wait else SUBMIT_AND_NAME_WITHOUT_WAITING
        else:
            statement = SUBMIT_SCORES if wait else SUBMIT_WITHOUT_WAITING
        rows = await self.pool.call(
            statement,
            [s.user_id for s in submissions],
            [s.score for s in submissions],
            [s.game_mode for s in submissions],
            [s.username for s in submissions],
            [s.key for s in submissions],
            board,
            with_rank,
            [s.played_at for s in submissions] if any(s.played_at is not None for s in submissions) else None,
            with_boards,
            [s.player for s in submissions] if any(s.player is not None for s in submissions) else None,
            [s.metadata for s in submissions] if any(s.metadata is not None for s in submissions) else None,
            writes=True,
        )
        if len(rows) != len(submissions):
            # Never seen. A caller must not be given the outcome of another one's submission.
            logger.error("submissions without an outcome", extra={"sent": len(submissions), "got": len(rows)})
            raise ApiError(errors.OUTCOME_UNKNOWN)
        return [Outcome.from_row(row) for row in rows]

    async def top_players(
        self, limit: int, after: Cursor | None, board: str, details: Details | None = None
    ) -> list[Standing]:
        total, tie, user_id = after or (None, None, None)
        args = limit, total, user_id, board, tie
        if details is None:
            return [Standing.from_row(row) for row in await self.pool.call(TOP_PLAYERS, *args)]
        return _detailed_rows(Standing, details, await self.pool.call(TOP_WITH_DETAILS, *args, *details))

    async def players_from_place(
        self, place: int | None, limit: int, board: str, details: Details | None = None
    ) -> list[Standing]:
        """The players from a place on; None: the last ones."""
        args = place, limit, board
        if details is None:
            return [Standing.from_row(row) for row in await self.pool.call(PLAYERS_FROM_PLACE, *args)]
        return _detailed_rows(Standing, details, await self.pool.call(FROM_PLACE_WITH_DETAILS, *args, *details))

    async def player_rank(self, player: PlayerRef, board: str, details: Details | None = None) -> PlayerRank:
        by_id = isinstance(player, int)
        if details is None:
            (row,) = await self.pool.call(PLAYER_RANK if by_id else RANK_BY_PLAYER, player, board)
            found = PlayerRank.from_row(row)
        else:
            statement = RANK_WITH_DETAILS if by_id else RANK_BY_PLAYER_WITH_DETAILS
            (found,) = _detailed_rows(PlayerRank, details, await self.pool.call(statement, player, board, *details))
        return found if by_id else msgspec.structs.replace(found, player=player)

    async def top_between(
        self, begin: datetime | None, end: datetime | None, limit: int, board: str, details: Details | None = None
    ) -> list[Standing]:
        """The best players by the scores of a window alone. `begin`: None: without beginning; `end`: None: now."""
        args = begin, end, limit, board
        if details is None:
            return [Standing.from_row(row) for row in await self.pool.call(TOP_BETWEEN, *args)]
        return _detailed_rows(Standing, details, await self.pool.call(BETWEEN_WITH_DETAILS, *args, *details))

    async def rank_at(self, user_id: int, at: datetime, board: str) -> PlayerRank:
        (row,) = await self.pool.call(RANK_AT, user_id, at, board)
        return PlayerRank.from_row(row)

    async def player_history(
        self, user_id: int, begin: datetime | None, end: datetime | None, board: str
    ) -> list[PastRank]:
        """A player's rank, one point a day, oldest first. None: from 30 days before `end`, and up to now."""
        rows = await self.pool.call(PLAYER_HISTORY, user_id, begin, end, board)
        return [PastRank.from_row(row) for row in rows]

    async def player_ranks(
        self, players: Sequence[PlayerRef], board: str, details: Details | None = None
    ) -> list[PlayerAmong]:
        """Best first, each player once. Those who are not on the board, and unknown ones, are left out."""
        named = [player for player in players if isinstance(player, str)]
        names = await self.players.user_ids_of(named) if named else {}
        user_ids = [player for player in players if isinstance(player, int)] + list(names.values())
        if details is None:
            found = [PlayerAmong.from_row(row) for row in await self.pool.call(PLAYER_RANKS, user_ids, board)]
        else:
            found = _detailed_rows(
                PlayerAmong, details, await self.pool.call(RANKS_WITH_DETAILS, user_ids, board, *details)
            )
        if not names:
            return found
        name_of = {names[name]: name for name in reversed(named) if name in names}
        return [
            msgspec.structs.replace(row, player=name_of[row.user_id]) if row.user_id in name_of else row
            for row in found
        ]

    async def ranks_of_named(self, players: Sequence[str], board: str) -> list[tuple[str, PlayerAmong]]:
        """The same for external ids, with the id by which each was named. A player who is named twice comes twice."""
        rows = await self.pool.call(RANKS_BY_PLAYER, players, board)
        return [(row[-1], PlayerAmong.from_row(row[:-1])) for row in rows]

    async def players_around(
        self, player: PlayerRef, span: int, board: str, details: Details | None = None
    ) -> list[Standing]:
        args, by_id = (player, span, board), isinstance(player, int)
        if details is None:
            rows = await self.pool.call(PLAYERS_AROUND if by_id else AROUND_BY_PLAYER, *args)
            return [Standing.from_row(row) for row in rows]
        statement = AROUND_WITH_DETAILS if by_id else AROUND_BY_PLAYER_WITH_DETAILS
        return _detailed_rows(Standing, details, await self.pool.call(statement, *args, *details))

    async def board_splits(self, board: str) -> list[Split]:
        return [Split.from_row(row) for row in await self.pool.call(BOARD_SPLITS, board)]

    async def score_distribution(self, buckets: int, board: str) -> list[Bucket]:
        return [Bucket.from_row(row) for row in await self.pool.call(SCORE_DISTRIBUTION, buckets, board)]

    async def rank_of_score(self, score: int, board: str) -> RankOfScore:
        (row,) = await self.pool.call(RANK_OF_SCORE, score, board)
        return RankOfScore.from_row(row)

    async def threshold(self, place: int | None, percent: float | None, board: str) -> Threshold | None:
        """The total at a place, or of the last one within the best `percent` of the players: exactly one of the two is
        given. None if the board has fewer players.
        """
        rows = await self.pool.call(THRESHOLD, place, percent, board)
        return Threshold.from_row(rows[0]) if rows else None

    async def list_boards(self) -> list[Board]:
        return [Board.from_row(row) for row in await self.pool.call(LIST_BOARDS)]

    async def list_seasons(self, board: str, limit: int, before: int | None) -> BoardSeasons:
        """The seasons of a board, newest first, and when the running one ends, if that is known."""
        rows = await self.pool.call(LIST_SEASONS, board, limit, before)
        return BoardSeasons(board, rows[0][0], [Season.from_row(row[1:]) for row in rows if row[1] is not None])

    async def player_seasons(self, user_id: int, board: str, limit: int, before: int | None) -> list[PlayerSeason]:
        rows = await self.pool.call(PLAYER_SEASONS, user_id, board, limit, before)
        return [PlayerSeason.from_row(row) for row in rows]

    async def create_board(self, board: NewBoard) -> None:
        """Committed when it returns, as each of the next three."""
        await self.pool.call(CREATE_BOARD, *msgspec.to_builtins(board).values(), writes=True)

    async def alter_board(self, name: str, changes: BoardChanges, *, dry_run: bool) -> ChangedBoard:
        arguments = name, msgspec.json.encode(changes).decode(), dry_run
        if dry_run:
            ((changed,),) = await self.pool.call_long(ALTER_BOARD, DRY_RUN_SECONDS, *arguments)
        else:
            ((changed,),) = await self.pool.call(ALTER_BOARD, *arguments, writes=True)
        return msgspec.json.decode(changed, type=ChangedBoard)

    async def delete_board(self, name: str, confirmation: str | None) -> None:
        await self.pool.call(DELETE_BOARD, name, confirmation, writes=True)

    async def end_season(self, season: str) -> EndedSeason:
        (row,) = await self.pool.call(END_SEASON, season, writes=True)
        return EndedSeason.from_row(row)

    async def fold_ranks(self) -> int:
        """Merges pending deltas into the rank index; returns how many. Does not wait for another fold."""
        (row,) = await self.pool.call(FOLD_RANKS)
        return int(row["deltas"])

    async def fill_boards(self) -> bool:
        """Fills boards from the ledger by one step; returns whether there was something to fill."""
        ((more,),) = await self.pool.call(FILL_BOARDS)
        return bool(more)

    async def copy_ranks(self, keep_days: int) -> bool:
        """Makes and deletes daily copies of rankings by one step; returns whether there may be more to do at once."""
        ((more,),) = await self.pool.call_long(COPY_RANKS, ARCHIVE_SECONDS, keep_days)
        return bool(more)

    async def lift_bans(self) -> bool:
        """Ends bans whose time is over by one step; returns whether there was something to do."""
        ((more,),) = await self.pool.call(LIFT_BANS)
        return bool(more)

    async def close_seasons(self) -> tuple[bool, list[ClosedSeason] | None]:
        """Adds, closes and archives seasons by one step. Returns whether there may be more to do at once, and the
        seasons that it closed; None if it dropped none either. To archive one with millions of players takes many
        seconds.
        """
        ((more, closed),) = await self.pool.call_long(CLOSE_SEASONS, ARCHIVE_SECONDS)
        return bool(more), msgspec.json.decode(closed, type=list[ClosedSeason]) if closed else None

    async def rank_index_status(self) -> RankIndexStatus:
        (row,) = await self.pool.call(RANK_INDEX_STATUS)
        return RankIndexStatus.from_row(row)

    async def horizon_holder(self) -> HorizonHolder | None:
        """The session that keeps the oldest transaction open; None if no transaction that writes is open."""
        rows = await self.pool.call(HORIZON_HOLDER)
        return HorizonHolder.from_row(rows[0]) if rows else None

    async def usable_api_keys(self) -> list[ApiKey] | None:
        """The API keys that are neither revoked nor expired; None if no key was ever created."""
        rows = await self.pool.call(USABLE_API_KEYS)
        if not rows:
            return None
        # Only a database that was not migrated yet has signed keys. Without signatures they would be too weak.
        return [
            ApiKey(key_id, frozenset(scopes), secret_hash, name)
            for key_id, name, scopes, signed, secret_hash in rows
            if key_id is not None and not signed
        ]

    async def record_api_keys_used(self, ids: Sequence[str]) -> None:
        await self.pool.call(NOTE_API_KEYS_USED, ids)

    async def cache_status(self) -> CacheStatus:
        (row,) = await self.pool.call(CACHE_STATUS)
        latest, stand, server, boundaries, boundary_ms = row
        seconds = math.inf if boundary_ms is None else boundary_ms / 1000
        return CacheStatus(latest, msgspec.json.decode(stand, type=dict[str, str]), server, boundaries, seconds)

    async def set_cache_server(self, process: str, known: str | None, server: str) -> bool:
        """Moves all processes from the server `known` to `server`; False if they have moved already. Sets a warning of
        `process`, unless `known` is None. Committed when it returns.
        """
        ((changed,),) = await self.pool.call(SET_CACHE_SERVER, process, known, server, writes=True)
        return bool(changed)

    async def set_cache_warning(self, process: str, token: str | None) -> tuple[str, bool]:
        """Sets the warning of a process. Returns its token, and whether the warning with `token` stood until now.
        Committed when it returns.
        """
        ((new, renewed),) = await self.pool.call(SET_CACHE_WARNING, process, token, writes=True)
        return new, renewed

    async def clear_cache_warning(self, process: str, token: str) -> None:
        """Clears the warning with that token, if it still stands. Committed when it returns."""
        await self.pool.call(CLEAR_CACHE_WARNING, process, token, writes=True)

    async def rejected_submissions(
        self, limit: int, before: int | None, user_id: int | None, board: str | None
    ) -> list[RejectedSubmission]:
        rows = await self.pool.call(REJECTED_SUBMISSIONS, limit, before, user_id, board)
        return [
            RejectedSubmission.from_row((*values, SQLSTATES[sqlstate].code, reason))
            for sqlstate, reason, *values in rows
        ]

    async def verify_sample(self, players: int) -> list[str]:
        """Differences between ledger, totals and ranks for a random sample of players; empty if all is well."""
        rows = await self.pool.call(VERIFY_SAMPLE, players)
        return [" ".join(str(value) for value in row) for row in rows]


def _detailed_rows(kind: type[R], details: Details, rows: Sequence[asyncpg.Record]) -> list[R]:
    """Rows of a statement made by `_detailed`: those of its own, their place, and what they show besides."""
    found = []
    for *values, _, attributes, metadata, player in rows:
        shown: dict[str, object] = {}
        if details.attributes:
            shown["attributes"] = json_of(attributes)
        if details.metadata:
            shown["metadata"] = json_of(metadata)
        if details.player:
            shown["player"] = player
        found.append(msgspec.structs.replace(kind.from_row(values), **shown))
    return found
