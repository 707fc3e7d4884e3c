"""The plain pages that the service shows while the web page has not been built. They have no scripts."""

from html import escape

#: The Content-Security-Policy of these pages.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 1rem }}
pre {{ background: color-mix(in srgb, currentColor 8%, transparent); padding: .75rem; overflow-x: auto }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def home(origin: str) -> str:
    """What / answers while the web page has not been built. `origin` is the address of the request."""
    at = escape(origin)
    return _FRAME.format(
        title="Leaderboard",
        body=f"""<h1>Leaderboard</h1>
<p>The service is running, but its web page has not been built. Run <code>make web</code> and reload; no restart is
needed.</p>
<p>The API works without the page:</p>
<pre>curl --json '{{"user_id": 7, "score": 1200}}' {at}/api/leaderboard/submit
curl {at}/api/leaderboard/top?limit=10
curl {at}/api/leaderboard/rank/7</pre>
<p><a href="docs">All calls</a>, <a href="openapi.json">as OpenAPI</a>,
<a href="readyz">state of the service</a></p>""",
    )


def missing() -> str:
    """What an unknown address shows in a browser while the web page has not been built."""
    return _FRAME.format(
        title="Page not found",
        body="""<h1>Page not found</h1>
<p><a href="/">To the leaderboard</a></p>""",
    )


def docs() -> str:
    """What /docs answers while the web page has not been built."""
    return _FRAME.format(
        title="Leaderboard API",
        body="""<h1>Leaderboard API</h1>
<p>The page that describes every call has not been built. Run <code>make web</code> and reload.</p>
<p>The same description as OpenAPI: <a href="openapi.json">openapi.json</a></p>""",
    )


def admin() -> str:
    """What /admin answers while the web page has not been built."""
    return _FRAME.format(
        title="Leaderboard console",
        body="""<h1>Leaderboard console</h1>
<p>The console has not been built. Run <code>make web</code> and reload; no restart is needed.</p>
<p><a href="/docs">The API</a> can do the same.</p>""",
    )


def embed() -> str:
    """What /embed answers while the widget has not been built."""
    return _FRAME.format(
        title="Leaderboard",
        body="""<p>The widget has not been built. Run <code>make web</code> and reload; no restart is needed.</p>""",
    )
