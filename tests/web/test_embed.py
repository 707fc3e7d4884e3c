"""The widget: live in a frame of an allowed site, and in no other."""

import http.server
import threading
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from tests.web.conftest import Stack

HOSTILE = '<img src=x onerror="alert(1)">'


class Site(http.server.BaseHTTPRequestHandler):
    """A site that shows the widget of the service whose address is in its query."""

    def do_GET(self) -> None:
        service = self.path.partition("?")[2]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>A game</title><iframe src='{service}'></iframe>".encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def site():
    """The address of another site, under another name of this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def stack(database_url, redis_url, tmp_path, site):
    """A service whose widget this site may show."""
    stack = Stack(tmp_path / "data", DATABASE_URL=database_url, REDIS_URL=redis_url, EMBED_ORIGINS=site)
    yield stack
    stack.stop()


def test_it_is_live_in_a_frame_of_an_allowed_site(page, crowd, site):
    page.goto(f"{site}/?{crowd.address}/embed?top=3")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".state")).to_have_text("live")
    expect(frame.locator("tbody tr").first).to_contain_text("Player101")
    expect(frame.locator("tbody tr")).to_have_count(3)
    crowd.submit(140, 70_000)
    expect(frame.locator("tbody tr").first).to_contain_text("Player140")
    expect(frame.get_by_role("link", name="Full leaderboard")).to_have_attribute("target", "_blank")


def test_no_other_site_and_no_other_page_can_be_framed(page, crowd, site, console):
    console.expect("frame-ancestors|X-Frame-Options|chrome-error")
    for address in f"{site.replace('localhost', '127.0.0.1')}/?{crowd.address}/embed", f"{site}/?{crowd.address}/":
        page.goto(address)
        page.wait_for_function("window.frames.length === 1")
        (framed,) = page.frames[1:]
        framed.wait_for_url("chrome-error:**")


def test_without_the_stream_it_asks_again(page, crowd, console):
    console.expect("503|stream")
    page.route("**/stream?*", lambda route: route.fulfill(status=503, body="{}"))
    page.clock.install()
    page.goto(f"{crowd.address}/embed?top=2")
    expect(page.locator(".state")).to_have_text("every 10 s")
    expect(page.locator("tbody tr")).to_have_count(2)
    crowd.submit(140, 70_000)
    page.clock.run_for(10_100)
    expect(page.locator("tbody tr").first).to_contain_text("Player140")
    # And comes back to the stream.
    page.unroute("**/stream?*")
    page.clock.run_for(51_000)
    expect(page.locator(".state")).to_have_text("live")


def test_it_says_so_while_the_service_is_away_and_comes_back(page, crowd, console):
    console.expect("ERR_|Failed to load")
    page.goto(f"{crowd.address}/embed")
    expect(page.locator(".state")).to_have_text("live")
    crowd.stop()
    expect(page.locator(".state")).to_have_text("server not reached")
    expect(page.locator("tbody tr")).to_have_count(10)
    crowd.start()
    expect(page.locator(".state")).to_have_text("live")


def test_the_address_says_what_it_shows(page, crowd, database_url, axe, console, screenshot):
    with psycopg.connect(database_url) as owner:
        owner.execute("SELECT api.create_board('laps', 'laps', 'best', p_unit => 'ms', p_lowest_wins => true)")
    for user_id, score in (101, 83_456), (102, 61_000):
        body = {"user_id": user_id, "score": score, "game_mode": "laps"}
        status, answer = crowd.service.request("/api/leaderboard/submit?board=laps", body)
        assert status == 200, answer
    for theme in "light", "dark":
        page.goto(f"{crowd.address}/embed?board=laps&theme={theme}&lang=de&utm=x")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        expect(page.get_by_role("heading", name="laps")).to_be_visible()
        expect(page.locator("tbody .total")).to_have_text(["1:01.000", "1:23.456"])
        link = page.get_by_role("link", name="Ganze Rangliste")
        expect(link).to_have_attribute("href", "/?board=laps")
        assert axe(page) == []
        screenshot(page, f"embed-{theme}")


@pytest.mark.parametrize("width", [280, 360, 768])
def test_hostile_names_stay_text_and_fit(page, crowd, width):
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    crowd.submit(7, 90_000, HOSTILE)
    crowd.submit(8, 80_000, "W" * 255)
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(f"{crowd.address}/embed?top=5")
    expect(page.locator("tbody tr").first).to_contain_text(HOSTILE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_says_why_there_is_nothing(page, crowd, new_key, console):
    console.expect("404|401")
    page.goto(f"{crowd.address}/embed?board=nothing")
    expect(page.locator(".message")).to_have_text("There is no such board.")
    new_key("submit")
    page.goto(f"{crowd.address}/embed")
    page.reload()
    expect(page.locator(".message")).to_have_text("This leaderboard is not public.")
