"""/docs: the OpenAPI document in Swagger UI, tried out."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from service.routes import ROUTES


def test_lists_every_call_and_loads_nothing_from_elsewhere(page, stack, screenshot):
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(f"{stack.address}/docs")
    expect(page.locator(".opblock")).to_have_count(len(ROUTES))
    assert hosts - {""} == {urlsplit(stack.address).netloc}
    screenshot(page, "docs")


def test_a_call_is_tried_out(page, stack, ledger):
    page.goto(f"{stack.address}/docs")
    call = page.locator("#operations-default-submit")
    call.get_by_role("button").first.click()
    call.get_by_role("button", name="Execute").click()
    answer = call.locator(".live-responses-table")
    expect(answer).to_contain_text("200")
    expect(answer).to_contain_text("Score submitted successfully")
    assert ledger(7) == [(1200, "solo")]


def test_the_page_leads_there_and_back(page, stack):
    page.goto(stack.address)
    page.get_by_role("navigation").get_by_role("link", name="API").click()
    expect(page.locator(".opblock").first).to_be_visible()
    page.get_by_role("link", name="Leaderboard").first.click()
    expect(page.get_by_role("heading", name="All-time standings")).to_be_visible()


def test_follows_the_theme(page, stack):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{stack.address}/docs")
    expect(page.locator("html")).to_have_class("dark-mode")
