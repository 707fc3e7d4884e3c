"""Finding one's way: seasons, countries, names, ranks, oneself, the big screen, the language; on phones, too."""

import json
import re

import psycopg
import pytest
from playwright.sync_api import expect

from tests.support.page import find, players, row
from tests.web.conftest import Stack


@pytest.fixture
def world(crowd, database_url):
    """`crowd` with the board `race`: split by country, with a season each day. 101 - 130 are in DE, others in FR."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.create_board('race', p_period => 'daily', p_split_by => 'country')")
        connection.execute("""SELECT api.set_attributes(id, jsonb_build_object('country',
            CASE WHEN id <= 130 THEN 'DE' ELSE 'FR' END)) FROM users WHERE id BETWEEN 101 AND 160""")
    return crowd


def test_countries_are_picked_and_shown(page, world, axe, screenshot):
    page.goto(f"{world.address}/?board=race")
    expect(row(page, 101).locator(".country img")).to_be_visible()
    expect(page.get_by_test_id("countdown")).to_contain_text(re.compile(r"\d\d:\d\d"))
    page.get_by_label("Country").select_option("FR")
    expect(page).to_have_url(f"{world.address}/?board=race&split=FR")
    expect(row(page, 131)).to_be_visible()
    assert players(page)[0] == 131
    expect(page.locator(".masthead dd").first).to_have_text("30")
    assert axe(page) == []
    screenshot(page, "split", full_page=True)
    page.go_back()
    expect(row(page, 101)).to_be_visible()


def test_players_are_found_by_name(page, crowd, axe):
    page.goto(crowd.address)
    field = page.get_by_role("combobox", name="Player id to find")
    field.fill("player13")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(8)
    assert axe(page) == []
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_test_id("found")).to_contain_text("Player130")
    field.fill("zzz")
    expect(page.get_by_text("No player\u2019s name begins with zzz.")).to_be_visible()


def test_jumps_to_a_rank_and_to_oneself(page, crowd):
    page.goto(crowd.address)
    page.get_by_label("Rank to show").fill("40")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(row(page, 140)).to_be_visible()
    assert players(page)[0] == 140
    expect(page).to_have_url(f"{crowd.address}/?place=40")
    find(page, 130)
    page.get_by_role("button", name="This is me").click()
    page.get_by_role("button", name="To the top").click()
    page.reload()
    page.get_by_role("button", name="To me").click()
    expect(row(page, 130).locator(".me")).to_have_text("you")
    assert players(page) == list(range(118, 143))


def test_the_big_screen(page, crowd, screenshot):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{crowd.address}/?screen=1")
    big = page.get_by_test_id("big-screen")
    expect(big.locator("tr[data-player]")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    screenshot(page, "big-screen")
    page.keyboard.press("Escape")
    expect(row(page, 101)).to_be_visible()


def test_german(new_context, crowd, screenshot):
    page = new_context(locale="de-DE").new_page()
    page.goto(crowd.address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ewige Rangliste")
    expect(row(page, 101).locator(".total")).to_contain_text("60.000")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    screenshot(page, "german")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All-time standings")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("All-time standings")


def test_a_phone_reaches_every_part(new_context, crowd, axe, screenshot):
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(crowd.address)
    expect(row(page, 101)).to_be_visible()
    screenshot(page, "phone-board")
    tabs = page.get_by_role("navigation", name="Parts of the page")
    tabs.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("button", name="Submit score")).to_be_in_viewport()
    expect(row(page, 101)).to_be_hidden()
    screenshot(page, "phone-submit")
    tabs.get_by_role("button", name="Standings").click()
    page.locator(".board").get_by_role("button", name="Player103").click()
    expect(page.get_by_test_id("found")).to_contain_text("3 of 60")
    assert axe(page) == []
    screenshot(page, "phone-player")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_forms_stay_in_sight_beside_a_long_board(new_context, crowd, screenshot):
    page = new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.goto(crowd.address)
    page.get_by_role("button", name="Show 25 more").click()
    expect(row(page, 134)).to_be_visible()
    row(page, 134).scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Submit score")).to_be_in_viewport()
    screenshot(page, "long-board-1400")


def test_pictures_come_only_from_allowed_sites(new_context, database_url, redis_url, tmp_path, built):
    """Of two players with a picture, the one on an allowed site has it; of the other site nothing is asked."""
    stack = Stack(
        tmp_path / "avatars", DATABASE_URL=database_url, REDIS_URL=redis_url, AVATAR_ORIGINS="https://a.example"
    )
    try:
        for user_id, host in (1, "a.example"), (2, "b.example"):
            stack.submit(user_id, 500 - user_id, f"player{user_id}")
            with psycopg.connect(database_url) as connection:
                attributes = json.dumps({"avatar": f"https://{host}/face.svg"})
                connection.execute("SELECT api.set_attributes(%s, %s::jsonb)", (user_id, attributes))
        page = new_context().new_page()
        asked: list[str] = []
        picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'

        def answer(route):
            asked.append(route.request.url)
            assert "referer" not in route.request.headers
            route.fulfill(content_type="image/svg+xml", body=picture)

        page.route("https://*.example/**", answer)
        page.goto(stack.address)
        expect(row(page, 1).locator("img.avatar")).to_be_visible()
        expect(row(page, 2).locator("span.avatar")).to_have_text("P")
        assert asked == ["https://a.example/face.svg"]
        page.close()
    finally:
        stack.stop()
