"""Submitting a score from the page: it counts once, whatever fails."""

import json
import re

import psycopg
import pytest
from playwright.sync_api import expect

from tests.support.page import fill, row, submit_button

SUBMIT = "**/api/leaderboard/submit*"


def test_a_score_is_seen_in_the_top_list(page, stack, ledger, screenshot):
    stack.submit(1, 500, "first")
    stack.submit(2, 400, "second")
    stack.submit(3, 300, "third")
    page.goto(stack.address)
    expect(row(page, 3)).to_be_visible()
    fill(page, user_id="3", score="1000")
    page.get_by_label("Mode").select_option("team")
    submit_button(page).click()
    counted = page.get_by_test_id("counted")
    expect(counted).to_contain_text("1,300")
    expect(counted).to_contain_text("up 2 places")
    expect(page.get_by_test_id("live")).to_contain_text(
        re.compile("Player 3: total 1,300, rank 1, up 2 places|third rose")
    )
    # The board is refreshed at once, not after ten seconds.
    expect(row(page, 3).locator(".total")).to_contain_text("1,300")
    expect(row(page, 3).locator(".gold")).to_be_visible()
    screenshot(page, "submitted")
    assert ledger(3) == [(300, "solo"), (1000, "team")]


def test_a_new_player_gets_the_name(page, stack, ledger):
    page.goto(stack.address)
    fill(page, user_id="77", score="42", username="Newcomer")
    page.get_by_label("Mode").select_option("other")
    page.get_by_label("Mode name").fill("ranked")
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_contain_text("new on the board")
    expect(row(page, 77)).to_contain_text("Newcomer")
    assert ledger(77) == [(42, "ranked")]


def test_a_double_click_counts_once(page, stack, ledger):
    page.goto(stack.address)
    fill(page, user_id="7", score="100")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    submit_button(page).dblclick()
    expect(page.get_by_test_id("counted")).to_contain_text("100")
    expect(submit_button(page)).to_be_enabled()
    assert sent == ["POST"]
    assert ledger(7) == [(100, "solo")]


def test_enter_pressed_twice_counts_once(page, stack, ledger):
    page.goto(stack.address)
    fill(page, user_id="7", score="100")
    page.evaluate("""() => {
        const form = document.querySelector('[name=score]').form;
        form.requestSubmit();
        form.requestSubmit();
    }""")
    expect(page.get_by_test_id("counted")).to_contain_text("100")
    assert ledger(7) == [(100, "solo")]


def test_a_retry_after_a_lost_answer_counts_once(page, stack, ledger, console, screenshot):
    """The service counted the score, and the answer never arrived."""
    console.expect("ERR_FAILED.*/submit")
    keys: list[str] = []

    def lose_the_answer(route):
        keys.append(route.request.headers["idempotency-key"])
        assert route.fetch().status == 200
        route.abort()

    page.goto(stack.address)
    page.route(SUBMIT, lose_the_answer, times=1)
    page.on(
        "request",
        lambda request: (
            keys.append(request.headers["idempotency-key"]) if request.method == "POST" and len(keys) > 0 else None
        ),
    )
    fill(page, user_id="7", score="100")
    submit_button(page).click()
    expect(page.get_by_text("You can safely try again: the score counts once.")).to_be_visible()
    assert ledger(7) == [(100, "solo")]
    screenshot(page, "submit-failed")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("counted")).to_contain_text("Already counted: 100")
    assert keys[0] == keys[-1]
    assert len(keys) == 2
    assert ledger(7) == [(100, "solo")]


def test_the_same_score_again_counts_again(page, stack, ledger):
    page.goto(stack.address)
    for total in "100", "200":
        fill(page, user_id="7", score="100")
        submit_button(page).click()
        expect(page.get_by_test_id("counted").locator("dd").first).to_have_text(total)
    assert ledger(7) == [(100, "solo"), (100, "solo")]


def test_a_changed_form_is_another_submission(page, stack, ledger, console):
    """After a lost answer the player corrects the score. With the old key the service would refuse it."""
    console.expect("ERR_FAILED.*/submit")
    page.goto(stack.address)
    page.route(SUBMIT, lambda route: route.abort(), times=1)
    fill(page, user_id="7", score="100")
    submit_button(page).click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    fill(page, score="150")
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_contain_text("150")
    assert ledger(7) == [(150, "solo")]


def test_a_taken_name_is_reported_at_its_field(page, stack, ledger, console):
    console.expect("409.*/submit")
    stack.submit(1, 5, "ada")
    page.goto(stack.address)
    fill(page, user_id="2", score="7", username="ada")
    submit_button(page).click()
    name = page.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(re.compile("is taken"))
    assert ledger(2) == []
    fill(page, username="eda")
    submit_button(page).click()
    expect(row(page, 2)).to_contain_text("eda")


#: The input, and the field that is invalid.
CASES = [
    ({"user_id": "1", "score": "0"}, None),
    ({"user_id": "2147483647", "score": "2147483647"}, None),
    ({"user_id": "0", "score": "1"}, "Player id"),
    ({"user_id": "-1", "score": "1"}, "Player id"),
    ({"user_id": "2147483648", "score": "1"}, "Player id"),
    ({"user_id": "1.5", "score": "1"}, "Player id"),
    ({"user_id": "", "score": "1"}, "Player id"),
    ({"user_id": "1", "score": "-1"}, "Score"),
    ({"user_id": "1", "score": "2147483648"}, "Score"),
    ({"user_id": "1", "score": "12abc"}, "Score"),
    ({"user_id": "1", "score": ""}, "Score"),
    ({"user_id": "3", "score": "1", "username": "x" * 255}, None),
    ({"user_id": "4", "score": "1", "username": "\N{GLOWING STAR}" * 255}, None),
    ({"user_id": "1", "score": "1", "username": "x" * 256}, "Name"),
    ({"user_id": "1", "score": "1", "username": " x"}, "Name"),
]


def as_number(text: str) -> object:
    """The text as a JSON number, or unchanged if it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def test_rejects_exactly_what_the_service_rejects(page, stack, ledger, subtests):
    page.goto(stack.address)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    for fields, wrong in CASES:
        with subtests.test(**fields):
            body = {
                "user_id": as_number(fields["user_id"]),
                "score": as_number(fields["score"]),
            } | ({"username": fields["username"]} if "username" in fields else {})
            page.reload()
            sent.clear()
            fill(page, **fields)
            submit_button(page).click()
            if wrong is None:
                expect(page.get_by_test_id("counted")).to_be_visible()
                assert len(sent) == 1
                status, _ = stack.service.request("/api/leaderboard/submit", body)
                assert status == 200
            else:
                field = page.get_by_label(wrong, exact=True)
                expect(field).to_be_focused()
                expect(field).to_have_accessible_description(re.compile(r"\w"))
                assert sent == []
                status, _ = stack.service.request("/api/leaderboard/submit", body)
                assert 400 <= status < 500


@pytest.mark.parametrize(("low", "high", "score"), [(-50, 50, "-50"), (10, 20, "20")])
def test_uses_the_bounds_of_the_board(page, stack, database_url, low, high, score):
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE boards SET min_score = %s, max_score = %s", (low, high))
    page.goto(stack.address)
    with page.expect_response("**/boards"):
        page.reload()
    fill(page, user_id="7", score=str(high + 1))
    submit_button(page).click()
    expect(page.get_by_text(f"A score is a whole number from {low} to {high}.")).to_be_visible()
    fill(page, score=score)
    submit_button(page).click()
    expect(page.get_by_test_id("counted")).to_be_visible()
