"""Failures: what the page says, what it keeps, and that it recovers by itself."""

import re

import psycopg
import redis
from playwright.sync_api import expect
from psycopg.conninfo import conninfo_to_dict

from tests.support.page import fill, row, submit_button


def test_server_stopped_and_back(page, stack, console, screenshot):
    console.expect("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE")
    stack.submit(7, 1_000, "ada")
    page.goto(f"{stack.address}/?player=7")
    expect(row(page, 7)).to_be_visible()
    expect(page.get_by_test_id("found")).to_contain_text("1,000")
    expect(page.locator(".chart svg").first).to_be_visible()
    stack.stop()
    notice = page.locator(".connection")
    expect(notice).to_contain_text("The server cannot be reached.")
    expect(notice).to_contain_text("Trying again every 3 seconds.")
    # The last known data stays.
    expect(row(page, 7)).to_be_visible()
    expect(page.get_by_test_id("found")).to_contain_text("1,000")
    screenshot(page, "server-stopped")
    # A submission can be retried.
    fill(page, user_id="7", score="500")
    submit_button(page).click()
    expect(page.get_by_text("You can safely try again: the score counts once.")).to_be_visible()
    stack.start()
    expect(notice).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(row(page, 7).locator(".total")).to_contain_text("1,500")


def test_offline_and_back(page, stack, console):
    console.expect("ERR_INTERNET_DISCONNECTED")
    stack.submit(7, 1_000, "ada")
    page.goto(stack.address)
    expect(row(page, 7)).to_be_visible()
    expect(page.locator(".chart svg").first).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    expect(row(page, 7)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("The server cannot be reached.")).to_have_count(0)


def test_without_a_database_the_page_shows_the_service_s_message(
    page, stack, postgres, database_url, redis_url, console, screenshot
):
    console.expect("503|504")
    stack.submit(7, 1_000, "ada")
    page.goto(stack.address)
    expect(row(page, 7)).to_be_visible()
    name = conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        with redis.Redis.from_url(redis_url) as cache:
            cache.flushall()  # or the cache would still answer
        notice = page.get_by_text("The standings cannot be refreshed:")
        page.get_by_role("button", name="Refresh now").click()
        expect(page.get_by_test_id("live")).to_have_text("The standings could not be refreshed.")
        expect(notice).to_be_visible()
        expect(page.locator(".connection")).to_contain_text(re.compile("database", re.IGNORECASE))
        expect(row(page, 7)).to_be_visible()
        screenshot(page, "database-away")
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    expect(notice).to_have_count(0)


def test_standings_that_cannot_be_loaded(page, stack, console, screenshot):
    console.expect("ERR_CONNECTION_REFUSED")
    stack.submit(7, 1_000, "ada")
    refuse = lambda route: route.abort("connectionrefused")  # noqa: E731
    page.route("**/api/**", refuse)
    page.goto(stack.address)
    expect(page.get_by_text("The standings cannot be loaded.")).to_be_visible()
    screenshot(page, "not-loaded")
    page.unroute("**/api/**", refuse)
    page.get_by_role("button", name="Try now").click()
    expect(row(page, 7)).to_be_visible()


def test_skeletons_until_the_standings_are_loaded(page, stack, screenshot):
    stack.submit(7, 1_000, "ada")
    waiting, slow = [], True
    page.route("**/api/**", lambda route: waiting.append(route) if slow else route.continue_())
    page.goto(stack.address)
    expect(page.locator(".board .placeholder").first).to_be_visible()
    expect(page.locator("section.board")).to_have_attribute("aria-busy", "true")
    screenshot(page, "loading")
    slow = False
    for route in waiting:
        route.continue_()
    expect(row(page, 7)).to_be_visible()
    expect(page.locator(".board .placeholder")).to_have_count(0)


def test_an_unknown_address_links_to_the_standings(page, stack, console):
    console.expect("404")
    response = page.goto(f"{stack.address}/no/such/page")
    assert response is not None and response.status == 404
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    page.get_by_role("link", name="Go to the standings").click()
    expect(page.get_by_text("No players on this board yet.")).to_be_visible()


def test_a_chart_that_cannot_be_loaded(page, stack, console):
    """As after an update of the server, which renames the assets."""
    console.expect("DistributionChart|dynamically imported module|ERR_FAILED")
    stack.submit(7, 1_000, "ada")
    page.route("**/assets/DistributionChart-*", lambda route: route.abort())
    page.goto(stack.address)
    expect(page.get_by_text("The chart could not be shown.")).to_be_visible()
    expect(row(page, 7)).to_be_visible()
