"""Query string, path and headers of a request, each as the type that describes it.

What does not fit raises an ApiError that names the parameter and says what it should be.
"""

import contextlib
import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
from aiohttp import web
from multidict import MultiMapping
from yarl import URL

from service import errors, redaction
from service.errors import ApiError
from service.http.json_body import BAD_VALUES, complaint, fields_of, parts_of, what_and_where
from service.http.schemas import (
    Query,
    RanksQuery,
    RowsQuery,
    SeasonQuery,
    StandingsQuery,
    SubmissionKey,
)
from service.http.whole_number import number, whole_number
from service.model import MAX_BATCH, MAX_EXACT, BoardName, Cursor, Details, Player, PlayerRef, UserId

Q = TypeVar("Q", bound=Query)

_MAX_USER_ID = 2_147_483_647

_MOMENT = "give a time such as 2026-01-31T12:00:00Z"
_FIRST_YEAR, _LAST_YEAR = 1900, 9000

#: What to tell people about parameters whose rule is a regular expression.
_BAD_PARAMETERS: Mapping[str, str] = {
    "board": "the name of a board is 1 to 50 printable characters",
    "confirm": "give the name of the board again",
    "season": "give the number of a season, current or previous",
    "place": "give a place, counted from 1, or last",
    "after": "take it from the Link header of the page before",
    "user_ids": "give user ids separated by commas, as in 1,2,3",
    "player": "give 1 to 128 printable characters, such as steam:76561198000000000",
    "include": "give attributes, metadata or player, or several of them separated by commas",
    "split": "give a value of the attribute by which the board is split, such as DE",
    "name": "give the beginning of a name: 1 to 255 printable characters",
    "reason": "give 1 to 500 printable characters",
    "at": _MOMENT,
    "from": _MOMENT,
    "to": _MOMENT,
}


def query(request: web.Request, kind: type[Q]) -> Q:
    """The query string as a `kind`. Unknown and repeated parameters are refused: they are mistakes, and a silent
    one costs an afternoon. Only `_` is ignored: some clients add it to make every address unique, so that no cache
    answers.
    """
    return query_of(request.rel_url.raw_query_string, kind)


def query_of(text: str, kind: type[Q]) -> Q:
    """The same for the text after the question mark."""
    if "_=" in text:
        text = "&".join(part for part in text.split("&") if not part.startswith("_="))
    result: Q = _query(text, kind)
    return result


@functools.lru_cache(maxsize=512)
def _query(text: str, kind: type[Q]) -> Q:
    """Cached, since most requests have one of a few query strings. Refusals are not cached."""
    given = URL.build(query_string=text, encoded=True).query
    known = kind.__struct_encode_fields__
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            message = f"there is no query parameter {redaction.quoted(name)} here: {takes}"
            raise ApiError(errors.INVALID_PARAMETER, message)
        if len(given.getall(name)) > 1 and name != "user_ids" and name not in _lists(kind):
            raise ApiError(errors.INVALID_PARAMETER, f"the query parameter {name} is given more than once")
    values: dict[str, object] = dict(given)
    values.update((name, given.getall(name)) for name in _lists(kind) if name in given)
    if "user_ids" in given:
        values["user_ids"] = ",".join(given.getall("user_ids"))
    for name, (read, what) in _numbers(kind).items():
        if name in given:
            values[name] = read(given[name])
            if values[name] is None:
                message = f"{name} must be a {what}, not {redaction.quoted(given[name])}"
                raise ApiError(errors.INVALID_PARAMETER, message)
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        what, where = what_and_where(error)
        where = where.partition("[")[0]
        if "regex" in what or (where in _BAD_PARAMETERS and "length" in what):
            what = _BAD_PARAMETERS[where]
        raise ApiError(errors.INVALID_PARAMETER, complaint(what, where, kind)) from None


@functools.cache
def _numbers(kind: type[Query]) -> dict[str, tuple[Callable[[str], float | None], str]]:
    """The parameters of a query that are numbers: how to read each, and what it is."""
    found: dict[str, tuple[Callable[[str], float | None], str]] = {}
    for field in fields_of(kind):
        types = [type(part) for part in parts_of(field.type)]
        if msgspec.inspect.IntType in types:
            found[field.name] = whole_number, "whole number"
        elif msgspec.inspect.FloatType in types:
            found[field.name] = number, "number"
    return found


@functools.cache
def _lists(kind: type[Query]) -> frozenset[str]:
    """The parameters of a query that may be given several times."""
    return frozenset(
        field.name
        for field in fields_of(kind)
        if any(isinstance(part, msgspec.inspect.ListType) for part in parts_of(field.type))
    )


def board_of(query: SeasonQuery) -> str:
    """The board of a query, or the season of it, as the database names them: daily, daily@previous, daily@12."""
    return season_of(query.board, query.season)


def split_of(query: StandingsQuery) -> str:
    """The same for a query that may ask for a part of the board: daily/DE, daily@12/DE."""
    board = season_of(query.board, query.season)
    return board if query.split is None else f"{board}/{query.split}"


def details(query: RowsQuery) -> Details | None:
    """What the rows of the answer show besides; None: nothing."""
    if query.include is None:
        return None
    included = query.include.split(",")
    return Details(*(name in included for name in Details._fields))


def season_of(board: str, season: str | None) -> str:
    """The same for a board and a season."""
    if season is None:
        return board
    if season not in ("current", "previous"):
        season = str(_counted("season", season, 2_147_483_647))
    return f"{board}@{season}"


def place(text: str) -> int | None:
    """The place of a list that a `place` stands for; None: the last."""
    return None if text == "last" else _counted("place", text, MAX_EXACT)


def moment(name: str, text: str) -> datetime:
    """The time that a parameter stands for, up to now."""
    # A + that was not written as %2B arrives as a space.
    found = None
    with contextlib.suppress(msgspec.ValidationError):
        found = msgspec.convert(text[:10] + text[10:].replace(" ", "+"), datetime)
    if found is None or found.tzinfo is None:
        raise ApiError(errors.INVALID_PARAMETER, f"{name}: {_MOMENT}, not {redaction.quoted(text)}")
    # Beyond these years, a window or another time zone would leave those that a datetime can hold.
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        message = f"{name}: give a time of the years {_FIRST_YEAR} to {_LAST_YEAR}, not {redaction.quoted(text)}"
        raise ApiError(errors.INVALID_PARAMETER, message)
    return found


def past_moment(text: str, most_days: int) -> datetime:
    """A moment of the last days, for `at`."""
    found, now = moment("at", text), datetime.now(UTC)
    if not now - timedelta(days=most_days) <= found <= now:
        message = f"at: give a moment of the last {most_days} days, not {redaction.quoted(text)}"
        raise ApiError(errors.INVALID_PARAMETER, message)
    return found


def window(
    begins: str | None, ends: str | None, most_days: int, *, default_days: int | None = None
) -> tuple[datetime, datetime | None]:
    """The window of time from `from` to `to`; None: it ends now. Without `from` it has `default_days`."""
    begin = None if begins is None else moment("from", begins)
    end = None if ends is None else moment("to", ends)
    last = end or datetime.now(UTC)
    if begin is None:
        if default_days is None:
            raise ApiError(errors.INVALID_PARAMETER, "give from, too: the window needs a beginning")
        begin = last - timedelta(days=default_days)
    if begin >= last:
        raise ApiError(errors.INVALID_PARAMETER, "from must be before to, and without to before now")
    if last - begin > timedelta(days=most_days):
        raise ApiError(errors.INVALID_PARAMETER, f"from and to: a window has at most {most_days} days")
    return begin, end


def _counted(name: str, text: str, most: int) -> int:
    found = whole_number(text)
    if found is None or not 1 <= found <= most:
        raise ApiError(errors.INVALID_PARAMETER, f"{name}: {_BAD_PARAMETERS[name]}")
    return found


def player(text: str) -> PlayerRef:
    """A player in a path: a user_id, or else an external id."""
    number = whole_number(text)
    if number is None or (number > _MAX_USER_ID and text.isdecimal()):
        with contextlib.suppress(msgspec.ValidationError):
            return msgspec.convert(text, Player)
        raise ApiError(errors.INVALID_PLAYER, f"player: {_BAD_PARAMETERS['player']}")
    return user_id(text)


def one_player(given_id: int | msgspec.UnsetType | None, given_player: str | None) -> PlayerRef | None:
    """The player that a body or a query names, by user_id or by player; None: neither."""
    if given_id is msgspec.UNSET:
        given_id = None
    if not given_player:
        return given_id
    if given_id is not None:
        raise ApiError(errors.INVALID_BODY, "give user_id or player, not both")
    if _is_number(given_player):
        raise ApiError(
            errors.INVALID_PLAYER,
            f"player {redaction.quoted(given_player)} is a number: send it as user_id, or put a prefix before it,"
            f" such as id:{redaction.excerpt(given_player, 20)}",
        )
    return given_player


def _is_number(text: str) -> bool:
    """Whether a path with this text would name a user_id, in any way to write it."""
    if text[0] not in "-0123456789":
        return False
    number = whole_number(text)
    return number is not None and (number <= _MAX_USER_ID or not text.isdecimal())


def required_player(given_id: int | msgspec.UnsetType, given_player: str | None) -> PlayerRef:
    """The same where one has to be named."""
    found = one_player(given_id, given_player)
    if found is None:
        raise ApiError(
            errors.INVALID_BODY, "object missing required field user_id, or player for an id of another kind"
        )
    return found


def user_id(text: str) -> int:
    """A player's id in a list."""
    with contextlib.suppress(msgspec.ValidationError):
        return msgspec.convert(whole_number(text), UserId)
    message = f"a user id is an integer from 1 to 2147483647, not {redaction.quoted(text)}"
    raise ApiError(errors.INVALID_USER_ID, message)


def user_ids(text: str) -> list[int]:
    """A list of ids separated by commas."""
    return [user_id(part) for part in text.split(",")]


def players(query: RanksQuery) -> list[PlayerRef]:
    """The players that a query asks for, at least one."""
    found = named_players(query, MAX_BATCH)
    if not found:
        raise ApiError(errors.INVALID_PARAMETER, "give user_ids=1,2,3, or player=steam:1&player=steam:2, or both")
    return found


def named_players(query: RanksQuery, most: int) -> list[PlayerRef]:
    """The players that a query asks for, if it does."""
    found: list[PlayerRef] = [] if query.user_ids is None else [*user_ids(query.user_ids)]
    for text in query.player:
        named = one_player(None, text)
        assert named is not None, "the query allows no empty text"
        found.append(named)
    if len(found) > most:
        raise ApiError(errors.INVALID_PARAMETER, f"user_ids: at most {most} user ids, not {len(found)}")
    return found


def cursor(text: str | None) -> Cursor | None:
    """The row that an `after` stands for."""
    if text is None:
        return None
    total, *tie, player = map(int, text.split("."))
    if not 1 <= player <= 2_147_483_647:
        raise ApiError(errors.INVALID_PARAMETER, f"after: {_BAD_PARAMETERS['after']}")
    return Cursor(total, tie[0] if tie else None, player)


def name_cursor(text: str | None) -> tuple[str, int] | None:
    """The name and the id of the player that an `after` of a list by name stands for."""
    if text is None:
        return None
    user_id, _, name = text.partition(".")
    return name, min(int(user_id), _MAX_USER_ID)


def board_name(text: str) -> str:
    """The name of a board in a path."""
    with contextlib.suppress(msgspec.ValidationError):
        return msgspec.convert(text, BoardName)
    raise ApiError(errors.INVALID_PARAMETER, f"the name of the board: {_BAD_PARAMETERS['board']}")


def idempotency_key(headers: MultiMapping[str]) -> str | None:
    """The Idempotency-Key header of a request."""
    keys = headers.getall("Idempotency-Key", ())
    if not keys:
        return None
    if len(keys) > 1:
        raise ApiError(errors.INVALID_PARAMETER, "the header Idempotency-Key is given more than once")
    try:
        return msgspec.convert(keys[0], SubmissionKey)
    except msgspec.ValidationError:
        failure, message = BAD_VALUES["idempotency_key"]
        raise ApiError(failure, message.replace("idempotency_key", "Idempotency-Key")) from None
