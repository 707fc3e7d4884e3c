"""The live board: its contents, its refresh, and its further pages."""

import re

from playwright.sync_api import expect

from tests.support.page import players, row


def test_shows_rank_name_id_total_and_share(page, stack, screenshot):
    stack.submit(7, 1_234_567, "ada")
    stack.submit(8, 617_283, "grace")
    page.goto(stack.address)
    expect(row(page, 7)).to_contain_text("ada")
    expect(row(page, 7)).to_contain_text("#7")
    expect(row(page, 7).locator(".total")).to_have_text("1,234,567")
    expect(row(page, 7).locator(".share-text")).to_have_text("100%")
    expect(row(page, 8).locator(".share-text")).to_have_text("50%")
    expect(page.get_by_test_id("freshness")).to_have_text(re.compile(r"updated (just now|\d+ s ago)"))


def test_ties_share_a_rank_and_a_medal(page, stack):
    for user_id, score in (1, 500), (2, 400), (3, 400), (4, 300):
        stack.submit(user_id, score)
    page.goto(stack.address)
    ranks = page.locator(".board .medal-rank, .board .plain-rank")
    expect(ranks).to_have_text(["1", "2", "2", "4"])
    expect(page.locator(".board .silver")).to_have_count(2)
    expect(page.locator(".board .bronze")).to_have_count(0)


def test_another_client_s_score_shows_up_without_a_reload(page, stack, screenshot):
    stack.submit(1, 500, "first")
    stack.submit(2, 400, "second")
    page.goto(stack.address)
    expect(row(page, 2)).to_be_visible()
    page.evaluate("window.notReloaded = true")
    stack.submit(2, 300)
    expect(row(page, 2).locator(".total")).to_contain_text("700")
    # The row moved, is highlighted, and is announced to screen readers.
    expect(row(page, 2).locator(".movement")).to_contain_text("up 1 place since the last refresh")
    expect(row(page, 1).locator(".movement")).to_contain_text("down 1 place since the last refresh")
    expect(row(page, 2)).to_have_class(re.compile("changed-"))
    expect(row(page, 2).locator(".gained")).to_have_text("+300")
    expect(page.get_by_test_id("live")).to_have_text("second rose to rank 1.")
    screenshot(page, "board-movement")
    assert page.evaluate("window.notReloaded") is True


def test_refreshes_every_ten_seconds(page, stack, console):
    """Without a stream. By a fake clock in the page: the machine may be slow."""
    console.expect("/stream")
    page.route("**/api/leaderboard/stream*", lambda route: route.abort())
    stack.submit(1, 500)
    page.clock.install()
    page.goto(stack.address)
    expect(row(page, 1)).to_be_visible()
    stack.submit(2, 900)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/top" in request.url else None)
    with page.expect_response("**/api/leaderboard/top*"):
        page.clock.fast_forward(10_000)
    expect(row(page, 2)).to_be_visible()
    assert len(asked) == 1


def test_a_hidden_tab_makes_no_requests_and_a_shown_one_refreshes(page, stack):
    stack.submit(1, 500)
    page.clock.install()
    page.goto(stack.address)
    expect(row(page, 1)).to_be_visible()
    expect(page.locator(".chart svg").first).to_be_visible()
    set_visibility = """state => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }"""
    page.evaluate(set_visibility, "hidden")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(6):
        page.clock.fast_forward(10_000)
    assert asked == []
    stack.submit(2, 900)
    # Not its response: the stream may be faster.
    with page.expect_request("**/api/leaderboard/top*"):
        page.evaluate(set_visibility, "visible")
    expect(row(page, 2)).to_be_visible()


def test_the_button_refreshes_now(page, stack):
    stack.submit(1, 500)
    page.clock.install()
    page.goto(stack.address)
    expect(row(page, 1)).to_be_visible()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    stack.submit(2, 900)
    # Not its response: the stream, which shows the row as well, may cancel it.
    with page.expect_request("**/api/leaderboard/top*"):
        page.get_by_role("button", name="Refresh now").click()
    page.clock.resume()
    expect(row(page, 2)).to_be_visible()


def test_an_empty_board_says_so_and_fills(page, stack, screenshot):
    page.goto(stack.address)
    expect(page.get_by_text("No players on this board yet.")).to_be_visible()
    screenshot(page, "board-empty")
    stack.submit(7, 100, "ada")
    page.get_by_role("button", name="Refresh now").click()
    expect(row(page, 7)).to_be_visible()


def test_more_pages_show_every_player_once(page, crowd):
    page.goto(crowd.address)
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(10)
    more = page.get_by_role("button", name="Show 25 more")
    more.click()
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(35)
    more.click()
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(60)
    expect(more).to_have_count(0)
    assert players(page) == list(range(101, 161))
    page.get_by_role("button", name="Only the top 10").click()
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(10)
    expect(more).to_be_visible()


def test_more_pages_follow_the_link_header(page, crowd):
    page.goto(crowd.address)
    with page.expect_request(re.compile(r"/top\?.*after=51000\.110")) as asked:
        page.get_by_role("button", name="Show 25 more").click()
    assert "limit=25" in asked.value.url
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(35)


def test_no_page_skips_or_repeats_a_player_who_moves(page, crowd):
    """Between the first page and the next one, a player rises past the cut and another falls below it."""
    page.goto(crowd.address)
    expect(row(page, 110)).to_be_visible()
    crowd.submit(150, 100_000)  # from the last page to the first place, so the next page lacks them
    crowd.submit(130, 24_500)  # also past the cut of the first page
    page.get_by_role("button", name="Show 25 more").click()
    expected = [150, *range(101, 106), 130, *range(106, 130), *range(131, 135)]
    expect(row(page, 134)).to_be_visible()
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(35)
    assert players(page) == expected


def test_a_refresh_keeps_the_pages_and_corrects_them(page, crowd):
    page.goto(crowd.address)
    page.get_by_role("button", name="Show 25 more").click()
    expect(page.locator(".board tbody tr[data-player]")).to_have_count(35)
    crowd.submit(160, 100_000)
    page.get_by_role("button", name="Refresh now").click()
    expect(row(page, 160)).to_be_visible()
    assert players(page) == [160, *range(101, 135)]


def test_a_name_is_never_markup(page, stack):
    name = '<img src=x onerror="alert(1)">'
    stack.submit(7, 100, name)
    stack.submit(8, 90, "W" * 255)
    page.goto(stack.address)
    expect(row(page, 7).locator(".player-name")).to_have_text(name)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
