"""Rows of the `api` functions that only the service itself reads. What callers get is in `service.model`."""

import math
from dataclasses import dataclass, field

import msgspec

from service.model import Row


class RankIndexStatus(Row, frozen=True):
    """`pending`: deltas that no fold has merged yet. `horizon_age`: in transactions. `change_marker` differs after
    every change.
    """

    pending: int
    horizon_age: int
    change_marker: str


class HorizonHolder(Row, frozen=True):
    """The session with the oldest open transaction of the cluster. `pid` is None for a prepared transaction;
    `state` and `seconds` are None where the database's owner may not see them.
    """

    pid: int | None
    database: str | None
    username: str | None
    application_name: str | None
    state: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class CacheStatus:
    """`stand`: each process whose writes Redis does not know of, and the token of its warning. `latest`: the token
    of the warning that was set or renewed last, None if there never was one. `server`: the Redis server that all
    processes use, a space, and a token that is new each time they move to another one; None if none used one yet.
    `boundaries`: differs once a season has begun or ended. `boundary_seconds`: until the next one does.
    """

    latest: str | None
    stand: dict[str, str]
    server: str | None
    boundaries: str = ""
    boundary_seconds: float = math.inf


class ClosedSeason(msgspec.Struct, frozen=True):
    """A season whose final ranks were archived."""

    board: str
    season: int
    players: int


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as the database knows it."""

    id: str
    scopes: frozenset[str]
    secret_hash: bytes = field(repr=False)
    name: str = ""


def json_of(text: str | None) -> msgspec.Raw:
    """JSON that is passed on as it is."""
    return msgspec.Raw(b"null" if text is None else text.encode())
