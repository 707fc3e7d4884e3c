"""The private names of libraries that the service uses, in one list. An upgrade that changes what is around them fails
here, and says what to read before the new version is used.
"""

import ast
import hashlib
import importlib.metadata
import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import asyncpg
import pytest
from aiohttp import web
from aiohttp.http import HttpRequestParser, RawRequestMessage
from redis.asyncio.connection import AbstractConnection

from tests.support import ROOT


class Use(NamedTuple):
    """`file` uses the private `names` of `kind`. `methods` are those that use them too, each with its fingerprint."""

    package: str
    kind: type
    file: str
    names: set[str]
    methods: dict[str, str]


#: Those of redis-py's connection that use `_writer`.
_WRITER_METHODS = {
    "__init__": "cf5f90ace947",
    "_close": "b016d934cc45",
    "getpeername": "7ff6417322c9",
    "disconnect": "11194f01c2f6",
    "_send_packed_command": "875d11f34170",
    "send_packed_command": "baaeabd91620",
}

USES = [
    Use(
        "aiohttp",
        web.RequestHandler,
        "service/http/express/connection.py",
        {
            "_close",
            "_force_close",
            "_handler_waiter",
            "_keepalive_handle",
            "_messages",
            "_next_keepalive_close_time",
            "_parser",
            "_process_keepalive",
            "_request_in_progress",
            "_waiter",
        },
        {
            "__init__": "46c577d1f419",
            "pause_reading": "c35fb392028c",
            "shutdown": "5eb4bd473db6",
            "connection_made": "44d50b5763b2",
            "connection_lost": "df2fe6e95fd0",
            "data_received": "1ee57ebe052e",
            "_resume_reading_if_drained": "27f2a6fbbb3a",
            "keep_alive": "c393d9ac05c3",
            "close": "84518f965e19",
            "force_close": "38d0e1e798e4",
            "_process_keepalive": "b472e0fb8445",
            "_handle_request": "a88a34ee65a2",
            "start": "2e565fd40c8e",
            "finish_response": "b7eb53db8f4b",
        },
    ),
    Use(
        "aiohttp",
        web.RequestHandler,
        "service/process/server.py",
        {"_waiter"},
        {
            "__init__": "46c577d1f419",
            "data_received": "1ee57ebe052e",
            "close": "84518f965e19",
            "force_close": "38d0e1e798e4",
            "_process_keepalive": "b472e0fb8445",
            "start": "2e565fd40c8e",
            "finish_response": "b7eb53db8f4b",
        },
    ),
    Use(
        "aiohttp",
        web.Server,
        "service/http/malformed.py",
        {"_kwargs", "_loop"},
        {
            "__init__": "ceb06418afb9",
            "_make_request": "1a84cf605fe7",
            "__call__": "c5700549e688",
        },
    ),
    Use(
        "aiohttp",
        web.AppRunner,
        "service/http/malformed.py",
        {"_make_server"},
        {
            "setup": "4ceee18981cf",
            "_make_server": "2d5358865abd",
        },
    ),
    Use(
        "redis",
        AbstractConnection,
        "service/cache/pipelined_connection.py",
        {"_reader", "_writer"},
        {**_WRITER_METHODS, "_socket_is_empty": "06e4f65761b2"},
    ),
    Use(
        "redis",
        AbstractConnection,
        "service/cache/redis_client.py",
        {"_writer"},
        _WRITER_METHODS,
    ),
    Use(
        "asyncpg",
        asyncpg.Connection,
        "service/database/connect.py",
        {"_transport"},
        {"__init__": "2302ae9d14e1"},
    ),
]


def methods_of(kind: type) -> Iterator[tuple[str, Any]]:
    for one in reversed(kind.__mro__):
        for name, value in vars(one).items():
            if inspect.isfunction(value) and one.__module__.partition(".")[0] == kind.__module__.partition(".")[0]:
                yield name, value


def relying_on(kind: type, names: set[str]) -> dict[str, str]:
    """The methods of a class that use the names, and those that are the names, with the fingerprints of their text."""
    word = re.compile(rf"\.({'|'.join(map(re.escape, sorted(names)))})\b")
    return {
        name: hashlib.sha256(text.encode()).hexdigest()[:12]
        for name, method in methods_of(kind)
        if word.search(text := inspect.getsource(method)) or name in names
    }


def used_in(file: str, kind: type) -> set[str]:
    """The private names of a class that a file uses."""
    has = set(dir(kind)) | {name for one in kind.__mro__ for name in re.findall(r"self\.(_[a-z]\w*)", _source(one))}
    tree = ast.walk(ast.parse((ROOT / file).read_text()))
    return {node.attr for node in tree if isinstance(node, ast.Attribute) and re.match("_[a-z]", node.attr)} & has


def _source(kind: type) -> str:
    try:
        return inspect.getsource(kind)
    except (TypeError, OSError):
        return ""  # a class in C


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.file}-{use.kind.__name__}")
def test_what_the_library_does_with_the_names_has_not_changed(use: Use) -> None:
    found = relying_on(use.kind, use.names)
    changed = sorted(name for name in found.keys() | use.methods.keys() if found.get(name) != use.methods.get(name))
    assert not changed, (
        f"{use.package} {importlib.metadata.version(use.package)}: in {inspect.getsourcefile(use.kind)},"
        f" {use.kind.__name__} has changed in {', '.join(changed)}. {use.file} relies on"
        f" {', '.join(sorted(use.names))}: compare these methods with those of the version before, run the tests of"
        f" {use.file}, and then write the new fingerprints into this test: {found}"
    )


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.file}-{use.kind.__name__}")
def test_the_list_names_all_that_is_used(use: Use) -> None:
    assert used_in(use.file, use.kind) - own_names(use) == use.names


def own_names(use: Use) -> set[str]:
    """The names of other classes of the list in the same file."""
    return {name for other in USES if other.file == use.file and other.kind is not use.kind for name in other.names}


def test_the_parser_in_c_has_what_the_express_way_uses() -> None:
    assert callable(HttpRequestParser.message_consumed)
    for name in ("method", "path", "version", "headers", "should_close", "compression", "upgrade", "chunked"):
        assert hasattr(RawRequestMessage, name)
