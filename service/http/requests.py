"""Query string, path and headers of a request, each as the type that describes it.

What does not fit raises an ApiError that names the parameter and says what it should be.
"""

import contextlib
import functools
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from aiohttp import web
from multidict import MultiMapping
from yarl import URL

from service import errors, redaction
from service.errors import ApiError
from service.http.json_body import BAD_VALUES, what_and_where
from service.http.schemas import Query, SubmissionKey
from service.http.whole_number import whole_number
from service.model import MAX_BATCH, UserId

Q = TypeVar("Q", bound=Query)

#: What to tell people about parameters whose rule is a regular expression.
_BAD_PARAMETERS: Mapping[str, str] = {
    "board": "the name of a board is 1 to 50 printable characters",
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
    for name in _integers(kind) & given.keys():
        values[name] = whole_number(given[name])
        if values[name] is None:
            message = f"{name} must be a whole number, not {redaction.quoted(given[name])}"
            raise ApiError(errors.INVALID_PARAMETER, message)
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        what, where = what_and_where(error)
        if "regex" in what:
            what = _BAD_PARAMETERS[where]
        raise ApiError(errors.INVALID_PARAMETER, f"{where}: {what}" if where else what) from None


@functools.cache
def _integers(kind: type[Query]) -> frozenset[str]:
    """The parameters of a query that are integers."""
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return frozenset(field.name for field in info.fields if _is_integer(field.type))


def _is_integer(kind: msgspec.inspect.Type) -> bool:
    if isinstance(kind, msgspec.inspect.Metadata):
        return _is_integer(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        return any(map(_is_integer, kind.types))
    return isinstance(kind, msgspec.inspect.IntType)


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


def cursor(text: str | None) -> tuple[int, int] | None:
    """The place that an `after` stands for: (total, user_id) of a row of /top."""
    if text is None:
        return None
    total, _, player = text.partition(".")
    place = int(total), int(player)
    if not 1 <= place[1] <= 2_147_483_647:
        raise ApiError(errors.INVALID_PARAMETER, f"after: {_BAD_PARAMETERS['after']}")
    return place


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
