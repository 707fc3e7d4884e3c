"""How the built web page is served: caching, compression, security headers, fallback, and without a build.

The build here is a small one of the test's; tests/web has the real one in a real browser.
"""

import gzip
from pathlib import Path

import pytest
from yarl import URL

from service.app import create_app

PAGE = b"<!doctype html><title>Leaderboard</title>"
CONSOLE = b"<!doctype html><title>Leaderboard console</title>"
SCRIPT = b"console.log('a script')"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def dist(tmp_path):
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "docs.html").write_bytes(b"<!doctype html><title>API</title>")
    (folder / "admin.html").write_bytes(CONSOLE)
    (folder / "assets" / "index-Abc_123.js").write_bytes(SCRIPT)
    (folder / "assets" / "index-Abc_123.js.gz").write_bytes(gzip.compress(SCRIPT))
    # Not brotli in truth: what is sent is the file as it is.
    (folder / "assets" / "index-Abc_123.js.br").write_bytes(b"brotli")
    return folder


@pytest.fixture
async def site(settings, aiohttp_client, dist):
    return await aiohttp_client(create_app(settings, dist))


async def test_assets_are_kept_for_good(site):
    response = await site.get("/assets/index-Abc_123.js")
    assert response.status == 200
    assert response.content_type in {"text/javascript", "application/javascript"}
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert await response.read() == SCRIPT


@pytest.mark.parametrize(("accepted", "coding"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None), ("", None)])
async def test_the_best_precompressed_file_is_sent(site, accepted, coding):
    response = await site.get("/assets/index-Abc_123.js", headers={"Accept-Encoding": accepted}, auto_decompress=False)
    assert response.headers.get("Content-Encoding") == coding
    assert response.headers["Vary"] == "Accept-Encoding"
    body = await response.read()
    assert {"br": body == b"brotli", "gzip": body[:2] == b"\x1f\x8b", None: body == SCRIPT}[coding]


@pytest.mark.parametrize("path", ["/", "/?player=7", "/docs", "/admin", "/admin/players/7"])
async def test_pages_are_asked_for_anew(site, path):
    response = await site.get(path)
    assert response.status == 200
    assert response.content_type == "text/html"
    assert response.headers["Cache-Control"] == "no-cache"
    again = await site.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304


@pytest.mark.parametrize("path", ["/", "/docs", "/admin", "/admin/keys", "/some/where"])
async def test_pages_have_the_security_headers(site, path):
    headers = (await site.get(path, headers=BROWSER)).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["font-src"] == "'self'"
    assert policy["style-src"] == ("'self' 'unsafe-inline'" if path == "/docs" else "'self'")
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"]


@pytest.mark.parametrize(
    "path",
    ["/some/where", "/index.html", "/docs/", "/api", "/assets", "/?/", "/admin/", "/admin/nothing", "/administrator"],
)
async def test_a_person_gets_a_page_that_says_so_at_an_unknown_address(site, path):
    """The page finds out by itself that nothing is there. No cache keeps it, and no 304 takes its place."""
    response = await site.get(URL(path, encoded=True), headers=BROWSER)
    assert await response.read() == PAGE
    assert response.content_type == "text/html"
    if path == "/?/":
        assert response.status == 200
        return
    assert response.status == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers and "Last-Modified" not in response.headers
    for condition in ({"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}):
        again = await site.get(URL(path, encoded=True), headers={**BROWSER, **condition})
        assert again.status == 404
        assert await again.read() == PAGE
    assert (await site.head(URL(path, encoded=True), headers=BROWSER)).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/admin",
        "/admin/boards",
        "/admin/boards/a%2Fb",
        "/admin/players/steam%3A7",
        "/admin/moderation/back-test",
        "/admin/rejected?board=daily",
        "/admin/keys",
        "/admin/health",
    ],
)
async def test_every_section_of_the_console_has_an_address(site, path):
    """The page itself needs no API key: it asks for one."""
    response = await site.get(URL(path, encoded=True))
    assert response.status == 200
    assert response.content_type == "text/html"
    assert await response.read() == CONSOLE
    assert (await site.head(URL(path, encoded=True))).status == 200


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/some/where", {"Accept": "*/*"}),
        ("GET", "/some/where", {"Accept": "application/json"}),
        ("GET", "/api/leaderboard/nothing", BROWSER),
        ("GET", "/assets/gone-123.js", BROWSER),
        ("POST", "/some/where", BROWSER),
        ("GET", "/admin/nothing", {"Accept": "*/*"}),
    ],
)
async def test_a_program_gets_the_error(site, assert_error, method, path, headers):
    response = await site.request(method, path, headers=headers)
    await assert_error(response, 404, "not_found")
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_wrong_method_stays_one(site, assert_error):
    response = await site.get("/api/leaderboard/submit", headers=BROWSER)
    await assert_error(response, 405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2findex.html",
        "/assets/%2e%2e%2findex.html",
        "/assets/.",
        "/assets/",
        "/assets/%2e%2e",
        "/assets/..%5cindex.html",
        "/assets/%00",
        "/assets/.hidden",
    ],
)
async def test_nothing_but_assets_is_served(site, dist, path):
    (dist / "assets" / ".hidden").write_text("no")
    response = await site.get(URL(path, encoded=True))
    assert response.status == 404


async def test_the_other_calls_work_beside_the_page(site):
    assert (await site.get("/healthz", headers=BROWSER)).status == 200
    response = await site.get("/api/leaderboard/top", headers=BROWSER)
    assert response.content_type == "application/json"


async def test_a_page_built_later_is_served_without_a_restart(settings, aiohttp_client, tmp_path):
    site = await aiohttp_client(create_app(settings, tmp_path / "dist"))
    before = await site.get("/")
    assert "make web" in await before.text()
    console = await site.get("/admin/players/7")
    assert console.status == 200
    assert "make web" in await console.text()
    assert "script" not in console.headers["Content-Security-Policy"]
    missing = await site.get("/some/where", headers=BROWSER)
    assert missing.status == 404
    assert "Page not found" in await missing.text()
    assert "script" not in missing.headers["Content-Security-Policy"]
    assert (await site.get("/assets/index-1.js")).status == 404
    Path(tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_bytes(PAGE)
    assert await (await site.get("/")).read() == PAGE
