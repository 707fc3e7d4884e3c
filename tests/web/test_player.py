"""Finding a player: the card, the neighbours, the chart, and the address to share."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

from tests.support.page import find


def test_shows_rank_total_percentile_and_neighbours(page, crowd, screenshot):
    page.goto(crowd.address)
    find(page, 130)
    found = page.get_by_test_id("found")
    truth = crowd.rank(130)
    expect(found).to_contain_text("Player130")
    expect(found.locator("dd")).to_have_text(["30 of 60", "31,000", str(truth["percentile"])])
    neighbours = found.locator("tr[data-player]")
    expect(neighbours).to_have_count(7)
    ids = neighbours.evaluate_all("rows => rows.map(row => Number(row.dataset.player))")
    assert ids == [127, 128, 129, 130, 131, 132, 133]
    expect(found.locator("tr[aria-current=true]")).to_have_attribute("data-player", "130")
    expect(page).to_have_url(f"{crowd.address}/?player=130")
    expect(page.locator(".chart svg").first).to_be_visible()
    screenshot(page, "player", full_page=True)


def test_the_chart_marks_the_player_s_place(page, crowd):
    page.goto(f"{crowd.address}/?player=130")
    status, buckets = crowd.service.request("/api/leaderboard/distribution?buckets=40")
    assert status == 200
    (place,) = [n for n, bucket in enumerate(buckets) if bucket["from"] <= 31_000 <= bucket["to"]]
    bars = page.locator(".recharts-bar-rectangle path")
    filled = [n for n, bucket in enumerate(buckets) if bucket["players"]]
    expect(bars).to_have_count(len(filled))
    fills = bars.evaluate_all("bars => bars.map(bar => bar.getAttribute('fill'))")
    assert [n for n, fill in zip(filled, fills, strict=True) if fill == "var(--lb-mark)"] == [place]
    low, high = buckets[place]["from"], buckets[place]["to"]
    expect(page.get_by_test_id("place-in-chart")).to_contain_text(
        re.compile(f"Player130 is (among|the only player).* with {low:,} to {high:,} points")
    )
    expect(page.locator(".chart svg text").filter(has_text="Player130")).to_be_visible()
    page.get_by_text("Show as table").click()
    expect(page.locator(".distribution-table .looked-up")).to_have_count(1)


def test_an_unknown_player(page, crowd, console, screenshot):
    console.expect("404.*/rank/999")
    page.goto(crowd.address)
    find(page, 999)
    expect(page.get_by_test_id("not-found")).to_contain_text("No player has the id 999.")
    expect(page.get_by_test_id("live")).to_have_text("There is no player 999.")
    screenshot(page, "player-not-found")
    # The page shows the player as soon as there is one.
    crowd.submit(999, 5, "late")
    expect(page.get_by_test_id("found")).to_contain_text("late")


def test_the_address_is_shared_reloaded_and_goes_back(page, new_context, crowd):
    page.goto(crowd.address)
    find(page, 130)
    expect(page.get_by_test_id("found")).to_contain_text("Player130")
    find(page, 140)
    expect(page.get_by_test_id("found")).to_contain_text("Player140")

    elsewhere = new_context().new_page()
    elsewhere.goto(page.url)
    expect(elsewhere.get_by_test_id("found")).to_contain_text("Player140")
    expect(elsewhere.get_by_label("Player id to find")).to_have_value("140")

    page.reload()
    expect(page.get_by_test_id("found")).to_contain_text("Player140")
    page.go_back()
    expect(page.get_by_test_id("found")).to_contain_text("Player130")
    expect(page.get_by_label("Player id to find")).to_have_value("130")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_test_id("found")).to_have_count(0)
    expect(page).to_have_url(f"{crowd.address}/")


def test_a_name_on_the_board_shows_its_player(page, crowd):
    page.goto(crowd.address)
    page.locator(".board").get_by_role("button", name="Player103").click()
    expect(page.get_by_test_id("found")).to_contain_text("3 of 60")
    expect(page.locator(".board tr.looked-up")).to_have_attribute("data-player", "103")


def test_an_invalid_id_is_rejected_without_a_call(page, crowd):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/rank/" in request.url else None)
    page.goto(f"{crowd.address}/?player=abc")
    expect(page.get_by_label("Player id to find")).to_have_value("abc")
    expect(page.get_by_text("A player id is a whole number from 1 to 2,147,483,647.")).to_be_visible()
    find(page, 0)
    expect(page.get_by_text("A player id is a whole number from 1 to 2,147,483,647.")).to_be_visible()
    assert asked == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abc", "No player\u2019s name begins with abc."),
        ("0", "A player id is a whole number from 1 to 2,147,483,647."),
        ("", "Enter a player id."),
        ("999", "No player has the id 999."),
    ],
)
def test_a_failed_search_clears_the_player_shown(page, crowd, console, text, told):
    console.expect("404.*/(rank|around)/999")
    page.goto(f"{crowd.address}/?player=130")
    expect(page.get_by_test_id("found")).to_contain_text("Player130")
    expect(page.get_by_test_id("place-in-chart")).to_contain_text("Player130")
    find(page, text)
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_test_id("found")).to_have_count(0)
    expect(page.get_by_test_id("place-in-chart")).to_have_count(0)
    expect(page.get_by_label("Player id to find")).to_have_value(text)
    page.go_back()
    expect(page.get_by_test_id("found")).to_contain_text("Player130")
    expect(page.get_by_label("Player id to find")).to_have_value("130")
    expect(page.get_by_text(told)).to_have_count(0)


def test_a_deleted_player_disappears(page, crowd, console, database_url):
    console.expect("404.*/(rank|around)/130")
    page.goto(f"{crowd.address}/?player=130")
    expect(page.get_by_test_id("found")).to_contain_text("Player130")
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM users WHERE id = 130")
    expect(page.get_by_test_id("not-found")).to_be_visible()
    expect(page.get_by_test_id("place-in-chart")).to_have_count(0)
    expect(page.get_by_text("Player130")).to_have_count(0)


def test_another_client_s_score_updates_the_player_shown(page, crowd):
    page.goto(f"{crowd.address}/?player=130")
    expect(page.get_by_test_id("found").locator("dd").first).to_have_text("30 of 60")
    crowd.submit(130, 100_000)
    expect(page.get_by_test_id("found").locator("dd").first).to_have_text("1 of 60")
