"""What a call sends: path, query and body."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

#: A player: a number is a user_id, a text an external id such as steam:76561198000000000.
Player = int | str
#: A moment: a datetime with a time zone, or a text such as 2026-01-31T12:00:00Z.
Moment = datetime | str


def new_key() -> str:
    """An Idempotency-Key: 128 random bits."""
    return secrets.token_hex(16)


def named(player: Player) -> dict[str, Player]:
    """The field of a body that names the player."""
    return {"user_id" if isinstance(player, int) else "player": player}


def in_path(player: Player) -> str:
    return quote(str(player), safe="")


def moment(value: Moment | None) -> str | None:
    """RFC 3339 text. Raises ValueError for a datetime without a time zone: it could mean any of 40 moments."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError(f"the time {value.isoformat()} has no time zone: use datetime.now(UTC), for example")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def given(**fields: Any) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def query(
    include: str | Sequence[str] = (), players: Iterable[Player] = (), **parameters: Any
) -> dict[str, str | int | float | list[str]]:
    """A query string's parameters, without those that are None. A name ends with _ where it is a word of Python."""
    found = {name.rstrip("_"): value for name, value in given(**parameters).items()}
    players = list(players)
    if user_ids := [str(player) for player in players if isinstance(player, int)]:
        found["user_ids"] = ",".join(user_ids)
    if external := [player for player in players if isinstance(player, str)]:
        found["player"] = external
    if include:
        found["include"] = include if isinstance(include, str) else ",".join(include)
    return found


def score(
    player: Player,
    score: int,
    *,
    game_mode: str | None,
    username: str | None,
    played_at: Moment | None,
    metadata: Mapping[str, Any] | None,
    ticket: str | None,
) -> dict[str, Any]:
    """The body of a submission."""
    optional = given(
        game_mode=game_mode, username=username, played_at=moment(played_at), metadata=metadata, ticket=ticket
    )
    return {**named(player), "score": score, **optional}


def batch_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """A score of a batch. It gets a key, unless it has one or a play ticket."""
    rest = {name: value for name, value in item.items() if name not in ("player", "played_at")}
    key = {} if "idempotency_key" in item or "ticket" in item else {"idempotency_key": new_key()}
    return {**named(item["player"]), **given(played_at=moment(item.get("played_at"))), **rest, **key}
