"""/client.js: cached and revalidated, for pages of allowed origins, too."""

import dataclasses

from service.app import create_app
from tests.support import ROOT

SCRIPT = (ROOT / "clients" / "javascript" / "client.js").read_text()


async def test_it_is_the_client_and_is_revalidated(client):
    response = await client.get("/client.js")
    assert (response.status, await response.text()) == (200, SCRIPT)
    assert response.content_type == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    for sent in (response.headers["ETag"], '"other", ' + response.headers["ETag"], "*"):
        again = await client.get("/client.js", headers={"If-None-Match": sent})
        assert (again.status, await again.text(), again.headers["ETag"]) == (304, "", response.headers["ETag"])
    other = await client.get("/client.js", headers={"If-None-Match": '"other"'})
    assert other.status == 200
    head = await client.head("/client.js")
    assert (head.status, head.headers["ETag"]) == (200, response.headers["ETag"])


async def test_pages_of_allowed_origins_may_load_it(settings, aiohttp_client):
    game = "https://game.example.com"
    client = await aiohttp_client(create_app(dataclasses.replace(settings, cors_origins=(game,))))
    response = await client.get("/client.js", headers={"Origin": game})
    assert response.headers["Access-Control-Allow-Origin"] == game
    assert "Origin" in response.headers["Vary"]
    response = await client.get("/client.js", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_it_needs_no_key(client, make_key):
    await make_key("read")
    assert (await client.get("/client.js")).status == 200
