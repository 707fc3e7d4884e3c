"""Builds the API's OpenAPI 3.1 document from the table of routes and the types that validate."""

import re
from http import HTTPStatus
from typing import Any

import msgspec

from service import VERSION, errors
from service.errors import RETRY_AFTER_SECONDS, Failure
from service.http.malformed import MAX_HEADER_BYTES, MAX_HEADERS, MAX_URL_BYTES
from service.http.routes import ROUTES, Route
from service.http.routes.route import Tag
from service.http.schemas import ErrorBody, KeyId, PlayerInPath, Query
from service.model import BoardName, Player

_PATH_PARAMETER = re.compile(r"\{(\w+)\}")
#: The type of each, and an example.
_PATH_TYPES: dict[str, tuple[Any, Any]] = {
    "user_id": (PlayerInPath, 7),
    "player": (Player, "steam:76561198000000000"),
    "name": (BoardName, "daily"),
    "id": (KeyId, "0123456789ab"),
}
_RETRY = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
#: As in draft-ietf-httpapi-ratelimit-headers. RateLimit-Policy is also on other responses under /api/.
_RATE_LIMIT_HEADERS = (
    ("RateLimit-Policy", "The limits: q calls in w seconds.", '"address";q=600;w=60'),
    ("RateLimit", "The limit that was exceeded: r calls are left; retry in t seconds.", '"address";r=0;t=12'),
)
_REF = "#/components/schemas/{name}"

#: How a caller identifies itself: access/credentials.py.
_SECURITY_SCHEMES: dict[str, Any] = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "lb_<id>_<secret>",
        "description": "Required once the first API key exists; reads may be left open.",
    }
}
#: No key is required before the first one is created. This stands for the whole document and not at each call, since
#: generators take a call with its own security for one that always requires a key.
_SECURITY: list[dict[str, list[str]]] = [{}, {"apiKey": []}]

#: The groups of calls, in the order of the page.
_TAGS: dict[Tag, str] = {
    "play": "What a game sends: scores, one by one or in batches, and play tickets.",
    "standings": "Who is best, and where a player stands.",
    "players": "Names, attributes, external ids, and what a player did.",
    "boards": "What counts where: boards, their seasons and splits.",
    "moderation": "Scores that do not count, bans, and score rules.",
    "operations": "API keys, health, and this description.",
}
#: The text on top of /docs, in Markdown.
_GUIDE = f"""
Submit a score, then ask for the best players. In a shell:

```sh
curl -X POST https://scores.example/api/leaderboard/submit -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: match-981-7' -d '{{"user_id": 7, "score": 1200}}'
curl 'https://scores.example/api/leaderboard/top?limit=10'
```

In Python:

```python
import requests

api = "https://scores.example/api/leaderboard"
headers = {{"Idempotency-Key": "match-981-7"}}
requests.post(f"{{api}}/submit", json={{"user_id": 7, "score": 1200}}, headers=headers).raise_for_status()
print(requests.get(f"{{api}}/top", params={{"limit": 10}}).json())
```

In JavaScript:

```js
const api = 'https://scores.example/api/leaderboard';
const headers = {{ 'Content-Type': 'application/json', 'Idempotency-Key': 'match-981-7' }};
await fetch(`${{api}}/submit`, {{ method: 'POST', headers, body: JSON.stringify({{ user_id: 7, score: 1200 }}) }});
console.log(await (await fetch(`${{api}}/top?limit=10`)).json());
```

- **Retries**: send the same `Idempotency-Key` again after no answer, 408, 429, 502, 503 or 504, and wait for as long as
  `Retry-After` says. The score counts once.
- **Keys**: if API keys are required, send `Authorization: Bearer lb_...`.
- **Boards**: every call on a leaderboard takes `?board=`, by default `overall`.
- **Errors** have one format: `{{"error": {{"code", "message"}}}}`. `X-Request-Id` is returned and logged.
- An integer may be written as 7, 7.0 or 7e0. Every call ignores the parameter `_`. Path and query have at most
  {MAX_URL_BYTES} bytes (else 414 `url_too_long`), a header {MAX_HEADER_BYTES} bytes, a request {MAX_HEADERS} headers
  (431 `headers_too_large`).
""".strip()


def document() -> dict[str, Any]:
    """The document as plain data, ready to be encoded."""
    types = [ErrorBody]
    routes = [route for route in ROUTES if route.tag is not None]
    for route in routes:
        types += [t for t in (route.body, route.answer, *(t for _, t, _ in route.other_answers)) if t is not None]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = {repr(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of)
    result = {
        "openapi": "3.1.0",
        "info": {
            "title": "Leaderboard",
            "version": VERSION,
            "summary": "Exact live ranks; an accepted score is committed, and counted once.",
            "description": _GUIDE,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": _SECURITY,
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SECURITY_SCHEMES},
    }
    _finish(result)
    return result


def _finish(node: Any) -> None:
    """Adds the size of every integer: without it, generators for C# and others assume 32 bits. Puts what a type says is
    accepted in the place of its pattern.
    """
    if isinstance(node, dict):
        if "x-accepted" in node:
            del node["pattern"]
            node |= node.pop("x-accepted")
        if node.get("type") == "integer":
            small = "minimum" in node and node["minimum"] >= -(2**31) and node.get("maximum", 2**31) < 2**31
            node["format"] = "int32" if small else "int64"
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            _finish(part)


def _operation(route: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route.query), *_headers(route)],
        "responses": _responses(route, schema_of),
    }
    if route.scope is None:
        operation["security"] = []
    elif route.scope in ("admin", "moderate", "keys"):
        operation["security"] = [{"apiKey": [route.scope]}]
    else:
        operation["description"] = f"If API keys are required: one with the scope `{route.scope}`."
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of[repr(route.body)], "example": route.body_example}},
        }
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _schema(kind), "example": example}
        for name, (kind, example) in ((name, _PATH_TYPES[name]) for name in _PATH_PARAMETER.findall(route.path))
    ]


def _query_parameters(kind: type[Query]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    for field in msgspec.structs.fields(kind):
        schema = _schema(field.type)
        # "or null" means optional; a query string has no null.
        if "anyOf" in schema:
            (present,) = [option for option in schema.pop("anyOf") if option != {"type": "null"}]
            schema = {**present, **schema}
        if "enum" in schema:
            schema = {
                "type": "string",
                **schema,
                "enum": [value for value in schema["enum"] if value is not None],
            }
        if field.default not in (msgspec.NODEFAULT, None):
            schema["default"] = field.default
        parameter: dict[str, Any] = {
            "name": field.encode_name,
            "in": "query",
            "required": field.required,
            "schema": schema,
        }
        if field.name == "user_ids":
            parameter |= {"style": "form", "explode": False}
        parameters.append(parameter)
    return parameters


def _headers(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "required": False, "description": description, "schema": _schema(kind)}
        for name, kind, description in route.headers
    ]


def _responses(route: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema_of[repr(route.answer)]}
    if route.answer_example is not None:
        content["example"] = route.answer_example
    success: dict[str, Any] = {"description": "OK", "content": {route.media_type: content}}
    if route.answer_headers:
        success["headers"] = {
            name: {"description": description, "schema": {"type": "string"}}
            for name, description in route.answer_headers
        }
    responses = {"200": success}
    for status, kind, description in route.other_answers:
        responses[str(status)] = {
            "description": description,
            "content": {"application/json": {"schema": schema_of[repr(kind)]}},
        }
    by_status: dict[int, list[Failure]] = {}
    for failure in route.failures:
        by_status.setdefault(failure.status, []).append(failure)
    for status, failures in sorted(by_status.items()):
        responses[str(status)] = _failure(status, failures, schema_of)
    return responses


def _failure(status: int, failures: list[Failure], schema_of: dict[str, Any]) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(failure.code for failure in failures)}",
        "content": {
            "application/json": {
                "schema": schema_of[repr(ErrorBody)],
                "examples": {
                    failure.code: {"value": {"error": {"code": failure.code, "message": errors.text_of(failure)}}}
                    for failure in failures
                },
            }
        },
    }
    if status in _RETRY:
        response["headers"] = {
            "Retry-After": {
                "description": "Seconds to wait before retrying.",
                "schema": {"type": "integer", "examples": [RETRY_AFTER_SECONDS]},
            }
        }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["headers"] |= {
            name: {"description": description, "schema": {"type": "string", "examples": [example]}}
            for name, description, example in _RATE_LIMIT_HEADERS
        }
    return response


def _schema(kind: Any) -> dict[str, Any]:
    return dict(msgspec.json.schema(kind))
