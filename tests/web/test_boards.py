"""Other boards than the default: by address, by link, back and forward; and unknown addresses."""

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.support.page import fill, find, players, row, submit_button


@pytest.fixture
def boards(crowd, database_url):
    """`crowd` with three more boards; `best-team` has player 103 with 700 and 102 with 400 points."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "SELECT api.create_board('best-team', 'team', 'best', 0, 5000),"
            " api.create_board('last', NULL, 'last'),"
            " api.create_board('a.board-with_the.longest-name_there-can-be-of-50ch', 'duel')"
        )
    for user_id, score in (102, 400), (103, 700), (103, 300):
        body = {"user_id": user_id, "score": score, "game_mode": "team"}
        assert crowd.service.request("/api/leaderboard/submit", body)[0] == 200
    return crowd


def board_link(page: Page, name: str):
    return page.get_by_role("navigation", name="Boards").get_by_role("link", name=name, exact=True)


def asked_for(page: Page) -> list[str]:
    """The paths of the calls that the page makes from now on."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url.partition("/api/leaderboard")[2]) if "/api/leaderboard/" in request.url else None
        ),
    )
    return asked


def test_everything_belongs_to_the_board_in_the_address(page, boards, screenshot):
    asked = asked_for(page)
    page.goto(f"{boards.address}/?board=best-team&player=102")
    expect(row(page, 103).locator(".total")).to_contain_text("700")
    assert players(page) == [103, 102]
    expect(page.get_by_role("heading", level=1)).to_have_text("best-team")
    expect(page).to_have_title("best-team \u2013 Leaderboard")
    expect(page.locator(".masthead")).to_contain_text("The best of each player\u2019s team scores.")
    expect(page.locator(".masthead dd").first).to_have_text("2")
    expect(page.get_by_test_id("found").locator("dd").first).to_have_text("2 of 2")
    expect(page.get_by_test_id("found").locator("tr[data-player]")).to_have_count(2)
    expect(page.get_by_test_id("place-in-chart")).to_contain_text("400")
    expect(board_link(page, "best-team")).to_have_attribute("aria-current", "page")
    calls = [path for path in asked if not path.startswith(("/boards", "/access"))]
    assert {path.split("?")[0] for path in calls} == {"/top", "/stream", "/rank/102", "/around/102", "/distribution"}
    assert all("board=best-team" in path for path in calls)
    screenshot(page, "board-of-its-own", full_page=True)


def test_a_submission_goes_to_the_board_and_follows_its_rules(page, boards, ledger):
    page.goto(f"{boards.address}/?board=best-team")
    expect(row(page, 103)).to_be_visible()
    expect(page.get_by_label("Mode", exact=True)).to_be_disabled()
    expect(page.get_by_label("Mode", exact=True)).to_have_value("team")
    fill(page, user_id="102", score="5001")
    submit_button(page).click()
    expect(page.get_by_text("A score is a whole number from 0 to 5,000.")).to_be_visible()
    fill(page, user_id="102", score="900")
    with page.expect_request("**/submit?*") as sent:
        submit_button(page).click()
    assert "board=best-team" in sent.value.url
    expect(page.get_by_test_id("counted")).to_contain_text("up 1 place")
    expect(page.get_by_test_id("counted")).to_contain_text("900")
    assert ledger(102)[-1] == (900, "team")
    expect(row(page, 102).locator(".gold")).to_be_visible()
    # Another board hides the result on this one.
    board_link(page, "last").click()
    expect(row(page, 101)).to_be_visible()
    expect(page.get_by_test_id("counted")).to_have_count(0)
    expect(page.get_by_label("Player id", exact=True)).to_have_value("102")
    expect(page.get_by_label("Mode", exact=True)).to_be_enabled()


def test_links_and_history_keep_the_board(page, new_context, boards):
    page.goto(boards.address)
    page.evaluate("window.notReloaded = true")
    expect(row(page, 101)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("All-time standings")
    find(page, 102)
    expect(page.get_by_test_id("found")).to_contain_text("2 of 60")
    board_link(page, "best-team").click()
    expect(page).to_have_url(f"{boards.address}/?player=102&board=best-team")
    expect(page.get_by_test_id("found")).to_contain_text("2 of 2")
    expect(page.get_by_test_id("live")).not_to_have_text("")
    page.locator(".board").get_by_role("button", name="Player103").click()
    expect(page).to_have_url(f"{boards.address}/?player=103&board=best-team")
    expect(page.get_by_test_id("found")).to_contain_text("1 of 2")

    elsewhere = new_context().new_page()
    elsewhere.goto(page.url)
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("best-team")
    expect(elsewhere.get_by_test_id("found")).to_contain_text("1 of 2")
    elsewhere.get_by_role("link", name="Leaderboard", exact=True).click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("All-time standings")

    page.go_back()
    expect(page.get_by_test_id("found")).to_contain_text("2 of 2")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("All-time standings")
    expect(page.get_by_test_id("found")).to_contain_text("2 of 60")
    expect(row(page, 101)).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("best-team")
    assert players(page) == [103, 102]
    board_link(page, "overall").click()
    expect(page).to_have_url(f"{boards.address}/?player=102")
    assert page.evaluate("window.notReloaded") is True


def test_show_more_stays_on_the_board(page, boards):
    page.goto(f"{boards.address}/?board=last")
    expect(row(page, 101)).to_be_visible()
    with page.expect_request(re.compile(r"/top\?.*after=")) as asked:
        page.get_by_role("button", name="Show 25 more").click()
    assert "board=last" in asked.value.url
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(35)
    board_link(page, "best-team").click()
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(2)


def test_a_player_who_is_not_on_the_board(page, boards, console):
    console.expect("404.*/(rank|around)/140")
    page.goto(f"{boards.address}/?board=best-team&player=140")
    expect(page.get_by_test_id("not-found")).to_contain_text("No player with the id 140 is on this board.")


def test_an_empty_board(page, boards, screenshot):
    page.goto(f"{boards.address}/?board=a.board-with_the.longest-name_there-can-be-of-50ch")
    expect(page.get_by_text("No players on this board yet.")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    screenshot(page, "board-long-name-360")


@pytest.mark.parametrize("name", ["no-such", "<b>x</b>", "overall ", "a b&c"])
def test_an_unknown_board_lists_the_boards_there_are(page, boards, name, screenshot):
    """The page makes no calls for an unknown board, so the console has no errors."""
    asked = asked_for(page)
    page.goto(boards.address)
    expect(row(page, 101)).to_be_visible()
    # What comes after the board is loaded, too.
    expect(page.get_by_test_id("live-state")).to_have_text("Live")
    expect(page.get_by_role("button", name="Submit score")).to_be_visible()
    expect(page.locator(".chart svg").first).to_be_visible()
    asked.clear()
    page.evaluate("name => { location.search = '?' + new URLSearchParams({ board: name, player: 102 }) }", name)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"There is no board {name}".strip())
    expect(page.get_by_role("navigation", name="Boards").get_by_role("link")).to_have_count(4)
    expect(page.locator(".board")).to_have_count(0)
    assert {path.split("?")[0] for path in asked} == {"/boards"}
    screenshot(page, "no-such-board")
    board_link(page, "best-team").click()
    expect(page).to_have_url(f"{boards.address}/?board=best-team&player=102")
    expect(row(page, 103)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("There is no board")


def test_a_board_is_shown_as_soon_as_it_is_created(page, boards, database_url):
    page.goto(f"{boards.address}/?board=new")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no board new")
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.create_board('new')")
    expect(row(page, 101)).to_be_visible()


def test_a_single_board_has_no_links(page, crowd):
    page.goto(crowd.address)
    expect(row(page, 101)).to_be_visible()
    expect(page.locator(".masthead dd").first).to_have_text("60")
    expect(page.get_by_role("navigation", name="Boards")).to_have_count(0)


def test_an_unknown_address_says_so(page, crowd, console, screenshot):
    console.expect("404.*/no/such/page")
    response = page.goto(f"{crowd.address}/no/such/page?board=x")
    assert response is not None and response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(page.locator("code")).to_have_text("/no/such/page")
    screenshot(page, "no-such-page")
    page.get_by_role("link", name="Go to the standings").click()
    expect(row(page, 101)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(new_context, boards, console, axe, theme, screenshot):
    console.expect("404.*/nowhere")
    page = new_context(color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(f"{boards.address}/?board=best-team&player=102")
    expect(page.get_by_test_id("found").locator("tr[data-player]").first).to_be_visible()
    expect(page.locator(".chart svg").first).to_be_visible()
    assert axe(page) == []
    for width in 360, 768, 1400:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"board-{theme}-{width}")
    page.goto(f"{boards.address}/?board=no-such")
    expect(page.get_by_role("heading", level=1)).to_contain_text("There is no board")
    assert axe(page) == []
    screenshot(page, f"no-such-board-{theme}")
    page.goto(f"{boards.address}/nowhere")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert axe(page) == []
