"""A hostile website in the browser of a person who can reach the service: it can neither submit nor read.

The service has no keys here, the worst case: only the browser's rules and the service's headers protect the scores.
"""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.web.conftest import PATIENCE_MS, Stack, launch

#: Each call returns its outcome as text; none throws.
CALLS = """async (service) => {
  const submit = service + '/api/leaderboard/submit';
  const top = service + '/api/leaderboard/top';
  const body = '{"user_id": 7, "score": 5}';
  const attempt = async (make) => {
    try {
      const response = await make();
      return response.type === 'opaque' ? 'opaque' : `${response.status} ${await response.text()}`;
    } catch (error) {
      return error.name;
    }
  };
  const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
  const simple = { method: 'POST', mode: 'no-cors', body };
  const typed = { 'Content-Type': 'text/plain;application/json' };
  const form = new URLSearchParams({ user_id: 7, score: 5 });
  return {
    json: await attempt(() => fetch(submit, json)),
    credentials: await attempt(() => fetch(submit, { ...json, credentials: 'include' })),
    method: await attempt(() => fetch(submit, { ...json, method: 'PUT' })),
    text: await attempt(() => fetch(submit, simple)),
    typed: await attempt(() => fetch(submit, { ...simple, headers: typed })),
    form: await attempt(() => fetch(submit, { ...simple, body: form })),
    untyped: await attempt(() => fetch(submit, { ...simple, body: new Blob([body]) })),
    read: await attempt(() => fetch(top)),
    blind: await attempt(() => fetch(top, { mode: 'no-cors' })),
  };
}"""

#: A form whose one field is JSON, and beacons, which are sent even after the page is left.
FORM = """(service) => {
  const submit = service + '/api/leaderboard/submit';
  const frame = document.createElement('iframe');
  frame.name = 'out';
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: submit, enctype: 'text/plain', target: 'out' });
  const input = document.createElement('input');
  Object.assign(input, { name: '{"user_id": 7, "score": 5, "username": "', value: '"}' });
  form.append(input);
  document.body.append(frame, form);
  navigator.sendBeacon(submit, new Blob(['{"user_id": 7, "score": 5}'], { type: 'application/json' }));
  navigator.sendBeacon(submit, '{"user_id": 7, "score": 5}');
  return new Promise((done) => { frame.onload = () => done(null); form.submit(); });
}"""

#: Whether another page can include an answer of the service.
PARTS = """(service) => {
  const loaded = (tag, properties) => new Promise((done) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.onload = () => done(true);
    element.onerror = () => done(false);
    document.body.append(element);
  });
  return Promise.all([
    loaded('script', { src: service + '/api/leaderboard/top' }),
    loaded('img', { src: service + '/api/leaderboard/top' }),
    loaded('link', { rel: 'stylesheet', href: service + '/api/leaderboard/top' }),
  ]);
}"""


class Site(http.server.BaseHTTPRequestHandler):
    """A site with one empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>You have won</title><body></body>")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def stack(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Stack]:
    """A process, for its log."""
    stack = Stack(tmp_path / "data", DATABASE_URL=database_url, REDIS_URL=redis_url)
    yield stack
    stack.stop()


@pytest.fixture
def site() -> Iterator[str]:
    """The address of the other site."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def hostile(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(site)
    yield page
    context.close()


@pytest.fixture
def counted(ledger: Callable[[int], list[tuple[int, str]]]) -> Callable[[], int]:
    return lambda: len(ledger(7))


def test_its_calls_neither_submit_nor_read(hostile: Page, stack: Stack, counted: Callable[[], int]) -> None:
    found = hostile.evaluate(CALLS, stack.address)
    assert found == {
        # Not sent: the browser's preflight request is not allowed.
        **dict.fromkeys(("json", "credentials", "method"), "TypeError"),
        # Sent, but the page cannot read the answer.
        **dict.fromkeys(("text", "typed", "form", "untyped", "read", "blind"), "TypeError"),
    }
    assert counted() == 0


def test_its_forms_and_beacons_do_not_submit(hostile: Page, stack: Stack, counted: Callable[[], int]) -> None:
    hostile.evaluate(FORM, stack.address)
    hostile.goto("about:blank")
    assert counted() == 0
    log = stack.service.log.read_text()
    assert '"status":415' in log
    assert '"status":200' not in log


def test_it_can_include_nothing(hostile: Page, stack: Stack) -> None:
    assert hostile.evaluate(PARTS, stack.address) == [False, False, False]
    hostile.evaluate(
        "(service) => new Promise((done) => { const frame = document.createElement('iframe');"
        " frame.onload = () => done(null); frame.src = service; document.body.append(frame); })",
        stack.address,
    )
    (framed,) = hostile.frames[1:]
    assert framed.url.startswith("chrome-error:")


def test_an_allowed_origin_can_call(
    hostile: Page, site: str, database_url: str, redis_url: str, counted: Callable[[], int]
) -> None:
    """Shows that the tests above fail because of the service, not because of the browser."""
    stack = Stack(DATABASE_URL=database_url, REDIS_URL=redis_url, CORS_ORIGINS=site)
    try:
        found = hostile.evaluate(CALLS, stack.address)
    finally:
        stack.stop()
    assert found["json"].startswith("200 ")
    assert found["read"].startswith('200 [{"rank":1,"user_id":7')
    assert found["credentials"] == found["method"] == "TypeError"
    assert counted() == 1


def test_dns_rebinding_is_not_answered(playwright: Playwright, stack: Stack, counted: Callable[[], int]) -> None:
    """To the browser the service is the hostile site itself, so its own rules do not help."""
    port = stack.address.rpartition(":")[2]
    # Newer browsers ask before a page may call this machine. Turn that off.
    browser = launch(
        playwright,
        "--host-resolver-rules=MAP evil.test 127.0.0.1",
        "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
    )
    try:
        page = browser.new_page()
        # The page itself comes from its own server; after that the name leads to the service.
        page.route("**/won", lambda route: route.fulfill(content_type="text/html", body="<body></body>"))
        page.goto(f"http://evil.test:{port}/won")
        found = page.evaluate(CALLS, f"http://evil.test:{port}")
        assert found["json"].startswith("421 ")
        assert found["read"].startswith("421 ")
        assert "ALLOWED_HOSTS" in found["read"]
    finally:
        browser.close()
    assert counted() == 0
