"""The console at /admin: who may open what, its addresses, the keyboard, narrow screens and both themes."""

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.support.page import tab_to
from tests.web.conftest import Stack

SECTIONS = {
    "boards": "Boards",
    "players": "Players",
    "moderation": "Moderation",
    "rejected": "Rejected submissions",
    "keys": "API keys",
    "health": "Health",
}


def sections(page: Page):
    return page.get_by_role("navigation", name="Sections").get_by_role("link")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


@pytest.fixture
def players(stack: Stack, database_url: str) -> Stack:
    """ada (7, steam:7) with three scores, one of them void, and grace (8); a daily board; one rejected submission."""
    for score in 100, 2_000, 900:
        stack.submit(7, score, "ada")
    stack.submit(8, 500, "grace")
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.link_player(7, 'steam:7'), api.set_attributes(7, '{\"country\": \"DE\"}')")
        connection.execute("SELECT api.create_board('daily', p_aggregate => 'best', p_period => 'daily')")
        connection.execute("SELECT api.create_board('arena', p_aggregate => 'best', p_manual_seasons => true)")
        connection.execute("SELECT api.set_score_rules('overall', p_max_score => 5000)")
        connection.execute("SELECT * FROM api.void_sessions('tests', 'speed hack', p_user_id => 7, p_above => 1999)")
    refused, _ = stack.service.request("/api/leaderboard/submit", {"user_id": 8, "score": 5_001})
    assert refused == 422
    return stack


def test_it_asks_for_a_key_and_opens_where_the_address_leads(page, players, new_key, console, screenshot):
    """A service without keys: the console stays closed, although submitting is open."""
    page.goto(f"{players.address}/admin/players/7")
    expect(page.get_by_role("heading", name="The console needs an API key")).to_be_visible()
    expect(sections(page)).to_have_count(0)
    screenshot(page, "admin-no-key")
    key = new_key("admin")
    page.get_by_role("button", name="Enter an API key").click()
    page.get_by_role("dialog").get_by_label("Key", exact=True).fill(key.api_key)
    page.get_by_role("button", name="Use this key").click()
    heading(page, "Players")
    expect(page.get_by_role("heading", name="ada")).to_be_visible()
    assert page.evaluate("Object.values(sessionStorage)") == [key.api_key]
    assert key.api_key[20:] not in page.content() + page.url


def test_a_key_without_the_scopes_opens_nothing(console_with, players):
    page = console_with("read", "submit", path="/moderation")
    expect(page.get_by_role("heading", name="This API key does not open the console")).to_be_visible()
    expect(sections(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("scopes", "shown", "word"),
    [
        (["moderate"], ["boards", "players", "moderation", "rejected", "health"], "the scope keys"),
        (["keys"], ["keys"], "the scope moderate"),
        (["admin", "keys"], list(SECTIONS), None),
    ],
    ids=["moderate", "keys", "all"],
)
def test_the_sections_of_a_key(console_with, players, scopes, shown, word):
    page = console_with(*scopes)
    expect(sections(page)).to_have_text([SECTIONS[name] for name in shown])
    if word is None:
        expect(page.get_by_text("Not shown:")).to_have_count(0)
    else:
        expect(page.get_by_text("Not shown:")).to_contain_text(word)
    for name in set(SECTIONS) - set(shown):
        page.goto(f"{players.address}/admin/{name}")
        expect(page.get_by_role("heading", name=f"{SECTIONS[name]} cannot be shown")).to_be_visible()


def test_a_moderator_changes_no_board_and_erases_no_player(console_with, players):
    page = console_with("moderate", path="/boards/daily")
    expect(page.get_by_role("heading", name="daily")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Change|Delete|End season"))).to_have_count(0)
    page.goto(f"{players.address}/admin/players/7")
    expect(page.get_by_role("button", name="Ban")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Erase|Export|Rename|Link"))).to_have_count(0)


def test_sections_have_addresses_and_history(console_with, players, console):
    console.expect("404.*/players/AD")
    page = console_with("admin", "keys")
    page.evaluate("window.notReloaded = true")
    for name, title in SECTIONS.items():
        sections(page).filter(has_text=title).click()
        expect(page).to_have_url(f"{players.address}/admin/{name}")
        heading(page, title)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page).to_have_title(f"{title} \u2013 Leaderboard console")
    page.go_back()
    heading(page, "API keys")
    sections(page).filter(has_text="Players").click()
    page.get_by_label("Name, user id or external id").fill("AD")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{players.address}/admin/players?find=AD")
    page.get_by_role("link", name="ada").click()
    expect(page).to_have_url(f"{players.address}/admin/players/7")
    page.go_back()
    expect(page.get_by_role("table", name="Players with this name")).to_contain_text("ada")
    assert page.evaluate("window.notReloaded") is True


@pytest.mark.parametrize("reference", ["7", "steam%3A7"])
def test_a_player_is_shown_by_any_id(console_with, players, reference):
    page = console_with("moderate", path=f"/players/{reference}")
    expect(page.get_by_role("heading", name="ada")).to_be_visible()
    expect(page.get_by_role("table", name="The sessions").get_by_role("row")).to_have_count(4)
    expect(page.locator("tr.faded")).to_contain_text("speed hack")


def test_what_does_not_exist_is_said(console_with, players, console):
    console.expect("404.*/players/")
    page = console_with("moderate", path="/players/4711")
    expect(page.get_by_text("There is no player 4711")).to_be_visible()
    page.goto(f"{players.address}/admin/boards/nope")
    expect(page.get_by_text("There is no board nope")).to_be_visible()
    page.goto(f"{players.address}/admin/players?find=nobody")
    expect(page.get_by_text("No player has this id, and no name begins with it")).to_be_visible()


def test_the_service_may_go_away_and_come_back(console_with, players, console):
    console.expect("ERR_|Failed to load resource")
    page = console_with("moderate", path="/moderation")
    log = page.get_by_role("table", name="The acts")
    expect(log).to_contain_text("speed hack")
    players.stop()
    page.get_by_label("Player").fill("7")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("The acts could not be loaded")).to_be_visible()
    players.start()
    expect(log).to_contain_text("speed hack")


def test_the_keyboard_alone_bans_a_player(console_with, players, database_url):
    page = console_with("moderate", path="/players/7")
    ban = page.get_by_role("button", name="Ban\u2026")
    tab_to(page, ban)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Until")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(ban).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_label("Reason"))
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Reason")).to_have_accessible_description(re.compile("Enter a reason"))
    page.keyboard.type("aim bot")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("preview")).to_be_focused()
    # Nothing behind the dialog can be reached.
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    tab_to(page, dialog.get_by_role("button", name="Yes, ban the player"))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("ban")).to_contain_text("Banned")
    expect(page.get_by_test_id("live")).to_contain_text("Banned: ")
    # The button is gone: the focus is in its card, not at the start of the page.
    expect(page.get_by_role("heading", name="ada")).to_be_focused()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT ban_id FROM users WHERE id = 7").fetchone() != (None,)


def looked_at(page: Page, path: str, address: str) -> None:
    page.goto(f"{address}/admin{path}")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("main h2").first).to_be_visible()


PATHS = {
    "boards": "/boards",
    "board": "/boards/daily",
    "players": "/players?find=a",
    "player": "/players/7",
    "moderation": "/moderation",
    "back-test": "/moderation/back-test",
    "rejected": "/rejected",
    "keys": "/keys",
    "health": "/health",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(console_with, players, console, axe, theme, screenshot):
    """In every section and the dialog, on screens from 360 to 1,400 pixels."""
    console.expect("404.*/players/a")
    page = console_with("admin", "keys", color_scheme=theme, reduced_motion="reduce")
    expect(sections(page)).to_have_count(len(SECTIONS))
    assert axe(page) == []
    for name, path in PATHS.items():
        for width in 1400, 768, 360:
            page.set_viewport_size({"width": width, "height": 900})
            looked_at(page, path, players.address)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
            if width != 768:
                assert axe(page) == [], name
                screenshot(page, f"admin-{name}-{theme}-{width}", full_page=True)
    looked_at(page, "/moderation", players.address)
    page.get_by_role("button", name="Void sessions\u2026").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Give at least one condition.")).to_be_visible()
    assert axe(page) == []
    screenshot(page, f"admin-void-{theme}-360")
    page.get_by_label("Score better than").fill("400")
    page.get_by_label("Reason").fill("a bug")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_test_id("preview")).to_contain_text("2 sessions, 2 players")
    assert axe(page) == []
    screenshot(page, f"admin-void-preview-{theme}-360")
