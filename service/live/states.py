"""What streams show: questions, and the states of a board that answer them, as Server-Sent Events."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from service.database.live import LiveStandings
from service.model import BoardName, Details, PlayerAmong, PlayerRef, SeasonNumber, Standing

_ENCODER = msgspec.json.Encoder()


class Question(NamedTuple):
    """What a stream shows: the best `top` players of a board, season or split, and the ranks of `players`."""

    board: str
    details: Details | None
    top: int
    players: tuple[PlayerRef, ...]


class LiveState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The data of an event."""

    board: BoardName
    season: SeasonNumber | None = None
    ends_at: Annotated[datetime | None, Meta(description="when the season ends, if that is known")] = None
    top: Annotated[list[Standing], Meta(description="the best players, as GET /api/leaderboard/top")]
    players: Annotated[list[PlayerAmong], Meta(description="the players asked for, as GET /api/leaderboard/ranks")]


class _Data(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """LiveState, of which parts are encoded already."""

    board: str
    season: int | None = None
    ends_at: datetime | None = None
    top: msgspec.Raw
    players: msgspec.Raw


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A state of a board. `number` counts the reads of this process: of two states of a question, the one with the
    larger number was read later. `id` is a hash of `event`.
    """

    number: int
    id: str
    event: bytes
    #: The event as a chunk of HTTP/1.1.
    chunk: bytes


def chunk(data: bytes) -> bytes:
    """The bytes as a chunk of a body of HTTP/1.1."""
    return b"%x\r\n%b\r\n" % (len(data), data)


class States:
    """The states that one read answers its questions with. Lists that several of them have are encoded once."""

    def __init__(self, number: int, found: LiveStandings) -> None:
        self._number = number
        self._found = found
        self._tops: dict[int, msgspec.Raw] = {}
        self._places = {user_id: place for place, user_id in enumerate(found.ranked)}

    def of(self, question: Question) -> State:
        found = self._found
        top = self._tops.get(question.top)
        if top is None:
            top = self._tops[question.top] = msgspec.Raw(_ENCODER.encode(found.top[: question.top]))
        players = msgspec.Raw(_ENCODER.encode(self._players(question.players)) if question.players else b"[]")
        data = _ENCODER.encode(
            _Data(board=found.board, season=found.season, ends_at=found.ends_at, top=top, players=players)
        )
        state_id = hashlib.blake2b(data, digest_size=8).hexdigest()
        event = b"event: standings\nid: %b\ndata: %b\n\n" % (state_id.encode(), data)
        return State(self._number, state_id, event, chunk(event))

    def _players(self, players: tuple[PlayerRef, ...]) -> list[PlayerAmong]:
        """The rows of these players, best first, each once, with their ranks among each other."""
        found = self._found
        names: dict[int, str] = {}
        user_ids: set[int] = set()
        for player in players:
            user_id = player if isinstance(player, int) else found.named.get(player)
            if user_id in found.ranked:
                user_ids.add(user_id)
                if isinstance(player, str):
                    names.setdefault(user_id, player)
        rows: list[PlayerAmong] = []
        counted = better = 0
        total: int | None = None
        for user_id in sorted(user_ids, key=self._places.__getitem__):
            row = found.ranked[user_id]
            if row.total_score != total:
                better, total = counted, row.total_score
            counted += not row.hidden  # banned players count for nobody's rank
            changes: dict[str, object] = {"rank_among": better + 1}
            if user_id in names:
                changes["player"] = names[user_id]
            rows.append(msgspec.structs.replace(row, **changes))
        return rows
