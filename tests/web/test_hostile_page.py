"""A page of somebody else's in the browser of somebody who can reach the service: all it can do is nothing.

The service is open here, without keys, which is the worst case: only the browser's rules and what the service
tells it stand between the page and the scores.
"""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.web.conftest import PATIENCE_MS, Stack, launch

#: Each gives what came of it, as a text; none may throw.
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

#: A form that makes JSON of its one field, and what a beacon sends when the page is left.
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

#: Whether our page, or an answer, can be had as a part of another page.
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


def test_its_calls_count_nothing_and_tell_nothing(hostile: Page, stack: Stack, counted: Callable[[], int]) -> None:
    found = hostile.evaluate(CALLS, stack.address)
    assert found == {
        # Not even sent: the browser asks first, and is not told that it may.
        **dict.fromkeys(("json", "credentials", "method"), "TypeError"),
        # Sent, and the page may not know what came of it, or the browser refuses to hand on the answer.
        **dict.fromkeys(("text", "typed", "form", "untyped", "read", "blind"), "TypeError"),
    }
    assert counted() == 0


def test_neither_do_its_forms_and_beacons(hostile: Page, stack: Stack, counted: Callable[[], int]) -> None:
    hostile.evaluate(FORM, stack.address)
    hostile.goto("about:blank")
    assert counted() == 0
    log = stack.service.log.read_text()
    assert '"status":415' in log
    assert '"status":200' not in log


def test_nothing_can_be_made_a_part_of_it(hostile: Page, stack: Stack) -> None:
    assert hostile.evaluate(PARTS, stack.address) == [False, False, False]
    hostile.evaluate(
        "(service) => new Promise((done) => { const frame = document.createElement('iframe');"
        " frame.onload = () => done(null); frame.src = service; document.body.append(frame); })",
        stack.address,
    )
    (framed,) = hostile.frames[1:]
    assert framed.url.startswith("chrome-error:")


def test_what_is_allowed_in_can_call(
    hostile: Page, site: str, database_url: str, redis_url: str, tmp_path: Path, counted: Callable[[], int]
) -> None:
    """Without this the tests above could be of a browser that lets nobody do anything."""
    stack = Stack(tmp_path / "open", DATABASE_URL=database_url, REDIS_URL=redis_url, CORS_ORIGINS=site)
    try:
        found = hostile.evaluate(CALLS, stack.address)
    finally:
        stack.stop()
    assert found["json"].startswith("200 ")
    assert found["read"].startswith('200 [{"rank":1,"user_id":7')
    assert found["credentials"] == found["method"] == "TypeError"
    assert counted() == 1


def test_a_name_that_suddenly_leads_here_is_not_answered(
    playwright: Playwright, stack: Stack, counted: Callable[[], int]
) -> None:
    """DNS rebinding: to the browser the service is the hostile site itself, so no rule of its own helps."""
    port = stack.address.rpartition(":")[2]
    # Newer browsers ask before they let a page onto this machine. Ours is one that does not.
    browser = launch(
        playwright,
        "--host-resolver-rules=MAP evil.test 127.0.0.1",
        "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
    )
    try:
        page = browser.new_page()
        # The page itself still came from its own server; from then on the name leads here.
        page.route("**/won", lambda route: route.fulfill(content_type="text/html", body="<body></body>"))
        page.goto(f"http://evil.test:{port}/won")
        found = page.evaluate(CALLS, f"http://evil.test:{port}")
        assert found["json"].startswith("421 ")
        assert found["read"].startswith("421 ")
        assert "ALLOWED_HOSTS" in found["read"]
    finally:
        browser.close()
    assert counted() == 0
