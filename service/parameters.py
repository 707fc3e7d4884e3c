"""Reading a request: query string, path, headers and JSON body, each into the type that describes it.

Whatever does not fit is an ApiError that names the parameter or field and what it should be.
"""

import asyncio
import contextlib
import functools
import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from aiohttp import web
from yarl import URL

from service import errors, masking
from service.errors import ApiError, Failure
from service.messages import Query, SubmissionKey, UserId

T = TypeVar("T")
Q = TypeVar("Q", bound=Query)

#: How long the body of a request may take to arrive.
BODY_SECONDS = 10.0

#: Values that the type allows and the product does not: the failure and the words, the same as the
#: database's.
_BAD_VALUES: Mapping[str, tuple[Failure, str]] = {
    "user_id": (errors.INVALID_USER_ID, "user_id must be an integer from 1 to 2147483647"),
    "score": (errors.SCORE_OUT_OF_BOUNDS, "score must be an integer within the bounds of the board"),
    "game_mode": (errors.INVALID_GAME_MODE, "game_mode must be 1 to 50 printable characters"),
    "username": (
        errors.INVALID_USERNAME,
        "username must be 1 to 64 printable characters without blanks around them",
    ),
    "idempotency_key": (
        errors.INVALID_SUBMISSION_KEY,
        "the submission key must be 1 to 255 visible ASCII characters",
    ),
}

#: The same for query parameters whose rule is a regular expression, which is no answer to a person.
_BAD_PARAMETERS: Mapping[str, str] = {
    "board": "the name of a board is 1 to 50 printable characters",
    "after": "take it from the Link header of the page before",
    "user_ids": "give user ids with commas between, as in 1,2,3",
}

_FAULT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?", re.DOTALL)


def query(request: web.Request, kind: type[Q]) -> Q:
    """The query string as a `kind`. Unknown and repeated parameters are refused: they are mistakes in every
    case that matters, and a silent one costs its owner an afternoon.
    """
    result: Q = _query(request.rel_url.raw_query_string, kind)
    return result


@functools.lru_cache(maxsize=512)
def _query(text: str, kind: type[Q]) -> Q:
    """Remembered, since most requests ask with one of a few query strings. A refusal is not."""
    given = URL.build(query_string=text, encoded=True).query
    known = kind.__struct_fields__
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise ApiError(
                errors.INVALID_PARAMETER, f"there is no query parameter {_shown(name)} here: {takes}"
            )
        if len(given.getall(name)) > 1:
            raise ApiError(errors.INVALID_PARAMETER, f"the query parameter {name} is given more than once")
    try:
        result = msgspec.convert(dict(given), kind, strict=False)
    except msgspec.ValidationError as error:
        what, where = _parse(error)
        if "regex" in what:
            what = _BAD_PARAMETERS[where]
        raise ApiError(errors.INVALID_PARAMETER, f"{where}: {what}" if where else what) from None
    for name, text in given.items():
        value = getattr(result, name)
        if value is None:  # "null" is None to msgspec; in a query string it is a word like any other
            raise ApiError(errors.INVALID_PARAMETER, f"{name}: {_BAD_PARAMETERS.get(name, 'not null')}")
        if isinstance(value, int) and str(value) != text:  # "1e1" and "5.0" are numbers to msgspec, too
            raise ApiError(errors.INVALID_PARAMETER, f"{name}: expected int")
    return result


def _shown(name: str) -> str:
    return repr(masking.excerpt(name, 50))


def user_id(text: str) -> int:
    """A player's id as it stands in a path or a list."""
    with contextlib.suppress(msgspec.ValidationError):
        value = msgspec.convert(text, UserId, strict=False)
        if str(value) == text:
            return value
    raise ApiError(
        errors.INVALID_USER_ID, f"a user id is an integer from 1 to 2147483647, not {_shown(text)}"
    )


def user_ids(text: str) -> list[int]:
    """A list of ids with commas between."""
    ids = [user_id(part) for part in text.split(",")]
    if len(ids) > 1000:
        raise ApiError(errors.INVALID_PARAMETER, f"user_ids: at most 1000 user ids, not {len(ids)}")
    return ids


def cursor(text: str | None) -> tuple[int, int] | None:
    """The place that an `after` names: (total, user_id) of a row of /top."""
    if text is None:
        return None
    total, _, player = text.partition(".")
    place = int(total), int(player)
    if not 1 <= place[1] <= 2_147_483_647:
        raise ApiError(errors.INVALID_PARAMETER, f"after: {_BAD_PARAMETERS['after']}")
    return place


def idempotency_key(request: web.Request) -> str | None:
    """The Idempotency-Key header of the request."""
    keys = request.headers.getall("Idempotency-Key", [])
    if not keys:
        return None
    if len(keys) > 1:
        raise ApiError(errors.INVALID_PARAMETER, "the header Idempotency-Key is given more than once")
    try:
        return msgspec.convert(keys[0], SubmissionKey)
    except msgspec.ValidationError:
        failure, message = _BAD_VALUES["idempotency_key"]
        raise ApiError(failure, message) from None


async def body(request: web.Request) -> bytes:
    """The bytes of a JSON body. Raises for another media type; the application's limit bounds the size."""
    if request.content_type != "application/json":
        sent = request.headers.get("Content-Type")
        raise ApiError(
            errors.UNSUPPORTED_MEDIA_TYPE,
            "send JSON with the header Content-Type: application/json,"
            f" not {'without one' if sent is None else _shown(sent)}"
            " (curl: --json '{...}', or -H 'Content-Type: application/json' with -d)",
        )
    charset = request.charset
    if charset is not None and charset.strip("'").lower() not in ("utf-8", "utf8"):
        raise ApiError(
            errors.UNSUPPORTED_MEDIA_TYPE,
            f"send JSON in UTF-8, not in {_shown(charset)}: Content-Type: application/json; charset=utf-8, or"
            " without a charset",
        )
    return await read(request)


async def read(request: web.Request) -> bytes:
    """The bytes of the body, whatever they are. Asked for again they are there at once."""
    if request.content.is_eof():
        return await request.read()  # it came with the head, as small ones do: nothing to wait for
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise ApiError(
            errors.REQUEST_TIMEOUT,
            f"the body did not arrive within {BODY_SECONDS:g} s: send as many bytes as Content-Length says",
            {"Connection": "close"},
        ) from None


def decode(data: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T:
    """JSON as the decoder's type, strictly: no numbers in strings, no floats or booleans for integers, no
    unknown field.
    """
    if not data:
        raise ApiError(errors.MALFORMED_JSON, "the body is empty: send JSON")
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise _of_fault(*_parse(error), fields=getattr(decoder.type, "__struct_fields__", ())) from None
    except UnicodeDecodeError:
        raise ApiError(errors.MALFORMED_JSON, "the body is not valid UTF-8") from None
    except RecursionError:
        raise ApiError(errors.MALFORMED_JSON, "the body is nested too deeply") from None
    except msgspec.DecodeError as error:
        raise ApiError(errors.MALFORMED_JSON, f"the body is not valid JSON: {_lower(str(error))}") from None


def _of_fault(what: str, where: str, fields: tuple[str, ...]) -> ApiError:
    # A wrong type is told as "expected int, got str"; what has the right type and still fails is a bad value.
    if where in _BAD_VALUES and ", got " not in what:
        failure, message = _BAD_VALUES[where]
        return ApiError(failure, message)
    if what.startswith("object contains unknown field"):
        what += f" (the fields are {', '.join(fields)})"
    return ApiError(errors.INVALID_BODY, f"{where}: {what}" if where else what)


def _parse(error: msgspec.ValidationError) -> tuple[str, str]:
    """What msgspec complains of and where, without its markup."""
    match = _FAULT.fullmatch(str(error))
    assert match is not None
    return _lower(match["what"].replace("`", "")), match["where"] or ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
