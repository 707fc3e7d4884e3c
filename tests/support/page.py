"""What the browser tests do and look at on the page."""

import pytest
from playwright.sync_api import Locator, Page, expect


def row(page: Page, user_id: int) -> Locator:
    return page.locator(f".board tr[data-player='{user_id}']")


def players(page: Page) -> list[int]:
    """The ids of the players on the board, from the top."""
    rows = page.locator(".board tbody tr[data-player]")
    return [int(value) for value in rows.evaluate_all("rows => rows.map(row => row.dataset.player)")]


def loaded(page: Page, address: str) -> None:
    page.goto(address)
    expect(row(page, 101)).to_be_visible()
    expect(page.locator(".chart svg").first).to_be_visible()


def find(page: Page, user_id: object) -> None:
    page.get_by_label("Player id to find").fill(str(user_id))
    page.get_by_role("button", name="Find").click()


def fill(page: Page, **fields: str) -> None:
    labels = {"user_id": "Player id", "score": "Score", "username": "Name"}
    for name, value in fields.items():
        page.get_by_label(labels[name], exact=True).fill(value)


def submit_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Submit score")


def tab_to(page: Page, locator: Locator) -> None:
    expect(locator).to_be_visible()
    for _ in range(80):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {locator}")
