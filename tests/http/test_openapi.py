"""GET /openapi.json and GET /docs: the description against the routes, the types and the answers."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from service import errors
from service.app import create_app
from service.database import api_keys, functions, moderation, players
from service.http import openapi
from service.http.handlers import pages
from service.http.routes import ROUTES
from tests.support.api import address_of

DOCUMENT = openapi.document()
#: The calls. The others are pages.
CALLS = [route for route in ROUTES if route.tag is not None]
IDS = [f"{route.method} {route.path}" for route in CALLS]


def operation(route):
    return DOCUMENT["paths"][route.path][route.method.lower()]


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


async def test_is_served_as_it_is_built(client):
    response = await client.get("/openapi.json")
    assert response.status == 200
    assert response.content_type == "application/json"
    assert await response.json() == msgspec.to_builtins(DOCUMENT)


def test_describes_every_route_and_nothing_else(settings):
    """Pages, their assets and the console are no part of the API."""
    unlisted = {(route.method, route.path) for route in ROUTES if route.tag is None}
    unrouted = {"/assets/{name}", "/admin{view}", "/players/{user_id}", "/embed", "/client.js", "/avatar-origins.json"}
    routed = {
        (route.method, route.resource.canonical)
        for route in create_app(settings).router.routes()
        if route.method != "HEAD" and route.resource.canonical not in unrouted
    }
    described = {(method.upper(), path) for path, operations in DOCUMENT["paths"].items() for method in operations}
    assert described == routed - unlisted
    assert {route.media_type for route in ROUTES if route.tag is None} == {"text/html"}


def test_its_version_is_the_project_s():
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    assert project["version"] == DOCUMENT["info"]["version"]


def test_its_servers_are_relative():
    assert DOCUMENT["servers"] == [{"url": "/"}]


def test_every_reference_leads_somewhere():
    for reference in references(DOCUMENT):
        name = reference.removeprefix("#/components/schemas/")
        assert name in DOCUMENT["components"]["schemas"], reference


def test_keys_are_optional_but_for_the_administrator_s():
    """A generator makes a call with a security of its own one that wants a key, whatever else it lists."""
    (scheme,) = DOCUMENT["components"]["securitySchemes"]
    assert DOCUMENT["security"] == [{}, {scheme: []}]
    for route in CALLS:
        always_closed = {scope: [{scheme: [scope]}] for scope in ("admin", "moderate", "keys")}
        expected = {None: [], **always_closed}.get(route.scope, "none of its own")
        assert operation(route).get("security", "none of its own") == expected
        if expected == "none of its own":
            assert f"`{route.scope}`" in operation(route)["description"]


def integers(node, path=""):
    if isinstance(node, dict):
        if node.get("type") == "integer" or "integer" in (node.get("type") or ()):
            yield path, node
        for name, value in node.items():
            yield from integers(value, f"{path}/{name}")
    elif isinstance(node, list):
        for n, value in enumerate(node):
            yield from integers(value, f"{path}/{n}")


def test_every_integer_says_how_many_bits_it_needs():
    found = dict(integers(DOCUMENT))
    assert len(found) > 40
    for path, schema in found.items():
        small = schema.get("minimum", -(2**63)) >= -(2**31) and schema.get("maximum", 2**63) < 2**31
        assert schema["format"] == ("int32" if small else "int64"), path
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["SubmitAnswer"]["properties"]["total_score"]["format"] == "int64"
    assert schemas["SubmitRequest"]["properties"]["user_id"]["format"] == "int32"


def test_every_statement_of_the_service_is_checked_and_measured():
    """A statement that is not in STATEMENTS fails when it is called, and no probe would tell of its function."""
    for module in functions, moderation, players, api_keys:
        constants = [value for name, value in vars(module).items() if name.isupper() and not name.startswith("_")]
        written = {value for value in constants if isinstance(value, str) and "api." in value}
        assert written <= {*functions.STATEMENTS}


def test_operations_have_names_for_generated_clients():
    """A verb and a noun: generators make functions of them, and classes of the tags."""
    ids = [operation(route)["operationId"] for route in CALLS]
    assert len(set(ids)) == len(ids)
    for name in ids:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name), name


@pytest.mark.parametrize("route", CALLS, ids=IDS)
def test_examples_are_of_their_types(route):
    pairs = (route.body, route.body_example), (route.answer, route.answer_example)
    for kind, example in pairs:
        if example is not None:
            msgspec.json.decode(msgspec.json.encode(example), type=kind)
    described = route.media_type != "application/json" or route.handler is pages.openapi
    assert described or route.answer_example is not None
    assert route.body is None or route.body_example is not None


@pytest.mark.parametrize("route", CALLS, ids=IDS)
def test_parameters_are_the_ones_that_are_read(route):
    listed = {(p["name"], p["in"]): p for p in operation(route)["parameters"]}
    fields = {field.encode_name: field for field in msgspec.structs.fields(route.query)}
    assert {name for name, where in listed if where == "query"} == set(fields)
    for name, field in fields.items():
        parameter = listed[name, "query"]
        assert parameter["required"] == field.required
        if name == "user_ids":
            assert (parameter["style"], parameter["explode"]) == ("form", False)
            continue
        if parameter["schema"]["type"] == "array":
            assert field.default_factory() == []
            continue
        assert parameter["schema"].get("default") == (None if field.required else field.default)
        assert parameter["schema"]["type"] in {"string", "integer", "number"}
    in_path = re.findall(r"\{(\w+)\}", route.path)
    assert [name for name, where in listed if where == "path"] == in_path


@pytest.mark.parametrize("route", CALLS, ids=IDS)
def test_errors_are_listed_with_their_codes(route):
    responses = operation(route)["responses"]
    for failure in route.failures:
        content = responses[str(failure.status)]["content"]["application/json"]
        example = content["examples"][failure.code]["value"]
        assert content["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
        assert example["error"]["code"] == failure.code
        assert example["error"]["message"]


@pytest.mark.parametrize("route", CALLS, ids=IDS)
def test_what_keeps_a_request_out_is_listed(route):
    responses = operation(route)["responses"]
    assert "421" in responses
    assert ("429" in responses) == route.path.startswith("/api/")
    if "429" in responses:
        assert set(responses["429"]["headers"]) == {"Retry-After", "RateLimit", "RateLimit-Policy"}


def test_every_error_is_listed_somewhere():
    kinds = {failure for failure in vars(errors).values() if isinstance(failure, errors.Failure)}
    listed = {failure for route in ROUTES for failure in route.failures}
    # These answer what has no route, a head that is too large for one to be found (told once, for all calls:
    # test_heads.py), and a preflight; the others no call can meet: it validates what the function would
    # refuse, or does not call the one function that raises it.
    elsewhere = {
        errors.NOT_FOUND,
        errors.METHOD_NOT_ALLOWED,
        errors.URL_TOO_LONG,
        errors.HEADERS_TOO_LARGE,
        errors.ORIGIN_NOT_ALLOWED,
        errors.HEADER_NOT_ALLOWED,
    }
    assert kinds - listed == elsewhere


async def test_answers_are_of_the_described_types(client, db, subtests):
    key = await db.fetchval("SELECT api_key FROM api.create_api_key('test', '{admin,keys}')")
    client.session.headers["Authorization"] = f"Bearer {key}"
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    await client.post("/api/leaderboard/submit?include=rank,boards", json={"user_id": 7, "score": 5})
    for route in CALLS:
        if route.method != "GET" or route.media_type != "application/json":
            continue
        with subtests.test(path=route.path):
            response = await client.get(address_of(route))
            assert response.status == 200
            msgspec.json.decode(await response.read(), type=route.answer)


async def test_docs_is_a_page_without_scripts_or_anything_from_elsewhere(client):
    response = await client.get("/docs")
    page = await response.text()
    assert response.status == 200
    assert response.content_type == "text/html"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<script" not in page and "http://" not in page and "https://" not in page
    assert 'href="openapi.json"' in page


async def test_the_front_page_says_how_the_api_is_used(client):
    response = await client.get("/")
    page = await response.text()
    assert response.status == 200
    assert response.content_type == "text/html"
    assert f"http://127.0.0.1:{client.port}/api/leaderboard/top" in page
    assert "make web" in page
    assert "<script" not in page
