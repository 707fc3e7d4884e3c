"""Submitting scores, and the list of submissions that score rules refused."""

import contextlib
import logging
from datetime import UTC, datetime

import msgspec
from aiohttp import web

from service import errors, redaction
from service.access.gate import Caller
from service.database.sqlstates import from_sqlstate
from service.errors import ApiError
from service.http import app_keys, requests, schemas
from service.http.json_body import BAD_VALUES, decode, read_json
from service.http.paging import page_response
from service.http.responses import json_response
from service.http.schemas import BatchItem, BatchOutcome, SubmitQuery, SubmitRequest
from service.leaderboard.submissions import Call, record_outcome
from service.model import MAX_BATCH, BoardTotal, Instant, Outcome, Submission

logger = logging.getLogger(__name__)

SUBMIT = msgspec.json.Decoder(SubmitRequest)
_BATCH = msgspec.json.Decoder(list[msgspec.Raw])
_BATCH_ITEM = msgspec.json.Decoder(BatchItem)
_BOARD_TOTALS = msgspec.json.Decoder(list[BoardTotal])
#: How a play ticket begins.
_TICKET = "play1"


async def submit(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.SubmitQuery)
    key = requests.idempotency_key(request.headers)
    body = decode(await read_json(request), SUBMIT)
    if isinstance(body.user_id, int):
        request[app_keys.USER_ID] = body.user_id
    sent = submission(body, key)
    check_ticket(request[app_keys.CALLER], sent)
    limits = request.app[app_keys.ACCESS_CONTROL].limits
    if limits is not None:
        await limits.check_player(sent.ref)
    call = (sent, *wanted(query))
    outcome = await request.app[app_keys.LEADERBOARD].submit(call)
    record_outcome(outcome)
    if outcome.user_id is not None:
        request[app_keys.USER_ID] = outcome.user_id
    return json_response(submit_answer(body, outcome, call))


def wanted(query: SubmitQuery) -> tuple[str, bool, bool]:
    """The board to submit to, and whether ranks and totals on all boards are wanted."""
    included = query.include or ""
    return requests.board_of(query), "rank" in included, "boards" in included


def submit_answer(body: SubmitRequest, outcome: Outcome, call: Call) -> schemas.SubmitAnswer:
    """The answer to a submission that counted, now or when it was first sent."""
    sent, _, with_rank, with_boards = call
    return schemas.SubmitAnswer(
        message="Score submitted successfully",
        user_id=_present(outcome.user_id),
        score=body.score,
        total_score=_present(outcome.total_score),
        duplicate=outcome.status == "replayed",
        username=_current_name(outcome, body.username),
        rank=outcome.rank if with_rank else msgspec.UNSET,
        previous_rank=outcome.previous_rank if with_rank else msgspec.UNSET,
        boards=_totals(outcome) if with_boards else msgspec.UNSET,
        player=msgspec.UNSET if sent.player is None else sent.player,
        hidden=outcome.hidden or msgspec.UNSET,
    )


async def submit_batch(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.SubmitQuery)
    if "Idempotency-Key" in request.headers:
        raise ApiError(
            errors.INVALID_PARAMETER,
            "the header Idempotency-Key is for /submit: give each item its own idempotency_key",
        )
    items = decode(await read_json(request), _BATCH)
    if len(items) > MAX_BATCH:
        raise ApiError(
            errors.PAYLOAD_TOO_LARGE,
            f"a batch has at most {MAX_BATCH} items, not {len(items)}: send several batches",
        )
    valid: dict[int, Submission] = {}
    rejected: dict[int, ApiError] = {}
    players: dict[int, int | None] = {}  # the players of rejected items, where known
    caller = request[app_keys.CALLER]
    for position, item in enumerate(items):
        try:
            body = decode(item, _BATCH_ITEM)
            sent = submission(body, body.idempotency_key)
            check_ticket(caller, sent)
            valid[position] = sent
        except ApiError as error:
            rejected[position] = error
    limits = request.app[app_keys.ACCESS_CONTROL].limits
    if limits is not None:
        positions = list(valid)
        refused = await limits.check_players([item.ref for item in valid.values()])
        for place, refusal in refused.items():
            rejected[positions[place]] = refusal
            players[positions[place]] = valid.pop(positions[place]).user_id
    submissions = list(valid.values())
    board, with_rank, with_boards = wanted(query)
    outcomes = await request.app[app_keys.LEADERBOARD].submit_batch(submissions, board, with_rank, with_boards)
    counted = zip(submissions, outcomes, strict=True)
    answers: list[BatchOutcome] = [
        _rejected(position, rejected[position], players.get(position))
        if position in rejected
        else _item(position, *next(counted), with_rank, with_boards)
        for position in range(len(items))
    ]
    return json_response(answers)


async def rejected(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.RejectedQuery)
    leaderboard = request.app[app_keys.LEADERBOARD]
    user_id = await leaderboard.players.user_id_or_none(requests.one_player(query.user_id, query.player))
    found = await leaderboard.rejected(query.limit, query.before, user_id, query.board)
    return page_response(request, found, query.limit, lambda last: last.id)


def submission(body: SubmitRequest, key: str | None) -> Submission:
    player = requests.required_player(body.user_id, body.player)
    played_at = _played_at(body.played_at) if body.played_at else None
    return Submission(
        player if isinstance(player, int) else None,
        body.score,
        body.game_mode or "solo",
        body.username or None,
        _key_or_ticket(key, body.ticket) if body.ticket else key,
        played_at,
        player if isinstance(player, str) else None,
        None if body.metadata is msgspec.UNSET else _metadata(body.metadata),
    )


def check_ticket(caller: Caller, sent: Submission) -> None:
    """Raises an ApiError if the caller may submit scores only with play tickets, and this one has none."""
    if caller.needs_ticket and not (sent.key is not None and sent.key.startswith(_TICKET)):
        raise ApiError(
            errors.SCOPE_MISSING,
            "this API key has the scope play, with which a score needs a play ticket: POST /api/leaderboard/plays"
            " gives one; without, it takes a key with the scope submit",
        )


def _key_or_ticket(key: str | None, ticket: str) -> str:
    """A ticket is a submission's key, too."""
    if not ticket.startswith(_TICKET):
        failure, message = BAD_VALUES["ticket"]
        raise ApiError(failure, message)
    if key is not None and key != ticket:
        raise ApiError(
            errors.INVALID_BODY, "a ticket counts once, as an idempotency key does: give one of the two, not both"
        )
    return ticket


def _metadata(sent: msgspec.Raw) -> str | None:
    """JSON as text; None for null."""
    data = bytes(sent)
    if data == b"null":
        return None
    if not data.startswith(b"{"):
        raise ApiError(errors.INVALID_METADATA, 'metadata must be a JSON object, such as {"level": 3}')
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ApiError(errors.MALFORMED_JSON, "the body is not valid UTF-8") from None


def _played_at(text: str) -> datetime:
    with contextlib.suppress(msgspec.ValidationError, OverflowError):  # OverflowError: the first or last day of all
        return msgspec.convert(text, Instant).astimezone(UTC)
    raise ApiError(
        errors.INVALID_PLAYED_AT,
        f"played_at must be a time with a time zone, such as 2026-01-31T12:00:00Z, not {redaction.quoted(text)}",
    )


def _totals(outcome: Outcome) -> list[BoardTotal]:
    return _BOARD_TOTALS.decode(outcome.boards or "[]")


def _item(position: int, sent: Submission, outcome: Outcome, with_rank: bool, with_boards: bool) -> BatchOutcome:
    if outcome.status == "rejected":
        return _rejected(position, from_sqlstate(outcome.error, outcome.message), outcome.user_id)
    record_outcome(outcome)
    kind = schemas.DuplicateItem if outcome.status == "replayed" else schemas.AcceptedItem
    return kind(
        _present(outcome.user_id),
        _present(outcome.score),
        _present(outcome.total_score),
        _current_name(outcome, sent.username),
        outcome.rank if with_rank else msgspec.UNSET,
        outcome.previous_rank if with_rank else msgspec.UNSET,
        _totals(outcome) if with_boards else msgspec.UNSET,
        msgspec.UNSET if sent.player is None else sent.player,
        outcome.hidden or msgspec.UNSET,
    )


def _rejected(position: int, error: ApiError, user_id: int | None = None) -> schemas.RejectedItem:
    record_outcome(error)
    logger.info(
        "submission rejected",
        extra={"item": position, "user_id": user_id, "code": error.failure.code, "reason": error.message},
    )
    message = redaction.without_api_keys(error.message)
    return schemas.RejectedItem(schemas.ApiError(error.failure.code, message))


def _current_name(outcome: Outcome, sent: str | None) -> str | msgspec.UnsetType:
    """The player's current name if the submission sent one; otherwise the outcome may lack it."""
    return outcome.username if sent and outcome.username is not None else msgspec.UNSET


def _present(value: int | None) -> int:
    assert value is not None, "only a rejected submission lacks it"
    return value
