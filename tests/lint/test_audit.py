"""The audit of installed packages: the real tools against a local service with vulnerabilities of the test's."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import unquote

import pytest

from tests.lint import audit

#: A vulnerability in a Python package and one in an npm package.
PYTHON = {
    "id": "PYSEC-0000-1",
    "summary": "a fault",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "aliases": ["CVE-0000-1"],
    "affected": [
        {
            "package": {"name": "aiohttp", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
        }
    ],
}
NPM = {
    "id": 1,
    "url": "https://example.com/1",
    "title": "a fault",
    "severity": "high",
    "vulnerable_versions": "<99.0.0",
}


class Knows(http.server.BaseHTTPRequestHandler):
    python: ClassVar[list[dict[str, Any]]] = []
    npm: ClassVar[dict[str, list[dict[str, Any]]]] = {}

    def do_GET(self) -> None:
        """npm asks for the versions of a package with a fault."""
        name = unquote(self.path.strip("/"))
        self._answer({"name": name, "versions": {"1.0.0": {"name": name, "version": "1.0.0"}}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/query"):
            mine = json.loads(body)["package"]["name"] == "aiohttp"
            answer: object = {"vulns": self.python if mine else []}
        else:
            answer = self.npm
        self._answer(answer)

    def _answer(self, answer: object) -> None:
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The options that lead to a service which knows nothing bad yet."""
    monkeypatch.setattr(Knows, "python", [])
    monkeypatch.setattr(Knows, "npm", {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Knows) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield ["--osv-url", f"{address}/v1/query", "--registry", f"{address}/"]
        server.shutdown()
        thread.join()


def test_nothing_known_is_good(service: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(service) == 0
    out = capsys.readouterr().out
    assert "skipped" not in out
    assert out.count(" 0 known faults") == 2


def test_a_known_fault_fails(
    service: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Knows, "python", [PYTHON])
    monkeypatch.setattr(Knows, "npm", {"react": [NPM], "vite": [{**NPM, "severity": "low"}]})
    assert audit.main(service) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("aiohttp ")
    assert first.endswith("PYSEC-0000-1, fixed in 99.0")
    assert second == "react <99.0.0: high: a fault https://example.com/1"


def test_one_that_was_looked_at_is_passed_over(service: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Knows, "python", [PYTHON])
    monkeypatch.setattr(Knows, "npm", {"react": [NPM]})
    monkeypatch.setattr(audit, "IGNORED", {"CVE-0000-1": "not used here"})
    assert audit.main(service) == 1
    monkeypatch.setattr(audit, "IGNORED", {"CVE-0000-1": "not used here", NPM["url"]: "neither"})
    assert audit.main(service) == 0


def test_without_the_services_it_is_skipped_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    nobody = "http://127.0.0.1:9/"
    assert audit.main(["--osv-url", nobody, "--registry", nobody]) == 0
    out = capsys.readouterr().out
    assert "pip-audit: skipped: " in out
    assert "npm audit: skipped: " in out


def test_a_tool_that_does_not_run_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    nobody = "http://127.0.0.1:9/"
    assert audit.main(["--osv-url", nobody, "--registry", nobody]) == 1
    assert "pip-audit: it did not run" in capsys.readouterr().err
