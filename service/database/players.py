"""The functions about players: one coroutine per `api` function, as in functions.py."""

from collections.abc import Sequence

from service import errors
from service.database.pool import Pool
from service.database.rows import json_of
from service.errors import ApiError
from service.model import AttributeKey, Ban, ErasedPlayer, FoundPlayer, Play, PlayedSession, PlayerRef, Profile

#: How long it may take to export or to erase a player, instead of STATEMENT_TIMEOUT_MS.
LONG_SECONDS = 60

FIND_PLAYER = "SELECT api.find_player($1::text)"
FIND_PLAYERS = "SELECT f.player, f.user_id FROM api.find_players($1::text[]) AS f"
PLAYERS_BY_NAME = """
    SELECT p.user_id, p.username, p.player, p.attributes::text
    FROM api.players_by_name($1::text, $2::integer, $3::text, $4::bigint) AS p"""
PLAYER_PROFILE = """
    SELECT p.user_id, p.username, p.join_date, p.players, p.attributes::text, p.act, p.action,
        nullif(p.until, 'infinity')
    FROM api.player_profile($1::bigint) AS p"""
#: One statement, so that both happen or neither.
CHANGE_PLAYER = """
    SELECT CASE WHEN $2::text IS NOT NULL THEN api.rename_player($1::bigint, $2::text) END,
        CASE WHEN $3::text IS NOT NULL THEN api.set_attributes($1::bigint, $3::text::jsonb)::text END"""
LINK_PLAYER = "SELECT FROM api.link_player($1::bigint, $2::text)"
UNLINK_PLAYER = "SELECT api.unlink_player($2::text) WHERE api.find_player($2::text) = $1::bigint"
PLAYER_SESSIONS = """
    SELECT s.id, s.at, s.played_at, s.score, s.game_mode, s.metadata::text, s.void_id, s.reason
    FROM api.player_sessions($1::bigint, $2::integer, $3::bigint, $4::boolean) AS s"""
#: The lines, since one document would be in PostgreSQL's memory several times.
EXPORT_PLAYER = "SELECT e.line FROM api.export_lines($1::bigint) AS e"
ERASE_PLAYER = """
    SELECT e.sessions, e.totals, e.seasons, e.external_ids, e.submission_keys, e.rejected, e.acts
    FROM api.erase_player(
        p_user_id => $1::bigint, p_confirm => $2::bigint, p_operator => $3::text, p_reason => $4::text,
        p_dry_run => $5::boolean
    ) AS e"""
ATTRIBUTE_KEYS = "SELECT k.name, k.kind, k.max_length FROM api.attribute_keys() AS k"
START_PLAY = """
    SELECT p.ticket, p.user_id, p.game_mode, p.min_seconds, p.expires_at
    FROM api.start_play($1::bigint, $2::text, $3::text, $4::text) AS p"""

STATEMENTS = (
    FIND_PLAYER,
    FIND_PLAYERS,
    PLAYERS_BY_NAME,
    PLAYER_PROFILE,
    CHANGE_PLAYER,
    LINK_PLAYER,
    UNLINK_PLAYER,
    PLAYER_SESSIONS,
    EXPORT_PLAYER,
    ERASE_PLAYER,
    ATTRIBUTE_KEYS,
    START_PLAY,
)


class PlayerFunctions:
    """What changes something is committed when it returns. Every method raises ApiError."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def user_id_of(self, player: str) -> int:
        """The user_id of a player with this external id."""
        ((user_id,),) = await self._pool.call(FIND_PLAYER, player)
        return int(user_id)

    async def user_ids_of(self, players: Sequence[str]) -> dict[str, int]:
        """The same for several. Unknown ones are left out."""
        return {player: user_id for player, user_id in await self._pool.call(FIND_PLAYERS, players)}

    async def by_name(self, prefix: str, limit: int, after: tuple[str, int] | None) -> list[FoundPlayer]:
        """The players whose name begins with `prefix`, by name. `after`: the name and id of the last one before."""
        name, user_id = after or (None, None)
        return [
            FoundPlayer(user_id, username, player, json_of(attributes))
            for user_id, username, player, attributes in await self._pool.call(
                PLAYERS_BY_NAME, prefix, limit, name, user_id
            )
        ]

    async def profile(self, user_id: int) -> Profile:
        ((user_id, username, joined, players, attributes, act, action, until),) = await self._pool.call(
            PLAYER_PROFILE, user_id
        )
        ban = None if act is None else Ban(act, action, until)
        return Profile(user_id, username, joined, json_of(attributes), players=players or [], ban=ban)

    async def change(self, user_id: int, username: str | None, attributes: str | None) -> tuple[str | None, str | None]:
        """Renames a player, and merges `attributes`, JSON, into what there is; None: not. Returns the name and all
        attributes.
        """
        ((name, merged),) = await self._pool.call(CHANGE_PLAYER, user_id, username, attributes, writes=True)
        return name, merged

    async def link(self, user_id: int, player: str) -> None:
        await self._pool.call(LINK_PLAYER, user_id, player, writes=True)

    async def unlink(self, user_id: int, player: str) -> None:
        """Raises ApiError: UNKNOWN_PLAYER if it is not an id of this player."""
        if not await self._pool.call(UNLINK_PLAYER, user_id, player, writes=True):
            raise ApiError(errors.UNKNOWN_PLAYER, f"{player} is not an id of player {user_id}")

    async def sessions(self, user_id: int, limit: int, before: int | None, *, with_void: bool) -> list[PlayedSession]:
        """A player's scores, newest first."""
        rows = await self._pool.call(PLAYER_SESSIONS, user_id, limit, before, with_void)
        return [PlayedSession.from_row((*row[:5], json_of(row[5]), *row[6:])) for row in rows]

    async def export(self, user_id: int) -> str:
        """All that is stored about a player, as JSON."""
        return "\n".join([line for (line,) in await self._pool.call_long(EXPORT_PLAYER, LONG_SECONDS, user_id)])

    async def erase(
        self, user_id: int, confirmation: int | None, operator: str, reason: str, *, dry_run: bool
    ) -> ErasedPlayer:
        (row,) = await self._pool.call_long(
            ERASE_PLAYER, LONG_SECONDS, user_id, confirmation, operator, reason, dry_run, writes=True
        )
        return ErasedPlayer.from_row((user_id, *row, dry_run))

    async def attribute_keys(self) -> list[AttributeKey]:
        return [AttributeKey.from_row(row) for row in await self._pool.call(ATTRIBUTE_KEYS)]

    async def start_play(self, player: PlayerRef, game_mode: str | None, board: str | None) -> Play:
        given = (player, None) if isinstance(player, int) else (None, player)
        (row,) = await self._pool.call(START_PLAY, *given, game_mode, board, writes=True)
        return Play(*row)
