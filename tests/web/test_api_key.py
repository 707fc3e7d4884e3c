"""The API key on the page: entering it, what works with it and without, and where it must not appear."""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.page import fill, loaded, row, submit_button, tab_to
from tests.support.waiting import Eventually
from tests.web.conftest import Key, Stack

#: A key of the right format, for a service without keys.
LOOKS_RIGHT = f"lb_0123456789ab_{'c' * 64}"
#: What the page says about a key that the service refuses.
REFUSED = "The API key is unknown, revoked or expired."


@pytest.fixture
def stack(request: pytest.FixtureRequest, database_url: str, redis_url: str) -> Iterator[Stack]:
    """Once a key exists, reads need one, too, unless the parameter is "1"."""
    open_reads = getattr(request, "param", "0")
    stack = Stack(DATABASE_URL=database_url, REDIS_URL=redis_url, OPEN_READS=open_reads)
    yield stack
    stack.stop()


open_reads = pytest.mark.parametrize("stack", ["1"], indirect=True, ids=["open-reads"])


@pytest.fixture
def first_key(stack: Stack, new_key: Callable[..., Key], eventually: Eventually) -> Callable[[], Key]:
    """`first_key()` creates a key with all scopes of the page. The service requires a key when it returns."""
    stack.submit(7, 1_000, "ada")
    stack.submit(8, 500, "grace")

    def create() -> Key:
        made = new_key("submit", "read")
        body = {"user_id": 7, "score": -1}
        eventually(lambda: stack.service.request("/api/leaderboard/submit", body)[0] == 401, "the first 401")
        return made

    return create


@pytest.fixture
def key(first_key: Callable[[], Key]) -> Key:
    """A key with all scopes of the page, on a service with the player ada that requires one."""
    return first_key()


def header_button(page: Page):
    return page.get_by_role("banner").get_by_role("button", name=re.compile("API key"))


def enter(page: Page, key: str) -> None:
    page.get_by_role("dialog").get_by_label(re.compile("^(Key|Another key)$")).fill(key)
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(header_button(page)).to_have_accessible_name("API key in use")


def test_a_closed_board_opens_with_a_key(page, stack, key, ledger, console, screenshot):
    console.expect("401")
    page.goto(f"{stack.address}/?player=7")
    page.evaluate("window.notReloaded = true")
    expect(page.get_by_text("The standings cannot be loaded.")).to_be_visible()
    # The board, the chart and the player looked up.
    expect(page.get_by_text("The server requires an API key.")).to_have_count(3)
    screenshot(page, "key-required")
    page.locator(".board").get_by_role("button", name="Enter an API key").click()
    enter(page, key.api_key)
    expect(row(page, 7)).to_be_visible()
    expect(page.get_by_test_id("found")).to_contain_text("ada")
    expect(page.locator(".chart svg").first).to_be_visible()
    expect(page.get_by_role("button", name="Enter an API key")).to_have_count(0)
    fill(page, user_id="8", score="700")
    submit_button(page).click()
    expect(row(page, 8).locator(".total")).to_contain_text("1,200")
    assert ledger(8) == [(500, "solo"), (700, "solo")]
    assert page.evaluate("window.notReloaded") is True


@open_reads
def test_without_a_key_there_is_no_form_and_reads_work(page, stack, key, ledger, screenshot):
    """The page knows without trying: none of its calls is refused, so the console has no errors."""
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(stack.address)
    expect(row(page, 7)).to_be_visible()
    card = page.get_by_role("region", name="Submit a score")
    expect(card).to_contain_text("Submitting scores requires an API key, such as the one of the game.")
    expect(card.get_by_role("textbox")).to_have_count(0)
    expect(submit_button(page)).to_have_count(0)
    screenshot(page, "submit-locked")
    card.get_by_role("button", name="Enter an API key").click()
    enter(page, key.api_key)
    fill(page, user_id="7", score="100")
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_contain_text("1,100")
    assert len(posts) == 1
    # Without the key the form is gone.
    header_button(page).click()
    page.get_by_role("button", name="Forget the key").click()
    expect(submit_button(page)).to_have_count(0)
    expect(row(page, 7)).to_be_visible()


@open_reads
def test_a_refused_submission_is_kept_and_counts_with_a_key(page, stack, first_key, ledger, console, screenshot):
    """The first key was created while the player typed."""
    console.expect("401")
    page.goto(stack.address)
    expect(row(page, 7)).to_be_visible()
    sent: list[str] = []

    def on_request(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.headers["idempotency-key"])

    page.on("request", on_request)
    fill(page, user_id="7", score="100")
    key = first_key()
    submit_button(page).click()
    expect(page.get_by_test_id("locked")).to_contain_text("Your input is kept until then.")
    screenshot(page, "key-required-to-submit")
    assert ledger(7) == [(1000, "solo")]
    page.get_by_role("button", name="Enter an API key").click()
    enter(page, key.api_key)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Player id", exact=True)).to_have_value("7")
    expect(page.get_by_label("Score", exact=True)).to_have_value("100")
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_contain_text("1,100")
    assert ledger(7) == [(1000, "solo"), (100, "solo")]
    assert len(sent) == 2 and sent[0] == sent[1]


def test_a_key_that_may_only_read_locks_the_form(page, stack, key, new_key, ledger, console):
    console.expect("401|403")
    page.goto(stack.address)
    header_button(page).click()
    enter(page, new_key("read").api_key)
    expect(row(page, 7)).to_be_visible()
    expect(page.get_by_test_id("locked")).to_contain_text("The current API key may not submit scores.")
    expect(submit_button(page)).to_have_count(0)
    page.get_by_role("button", name="Use another API key").click()
    enter(page, key.api_key)
    fill(page, user_id="7", score="100")
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_contain_text("1,100")
    assert ledger(7) == [(1000, "solo"), (100, "solo")]


def refused(page: Page, key: str) -> None:
    """Enters a key that the service refuses."""
    field = page.get_by_role("dialog").get_by_label(re.compile("^(Key|Another key)$"))
    field.fill(key)
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text(REFUSED)
    expect(field).to_be_focused()


@pytest.mark.parametrize("stack", ["0", "1"], indirect=True, ids=["closed", "open-reads"])
def test_a_wrong_key_is_not_used(page, stack, key, console, screenshot):
    console.expect("401")
    page.goto(stack.address)
    header_button(page).click()
    refused(page, LOOKS_RIGHT)
    screenshot(page, "key-wrong")
    assert page.evaluate("sessionStorage.length") == 0
    expect(page.get_by_test_id("live")).not_to_contain_text("API key")
    page.get_by_role("button", name="Cancel").click()
    expect(header_button(page)).to_have_accessible_name("API key")
    header_button(page).click()
    enter(page, key.api_key)
    header_button(page).click()
    # The valid key stays.
    refused(page, LOOKS_RIGHT)
    page.keyboard.press("Escape")
    expect(header_button(page)).to_have_accessible_name("API key in use")
    expect(row(page, 7)).to_be_visible()
    assert page.evaluate("Object.values(sessionStorage)") == [key.api_key]


def test_a_key_is_not_used_while_the_service_is_away(page, stack, key, console):
    console.expect("401|ERR_")
    page.goto(stack.address)
    header_button(page).click()
    page.route("**/boards", lambda route: route.abort())
    field = page.get_by_label("Key", exact=True)
    field.fill(key.api_key)
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text(
        "The key could not be checked. The server cannot be reached."
    )
    assert page.evaluate("sessionStorage.length") == 0
    page.unroute("**/boards")
    enter(page, key.api_key)
    expect(row(page, 7)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_revoked_key_clears_the_page(new_context, stack, key, new_key, database_url, console, axe, screenshot, theme):
    console.expect("401")
    page = new_context(color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(f"{stack.address}/?player=7")
    header_button(page).click()
    enter(page, key.api_key)
    expect(row(page, 7)).to_be_visible()
    expect(page.get_by_test_id("found")).to_contain_text("ada")
    expect(page.locator(".chart svg").first).to_be_visible()
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.revoke_api_key(%s)", (key.id,))
    # By itself, at the next refresh.
    expect(header_button(page)).to_have_accessible_name("API key refused")
    expect(page.get_by_test_id("live")).to_contain_text("The API key was refused.")
    # The board, the chart, the player looked up, and the place of the form.
    expect(page.get_by_text(REFUSED)).to_have_count(4)
    expect(page.get_by_text("ada", exact=True)).to_have_count(0)
    expect(page.locator(".masthead dd")).to_have_text(["\u2013"] * 3)
    expect(page.locator(".chart")).to_have_count(0)
    assert axe(page) == []
    screenshot(page, f"key-refused-{theme}")
    page.set_viewport_size({"width": 360, "height": 640})
    screenshot(page, f"key-refused-{theme}-360")
    # Phones show one part at a time.
    page.get_by_role("navigation", name="Parts of the page").get_by_role("button", name="Standings").click()
    page.locator(".board").get_by_role("button", name="Use another API key").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"Refused: {key.api_key[:16]}\u2026")
    refused(page, key.api_key)
    screenshot(page, f"key-form-refused-{theme}-360")
    enter(page, new_key("read").api_key)
    expect(row(page, 7)).to_be_visible()
    expect(page.get_by_text(REFUSED)).to_have_count(0)


def test_a_key_that_may_not_read_clears_the_page(page, stack, key, new_key, ledger, console, screenshot):
    console.expect("401|403")
    page.goto(f"{stack.address}/?player=7")
    header_button(page).click()
    enter(page, key.api_key)
    expect(row(page, 7)).to_be_visible()
    header_button(page).click()
    enter(page, new_key("submit").api_key)
    expect(page.get_by_text("This call requires an API key with the scope read; this key has submit.")).to_have_count(3)
    expect(page.get_by_text("ada", exact=True)).to_have_count(0)
    expect(page.locator(".masthead dd")).to_have_text(["\u2013"] * 3)
    expect(page.locator(".chart")).to_have_count(0)
    screenshot(page, "key-without-read")
    fill(page, user_id="7", score="100")
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_contain_text("1,100")
    assert ledger(7) == [(1000, "solo"), (100, "solo")]


@open_reads
def test_with_open_reads_a_key_that_may_not_read_keeps_the_board(page, stack, key, new_key, console):
    console.expect("401")
    page.goto(stack.address)
    expect(row(page, 7)).to_be_visible()
    page.evaluate("""() => {
        window.emptied = false;
        const look = () => { window.emptied ||= !document.querySelector('.board [data-player="7"]'); };
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    }""")
    header_button(page).click()
    # Not the response: the stream with the new key may come first and cancel it.
    with page.expect_request("**/top*"):
        enter(page, new_key("submit").api_key)
    expect(row(page, 7)).to_be_visible()
    assert page.evaluate("window.emptied") is False


def test_forgetting_the_key_clears_the_page(page, stack, key, console):
    console.expect("401")
    page.goto(f"{stack.address}/?player=7")
    header_button(page).click()
    enter(page, key.api_key)
    expect(row(page, 7)).to_be_visible()
    header_button(page).click()
    page.get_by_role("button", name="Forget the key").click()
    expect(page.get_by_text("The server requires an API key.")).to_have_count(3)
    expect(page.get_by_text("ada", exact=True)).to_have_count(0)
    expect(header_button(page)).to_have_accessible_name("API key")
    page.reload()
    expect(page.get_by_text("The server requires an API key.")).to_have_count(3)


def test_a_service_without_keys_asks_for_none(page, crowd):
    loaded(page, crowd.address)
    expect(header_button(page)).to_have_accessible_name("API key")
    assert page.get_by_role("button", name=re.compile("an API key")).count() == 0


def test_the_key_is_only_in_request_headers_and_this_tab(new_context, crowd):
    context = new_context()
    page = context.new_page()
    told: list[str] = []
    addresses: list[str] = []
    carried: set[str | None] = set()
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: addresses.append(request.url))
    loaded(page, crowd.address)
    header_button(page).click()
    page.on("request", lambda request: carried.add(request.headers.get("authorization")))
    with page.expect_request("**/top*"):
        enter(page, f" {LOOKS_RIGHT}\n")
    fill(page, user_id="101", score="5")
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_be_visible()
    assert carried == {f"Bearer {LOOKS_RIGHT}"}
    page.reload()
    expect(header_button(page)).to_have_accessible_name("API key in use")
    header_button(page).click()
    expect(page.get_by_role("dialog")).to_contain_text("lb_0123456789ab_\u2026")
    secret = "c" * 64
    assert secret not in page.content()
    assert secret not in page.evaluate("JSON.stringify([localStorage, document.cookie, location.href])")
    assert page.evaluate("Object.values(sessionStorage)") == [LOOKS_RIGHT]
    assert [text for text in told + addresses if "lb_" in text] == []
    other = context.new_page()
    other.goto(crowd.address)
    expect(header_button(other)).to_have_accessible_name("API key")


def test_without_storage_the_key_lasts_until_the_page_is_closed(new_context, crowd):
    context = new_context()
    context.add_init_script("""Object.defineProperty(window, 'sessionStorage', {
        get() { throw new DOMException('denied', 'SecurityError'); },
    })""")
    page = context.new_page()
    loaded(page, crowd.address)
    header_button(page).click()
    enter(page, LOOKS_RIGHT)
    with page.expect_request("**/top*") as asked:
        page.get_by_role("button", name="Refresh now").click()
    assert asked.value.headers["authorization"] == f"Bearer {LOOKS_RIGHT}"
    page.reload()
    expect(header_button(page)).to_have_accessible_name("API key")


def test_an_incomplete_key_is_not_sent(page, crowd):
    loaded(page, crowd.address)
    header_button(page).click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("authorization", "")))
    field = page.get_by_label("Key", exact=True)
    for text in "", LOOKS_RIGHT[:-1], f"Bearer {LOOKS_RIGHT}":
        field.fill(text)
        page.get_by_role("button", name="Use this key").click()
        expect(field).to_be_focused()
        expect(field).to_have_accessible_description(re.compile(r"^(Enter an API key|This is not a complete)"))
    assert set(asked) <= {""}
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("autocomplete", "off")


def test_the_keyboard_enters_a_key(page, crowd):
    loaded(page, crowd.address)
    button = header_button(page)
    tab_to(page, button)
    page.keyboard.press("Enter")
    field = page.get_by_label("Key", exact=True)
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    # Nothing behind the dialog can be reached.
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    field.focus()
    page.keyboard.type(LOOKS_RIGHT)
    page.keyboard.press("Enter")
    expect(button).to_have_accessible_name("API key in use")
    expect(button).to_be_focused()
    expect(page.get_by_test_id("live")).to_contain_text("The API key is in use.")


@open_reads
def test_the_focus_returns_to_the_card_that_asked_for_the_key(page, stack, key, console):
    console.expect("401")
    page.goto(stack.address)
    expect(row(page, 7)).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Enter an API key"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Key", exact=True)).to_be_focused()
    page.keyboard.type(key.api_key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Submit a score")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_form(new_context, crowd, axe, theme, screenshot):
    page = new_context(color_scheme=theme, reduced_motion="reduce").new_page()
    loaded(page, crowd.address)
    header_button(page).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Key", exact=True).fill("lb_")
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_text("This is not a complete API key.")).to_be_visible()
    assert axe(page) == []
    screenshot(page, f"key-form-{theme}")
    enter(page, LOOKS_RIGHT)
    assert axe(page) == []
    screenshot(page, f"key-in-use-{theme}")
    header_button(page).click()
    expect(page.get_by_role("button", name="Forget the key")).to_be_visible()
    assert axe(page) == []
    screenshot(page, f"key-form-in-use-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_when_a_key_is_required(
    new_context,
    stack,
    key,
    console,
    axe,
    theme,
    screenshot,
):
    console.expect("401")
    page = new_context(color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(f"{stack.address}/?player=7")
    # The board, the chart, the player looked up, and the place of the form.
    expect(page.get_by_role("button", name="Enter an API key")).to_have_count(4)
    assert axe(page) == []
    screenshot(page, f"key-required-{theme}")


@pytest.mark.parametrize("width", [360, 576, 768])
def test_the_form_fits_the_screen(new_context, crowd, screenshot, width):
    page = new_context(viewport={"width": width, "height": 640}).new_page()
    page.goto(crowd.address)
    expect(row(page, 101)).to_be_visible()
    header_button(page).click()
    enter(page, LOOKS_RIGHT)
    header_button(page).click()
    page.get_by_label("Another key").fill("lb_")
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_text("This is not a complete API key.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for box in page.get_by_role("dialog").locator("button, input, p").all():
        place = box.bounding_box()
        assert place is not None
        assert place["x"] >= 0 and place["x"] + place["width"] <= width
    use, cancel, forget = (box.bounding_box() for box in page.get_by_role("dialog").locator("button").all())
    assert use["y"] == cancel["y"] and use["x"] < cancel["x"]
    if width == 360:
        assert forget["y"] > use["y"] and forget["width"] > use["width"] + cancel["width"]
    else:
        assert forget["y"] == use["y"] and forget["x"] > cancel["x"]
    screenshot(page, f"key-form-{width}")


def test_a_form_that_cannot_be_loaded_leaves_the_rest(page, crowd, console):
    """As after an update of the server, which renames the assets."""
    console.expect("KeyForm|dynamically imported module|ERR_FAILED")
    page.route("**/assets/KeyForm-*", lambda route: route.abort())
    loaded(page, crowd.address)
    header_button(page).click()
    expect(page.get_by_text("The form for the API key could not be shown.")).to_be_visible()
    expect(row(page, 101)).to_be_visible()
