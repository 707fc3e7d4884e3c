"""Query string, path and headers of a request, each as the type that describes it.

What does not fit raises an ApiError that names the parameter and says what it should be.
"""

import contextlib
import functools
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
from aiohttp import web
from multidict import MultiMapping
from yarl import URL

from service import errors, redaction
from service.errors import ApiError
from service.http.json_body import BAD_VALUES, complaint, fields_of, parts_of, what_and_where
from service.http.schemas import Query, SeasonQuery, SubmissionKey
from service.http.whole_number import number, whole_number
from service.model import MAX_BATCH, MAX_EXACT, BoardName, Cursor, UserId

Q = TypeVar("Q", bound=Query)

#: What to tell people about parameters whose rule is a regular expression.
_BAD_PARAMETERS: Mapping[str, str] = {
    "board": "the name of a board is 1 to 50 printable characters",
    "confirm": "give the name of the board again",
    "season": "give the number of a season, current or previous",
    "place": "give a place, counted from 1, or last",
    "after": "take it from the Link header of the page before",
    "user_ids": "give user ids separated by commas, as in 1,2,3",
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
    known = kind.__struct_fields__
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            message = f"there is no query parameter {redaction.quoted(name)} here: {takes}"
            raise ApiError(errors.INVALID_PARAMETER, message)
        if len(given.getall(name)) > 1:
            raise ApiError(errors.INVALID_PARAMETER, f"the query parameter {name} is given more than once")
    values: dict[str, object] = dict(given)
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
        if "regex" in what:
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


def board_of(query: SeasonQuery) -> str:
    """The board of a query, or the season of it, as the database names them: daily, daily@previous, daily@12."""
    return season_of(query.board, query.season)


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


def _counted(name: str, text: str, most: int) -> int:
    found = whole_number(text)
    if found is None or not 1 <= found <= most:
        raise ApiError(errors.INVALID_PARAMETER, f"{name}: {_BAD_PARAMETERS[name]}")
    return found


def user_id(text: str) -> int:
    """A player's id in a path or a list."""
    with contextlib.suppress(msgspec.ValidationError):
        return msgspec.convert(whole_number(text), UserId)
    message = f"a user id is an integer from 1 to 2147483647, not {redaction.quoted(text)}"
    raise ApiError(errors.INVALID_USER_ID, message)


def user_ids(text: str) -> list[int]:
    """A list of ids separated by commas."""
    ids = [user_id(part) for part in text.split(",")]
    if len(ids) > MAX_BATCH:
        raise ApiError(errors.INVALID_PARAMETER, f"user_ids: at most {MAX_BATCH} user ids, not {len(ids)}")
    return ids


def cursor(text: str | None) -> Cursor | None:
    """The row that an `after` stands for."""
    if text is None:
        return None
    total, *tie, player = map(int, text.split("."))
    if not 1 <= player <= 2_147_483_647:
        raise ApiError(errors.INVALID_PARAMETER, f"after: {_BAD_PARAMETERS['after']}")
    return Cursor(total, tie[0] if tie else None, player)


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
