"""Accessibility: themes, narrow screens, the keyboard, and axe."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.page import loaded, row, tab_to


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_follows_the_system_theme(page, crowd):
    page.emulate_media(color_scheme="light")
    loaded(page, crowd.address)
    light = background(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert background(page) != light


def test_the_chosen_theme_stays(page, crowd, screenshot):
    page.emulate_media(color_scheme="light")
    loaded(page, crowd.address)
    page.get_by_role("group", name="Theme").get_by_label("Dark", exact=True).check()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_label("System").check()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_fits_the_screen(new_context, crowd, screenshot, width):
    page = new_context(viewport={"width": width, "height": 800}, has_touch=width < 500).new_page()
    crowd.submit(2_147_483_647, 2_147_483_647, "a name of sixty-four characters, which is as long as one can be")
    page.goto(f"{crowd.address}/?player=2147483647")
    expect(page.get_by_test_id("found")).to_be_visible()
    # Phones show one part at a time.
    for part in ("Standings", "Submit", "Find", "Chart") if width < 768 else (None,):
        if part:
            page.get_by_role("navigation", name="Parts of the page").get_by_role("button", name=part).click()
        if part in ("Chart", None):
            expect(page.locator(".chart svg").first).to_be_visible()
        fits(page, width)
        screenshot(page, f"width-{width}{f'-{part.lower()}' if part else ''}", full_page=True)


def fits(page, width):
    """Nothing important is cut off: totals and buttons end within the window."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0
    for box in page.locator("td.total, button, input, select").all():
        if not box.is_visible():
            continue
        place = box.bounding_box()
        assert place is not None
        assert place["x"] >= 0 and place["x"] + place["width"] <= width


def test_the_keyboard_is_enough(page, crowd, ledger, screenshot):
    """Skip to the board, choose a theme, submit, look up and show more, all without a mouse."""
    loaded(page, crowd.address)
    keyboard = page.keyboard

    tab_to(page, page.get_by_role("link", name="Skip to the standings"))
    expect(page.get_by_role("link", name="Skip to the standings")).to_be_in_viewport()
    keyboard.press("Enter")
    expect(page.locator("#board")).to_be_focused()
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Refresh now")).to_be_focused()

    tab_to(page, page.get_by_role("button", name="Show 25 more"))
    keyboard.press("Enter")
    expect(row(page, 135)).to_be_visible()

    tab_to(page, page.get_by_label("Player id", exact=True))
    keyboard.type("101")
    keyboard.press("Tab")
    keyboard.type("5000")
    keyboard.press("Tab")
    keyboard.type("Team")
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Submit score")).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_test_id("counted")).to_contain_text("65,000")
    assert ledger(101)[-1] == (5000, "team")
    # The next score can be typed at once.
    expect(page.get_by_label("Score", exact=True)).to_be_focused()

    tab_to(page, page.get_by_label("Player id to find"))
    keyboard.type("130")
    keyboard.press("Enter")
    expect(page.get_by_test_id("found")).to_contain_text("Player130")

    page.evaluate("document.activeElement.blur()")
    page.reload()
    tab_to(page, page.get_by_label("System"))
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_focus_is_always_visible(page, crowd):
    loaded(page, f"{crowd.address}/?player=130")
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        state: Any = page.evaluate("""() => {
            const element = document.activeElement;
            if (element === document.body) return null;
            // A radio button is invisible: its label shows the focus.
            const shown = element.type === 'radio' ? element.closest('label') : element;
            const style = getComputedStyle(shown);
            const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
            return { name: element.outerHTML.slice(0, 120), visible: outlined || style.boxShadow !== 'none' };
        }""")
        if state is None:
            break
        assert state["visible"], state["name"]
        seen.add(state["name"])
    assert len(seen) > 20


def test_changes_are_announced_in_one_polite_live_region(page, crowd):
    loaded(page, crowd.address)
    live = page.get_by_role("status")
    expect(live).to_have_count(1)
    expect(live).to_have_attribute("aria-live", "polite")
    expect(live).to_have_text("")
    crowd.submit(110, 100_000)
    expect(live).to_have_text("Player110 rose to rank 1.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(new_context, crowd, console, axe, theme, screenshot):
    console.expect("404.*/rank/999")
    page = new_context(color_scheme=theme, reduced_motion="reduce").new_page()
    loaded(page, crowd.address)
    assert axe(page) == []
    # With a player, a submission that changed the rank, a form with errors, the table of the chart.
    page.goto(f"{crowd.address}/?player=130")
    expect(page.get_by_test_id("found").locator("tr[data-player]").first).to_be_visible()
    page.get_by_label("Player id", exact=True).fill("130")
    page.get_by_label("Score", exact=True).fill("90000")
    page.get_by_role("button", name="Submit score").click()
    expect(page.get_by_test_id("counted")).to_be_visible()
    expect(row(page, 130).locator(".gold")).to_be_visible()
    expect(page.locator(".chart svg").first).to_be_visible()
    screenshot(page, f"theme-{theme}")
    page.get_by_text("Show as table").click()
    page.get_by_role("button", name="Submit score").click()
    expect(page.get_by_text("Enter a score.")).to_be_visible()
    assert axe(page) == []
    page.goto(f"{crowd.address}/?player=999")
    expect(page.get_by_test_id("not-found")).to_be_visible()
    assert axe(page) == []
