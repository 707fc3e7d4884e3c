"""/docs: the OpenAPI document in Swagger UI, tried out."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from service.http.routes import ROUTES


def test_lists_every_call_and_loads_nothing_from_other_hosts(page, stack, screenshot):
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(f"{stack.address}/docs")
    expect(page.locator(".opblock")).to_have_count(sum(route.tag is not None for route in ROUTES))
    assert hosts - {""} == {urlsplit(stack.address).netloc}
    screenshot(page, "docs")


def test_try_it_out_makes_a_call(page, stack, ledger):
    page.goto(f"{stack.address}/docs")
    call = page.locator("#operations-play-submitScore")
    call.get_by_role("button").first.click()
    call.get_by_role("button", name="Execute").click()
    answer = call.locator(".live-responses-table")
    expect(answer).to_contain_text("200")
    expect(answer).to_contain_text("Score submitted successfully")
    assert ledger(7) == [(1200, "solo")]


def test_a_key_is_hidden_while_it_is_typed(page, stack, screenshot):
    page.goto(f"{stack.address}/docs")
    page.get_by_role("button", name="Authorize").first.click()
    field = page.get_by_label("auth-bearer-value")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("autocomplete", "off")
    field.press_sequentially(f"lb_0123456789ab_{'c' * 64}")
    expect(field).to_have_attribute("type", "password")
    screenshot(page, "docs-authorize")
    page.get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close", exact=True).click()
    call = page.locator("#operations-standings-getTop")
    call.get_by_role("button").first.click()
    with page.expect_request("**/top*") as asked:
        call.get_by_role("button", name="Execute").click()
    assert asked.value.headers["authorization"] == f"Bearer lb_0123456789ab_{'c' * 64}"


def test_a_narrow_screen_does_not_scroll_sideways(new_context, stack, screenshot):
    page = new_context(viewport={"width": 360, "height": 640}).new_page()
    page.goto(f"{stack.address}/docs")
    for name in "play-submitScore", "standings-getTop":
        call = page.locator(f"#operations-{name}")
        call.get_by_role("button").first.click()
        call.get_by_role("button", name="Execute").click()
        expect(call.locator(".live-responses-table")).to_contain_text("200")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    screenshot(page, "docs-360", full_page=True)


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
