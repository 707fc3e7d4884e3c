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

from service import errors, redaction
from service.errors import ApiError, Failure
from service.http.schemas import Query, SubmissionKey
from service.model import UserId

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
        "username must be 1 to 255 printable characters without blanks around them",
    ),
    "idempotency_key": (
        errors.INVALID_SUBMISSION_KEY,
        "the submission key must be 1 to 255 visible ASCII characters; leave it out where there is none",
    ),
}

#: The same for query parameters whose rule is a regular expression, which is no answer to a person.
_BAD_PARAMETERS: Mapping[str, str] = {
    "board": "the name of a board is 1 to 50 printable characters",
    "after": "take it from the Link header of the page before",
    "user_ids": "give user ids with commas between, as in 1,2,3",
}

#: A number as JSON writes it.
_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?")
#: Larger than whatever an integer may be anywhere here.
_BEYOND = 2**64
#: How msgspec tells that a number stands where an integer is asked, and is not written as one.
_NOT_WRITTEN_AS_INTEGER = ("Expected `int`, got `float`", "Number out of range")

_STRING = rb'"(?:[^"\\]|\\.)*+"'
#: JSON tokens and what stands between them, as far as they are whole.
_TOKENS = re.compile(
    rb"(?:[ \t\r\n\[\]{}:,]++|%s|true|false|null|-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)*+" % _STRING,
    re.DOTALL,
)
#: What is left after them of a text that was cut in a token.
_BEGUN_TOKEN = re.compile(
    rb'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+(?:\\(?:u[0-9a-fA-F]{0,3})?)?'
    rb"|[-.]|[eE][+-]?|t|tr|tru|f|fa|fal|fals|n|nu|nul"
)
_EMPTY = "the body is empty: send JSON"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

#: How the header of a JSON body is set, in the words of those who ask most.
_SET_THE_HEADER = (
    "fetch: {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(data)}."
    ' Unity: UnityWebRequest.Post(url, json, "application/json").'
    " Godot: request(url, ['Content-Type: application/json'], HTTPClient.METHOD_POST, json)."
    ' GameMaker: ds_map_add(headers, "Content-Type", "application/json"), http_request(url, "POST", headers,'
    " json). curl: --json '...'"
)

_FAULT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?", re.DOTALL)


def whole(text: str) -> int | None:
    """The whole number that `text` is: 7, 7.0, 1e2 and 1.5e1 are. None for what is none, or no number of
    JSON.

    Decided by the digits, never through a double, so none is lost. A number beyond all bounds comes as one
    that is beyond them, too: 1e999999 is not worked out.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, before, after, minus, exponent = match.groups(default="")
    digits = (before + after).lstrip("0")
    if not digits:
        return 0
    # Ten digits of it suffice: a body cannot hold as many zeros as would make up for a longer one.
    power = int(exponent.lstrip("0")[:10] or 0)
    point = len(digits) - len(after) + (-power if minus == "-" else power)
    if len(digits.rstrip("0")) > point:
        return None
    number = int(digits[:point].ljust(point, "0")) if point < 20 else _BEYOND
    return -number if sign else number


def _whole_or_float(text: str) -> int | float:
    number = whole(text)
    return float(text) if number is None else number


_EXACTLY = msgspec.json.Decoder(float_hook=_whole_or_float)


def query(request: web.Request, kind: type[Q]) -> Q:
    """The query string as a `kind`. Unknown and repeated parameters are refused: they are mistakes in every
    case that matters, and a silent one costs its owner an afternoon. Only `_`, by which some clients make
    every address a new one, so that no cache answers, is passed over.
    """
    text = request.rel_url.raw_query_string
    if "_=" in text:
        text = "&".join(part for part in text.split("&") if not part.startswith("_="))
    result: Q = _query(text, kind)
    return result


@functools.lru_cache(maxsize=512)
def _query(text: str, kind: type[Q]) -> Q:
    """Remembered, since most requests ask with one of a few query strings. A refusal is not."""
    given = URL.build(query_string=text, encoded=True).query
    known = kind.__struct_fields__
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise ApiError(errors.INVALID_PARAMETER, f"there is no query parameter {_shown(name)} here: {takes}")
        if len(given.getall(name)) > 1:
            raise ApiError(errors.INVALID_PARAMETER, f"the query parameter {name} is given more than once")
    values: dict[str, object] = dict(given)
    for name in _integers(kind) & given.keys():
        values[name] = whole(given[name])
        if values[name] is None:
            raise ApiError(errors.INVALID_PARAMETER, f"{name} must be a whole number, not {_shown(given[name])}")
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        what, where = _parse(error)
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


def _shown(name: str) -> str:
    return repr(redaction.excerpt(name, 50))


def user_id(text: str) -> int:
    """A player's id as it stands in a path or a list."""
    with contextlib.suppress(msgspec.ValidationError):
        return msgspec.convert(whole(text), UserId)
    raise ApiError(errors.INVALID_USER_ID, f"a user id is an integer from 1 to 2147483647, not {_shown(text)}")


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
    """The bytes of a JSON body, less a byte order mark. Raises for another media type; the application's
    limit bounds the size.
    """
    if request.content_type != "application/json":
        sent = request.headers.get("Content-Type")
        raise ApiError(
            errors.UNSUPPORTED_MEDIA_TYPE,
            "send JSON with the header Content-Type: application/json,"
            f" not {'without one' if sent is None else _shown(sent)}. {_SET_THE_HEADER}",
        )
    charset = request.charset
    if charset is not None and charset.strip("'").lower() not in ("utf-8", "utf8"):
        raise ApiError(
            errors.UNSUPPORTED_MEDIA_TYPE,
            f"send JSON in UTF-8, not in {_shown(charset)}: Content-Type: application/json; charset=utf-8, or"
            " without a charset",
        )
    return (await read(request)).removeprefix(_BYTE_ORDER_MARK)


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
    """JSON as the decoder's type, strictly: no numbers in strings, no booleans for integers, no unknown
    field. Only whole numbers may be written in any way: some clients have no integers and write 7.0.
    """
    if not data:
        raise ApiError(errors.MALFORMED_JSON, _EMPTY)
    try:
        try:
            return decoder.decode(data)
        except msgspec.ValidationError as error:
            if not str(error).startswith(_NOT_WRITTEN_AS_INTEGER):
                raise
        return msgspec.convert(_EXACTLY.decode(data), decoder.type)
    except msgspec.ValidationError as error:
        raise _of_fault(*_parse(error), fields=getattr(decoder.type, "__struct_fields__", ())) from None
    except UnicodeDecodeError:
        raise ApiError(errors.MALFORMED_JSON, "the body is not valid UTF-8") from None
    except RecursionError:
        raise ApiError(errors.MALFORMED_JSON, "the body is nested too deeply") from None
    except msgspec.DecodeError as error:
        raise ApiError(errors.MALFORMED_JSON, _malformed(bytes(data), str(error))) from None


def _malformed(data: bytes, what: str) -> str:
    """What is wrong with a text that is not JSON: where it was cut, that."""
    if not data.strip():
        return _EMPTY
    if data[:3].lower() in {b"%7b", b"%5b"}:
        return (
            "the body is JSON in URL encoding, as Unity's Post(url, text) sends it: use"
            ' UnityWebRequest.Post(url, json, "application/json"), or before 2022.2 an UploadHandlerRaw'
        )
    truncated = what == "Input data was truncated"
    place = re.search(r"\(byte (\d+)\)", what)
    whole_tokens = _TOKENS.match(data)
    assert whole_tokens is not None, "it matches nothing at all, too"
    rest = data[whole_tokens.end() :]
    if rest:
        cut = _BEGUN_TOKEN.fullmatch(rest) is not None and (
            truncated or (place is not None and int(place[1]) >= whole_tokens.end())
        )
    else:
        bare = re.sub(_STRING, b"", data, flags=re.DOTALL)
        cut = truncated and sum(map(bare.count, (b"[", b"{"))) > sum(map(bare.count, (b"]", b"}")))
    if cut:
        return (
            f"the body ends in the middle of its JSON, after {len(data)} bytes: send all of it, and as"
            " Content-Length its number of bytes, not of characters"
        )
    if truncated:
        # The one other thing that msgspec calls so.
        what = "half of a surrogate pair, \\ud800 to \\udfff, stands alone"
    return f"the body is not valid JSON: {_lower(what)}"


def _of_fault(what: str, where: str, fields: tuple[str, ...]) -> ApiError:
    if what == "expected int, got float":
        return ApiError(errors.INVALID_BODY, f"{where} must be a whole number")
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
