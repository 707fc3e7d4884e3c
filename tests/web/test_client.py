"""The JavaScript client in a browser, on a page of another origin: a game that loads /client.js from the service."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from tests.support import ROOT
from tests.support.waiting import eventually
from tests.web.conftest import Console, Stack, chromium

Ledger = Callable[[int], list[tuple[int, str]]]
CONNECTION_FAILED = r"net::ERR_"

_GAME = """<!doctype html><title>A game</title><link rel="icon" href="data:,">
<script type="module">
  import * as leaderboard from '{address}/client.js';
  window.leaderboard = leaderboard;
  const queue = new leaderboard.BrowserQueue();
  window.client = (options) => new leaderboard.Client('{address}', {{ queue, ...options }});
</script>"""


class Games:
    """Serves pages at an address that is not the service's."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        games = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = games.pages[self.path].encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def games() -> Iterator[Games]:
    games = Games()
    thread = threading.Thread(target=games.server.serve_forever)
    thread.start()
    yield games
    games.server.shutdown()
    thread.join()
    games.server.server_close()


@pytest.fixture
def stack(database_url: str, redis_url: str, tmp_path: Path, games: Games) -> Iterator[Stack]:
    """A service that pages of the games may call."""
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "CORS_ORIGINS": games.address}
    stack = Stack(tmp_path / "data", **settings)
    games.pages["/game"] = _GAME.format(address=stack.address)
    yield stack
    stack.stop()


@pytest.fixture
def game(games: Games, stack: Stack) -> Callable[[BrowserContext], Page]:
    """`game(context)` opens the game in a new tab."""

    def start(context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(f"{games.address}/game")
        page.wait_for_function("window.client")
        return page

    return start


Game = Callable[[BrowserContext], Page]


def queued(page: Page) -> int:
    return page.evaluate("client({ autoFlush: false }).queued()")  # type: ignore[no-any-return]


def until_empty(page: Page) -> None:
    eventually(lambda: queued(page) == 0, "the queue is empty")


def test_an_offline_clients_queue_counts_once_when_it_is_back(
    new_context: Callable[..., BrowserContext], game: Game, console: Console, ledger: Ledger
) -> None:
    console.expect(CONNECTION_FAILED)
    context = new_context()
    page = game(context)
    context.set_offline(True)
    page.evaluate("window.playing = client({ patience: 0 })")
    page.evaluate("(async () => { for (const score of [1, 2]) await playing.submitLater(score, { player: 7 }); })()")
    assert page.evaluate("playing.flush().then((flushed) => flushed.error.mayHaveCounted)") is False
    assert queued(page) == 2
    assert ledger(7) == []
    context.set_offline(False)  # the event `online`
    until_empty(page)
    assert [score for score, _ in ledger(7)] == [1, 2]


def test_a_queue_survives_the_end_of_the_browser(
    playwright: Playwright, game: Game, tmp_path: Path, ledger: Ledger
) -> None:
    def browser() -> BrowserContext:
        return playwright.chromium.launch_persistent_context(tmp_path / "profile", **chromium())

    context = browser()
    page = game(context)
    context.set_offline(True)
    page.evaluate("client({ autoFlush: false }).submitLater(5, { player: 7, board: 'overall' })")
    context.close()
    context = browser()
    page = game(context)
    page.evaluate("void client()")  # flushes at the start
    until_empty(page)
    context.close()
    assert [score for score, _ in ledger(7)] == [5]


def test_a_lost_answer_counts_once(
    new_context: Callable[..., BrowserContext], game: Game, console: Console, ledger: Ledger
) -> None:
    console.expect(CONNECTION_FAILED)
    page = game(new_context())

    def lose(route: Route) -> None:
        route.fetch()  # the service gets the request
        route.abort()

    page.route("**/submit", lose)
    flushed = page.evaluate("""(async () => {
        window.playing = client({ autoFlush: false, patience: 0 });
        await playing.submitLater(5, { player: 7 });
        return playing.flush();
    })()""")
    assert (flushed["sent"], flushed["left"]) == (0, 1)
    assert [score for score, _ in ledger(7)] == [5]
    page.unroute("**/submit")
    assert page.evaluate("playing.flush()")["sent"] == 1
    assert [score for score, _ in ledger(7)] == [5]


def test_tabs_share_a_queue_which_is_bounded_and_reports_what_is_refused(
    new_context: Callable[..., BrowserContext], game: Game, console: Console, ledger: Ledger
) -> None:
    console.expect("status of 422")
    context = new_context()
    one, other = game(context), game(context)
    refused = one.evaluate("""(async () => {
        const queue = new leaderboard.BrowserQueue(undefined, { limit: 2 });
        const small = client({ autoFlush: false, queue });
        for (const score of [-1, 5]) await small.submitLater(score, { player: 7 });
        return small.submitLater(6, { player: 7 }).catch((error) => error.name);
    })()""")
    assert refused == "QueueFull"
    flushed = other.evaluate("""(async () => {
        const { sent, left, refused } = await client({ autoFlush: false }).flush();
        return [sent, left, refused.map(({ error }) => error.code)];
    })()""")
    assert flushed == [1, 0, ["score_out_of_bounds"]]
    assert queued(one) == 0
    assert [score for score, _ in ledger(7)] == [5]


def test_the_quick_start_of_a_page(new_context: Callable[..., BrowserContext], games: Games, stack: Stack) -> None:
    text = (ROOT / "docs" / "clients.md").read_text()
    (example,) = re.findall(r"^```html\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    start = '<!doctype html><title>A game</title><link rel="icon" href="data:,"><body></body>'
    games.pages["/quick-start"] = start + example.replace("http://localhost:8000", stack.address)
    page = new_context().new_page()
    page.goto(f"{games.address}/quick-start")
    expect(page.locator("body")).to_have_text(re.compile(r"1\. user_\d+: 1500"))
    stack.submit(8, 9_000, "ada")
    expect(page.locator("body")).to_have_text(re.compile(r"1\. ada: 9000, 2\. user_"))
