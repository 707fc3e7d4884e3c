"""The page of a player: standings, history, seasons, sessions, the link to share, and what goes wrong."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

from tests.support.page import find

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def history(database_url, crowd):
    """The players of `crowd`, and a board on which only player 130 played, in a season that has ended."""
    with psycopg.connect(database_url) as owner:
        owner.execute("SELECT api.create_board('arena', 'arena', p_manual_seasons => true)")
    body = {"user_id": 130, "score": 70, "game_mode": "arena"}
    status, answer = crowd.service.request("/api/leaderboard/submit?board=arena", body)
    assert status == 200, answer
    with psycopg.connect(database_url) as owner:
        owner.execute("SELECT * FROM api.end_season('arena')")
    return crowd


def test_shows_standings_sessions_and_seasons(page, history, axe, console, screenshot):
    # A board that the player is not on is asked, too.
    console.expect("404.*/rank/")
    page.goto(f"{history.address}/players/130")
    expect(page.get_by_role("heading", level=1)).to_have_text("Player130")
    expect(page).to_have_title("Player130 \u2013 Leaderboard")
    expect(page.locator(".profile-standing dd")).to_have_text(
        ["30 of 60", "31,070", str(history.rank(130)["percentile"])]
    )
    tile = page.locator(".board-tiles a[aria-current=true]")
    expect(tile).to_contain_text("30 of 60")
    sessions = page.get_by_role("region", name="Recent sessions").locator("tbody tr")
    expect(sessions).to_have_count(2)
    expect(sessions.last).to_contain_text("31,000")
    # A new score of another player is shown by the refresh.
    history.submit(159, 90_000)
    expect(page.locator(".profile-standing dd").first).to_have_text("31 of 60")
    assert axe(page) == []
    screenshot(page, "player-page", full_page=True)


def test_the_chart_has_a_point_a_day(page, history, axe, console, screenshot):
    """The service's history is replaced, since the past cannot be made in a test."""
    console.expect("404.*/rank/")
    points = [
        {"at": f"2026-01-{day:02}T00:00:00Z", "rank": 80 - 2 * day, "players": 90, "total_score": 1000 * day}
        for day in range(1, 29)
    ]
    page.route("**/history?*", lambda route: route.fulfill(json=points))
    page.goto(f"{history.address}/players/130")
    card = page.get_by_role("region", name="Rank over time")
    expect(card.locator(".recharts-line-dot")).to_have_count(28)
    expect(card.locator("figcaption")).to_have_text(re.compile("From rank 78 to rank 24 in 27 days."))
    card.get_by_text("Show as table").click()
    rows = card.locator("tbody tr")
    expect(rows).to_have_count(28)
    expect(rows.first).to_contain_text("24 of 90")
    # The best rank is above.
    heights = card.locator(".recharts-line-dot").evaluate_all("dots => dots.map(dot => Number(dot.getAttribute('cy')))")
    assert heights == sorted(heights, reverse=True)
    assert axe(page) == []
    screenshot(page, "player-page-history", full_page=True)


def test_boards_and_seasons_are_part_of_the_address(page, history, console):
    console.expect("404.*/(rank|players)/")
    page.goto(f"{history.address}/players/130")
    page.goto(f"{history.address}/players/130?board=arena")
    seasons = page.get_by_role("region", name="Seasons").locator("tbody tr")
    expect(seasons).to_have_count(1)
    expect(page.get_by_text("Not on this board yet.")).to_be_visible()
    seasons.get_by_role("link", name="Season 1").click()
    expect(page).to_have_url(f"{history.address}/players/130?board=arena&season=1")
    expect(page.locator(".profile-standing")).to_contain_text("1 of 1")
    expect(page.locator(".profile-standing .where")).to_have_text("arena \u00b7 Season 1")
    page.go_back()
    expect(page.get_by_text("Not on this board yet.")).to_be_visible()
    page.locator(".board-tiles a", has_text="All-time").click()
    expect(page).to_have_url(f"{history.address}/players/130")
    expect(page.locator(".profile-standing")).to_contain_text("30 of 60")


def test_the_standings_lead_to_it_and_it_leads_back(page, crowd):
    page.goto(crowd.address)
    find(page, 130)
    page.get_by_test_id("found").get_by_role("link", name="Player130").click()
    expect(page).to_have_url(f"{crowd.address}/players/130")
    page.get_by_role("link", name="Show in the standings").click()
    expect(page).to_have_url(f"{crowd.address}/?player=130")
    expect(page.get_by_test_id("found")).to_contain_text("Player130")


def test_the_link_is_copied(new_context, crowd):
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{crowd.address}/players/130")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    expect(page.get_by_test_id("live")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{crowd.address}/players/130"


def test_without_a_clipboard_the_link_is_shown(page, crowd):
    page.add_init_script("delete Navigator.prototype.clipboard; delete Navigator.prototype.share")
    page.goto(f"{crowd.address}/players/130")
    page.get_by_role("button", name="Share").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Copy this link:")
    expect(field).to_have_value(f"{crowd.address}/players/130")
    expect(field).to_be_focused()


def test_an_unknown_player_appears_with_the_first_score(page, crowd, axe, console):
    console.expect("404.*/players/999")
    page.goto(f"{crowd.address}/players/999")
    expect(page.get_by_role("heading", name="There is no such player")).to_be_visible()
    assert axe(page) == []
    crowd.submit(999, 5, "late")
    expect(page.get_by_role("heading", name="late")).to_be_visible()


def test_what_can_be_no_player_is_not_found(page, crowd, console):
    console.expect("404")
    console.expect("400")
    response = page.goto(f"{crowd.address}/players/0")
    assert response.status == 404
    expect(page.get_by_role("heading", name="There is no such player")).to_be_visible()
    page.goto(f"{crowd.address}/players/7/x")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()


def test_a_hostile_name_stays_text(page, crowd):
    crowd.submit(7, 5, HOSTILE)
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    page.goto(f"{crowd.address}/players/7")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    crowd.submit(8, 5, "W" * 255)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{crowd.address}/players/8")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_key_opens_it_where_reads_need_one(page, crowd, new_key, console):
    console.expect("401")
    key = new_key("read").api_key
    page.goto(f"{crowd.address}/players/130")
    expect(page.get_by_role("alert")).to_contain_text("The server requires an API key.")
    page.get_by_role("button", name="Enter an API key").click()
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Player130")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1400])
def test_it_fits_every_screen(new_context, history, console, axe, screenshot, width, scheme):
    console.expect("404.*/rank/")
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="de-DE").new_page()
    page.goto(f"{history.address}/players/130")
    expect(page.get_by_role("heading", name="Letzte Spiele")).to_be_visible()
    expect(page.locator(".profile-standing dd").first).to_have_text("30 von 60")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []
    screenshot(page, f"player-page-{width}-{scheme}", full_page=True)
