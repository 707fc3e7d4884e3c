"""The API's calls. Each reads its parameters, makes one call to the leaderboard and answers."""

import functools
import logging

import msgspec
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from service import errors, redaction
from service.database.sqlstates import from_sqlstate
from service.errors import ApiError
from service.http import app_keys, pages, requests, schemas, webui
from service.http.schemas import BatchItem, BatchOutcome, SubmitRequest
from service.leaderboard.leaderboard import STANDINGS
from service.model import MAX_BATCH, Outcome, Submission
from service.observability import metrics

log = logging.getLogger(__name__)

_SUBMIT = msgspec.json.Decoder(SubmitRequest)
_BATCH = msgspec.json.Decoder(list[msgspec.Raw])
_BATCH_ITEM = msgspec.json.Decoder(BatchItem)
_ENCODER = msgspec.json.Encoder()
_JSON = CIMultiDict({"Content-Type": "application/json"})


def answer(body: object, status: int = 200) -> web.Response:
    return json_answer(_ENCODER.encode(body), status)


def json_answer(body: bytes, status: int = 200) -> web.Response:
    """An answer whose body is JSON already, such as what the cache holds."""
    return web.Response(body=body, status=status, headers=_JSON)


# --- submissions --------------------------------------------------------------------------------------------


async def submit(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.SubmitQuery)
    key = requests.idempotency_key(request)
    _require_key(request, key, "the header Idempotency-Key")
    body = requests.decode(await requests.body(request), _SUBMIT)
    request[app_keys.USER_ID] = body.user_id
    limits = request.app[app_keys.DOORS].limits
    if limits is not None:
        await limits.check_player(body.user_id)
    with_rank = query.include == "rank"
    outcome = await request.app[app_keys.LEADERBOARD].submit(_submission(body, key), query.board, with_rank=with_rank)
    metrics.SUBMISSIONS[outcome.status,].add()
    return answer(
        schemas.SubmitAnswer(
            message="Score submitted successfully",
            user_id=body.user_id,
            score=body.score,
            total_score=_total(outcome),
            duplicate=outcome.status == "replayed",
            username=_name(outcome, body.username),
            rank=outcome.rank if with_rank else msgspec.UNSET,
            previous_rank=outcome.previous_rank if with_rank else msgspec.UNSET,
        )
    )


async def submit_batch(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.BoardQuery)
    if "Idempotency-Key" in request.headers:
        raise ApiError(
            errors.INVALID_PARAMETER,
            "the header Idempotency-Key is for /submit: give each item its own idempotency_key",
        )
    items = requests.decode(await requests.body(request), _BATCH)
    if len(items) > MAX_BATCH:
        raise ApiError(
            errors.PAYLOAD_TOO_LARGE,
            f"a batch has at most {MAX_BATCH} items, not {len(items)}: send several",
        )
    readable: dict[int, Submission] = {}
    rejected: dict[int, ApiError] = {}
    players: dict[int, int] = {}  # whose these are, as far as that is known
    for position, item in enumerate(items):
        try:
            body = requests.decode(item, _BATCH_ITEM)
            _require_key(request, body.idempotency_key, "an idempotency_key")
            readable[position] = _submission(body, body.idempotency_key)
        except ApiError as error:
            rejected[position] = error
    limits = request.app[app_keys.DOORS].limits
    if limits is not None:
        positions = list(readable)
        refused = await limits.check_players([item.user_id for item in readable.values()])
        for place, refusal in refused.items():
            rejected[positions[place]] = refusal
            players[positions[place]] = readable[positions[place]].user_id
            del readable[positions[place]]
    submissions = list(readable.values())
    outcomes = zip(
        submissions, await request.app[app_keys.LEADERBOARD].submit_batch(submissions, query.board), strict=True
    )
    result: list[BatchOutcome] = [
        _rejected(position, rejected[position], players.get(position))
        if position in rejected
        else _item(position, *next(outcomes))
        for position in range(len(items))
    ]
    return answer(result)


def _require_key(request: web.Request, key: str | None, where: str) -> None:
    """A signed submission has a key of its own, or somebody who caught it could send it again: as long as it
    was refused, beside its retry.
    """
    if key is None and app_keys.SIGNED in request:
        raise ApiError(
            errors.INVALID_SUBMISSION_KEY,
            f"a signed submission needs {where}, kept by its retries, so that it counts once whoever sends it again",
        )


def _submission(body: SubmitRequest, key: str | None) -> Submission:
    return Submission(body.user_id, body.score, body.game_mode or "solo", body.username or None, key)


def _item(position: int, submission: Submission, outcome: Outcome) -> BatchOutcome:
    if outcome.status == "rejected":
        return _rejected(position, from_sqlstate(outcome.error, outcome.message), outcome.user_id)
    metrics.SUBMISSIONS[outcome.status,].add()
    kind = schemas.DuplicateItem if outcome.status == "replayed" else schemas.AcceptedItem
    return kind(
        _present(outcome.user_id),
        _present(outcome.score),
        _total(outcome),
        _name(outcome, submission.username),
    )


def _rejected(position: int, error: ApiError, user_id: int | None = None) -> schemas.RejectedItem:
    metrics.SUBMISSIONS["rejected" if error.failure.status < 500 else "failed",].add()
    log.info(
        "submission rejected",
        extra={"item": position, "user_id": user_id, "code": error.failure.code, "reason": error.message},
    )
    message = redaction.without_api_keys(error.message)
    return schemas.RejectedItem(schemas.Error(error.failure.code, message))


def _name(outcome: Outcome, sent: str | None) -> str | msgspec.UnsetType:
    """The player's name as it stands, for those who sent one; nobody else's is certain to be known."""
    return outcome.username if sent and outcome.username is not None else msgspec.UNSET


def _total(outcome: Outcome) -> int:
    return _present(outcome.total_score)


def _present(value: int | None) -> int:
    assert value is not None, "only a rejected submission lacks it"
    return value


# --- standings ----------------------------------------------------------------------------------------------


async def top(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.TopQuery)
    body = await request.app[app_keys.LEADERBOARD].top(query.limit, requests.cursor(query.after), query.board)
    response = json_answer(body)
    following = _next_page(_lasting(request.rel_url), body, query.limit)
    if following is not None:
        response.headers["Link"] = following
    return response


@functools.lru_cache(maxsize=32)
def _next_page(url: URL, body: bytes, limit: int) -> str | None:
    """The Link header for the page after `body`; None when that was the last one. Remembered: between two
    changes of the board it is the same for everybody.
    """
    rows = STANDINGS.decode(body)
    if len(rows) < limit:
        return None
    return _link_to(url.update_query(after=f"{rows[-1].total_score}.{rows[-1].user_id}"))


def _lasting(url: URL) -> URL:
    """The address without the parameter that makes it another one each time: see requests.query."""
    return url.without_query_params("_") if "_=" in url.raw_query_string else url


def _link_to(following: URL) -> str:
    return f'<{following}>; rel="next"'


async def rank(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.BoardQuery)
    user_id = request[app_keys.USER_ID] = requests.user_id(request.match_info["user_id"])
    return json_answer(await request.app[app_keys.LEADERBOARD].rank(user_id, query.board))


async def around(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.AroundQuery)
    user_id = request[app_keys.USER_ID] = requests.user_id(request.match_info["user_id"])
    return json_answer(await request.app[app_keys.LEADERBOARD].around(user_id, query.span, query.board))


async def ranks(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.RanksQuery)
    return answer(await request.app[app_keys.LEADERBOARD].ranks(requests.user_ids(query.user_ids), query.board))


async def distribution(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.DistributionQuery)
    return json_answer(await request.app[app_keys.LEADERBOARD].distribution(query.buckets, query.board))


async def boards(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return answer(await request.app[app_keys.LEADERBOARD].boards())


async def access(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    doors = request.app[app_keys.DOORS]
    return answer(schemas.Access(submit=await doors.may(request, "submit"), read=await doors.may(request, "read")))


async def rejected(request: web.Request) -> web.Response:
    query = requests.query(request, schemas.RejectedQuery)
    found = await request.app[app_keys.LEADERBOARD].rejected(query.limit, query.before, query.user_id, query.board)
    response = answer(found)
    if len(found) == query.limit:
        response.headers["Link"] = _link_to(_lasting(request.rel_url).update_query(before=str(found[-1].id)))
    return response


# --- health and description ---------------------------------------------------------------------------------


async def healthz(request: web.Request) -> web.Response:
    """Says that the process answers; asks nobody else, so a broken database does not get it restarted."""
    requests.query(request, schemas.Query)
    return answer(schemas.Health(status="ok"))


async def readyz(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    state = await request.app[app_keys.PROBE].state()
    return answer(state, status=503 if state.status == "unavailable" else 200)


async def openapi(request: web.Request) -> web.Response:
    requests.query(request, schemas.Query)
    return web.Response(body=request.app[app_keys.OPENAPI], content_type="application/json")


async def docs(request: web.Request) -> web.StreamResponse:
    requests.query(request, schemas.Query)
    return request.app[app_keys.WEBUI].page(webui.DOCS) or _page(request.app[app_keys.DOCS_PAGE])


async def index(request: web.Request) -> web.StreamResponse:
    # Its query string is the page's own business: ?player=7 is how a look-up is shared.
    return request.app[app_keys.WEBUI].page(webui.INDEX) or _page(pages.home(str(request.url.origin())))


def _page(html: str) -> web.Response:
    return web.Response(
        text=html,
        content_type="text/html",
        headers={"Content-Security-Policy": pages.POLICY},
    )
