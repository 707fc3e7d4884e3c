"""The JSON body of a request, decoded into the type that describes it.

What does not fit raises an ApiError that names the field and says what to change.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from aiohttp import web

from service import errors, redaction
from service.errors import ApiError, Failure
from service.http.whole_number import integer_or_float

T = TypeVar("T")

#: How long the body of a request may take to arrive.
BODY_SECONDS = 10.0

#: Failures for values of the right type that the product does not allow.
BAD_VALUES: Mapping[str, tuple[Failure, str]] = {
    "user_id": (errors.INVALID_USER_ID, "user_id must be an integer from 1 to 2147483647"),
    "score": (errors.SCORE_OUT_OF_BOUNDS, "score must be an integer within the bounds of the board"),
    "game_mode": (errors.INVALID_GAME_MODE, "game_mode must be 1 to 50 printable characters"),
    "username": (
        errors.INVALID_USERNAME,
        "username must be 1 to 255 printable characters with no leading or trailing spaces",
    ),
    "player": (
        errors.INVALID_PLAYER,
        "player must be 1 to 128 printable characters, such as steam:76561198000000000",
    ),
    "ticket": (
        errors.INVALID_TICKET,
        "ticket is not a play ticket: POST /api/leaderboard/plays gives one",
    ),
    "idempotency_key": (
        errors.INVALID_SUBMISSION_KEY,
        "idempotency_key must be 1 to 255 visible ASCII characters; leave it out if there is none",
    ),
}

#: What to tell people about values of the options of a board that are of the right type.
_RULES: Mapping[str, str] = {
    "name": "name must be 1 to 50 of A-Z a-z 0-9 _ . - and start with a letter or digit",
    "unit": "unit must be 1 to 20 printable characters, such as points or ms; null for none",
    "period": "period must be daily, weekly, monthly, or an interval such as 4 hours or 3 months; null for none",
    "time_zone": "time_zone must be the name of a time zone, such as Europe/Berlin",
    "grace": "grace must be a time such as 2 hours or 02:00:00",
    "opens_at": "opens_at must be a time with its offset, such as 2026-01-31T12:00:00Z; null for none",
    "closes_at": "closes_at must be a time with its offset, such as 2026-01-31T12:00:00Z; null for none",
    "anchor": "anchor must be a local time without an offset, such as 2026-01-31T12:00:00",
    "until": "until must be a time with its offset, such as 2026-01-31T12:00:00Z; null for no end",
    "from": "from must be a time with its offset, such as 2026-01-31T12:00:00Z",
    "to": "to must be a time with its offset, such as 2026-01-31T12:00:00Z",
    "expires_at": "expires_at must be a time with its offset, such as 2026-01-31T12:00:00Z; null for never",
    "reason": "reason must be 1 to 500 printable characters",
    "scopes": "scopes must be one or more of submit, read, moderate, play and admin",
    "user_ids": "user_ids must be at most 10000 integers from 1 to 2147483647",
    "players": "players must be at most 10000 external ids of 1 to 128 printable characters",
    "board": "the name of a board is 1 to 50 printable characters",
    "session_id": "session_id must be a whole number from 1",
    "act": "act must be the id of an act of moderation: GET /api/leaderboard/moderation lists them",
    "above": "above must be an integer from -9007199254740991 to 9007199254740991",
    "split_by": "split_by must be the name of an attribute, such as country; null for none",
    "days": "days must be a whole number from 1 to 365",
    "limit": "limit must be a whole number from 1 to 1000",
    "attributes": "attributes must be an object of names, of 1 to 50 printable characters, and texts",
    "played_at": "played_at must be a time such as 2026-01-31T12:00:00Z; leave it out for now",
}

#: How msgspec says that a number is not an integer as it is written.
_NOT_WRITTEN_AS_INTEGER = ("Expected `int`, got `float`", "Number out of range")

_STRING = rb'"(?:[^"\\]|\\.)*+"'
#: Complete JSON tokens and what stands between them.
_TOKENS = re.compile(
    rb"(?:[ \t\r\n\[\]{}:,]++|%s|true|false|null|-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)*+" % _STRING,
    re.DOTALL,
)
#: The beginning of a token: what is left of a text that was cut inside one.
_BEGUN_TOKEN = re.compile(
    rb'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+(?:\\(?:u[0-9a-fA-F]{0,3})?)?'
    rb"|[-.]|[eE][+-]?|t|tr|tru|f|fa|fal|fals|n|nu|nul"
)
_EMPTY = "the body is empty: send JSON"
#: What msgspec says of a text that ends too early, and of half a surrogate pair.
_TRUNCATED = "Input data was truncated"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

#: How to set the header of a JSON body in the engines that developers use most.
_SET_THE_HEADER = (
    "fetch: {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(data)}."
    ' Unity: UnityWebRequest.Post(url, json, "application/json").'
    " Godot: request(url, ['Content-Type: application/json'], HTTPClient.METHOD_POST, json)."
    ' GameMaker: ds_map_add(headers, "Content-Type", "application/json"), http_request(url, "POST", headers,'
    " json). curl: --json '...'"
)

_PROBLEM = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?", re.DOTALL)

_EXACT = msgspec.json.Decoder(float_hook=integer_or_float)


async def read_json(request: web.Request) -> bytes:
    """The bytes of a JSON body without a byte order mark. The application's limit bounds their number.

    Raises ApiError: UNSUPPORTED_MEDIA_TYPE, REQUEST_TIMEOUT; ConnectionError if the client leaves.
    """
    if request.content_type != "application/json":
        sent = request.headers.get("Content-Type")
        if sent is None:
            problem = "the Content-Type header is missing: send JSON with Content-Type: application/json"
        else:
            problem = f"send JSON with the header Content-Type: application/json, not {redaction.quoted(sent)}"
        raise ApiError(errors.UNSUPPORTED_MEDIA_TYPE, f"{problem}. {_SET_THE_HEADER}")
    charset = request.charset
    if charset is not None and charset.strip("'").lower() not in ("utf-8", "utf8"):
        raise ApiError(
            errors.UNSUPPORTED_MEDIA_TYPE,
            f"send JSON in UTF-8, not in {redaction.quoted(charset)}: Content-Type: application/json; charset=utf-8,"
            " or without a charset",
        )
    try:
        async with asyncio.timeout(None if request.content.is_eof() else BODY_SECONDS):
            return (await request.read()).removeprefix(_BYTE_ORDER_MARK)
    except RuntimeError as error:
        if request.transport is not None:
            raise
        # What aiohttp raises if the client left before the handler began, instead of a ConnectionError.
        raise ConnectionResetError("Connection lost") from error
    except TimeoutError:
        raise ApiError(
            errors.REQUEST_TIMEOUT,
            f"the body did not arrive within {BODY_SECONDS:g} s: send as many bytes as Content-Length says",
            {"Connection": "close"},
        ) from None


def decode(data: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T:
    """JSON as the decoder's type, strictly: no numbers in strings, no booleans for integers, no unknown fields.
    Only integers may be written in any way: some clients have none and write 7.0.

    Raises ApiError: MALFORMED_JSON, INVALID_BODY, or the failure of the field (BAD_VALUES).
    """
    if not data:
        raise ApiError(errors.MALFORMED_JSON, _EMPTY)
    try:
        try:
            return decoder.decode(data)
        except msgspec.ValidationError as error:
            if not str(error).startswith(_NOT_WRITTEN_AS_INTEGER):
                raise
        exact = _EXACT.decode(data)
        if isinstance(exact, dict):
            # What is passed on as it is.
            exact.update(
                (field.encode_name, msgspec.Raw(msgspec.json.encode(exact[field.encode_name])))
                for field in fields_of(decoder.type)
                if field.encode_name in exact and _is_raw(field.type)
            )
        return msgspec.convert(exact, decoder.type)
    except msgspec.ValidationError as error:
        raise _invalid(*what_and_where(error), decoder.type) from None
    except UnicodeDecodeError:
        raise ApiError(errors.MALFORMED_JSON, "the body is not valid UTF-8") from None
    except RecursionError:
        raise ApiError(errors.MALFORMED_JSON, "the body is nested too deeply") from None
    except msgspec.DecodeError as error:
        raise ApiError(errors.MALFORMED_JSON, _malformed(bytes(data), str(error))) from None


def what_and_where(error: msgspec.ValidationError) -> tuple[str, str]:
    """What msgspec complains of, and the field, without its markup."""
    match = _PROBLEM.fullmatch(str(error))
    assert match is not None
    return _lower(match["what"].replace("`", "")), match["where"] or ""


def complaint(what: str, where: str, kind: type) -> str:
    """What msgspec complains of, for people: it lists the values, if a few are allowed. `kind` has the field."""
    if what.startswith("invalid enum value"):
        values = (
            str(value)
            for field in fields_of(kind)
            if field.encode_name == where
            for part in parts_of(field.type)
            if isinstance(part, msgspec.inspect.LiteralType)
            for value in part.values
            if value is not None
        )
        return f"{where} must be {' or '.join(values)}"
    return f"{where}: {what}" if where else what


def fields_of(kind: type) -> tuple[msgspec.inspect.Field, ...]:
    """The fields of a struct; none of another type."""
    info = msgspec.inspect.type_info(kind)
    return info.fields if isinstance(info, msgspec.inspect.StructType) else ()


def parts_of(kind: msgspec.inspect.Type) -> list[msgspec.inspect.Type]:
    """The types of a union, without what describes them."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return parts_of(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        return [found for part in kind.types for found in parts_of(part)]
    return [kind]


def _is_raw(kind: msgspec.inspect.Type) -> bool:
    return any(isinstance(part, msgspec.inspect.RawType) for part in parts_of(kind))


def _invalid(what: str, where: str, kind: type) -> ApiError:
    if what == "expected int, got float":
        return ApiError(errors.INVALID_BODY, f"{where} must be a whole number")
    # A wrong type reads "expected int, got str"; a value of the right type that still fails is a bad value.
    if ", got " not in what:
        where = where.partition("[")[0]  # of a list or an object: the part that is wrong needs no number
        if where in BAD_VALUES:
            failure, message = BAD_VALUES[where]
            return ApiError(failure, message)
        if where in _RULES:
            return ApiError(errors.INVALID_BODY, _RULES[where])
    if what.startswith("object contains unknown field"):
        what += f" (the fields are {', '.join(field.encode_name for field in fields_of(kind))})"
    return ApiError(errors.INVALID_BODY, complaint(what, where, kind))


def _malformed(data: bytes, what: str) -> str:
    """What is wrong with a text that is not JSON."""
    if not data.strip():
        return _EMPTY
    if data[:3].lower() in {b"%7b", b"%5b"}:
        return (
            "the body is JSON in URL encoding, as Unity's Post(url, text) sends it: use"
            ' UnityWebRequest.Post(url, json, "application/json"), or before 2022.2 an UploadHandlerRaw'
        )
    if _was_cut(data, what):
        return (
            f"the body is truncated after {len(data)} bytes: send all of it, with its length in bytes, not in"
            " characters, as Content-Length"
        )
    if what == _TRUNCATED:
        # The other thing that msgspec calls truncated.
        what = "half of a surrogate pair, \\ud800 to \\udfff, stands alone"
    return f"the body is not valid JSON: {_lower(what)}"


def _was_cut(data: bytes, what: str) -> bool:
    """Whether the text is the beginning of valid JSON. `what` is msgspec's complaint."""
    truncated = what == _TRUNCATED
    place = re.search(r"\(byte (\d+)\)", what)
    complete = _TOKENS.match(data)
    assert complete is not None, "it also matches an empty text"
    rest = data[complete.end() :]
    if rest:
        return _BEGUN_TOKEN.fullmatch(rest) is not None and (
            truncated or (place is not None and int(place[1]) >= complete.end())
        )
    bare = re.sub(_STRING, b"", data, flags=re.DOTALL)
    return truncated and sum(map(bare.count, (b"[", b"{"))) > sum(map(bare.count, (b"]", b"}")))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
