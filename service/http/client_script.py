"""/client.js: the JavaScript client, as it is in clients/javascript, for pages without a build of their own."""

import functools
import hashlib
from pathlib import Path

from aiohttp import ETag, web

PATH = "/client.js"
_FILE = Path(__file__).resolve().parents[2] / "clients" / "javascript" / "client.js"


async def client_script(request: web.Request) -> web.StreamResponse:
    """No FileResponse: pages of other origins that CORS allows may load it, too."""
    script, tag = _script()
    known = any(sent.value in (tag, "*") for sent in request.if_none_match or ())
    response = web.Response(status=304) if known else web.Response(body=script, content_type="text/javascript")
    response.etag = ETag(tag, is_weak=True)  # weak, because the script may be compressed on the way
    response.headers["Cache-Control"] = "no-cache"  # cached, but revalidated before each use
    return response


@functools.cache
def _script() -> tuple[bytes, str]:
    """The script, and a text that identifies it. Read once: a file that an upgrade replaces stays as it was."""
    script = _FILE.read_bytes()
    return script, hashlib.sha256(script).hexdigest()[:16]


def add_to(app: web.Application) -> None:
    """Registers the script. It is not part of the API, so it is not in its table of routes."""
    app.router.add_get(PATH, client_script, name="client_script")
