"""What a pasted link shows: the tags that the service writes into the page of a board or of a player, and where the
widget may be shown.
"""

import asyncio
import dataclasses
import html
import re

import pytest
from yarl import URL

from service import errors
from service.app import create_app
from service.errors import ApiError
from service.http import app_keys, sharing
from tests.support.waiting import until

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Leaderboard</title>
    <link rel="apple-touch-icon" href="/assets/icon-Abc.png" />
    <meta name="description" content="The page as it was built." />
    <script type="module" src="/assets/index-1.js"></script>
  </head>
  <body></body>
</html>
"""
#: Pages take the same way with and without EXPRESS.
pytestmark = pytest.mark.parametrize("express", [True], indirect=True)
TAG = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)" />')


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Pages wait for their standing for as long as a busy machine needs."""
    monkeypatch.setattr(sharing, "_PATIENCE_SECONDS", 30)


@pytest.fixture
def dist(tmp_path):
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "embed.html").write_text("<!doctype html><title>Widget</title>")
    return folder


@pytest.fixture
async def site(settings, aiohttp_client, dist):
    return await aiohttp_client(create_app(settings, dist))


async def tags_of(site, path, status=200):
    response = await site.get(URL(path, encoded=True), headers={"Accept": "text/html"})
    text = await response.text()
    assert response.status == status, text
    return {name: html.unescape(content) for name, content in TAG.findall(text)}


async def put(site, user_id, score, username=None, board="overall"):
    body = {"user_id": user_id, "score": score, "username": username}
    async with site.post("/api/leaderboard/submit", params={"board": board}, json=body) as response:
        assert response.status == 200, await response.text()


async def test_the_link_of_a_player_shows_the_standing(site):
    await put(site, 7, 1_200, "ada")
    await put(site, 8, 3_000, "bob")
    tags = await tags_of(site, "/players/7")
    assert tags["og:title"] == tags["twitter:title"] == "ada: rank 2 of 2"
    assert tags["og:description"] == tags["twitter:description"] == tags["description"]
    assert tags["description"] == "Total 1,200. At least as good as 50% of the players."
    assert tags["og:type"] == "profile"
    assert tags["twitter:card"] == "summary"
    origin = str(site.make_url("/").origin())
    assert tags["og:url"] == f"{origin}/players/7"
    assert tags["og:image"] == tags["twitter:image"] == f"{origin}/assets/icon-Abc.png"
    # The same player as a link to the board.
    assert await tags_of(site, "/?player=7") == tags


async def test_a_new_score_is_in_the_next_card(site):
    await put(site, 7, 1_200, "ada")
    assert (await tags_of(site, "/players/7"))["og:title"] == "ada: rank 1 of 1"
    await put(site, 8, 3_000, "bob")
    assert (await tags_of(site, "/players/7"))["og:title"] == "ada: rank 2 of 2"


async def test_the_link_of_a_board_shows_its_best_players(site, db):
    assert (await tags_of(site, "/"))["og:description"] == "No players yet."
    await db.execute(
        "SELECT api.create_board('speed.run', p_aggregate => 'best', p_unit => 'ms', p_lowest_wins => true)"
    )
    for user_id, score in (7, 83_456), (8, 61_000), (9, 99_000), (10, 120_000):
        await put(site, user_id, score, f"player {user_id}", "speed.run")
    tags = await tags_of(site, "/?board=speed.run&utm_source=x")
    assert tags["og:title"] == "speed.run"
    assert tags["og:description"] == "1. player 8 1:01.000, 2. player 7 1:23.456, 3. player 9 1:39.000"
    assert tags["og:type"] == "website"
    assert URL(tags["og:url"]).query == {"board": "speed.run"}
    assert (await tags_of(site, "/?board=speed.run&player=7"))["og:title"] == "player 7: rank 2 of 4 on speed.run"
    assert (await tags_of(site, "/"))["og:title"] == "All-time standings"


async def test_seasons_and_splits_are_named(site, db):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    await put(site, 7, 10, "ada", "arena")
    await db.execute("SELECT * FROM api.end_season('arena')")
    await put(site, 8, 20, "bob", "arena")
    then, now = [await tags_of(site, f"/?board=arena{season}") for season in ("&season=1", "")]
    assert (then["og:title"], then["og:description"]) == ("arena, season 1", "1. ada 10")
    assert (now["og:title"], now["og:description"]) == ("arena", "1. bob 20")
    player = await tags_of(site, "/players/7?season=1&board=arena")
    assert player["og:title"] == "ada: rank 1 of 1 on arena"
    assert player["og:description"].startswith("Total 10, season 1. ")
    assert URL(player["og:url"]).query == {"board": "arena", "season": "1"}


async def test_an_external_id_leads_to_the_same_player(site):
    body = {"player": "steam:7/8?", "score": 5, "username": "ada"}
    assert (await site.post("/api/leaderboard/submit", json=body)).status == 200
    tags = await tags_of(site, "/players/steam%3A7%2F8%3F")
    assert tags["og:title"] == "ada: rank 1 of 1"
    assert tags["og:url"].endswith("/players/steam%3A7%2F8%3F")
    assert await tags_of(site, "/?player=steam:7/8?") == tags


@pytest.mark.parametrize(
    "name",
    [
        '"><script>alert(1)</script>',
        "</title></head><script>alert(1)</script>",
        "' onload='alert(1)",
        "&lt;b&gt; &quot; &amp;",
        "\\1 \\g<0> $& {card}",
        "\u0645\u062d\u0645\u062f",
        "\U0001f525 \u5c71\u7530",
        "n" * 255,
    ],
)
async def test_a_hostile_name_stays_text(site, name):
    await put(site, 7, 5, name)
    for path in "/players/7", "/?player=7", "/":
        response = await site.get(path)
        text = await response.text()
        assert text.count("<script") == 1 and text.count("</head>") == 1 and text.count("</title>") == 1
        assert "script-src 'self';" in response.headers["Content-Security-Policy"]
        tags = await tags_of(site, path)
        shown = tags["og:title"] + tags["og:description"]
        assert name[:30].rstrip() in shown
        assert len(shown) < 200


async def test_a_name_written_from_right_to_left_does_not_reorder_the_rest(site):
    await put(site, 7, 5, "\u0645\u062d\u0645\u062f 1")
    assert (await tags_of(site, "/players/7"))["og:title"] == "\u2068\u0645\u062d\u0645\u062f 1\u2069: rank 1 of 1"


@pytest.mark.parametrize(
    "path",
    [
        "/players/99",
        "/players/steam%3A99",
        "/?player=99",
        "/?player=",
        "/?player=0",
        "/?player=%00",
        "/?player=-1",
        "/?board=nothing",
        "/?board=" + "x" * 500,
        "/?board=a%00b",
        "/?season=7",
        "/?season=%22%3E%3Cscript%3E",
        "/?split=DE",
        "/players/7?board=nothing",
        "/?window=2026-01-01",
        "/?%ff=%ff&board=%ff",
    ],
)
async def test_what_cannot_be_shown_gets_a_card_without_a_standing(site, path):
    await put(site, 7, 5, "ada")
    tags = await tags_of(site, path)
    assert tags["og:title"] == tags["og:site_name"] == "Leaderboard"
    assert tags["description"] == "The live leaderboard: exact ranks, every score counted once."
    assert "og:url" not in tags  # that would be the address that is shared


@pytest.mark.parametrize("path", ["/players/0", "/players/-1", "/players/%00", "/players/", "/players", "/players/7/x"])
async def test_an_address_of_no_possible_player_is_not_found(site, path):
    response = await site.get(URL(path, encoded=True), headers={"Accept": "text/html"})
    assert response.status == 404
    assert "og:title" not in await response.text()


async def test_a_banned_player_is_not_shown_to_others(site, db):
    await put(site, 7, 5, "ada")
    await db.execute("SELECT * FROM api.ban_players('m', 'r', '{7}')")
    tags = await tags_of(site, "/players/7")
    assert tags["og:title"] == "Leaderboard"
    assert "ada" not in str(tags)


async def test_where_reads_need_a_key_nothing_is_shown(site, db):
    await put(site, 7, 5, "ada")
    assert "ada" in str(await tags_of(site, "/players/7"))
    await db.execute("SELECT api.create_api_key('test', '{submit,read}')")

    async def hidden():
        return "ada" not in str(await tags_of(site, "/players/7"))

    await until(hidden)
    tags = await tags_of(site, "/?player=7")
    assert tags["og:title"] == "Leaderboard"


async def test_with_open_reads_a_key_hides_nothing(settings, aiohttp_client, dist, db):
    await db.execute("SELECT api.create_api_key('test', '{submit}')")
    await db.execute("SELECT * FROM api.submit_score(7, 5, p_username => 'ada')")
    site = await aiohttp_client(create_app(dataclasses.replace(settings, open_reads=True), dist))
    assert (await tags_of(site, "/players/7"))["og:title"] == "ada: rank 1 of 1"


async def test_the_public_address_is_in_the_tags(settings, aiohttp_client, dist):
    site = await aiohttp_client(
        create_app(dataclasses.replace(settings, public_url="https://scores.example.com"), dist)
    )
    await put(site, 7, 5, "ada")
    tags = await tags_of(site, "/players/7?board=overall&lang=de")
    assert tags["og:url"] == "https://scores.example.com/players/7"
    assert tags["og:image"] == "https://scores.example.com/assets/icon-Abc.png"


async def test_a_page_is_sent_again_only_if_it_changed(site):
    await put(site, 7, 5, "ada")
    first = await site.get("/players/7")
    assert first.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = await site.get("/players/7", headers=known)
    assert (again.status, await again.read()) == (304, b"")
    await put(site, 8, 9, "bob")
    assert (await site.get("/players/7", headers=known)).status == 200
    head = await site.head("/players/7")
    assert (head.status, await head.read()) == (200, b"")


async def test_the_page_does_not_wait_for_the_database(site, monkeypatch):
    leaderboard = site.app[app_keys.LEADERBOARD]
    stalled = asyncio.Event()

    async def stall(*_):
        stalled.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(leaderboard, "rank", stall)
    monkeypatch.setattr(sharing, "_PATIENCE_SECONDS", 0.01)
    assert (await tags_of(site, "/players/7"))["og:title"] == "Leaderboard"
    assert stalled.is_set()
    # While many wait, further ones do not begin to.
    monkeypatch.setattr(sharing, "_PATIENCE_SECONDS", 60)
    waiting = [asyncio.create_task(tags_of(site, "/players/7")) for _ in range(sharing._MAX_WAITING)]
    while site.app[app_keys.CARDS]._waiting < sharing._MAX_WAITING:
        await asyncio.sleep(0.01)
    assert (await tags_of(site, "/players/8"))["og:title"] == "Leaderboard"
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    monkeypatch.undo()
    while site.app[app_keys.CARDS]._waiting:
        await asyncio.sleep(0.01)


async def test_the_page_is_there_while_the_database_is_not(site, monkeypatch):
    async def fail(*_):
        raise ApiError(errors.DATABASE_UNAVAILABLE)

    monkeypatch.setattr(site.app[app_keys.LEADERBOARD], "top", fail)
    assert (await tags_of(site, "/"))["og:title"] == "Leaderboard"


async def test_pages_count_as_calls(settings, aiohttp_client, dist):
    """A limit for addresses also holds for what pages read. The page itself is always there."""
    site = await aiohttp_client(create_app(dataclasses.replace(settings, rate_limit_address="3 per hour"), dist))
    await put(site, 7, 5, "ada")
    shown = ["ada" in str(await tags_of(site, "/players/7")) for _ in range(4)]
    assert shown == [True, True, False, False]


async def test_pages_are_not_for_other_origins(settings, aiohttp_client, dist):
    origin = "https://game.example.com"
    site = await aiohttp_client(create_app(dataclasses.replace(settings, cors_origins=(origin,)), dist))
    for path in "/", "/players/7", "/embed":
        response = await site.get(path, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in response.headers


def policy_of(response):
    policy = response.headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


async def test_without_embed_origins_no_site_may_frame_anything(site):
    for path in "/", "/players/7", "/embed", "/embed?board=daily":
        response = await site.get(path)
        assert policy_of(response)["frame-ancestors"] == "'none'"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("origins", [("https://game.example.com", "https://*.itch.zone"), ("*",)])
async def test_only_the_widget_may_be_framed_and_by_these_sites_only(settings, aiohttp_client, dist, origins):
    site = await aiohttp_client(create_app(dataclasses.replace(settings, embed_origins=origins), dist))
    widget = await site.get("/embed?board=daily&top=5")
    assert await widget.text() == "<!doctype html><title>Widget</title>"
    policy = policy_of(widget)
    assert policy["frame-ancestors"] == " ".join(origins)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "X-Frame-Options" not in widget.headers
    # So that pages which are isolated from other origins can show it.
    assert widget.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert widget.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for path in "/", "/players/7", "/admin", "/docs", "/nothing", "/api/leaderboard/top":
        other = await site.get(path, headers={"Accept": "text/html"})
        assert policy_of(other)["frame-ancestors"] == "'none'"
        assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_the_widget_needs_a_build(client):
    response = await client.get("/embed")
    assert response.status == 200
    assert "make web" in await response.text()
    assert policy_of(response)["frame-ancestors"] == "'none'"
