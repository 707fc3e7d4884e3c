"""Ranks of single players: from Redis, or together with other such reads from PostgreSQL."""

from collections.abc import Awaitable

import msgspec

from service import errors
from service.batching import Batcher, Receiver
from service.cache.epoch_cache import Cache, Miss
from service.cache.look_up import LookUp
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.errors import ApiError
from service.leaderboard.submissions import MAX_WAIT_SECONDS, STALL_SECONDS
from service.model import PlayerAmong, PlayerRank, PlayerRef

#: Rank reads in one statement: api.player_ranks takes no more.
MAX_READS = 1000

PLAYER_RANK = msgspec.json.Decoder(PlayerRank)

#: A rank that Redis does not have: player, board, key in Redis, and the Miss; None while Redis is not used.
_Read = tuple[PlayerRef, str, str, Miss | None]


class RankReads:
    """Reads that miss the cache while a statement is under way share the next one. Equal reads of one epoch are one.
    At most `capacity` reads wait, for at most MAX_WAIT_SECONDS.
    """

    def __init__(self, database: Database, cache: Cache, *, capacity: int, max_concurrency: int) -> None:
        self._database = database
        self._cache = cache
        self._misses = Batcher(
            self._read_all,
            "rank",
            max_concurrency=max(2, max_concurrency),
            stall=STALL_SECONDS,
            size=MAX_READS,
            capacity=capacity,
            max_wait=MAX_WAIT_SECONDS,
        )
        self._flights: SingleFlight[tuple[bytes, str], bytes | ApiError] = SingleFlight(in_callers_context=True)

    def update_gauges(self) -> None:
        self._misses.update_gauge()

    async def close(self) -> None:
        await self._misses.close()
        await self._flights.close()

    async def rank(self, player: PlayerRef, board: str) -> bytes:
        """JSON: PlayerRank. Raises ApiError."""
        key = f"rank:{key_of(player)}:{board}"
        found = await self._cache.look_up(key, PLAYER_RANK)
        if isinstance(found, bytes):
            return found
        answer = await self._read(player, board, key, found)
        if isinstance(answer, ApiError):
            raise answer.copy()
        return answer

    def join(self, player: PlayerRef, board: str, receiver: Receiver) -> bool:
        """As `rank`, but JSON or an exception goes to `receiver`. False if too many wait already: then it gets none."""
        key = f"rank:{key_of(player)}:{board}"
        look_up = LookUp(lambda found: self._read(player, board, key, found), receiver)
        return self._cache.join_look_up(key, PLAYER_RANK, look_up)

    def _read(self, player: PlayerRef, board: str, key: str, found: Miss | None) -> Awaitable[bytes | ApiError]:
        """Reads what a look-up did not find."""
        read = (player, board, key, found)
        if found is None:
            return self._misses(read)
        return self._flights((found.stamp, key), lambda: self._misses(read))

    async def _read_all(self, reads: list[_Read]) -> list[bytes | ApiError]:
        """Reads from PostgreSQL, one statement per board, and stores the ranks in Redis."""
        boards: dict[str, set[PlayerRef]] = {}
        for player, board, _, _ in reads:
            boards.setdefault(board, set()).add(player)
        found: dict[tuple[PlayerRef, str], bytes] = {}
        failed: dict[str, ApiError] = {}
        for board, players in boards.items():
            try:
                for player, rank in await self._ranks_on(board, players):
                    found[player, board] = msgspec.json.encode(rank)
            except ApiError as error:
                failed[board] = error
        # Each Miss came before this batch began.
        self._cache.store(
            [
                (miss, key, found[player, board])
                for player, board, key, miss in reads
                if miss is not None and (player, board) in found
            ]
        )
        return [
            found.get((player, board)) or failed.get(board) or _not_on_board(player, board)
            for player, board, _, _ in reads
        ]

    async def _ranks_on(self, board: str, players: set[PlayerRef]) -> list[tuple[PlayerRef, PlayerRank]]:
        if len(players) == 1:  # api.player_rank is cheaper for one player
            (player,) = players
            return [(player, await self._database.player_rank(player, board))]
        ids = [player for player in players if isinstance(player, int)]
        named = [player for player in players if isinstance(player, str)]
        rows = [(row.user_id, row) for row in await self._database.player_ranks(ids, board)] if ids else []
        by_name = await self._database.ranks_of_named(named, board) if named else []
        return [*map(_rank_of, rows), *map(_rank_of, by_name)]


def key_of(player: PlayerRef) -> str:
    """The part of a key in the cache that stands for a player. An external id may contain anything, so its length says
    where it ends.
    """
    return str(player) if isinstance(player, int) else f"{len(player)}/{player}"


def _rank_of(named: tuple[PlayerRef, PlayerAmong]) -> tuple[PlayerRef, PlayerRank]:
    player, row = named
    return player, PlayerRank(
        row.user_id,
        row.username,
        row.total_score,
        row.rank,
        row.players,
        row.percentile,
        row.display,
        row.season,
        row.hidden,
        player=player if isinstance(player, str) else msgspec.UNSET,
    )


def _not_on_board(player: PlayerRef, board: str) -> ApiError:
    """The error of api.player_rank, for a player whom api.player_ranks leaves out."""
    return ApiError(errors.UNKNOWN_PLAYER, f"player {player} is not on board {board}")
