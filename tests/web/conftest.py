"""The web page in a real browser, on a real service with a real PostgreSQL and Valkey.

A test fails on any error in the page's console, any uncaught exception and any violation of its
Content-Security-Policy, except those that the test expects.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from service.http import webui
from tests.support import ROOT
from tests.support.programs import missing
from tests.support.service import Service, ServiceThread

FOLDER = Path(__file__).parent
SCREENSHOTS = FOLDER / "screenshots"
AXE = ROOT / "webui" / "node_modules" / "axe-core" / "axe.min.js"
#: Generous, for a busy machine. Tests of speed say so.
PATIENCE_MS = 30_000

#: No sandbox, which root cannot have, and no requests to Google.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_REPORT_VIOLATIONS = """
addEventListener('securitypolicyviolation', (event) => {
  console.error(`CSP violation: ${event.effectiveDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture(scope="session")
def built() -> None:
    if not (webui.DIST / webui.INDEX).is_file():
        missing("it is not built: run `make web`")


# Per module, not per session: asyncio tests cannot run while Playwright's synchronous API is running.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Starts the machine's Chromium."""
    return playwright.chromium.launch(**chromium(*arguments))


def chromium(*arguments: str) -> dict[str, Any]:
    """The options with which Playwright starts the machine's Chromium. Debian's headless shell, which has no windows,
    needs half of the CPU.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        missing("there is no Chromium: apt-get install chromium-headless-shell, or chromium")
    return {"executable_path": path, "args": [*_ARGUMENTS, *arguments]}


class Stack:
    """The service on a database of the test's, which can be stopped and restarted: in a thread of this process or, with
    a `folder` for its log, as a process.
    """

    service: Service | ServiceThread

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        self._folder, self._settings = folder, {"PORT": "0"} | settings
        self.start()

    def start(self) -> None:
        if self._folder is None:
            self.service = ServiceThread(**self._settings)
        else:
            self._folder.mkdir(exist_ok=True)
            self.service = Service(self._folder, **self._settings).ready()
        # A restart keeps the address.
        self._settings["PORT"] = self.address.rpartition(":")[2]

    @property
    def address(self) -> str:
        return self.service.address

    def stop(self) -> None:
        """Stops the service gracefully if it is running."""
        if self.service.running:
            self.service.stop()

    def submit(self, user_id: int, score: int, username: str | None = None) -> dict[str, Any]:
        """Another client's submission."""
        body = {"user_id": user_id, "score": score} | ({"username": username} if username else {})
        status, answer = self.service.request("/api/leaderboard/submit", body)
        assert status == 200, answer
        return answer  # type: ignore[no-any-return]

    def rank(self, user_id: int) -> dict[str, Any]:
        status, answer = self.service.request(f"/api/leaderboard/rank/{user_id}")
        assert status == 200, answer
        return answer  # type: ignore[no-any-return]


@pytest.fixture
def stack(database_url: str, redis_url: str) -> Iterator[Stack]:
    """A service without players."""
    stack = Stack(DATABASE_URL=database_url, REDIS_URL=redis_url)
    yield stack
    stack.stop()


class Key(NamedTuple):
    id: str
    api_key: str


@pytest.fixture
def new_key(database_url: str) -> Callable[..., Key]:
    """`new_key("submit", "read")` creates an API key with these scopes."""

    def create(*scopes: str) -> Key:
        with psycopg.connect(database_url) as connection:
            made = connection.execute(
                "SELECT id, api_key FROM api.create_api_key('page', %s::text[])", (list(scopes),)
            ).fetchone()
        assert made is not None
        return Key(*made)

    return create


@pytest.fixture
def ledger(database_url: str) -> Callable[[int], list[tuple[int, str]]]:
    """`ledger(user_id)`: the counted scores of a player with their modes, in order."""

    def read(user_id: int) -> list[tuple[int, str]]:
        with psycopg.connect(database_url) as connection:
            return connection.execute(
                "SELECT score, game_mode FROM game_sessions WHERE user_id = %s ORDER BY id", (user_id,)
            ).fetchall()

    return read


@pytest.fixture
def crowd(stack: Stack) -> Stack:
    """60 players, 101 to 160: 101 has the most points, 158 to 160 tie for the last rank."""
    items = [
        {"user_id": 101 + place, "username": f"Player{101 + place}", "score": 60_000 - 1_000 * min(place, 57)}
        for place in range(60)
    ]
    status, answer = stack.service.request("/api/leaderboard/submit/batch", items)
    assert status == 200, answer
    return stack


class Console:
    """The errors in the pages of a test."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """Ignores errors that match `pattern` from now on, for example because the test stops the server."""
        self._expected.append(re.compile(pattern))

    def on_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._add(f"{message.text} ({message.location.get('url')})")

    def on_error(self, error: object) -> None:
        self._add(f"uncaught: {error}")

    def _add(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._expected):
            self.errors.append(text)


@pytest.fixture
def console() -> Iterator[Console]:
    console = Console()
    yield console
    assert console.errors == []


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser, console: Console, built: None, stack: Stack) -> Iterator[NewContext]:
    """`new_context(option=...)`: a new browser profile whose console is checked. Closed before the service stops."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.set_default_navigation_timeout(PATIENCE_MS)
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", console.on_message)
        context.on("weberror", lambda error: console.on_error(error.error))
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context().new_page()


@pytest.fixture
def console_with(new_context: NewContext, stack: Stack, new_key: Callable[..., Key]) -> Callable[..., Page]:
    """`console_with("admin", path="/players/7")` opens the console with a key of these scopes."""

    def open_console(*scopes: str, path: str = "", **options: Any) -> Page:
        context = new_context(**options)
        key = new_key(*scopes).api_key
        context.add_init_script(f"if (location.protocol === 'http:') sessionStorage.setItem('api-key', '{key}')")
        page = context.new_page()
        page.goto(f"{stack.address}/admin{path}")
        return page

    return open_console


@pytest.fixture
def screenshot() -> Callable[..., None]:
    """`screenshot(page, name)` saves a picture of the page for people to look at."""

    def take(page: Page, name: str, **options: Any) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        # Without the highlight of the last change.
        page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled", **options)

    return take


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: the violations that axe-core finds. The page's Content-Security-Policy stays in force."""

    def run(page: Page) -> list[str]:
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert found["passes"], "axe looked at nothing"
        return [
            f"{violation['impact']}: {violation['id']} {node['html']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
