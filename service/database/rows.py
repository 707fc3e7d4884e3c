"""Rows of the `api` functions that only the service itself reads. What callers get is in `service.model`."""

from dataclasses import dataclass, field
from typing import Any, Self

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
class CacheWarnings:
    """`stand`: each process whose writes Redis does not know of, and the token of its warning. `latest`: the token
    of the warning that was set or renewed last, None if there never was one.
    """

    latest: str | None
    stand: dict[str, str]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as the database knows it. `signed`: requests must be signed with it."""

    id: str
    name: str
    scopes: frozenset[str]
    signed: bool
    secret_hash: bytes = field(repr=False)

    @classmethod
    def from_row(cls, row: Any) -> Self:
        key_id, name, scopes, signed, secret_hash, _ = row
        return cls(key_id, name, frozenset(scopes), signed, secret_hash)


@dataclass(frozen=True, slots=True)
class UsableApiKeys:
    """The keys that are neither revoked nor expired, and PostgreSQL's clock in seconds since 1970."""

    keys: list[ApiKey]
    time: float
