"""Players: who they are, what is known of them, and the changes of both."""

from collections.abc import Awaitable, Sequence
from typing import TypeVar

import msgspec
from msgspec import UNSET

from service import errors
from service.database.players import PlayerFunctions
from service.errors import ApiError
from service.leaderboard.changes import Changes
from service.model import ErasedPlayer, Play, PlayerRef, Profile

T = TypeVar("T")


class Players:
    """Every method raises ApiError; a change OUTCOME_UNKNOWN if it may have been made. Nothing is cached."""

    def __init__(self, functions: PlayerFunctions, changes: Changes) -> None:
        self._functions = functions
        self._changes = changes
        self.by_name = functions.by_name
        self.sessions = functions.sessions
        self.export = functions.export
        self.attribute_keys = functions.attribute_keys

    async def user_id_of(self, player: PlayerRef) -> int:
        return player if isinstance(player, int) else await self._functions.user_id_of(player)

    async def user_id_or_none(self, player: PlayerRef | None) -> int | None:
        """The same for a player who need not be named."""
        return None if player is None else await self.user_id_of(player)

    async def user_ids_of(self, players: Sequence[str]) -> list[int]:
        """The user_ids of players with external ids; UNKNOWN_PLAYER if one is unknown."""
        if not players:
            return []
        found = await self._functions.user_ids_of(players)
        for player in players:
            if player not in found:
                raise ApiError(errors.UNKNOWN_PLAYER, f"there is no player {player}")
        return [found[player] for player in players]

    async def profile(self, user_id: int, asked: PlayerRef, *, for_moderators: bool) -> Profile:
        """`for_moderators`: with all external ids and the ban."""
        profile = await self._functions.profile(user_id)
        return msgspec.structs.replace(
            profile,
            player=asked if isinstance(asked, str) else UNSET,
            players=profile.players if for_moderators else UNSET,
            ban=profile.ban if for_moderators else UNSET,
        )

    async def start_play(self, player: PlayerRef, game_mode: str | None, board: str | None) -> Play:
        """A ticket; an unknown external id is registered."""
        return await self._functions.start_play(player, game_mode, board)

    async def change(self, user_id: int, username: str | None, attributes: str | None) -> tuple[str | None, str | None]:
        """Renames a player, sets attributes (JSON), or both at once. Returns the new name and all attributes (JSON), if
        they were to change.
        """
        return await self._change(self._functions.change(user_id, username, attributes))

    async def link(self, user_id: int, player: str) -> None:
        await self._change(self._functions.link(user_id, player))

    async def unlink(self, user_id: int, player: str) -> None:
        """UNKNOWN_PLAYER if it is not an id of this player."""
        await self._change(self._functions.unlink(user_id, player))

    async def erase(
        self, user_id: int, confirmation: int | None, operator: str, reason: str, *, dry_run: bool
    ) -> ErasedPlayer:
        """`confirmation` has to be the user_id again. With `dry_run`, only counts what would go."""
        erasing = self._functions.erase(user_id, confirmation, operator, reason, dry_run=dry_run)
        return await (erasing if dry_run else self._change(erasing))

    async def _change(self, change: Awaitable[T]) -> T:
        return await self._changes.make(change, of="the player", shown_by="GET /api/leaderboard/players/{user_id}")
