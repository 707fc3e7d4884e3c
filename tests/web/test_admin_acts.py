"""What the console does: each act with its dry run, its yes, and what is in the database then."""

import json
import re
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Stack

TOTAL = "SELECT total_score FROM api.player_rank(7)"
RANK = "SELECT rank FROM api.player_rank(%s)"


@pytest.fixture
def players(stack: Stack, database_url: str) -> Stack:
    """ada (7, steam:7) with three scores, and grace (8) with one."""
    for score in 100, 2_000, 900:
        stack.submit(7, score, "ada")
    stack.submit(8, 500, "grace")
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.link_player(7, 'steam:7')")
    return stack


@pytest.fixture
def value(database_url: str):
    """`value("SELECT ...")`: the first column of the first row."""

    def read(statement: str, *arguments: Any) -> Any:
        with psycopg.connect(database_url) as connection:
            row = connection.execute(statement, arguments).fetchone()
        return None if row is None else row[0]

    return read


def button(page: Page, name: str):
    """A button by how its name begins; acts end with three dots."""
    return page.get_by_role("button", name=re.compile(f"^{name}"))


def fill(page: Page, **fields: str) -> None:
    for label, text in fields.items():
        page.get_by_role("dialog").get_by_label(label.replace("_", " "), exact=True).fill(text)


def preview(page: Page, text: str) -> None:
    """Goes on to the dry run, and reads it."""
    page.get_by_role("dialog").get_by_role("button", name="Continue").click()
    expect(page.get_by_test_id("preview")).to_contain_text(text)


def yes(page: Page, done: str, confirm: str | None = None) -> None:
    """Says yes, and reads what was done. What cannot be undone asks for a text."""
    dialog = page.get_by_role("dialog")
    if confirm is not None:
        dialog.get_by_role("button", name=re.compile("^Yes")).click()
        field = dialog.get_by_label(re.compile("^This cannot be undone"))
        expect(field).to_be_focused()
        expect(field).to_have_accessible_description(f"Type {confirm} to confirm.")
        field.fill(confirm)
    dialog.get_by_role("button", name=re.compile("^Yes")).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("done")).to_contain_text(done)
    expect(page.get_by_test_id("live")).to_contain_text(done)


def posts(page: Page) -> list[str]:
    """The paths of the calls that change something, dry runs left out, from now on."""
    sent: list[str] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.url.partition("/api/leaderboard")[2])
            if request.method != "GET" and "dry_run" not in request.url
            else None
        ),
    )
    return sent


def test_a_session_is_voided_and_restored(console_with, players, value, screenshot):
    page = console_with("moderate", path="/players/7")
    table = page.get_by_role("table", name="The sessions")
    row = table.get_by_role("row").filter(has_text="2,000")
    row.get_by_role("button").click()
    fill(page, Reason="speed hack")
    preview(page, "1 session, 1 player, 1 rank changes")
    assert value(TOTAL) == 3_000
    screenshot(page, "admin-void-session")
    yes(page, "Sessions voided: 1 session, 1 player, 1 rank changes.")
    assert value(TOTAL) == 1_000
    expect(row).to_contain_text("speed hack")
    assert value("SELECT reason FROM moderation WHERE action = 'void'") == "speed hack"
    assert "page" in value("SELECT operator FROM moderation")
    row.get_by_role("button").click()
    fill(page, Reason="it was fair")
    preview(page, "1 session, 1 player, 1 rank changes")
    yes(page, "Sessions restored")
    assert value(TOTAL) == 3_000


def test_sessions_are_voided_by_filter_and_the_log_undoes_it(console_with, players, value):
    page = console_with("moderate", path="/moderation")
    expect(page.get_by_text("Nothing was moderated yet")).to_be_visible()
    button(page, "Void sessions").click()
    page.get_by_role("dialog").get_by_label("Board", exact=True).select_option("overall")
    fill(page, Score_better_than="800", Reason="bug in 1.4")
    preview(page, "2 sessions, 1 player, 1 rank changes")
    page.get_by_role("button", name="Back").click()
    fill(page, Score_better_than="400")
    preview(page, "3 sessions, 2 players, 2 ranks change")
    yes(page, "3 sessions, 2 players")
    assert value("SELECT count(*) FROM game_sessions WHERE void_id IS NOT NULL") == 3
    log = page.get_by_role("table", name="The acts")
    expect(log).to_contain_text("score better than 400")
    log.get_by_role("button", name="Undo").click()
    fill(page, Reason="wrong board")
    preview(page, "3 sessions, 2 players, 2 ranks change")
    yes(page, "Undone: 3 sessions")
    assert value("SELECT count(*) FROM game_sessions WHERE void_id IS NOT NULL") == 0
    expect(log).to_contain_text("undone by act")
    expect(log.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_log_is_filtered(console_with, players, database_url):
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT * FROM api.ban_players('tests', 'aim bot', ARRAY[8])")
        connection.execute("SELECT * FROM api.void_sessions('tests', 'speed hack', p_user_id => 7)")
    page = console_with("moderate", path="/moderation")
    rows = page.get_by_role("table", name="The acts").locator("tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_label("Player").fill("steam:7")
    button(page, "Show").click()
    expect(page).to_have_url(f"{players.address}/admin/moderation?player=steam%3A7")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("speed hack")
    page.get_by_label("Player").fill("")
    page.get_by_label("Kind").select_option("Ban")
    button(page, "Show").click()
    expect(rows).to_contain_text("aim bot")
    page.go_back()
    expect(rows).to_contain_text("speed hack")


@pytest.mark.parametrize(("act", "word"), [("Ban", "Banned"), ("Hide", "Hidden")])
def test_a_player_is_banned_until_a_time_and_unbanned(console_with, players, value, act, word):
    page = console_with("moderate", path="/players/7")
    button(page, act).click()
    page.get_by_role("dialog").get_by_label("Until").fill("2020-01-31T12:00")
    fill(page, Reason="aim bot")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Choose a time in the future.")).to_be_visible()
    page.get_by_role("dialog").get_by_label("Until").fill("2099-01-31T12:00")
    preview(page, "1 player, 1 rank changes")
    assert value(RANK, 8) == 2
    yes(page, f"{word}: ")
    assert value(RANK, 8) == 1
    expect(page.get_by_test_id("ban")).to_contain_text(f"{word} until 31 Jan 2099")
    assert value("SELECT until::date::text FROM moderation") == "2099-01-31"
    page.get_by_role("button", name=re.compile("Unban|Show again")).click()
    fill(page, Reason="appeal")
    preview(page, "1 player, 1 rank changes")
    yes(page, "Ban lifted")
    expect(page.get_by_test_id("ban")).to_have_count(0)
    assert value(RANK, 7) == 1


def test_a_player_is_renamed(console_with, players, value, console):
    console.expect("409")
    page = console_with("admin", path="/players/7")
    button(page, "Rename").click()
    fill(page, New_name="grace")
    preview(page, "ada becomes grace")
    page.get_by_role("button", name="Yes, rename the player").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Nothing was changed.")
    page.get_by_role("button", name="Back").click()
    fill(page, New_name="Ada L.")
    preview(page, "ada becomes Ada L.")
    yes(page, "ada is now called Ada L.")
    expect(page.get_by_role("heading", name="Ada L.")).to_be_visible()
    assert value("SELECT username FROM users WHERE id = 7") == "Ada L."


def test_ids_are_linked_and_unlinked(console_with, players, value):
    page = console_with("admin", path="/players/7")
    button(page, "Link an id").click()
    fill(page, External_id="42")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This is a user id.")).to_be_visible()
    fill(page, External_id="epic/ada lovelace")
    preview(page, "epic/ada lovelace")
    yes(page, "epic/ada lovelace is linked to ada.")
    assert value("SELECT api.find_player('epic/ada lovelace')") == 7
    page.get_by_role("button", name="Unlink… epic/ada lovelace").click()
    yes(page, "epic/ada lovelace is no longer linked to ada.")
    assert value("SELECT count(*) FROM player_ids") == 1


def test_attributes_are_changed(console_with, players, value):
    page = console_with("admin", path="/players/7")
    button(page, "Change attributes").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_test_id("preview")).to_have_text("Nothing would change.")
    expect(button(page, "Yes")).to_have_count(0)
    page.get_by_role("button", name="Back").click()
    fill(page, country="DE", platform="pc")
    preview(page, "country: nothing becomes DE")
    yes(page, "The attributes of ada were changed.")
    assert value("SELECT attributes FROM users WHERE id = 7") == {"country": "DE", "platform": "pc"}
    button(page, "Change attributes").click()
    fill(page, platform="")
    preview(page, "platform: pc becomes nothing")
    yes(page, "The attributes of ada were changed.")
    assert value("SELECT attributes FROM users WHERE id = 7") == {"country": "DE"}


def test_a_player_is_exported_and_erased(console_with, players, value):
    page = console_with("admin", path="/players/7")
    with page.expect_download() as download:
        button(page, "Export").click()
    assert download.value.suggested_filename == "player-7.json"
    document = download.value.path().read_text()
    assert "steam:7" in document and json.loads(document)
    button(page, "Erase").click()
    expect(page.get_by_test_id("preview")).to_contain_text("3 sessions")
    yes(page, "Player 7 was erased", confirm="7")
    expect(page).to_have_url(f"{players.address}/admin/players")
    assert value("SELECT count(*) FROM users WHERE id = 7") == 0
    assert value("SELECT count(*) FROM game_sessions WHERE user_id = 7") == 0


def test_rules_are_tested_on_the_past(console_with, players, value, console):
    page = console_with("moderate", path="/moderation/back-test")
    button(page, "Test").click()
    expect(page.get_by_text("Give at least one rule.")).to_be_visible()
    page.get_by_label("Highest score").fill("800")
    button(page, "Test").click()
    caught = page.get_by_role("table", name="Players caught")
    expect(caught.locator("tbody tr")).to_have_count(1)
    expect(caught).to_contain_text("2,000")
    assert value("SELECT max_score FROM boards") == 2_147_483_647
    page.get_by_label("Highest score").fill("9000")
    button(page, "Test").click()
    expect(page.get_by_text("These rules would have caught no player", exact=True)).to_be_visible()


def test_rejected_submissions_are_listed_and_filtered(console_with, players, database_url):
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.set_score_rules('overall', p_max_score => 5000)")
    for user_id in 7, 8:
        assert players.service.request("/api/leaderboard/submit", {"user_id": user_id, "score": 5_001})[0] == 422
    page = console_with("moderate", path="/rejected")
    rows = page.get_by_role("table", name="The submissions").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("score must be an integer from 0 to 5000")
    page.get_by_label("Player").fill("8")
    button(page, "Show").click()
    expect(page).to_have_url(f"{players.address}/admin/rejected?player=8")
    expect(rows).to_have_count(1)
    rows.get_by_role("link", name="#8").click()
    expect(page.get_by_role("heading", name="grace")).to_be_visible()


def test_a_board_is_created_changed_and_deleted(console_with, players, value, console):
    console.expect("409|422")
    page = console_with("admin", path="/boards")
    button(page, "New board").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Enter a name.")).to_be_visible()
    fill(page, Name="overall")
    preview(page, "The board overall is made")
    page.get_by_role("button", name="Yes, create the board").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Nothing was changed.")
    page.get_by_role("button", name="Back").click()
    fill(page, Name="sprint", Mode="race", Unit="ms", Highest_score="60000")
    page.get_by_role("dialog").get_by_label("Total", exact=True).select_option("Best score")
    page.get_by_role("dialog").get_by_label("The lowest total wins").check()
    preview(page, "Highest score: 60,000")
    yes(page, "The board sprint was created.")
    expect(page).to_have_url(f"{players.address}/admin/boards/sprint")
    made = "SELECT game_mode || aggregate || lowest_wins || unit || max_score FROM boards WHERE name = 'sprint'"
    assert value(made) == "racebesttruems60000"

    value("SELECT score FROM api.submit_score(7, 50000, 'race')")
    button(page, "Change").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Nothing is different yet.")).to_be_visible()
    fill(page, Highest_score="40000", Submissions_per_minute="6")
    preview(page, "1 total changes. No closed seasons are deleted.")
    expect(page.get_by_test_id("preview")).to_contain_text("Highest score: 60,000 \u2192 40,000")
    yes(page, "The board sprint was changed.")
    rules = "SELECT max_score || ' ' || max_submissions_per_minute FROM boards WHERE name = 'sprint'"
    assert value(rules) == "40000 6"
    expect(page.locator(".groups > div").filter(has_text="Score rules")).to_contain_text("40,000")

    button(page, "Delete").click()
    yes(page, "The board sprint was deleted.", confirm="sprint")
    expect(page).to_have_url(f"{players.address}/admin/boards")
    assert value("SELECT count(*) FROM boards WHERE name = 'sprint'") == 0


def test_a_season_is_ended(console_with, players, value, database_url):
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.create_board('arena', p_aggregate => 'best', p_manual_seasons => true)")
    page = console_with("admin", path="/boards/arena")
    button(page, "End season 1").click()
    expect(page.get_by_test_id("preview")).to_contain_text("season 2 begins empty")
    yes(page, "Season 1 of arena ended. Season 2 runs now.", confirm="arena")
    expect(page.get_by_role("table", name="Seasons").locator("tbody tr")).to_have_count(2)
    expect(button(page, "End season 2")).to_be_visible()


def test_a_key_is_made_shown_once_and_revoked(console_with, players, value, new_context, screenshot):
    page = console_with("keys", path="/keys", permissions=["clipboard-read", "clipboard-write"])
    button(page, "New key").click()
    fill(page, Name="game server")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Choose at least one scope.")).to_be_visible()
    page.get_by_role("dialog").get_by_label("submit", exact=True).check()
    preview(page, "The key game server may submit until it is revoked.")
    assert value("SELECT count(*) FROM api_keys") == 1
    page.get_by_role("button", name="Yes, make the key").click()
    shown = page.get_by_label("The new API key")
    expect(shown).to_have_value(re.compile(r"^lb_[\da-f]{12}_[\da-f]{64}$"))
    key = shown.input_value()
    screenshot(page, "admin-new-key")
    # Escape would lose it.
    page.keyboard.press("Escape")
    expect(shown).to_be_visible()
    button(page, "Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_test_id("done")).to_contain_text("The API key game server was made.")
    assert key[16:] not in page.content()
    assert value("SELECT scopes FROM api_keys WHERE name = 'game server'") == ["submit"]

    button(page, "Revoke… game server").click()
    yes(page, "The API key game server was revoked.", confirm="game server")
    assert value("SELECT revoked_at IS NOT NULL FROM api_keys WHERE name = 'game server'") is True
    expect(page.get_by_role("row").filter(has_text="game server")).to_contain_text("revoked")


def test_health_is_shown(console_with, players):
    page = console_with("moderate", path="/health")
    health = page.get_by_test_id("health")
    for text in "Everything works", "Database", "PostgreSQL", "Cache", "pending", "Last verification":
        expect(health).to_contain_text(text)


def test_a_lost_answer_does_nothing_twice(console_with, players, value, console):
    """The act was made, but its answer did not arrive: the console looks again before anything is repeated."""
    console.expect("ERR_")
    page = console_with("moderate", path="/players/7")

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/moderation/void", lose_answer)
    button(page, "Void sessions").click()
    fill(page, Score_better_than="800", Reason="speed hack")
    preview(page, "2 sessions")
    button(page, "Yes").dblclick()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("It is not known whether this was done.")
    page.unroute("**/moderation/void")
    dialog.get_by_role("button", name="Check again").click()
    expect(page.get_by_test_id("preview")).to_have_text("Nothing would change.")
    dialog.get_by_role("button", name="Close").click()
    assert value("SELECT count(*) FROM moderation") == 1
    expect(page.locator("tr.faded")).to_have_count(2)


def test_a_double_click_acts_once(console_with, players, value):
    page = console_with("moderate", path="/players/7")
    sent = posts(page)
    button(page, "Ban").click()
    fill(page, Reason="aim bot")
    preview(page, "1 player")
    button(page, "Yes").dblclick()
    expect(page.get_by_test_id("ban")).to_be_visible()
    assert sent == ["/moderation/ban"]


def test_an_error_of_the_service_is_shown_and_what_was_typed_stays(console_with, players, console):
    console.expect("503")
    page = console_with("moderate", path="/players/7")
    error = {"error": {"code": "database_unavailable", "message": "the database cannot be reached"}}
    page.route("**/moderation/ban*", lambda route: route.fulfill(status=503, json=error))
    button(page, "Ban").click()
    fill(page, Reason="aim bot")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("The database cannot be reached.")
    expect(page.get_by_role("dialog").get_by_label("Reason")).to_have_value("aim bot")
    page.unroute("**/moderation/ban*")
    preview(page, "1 player")


def test_a_revoked_key_closes_the_console(console_with, players, new_key, database_url, console):
    console.expect("401|503")
    page = console_with("moderate", path="/moderation")
    expect(page.get_by_role("heading", name="Moderation log")).to_be_visible()
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT api.revoke_api_key(id) FROM api_keys")
    page.get_by_label("Player").fill("7")
    button(page, "Show").click()
    expect(page.get_by_role("heading", name="This API key does not open the console")).to_be_visible()
    expect(page.get_by_text("The API key is unknown, revoked or expired.")).to_have_count(0)
