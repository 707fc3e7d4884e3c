"""What streams show of a board, in one statement, so that all of it is of one snapshot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import asyncpg
import msgspec

from service.database.pool import Pool
from service.database.rows import json_of
from service.model import Details, PlayerAmong, PlayerRef, Row, Standing

R = TypeVar("R", bound=Row)

#: Parts: 0 the season, 1 the best players, 2 the ranks of players, 3 who has which external id.
LIVE_STANDINGS = """
    WITH season AS MATERIALIZED (
        SELECT s.board, s.season, nullif(s.ends_at, 'infinity') AS ends_at, s.ends_in_ms
        FROM api.season_of($1::text) AS s
    ), named AS MATERIALIZED (
        SELECT f.player, f.user_id FROM api.find_players($4::text[]) AS f
    ), best AS MATERIALIZED (
        SELECT t.*, pg_catalog.row_number() OVER () AS place
        FROM api.top_players($2::integer, NULL, NULL, $1::text) AS t
    ), ranked AS MATERIALIZED (
        SELECT r.*, pg_catalog.row_number() OVER () AS place
        FROM api.player_ranks($3::bigint[] || ARRAY(SELECT n.user_id::bigint FROM named AS n), $1::text) AS r
    ), detail AS MATERIALIZED (
        SELECT d.user_id, d.attributes::text AS attributes, d.metadata::text AS metadata, d.player
        FROM api.row_details(
            $1::text,
            CASE WHEN $5::boolean OR $6::boolean OR $7::boolean THEN
                ARRAY(SELECT b.user_id FROM best AS b UNION SELECT r.user_id FROM ranked AS r)
            ELSE '{}' END,
            $5::boolean, $6::boolean, $7::boolean
        ) AS d
    )
    SELECT l.part, l.rank, l.user_id, l.username, l.total_score, l.display, l.tie, l.hidden, l.players, l.percentile,
        l.season, l.ends_at, d.attributes, d.metadata, coalesce(l.player, d.player) AS player
    FROM (
        SELECT 0 AS part, 0::bigint AS place, NULL::bigint AS rank, NULL::integer AS user_id, s.board AS username,
            s.ends_in_ms AS total_score, NULL::text AS display, NULL::bigint AS tie, false AS hidden,
            NULL::bigint AS players, NULL::double precision AS percentile, s.season, s.ends_at, NULL::text AS player
        FROM season AS s
        UNION ALL
        SELECT 1, b.place, b.rank, b.user_id, b.username, b.total_score, b.display, b.tie, false, NULL, NULL, NULL,
            NULL, NULL
        FROM best AS b
        UNION ALL
        SELECT 2, r.place, r.rank, r.user_id, r.username, r.total_score, r.display, NULL, coalesce(r.hidden, false),
            r.players, r.percentile, r.season, NULL, NULL
        FROM ranked AS r
        UNION ALL
        SELECT 3, 0, NULL, n.user_id, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, n.player
        FROM named AS n
    ) AS l
    LEFT JOIN detail AS d ON d.user_id = l.user_id AND l.part IN (1, 2)
    ORDER BY l.part, l.place"""

STATEMENTS = (LIVE_STANDINGS,)


@dataclass(frozen=True, slots=True)
class LiveStandings:
    """A board at one moment. `ends_in` are the seconds until its season ends. `ranked`: the players asked for who are
    on the board, best first, by their user_id; `rank_among` is not set. `named`: the user ids of external ids.
    """

    board: str
    season: int | None
    ends_at: datetime | None
    ends_in: float
    top: list[Standing]
    ranked: dict[int, PlayerAmong]
    named: dict[str, int]


class LiveFunctions:
    """See functions.py."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def standings(
        self, board: str, top: int, players: Sequence[PlayerRef], details: Details | None
    ) -> LiveStandings:
        """At most 900 players."""
        rows = await self._pool.call(
            LIVE_STANDINGS,
            board,
            max(top, 1),
            [player for player in players if isinstance(player, int)],
            [player for player in players if isinstance(player, str)],
            *(details or Details()),
        )
        found = LiveStandings(
            board=rows[0]["username"],
            season=rows[0]["season"],
            ends_at=rows[0]["ends_at"],
            ends_in=math.inf if rows[0]["total_score"] is None else rows[0]["total_score"] / 1000,
            top=[],
            ranked={},
            named={},
        )
        for row in rows[1:]:
            part, rank, user_id, name, total, display, tie, hidden, number, percentile, season = row[:11]
            if part == 1:
                standing = Standing(rank, user_id, name, total, display, tie)
                found.top.append(standing if details is None else _with_details(standing, details, row))
            elif part == 2:
                ranked = PlayerAmong(user_id, name, total, rank, 1, number, percentile, display, season, hidden)
                found.ranked[user_id] = ranked if details is None else _with_details(ranked, details, row)
            else:
                found.named[row["player"]] = user_id
        return found


def _with_details(shown: R, details: Details, row: asyncpg.Record) -> R:
    """The row with what it shows besides."""
    changes: dict[str, object] = {}
    if details.attributes:
        changes["attributes"] = json_of(row["attributes"])
    if details.metadata:
        changes["metadata"] = json_of(row["metadata"])
    if details.player:
        changes["player"] = row["player"]
    return msgspec.structs.replace(shown, **changes)
