"""The two pages the service makes itself where the web page is not built: without scripts."""

from html import escape
from typing import Any

import msgspec

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
h2 {{ margin-top: 2.5rem; font-size: 1.1rem }}
td, th {{ text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0 }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def home(origin: str) -> str:
    """What / answers as long as the web page is not built. `origin` is how the service was reached."""
    at = escape(origin)
    return _FRAME.format(
        title="Leaderboard",
        body=f"""<h1>Leaderboard</h1>
<p>The service runs, but its web page is not built. <code>make web</code> builds it, then reload this page;
the service need not be restarted.</p>
<p>The API works all the same:</p>
<pre>curl --json '{{"user_id": 7, "score": 1200}}' {at}/api/leaderboard/submit
curl {at}/api/leaderboard/top?limit=10
curl {at}/api/leaderboard/rank/7</pre>
<p><a href="docs">All calls</a>, <a href="openapi.json">as OpenAPI</a>,
<a href="readyz">state of the service</a></p>""",
    )


def missing() -> str:
    """What an address that leads nowhere answers to people as long as the web page is not built."""
    return _FRAME.format(
        title="There is no such page",
        body="""<h1>There is no such page</h1>
<p><a href="/">To the leaderboard</a></p>""",
    )


def docs(document: dict[str, Any]) -> str:
    """The OpenAPI document as a page to read."""
    info = document["info"]
    parts = [
        f"<h1>{escape(info['title'])} API</h1>",
        f"<p>{escape(info['summary'])} {escape(info['description'])}</p>",
        '<p>For programs: <a href="openapi.json">openapi.json</a></p>',
    ]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts.append(_operation(path, method, operation))
    return _FRAME.format(title="Leaderboard API", body="\n".join(parts))


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [f'<h2 id="{escape(operation["operationId"])}">{method.upper()} {escape(path)}</h2>']
    parts.append(f"<p>{escape(operation['summary'])}. {escape(operation.get('description', ''))}</p>")
    if operation["parameters"]:
        rows = "".join(_parameter(parameter) for parameter in operation["parameters"])
        parts.append(f"<table>{rows}</table>")
    if "requestBody" in operation:
        example = operation["requestBody"]["content"]["application/json"]["example"]
        parts.append(f"<p>Body:</p>{_json(example)}")
    for status, response in operation["responses"].items():
        parts.append(f"<p><strong>{status}</strong> {escape(response['description'])}</p>")
        for content in response["content"].values():
            if status == "200" and "example" in content:
                parts.append(_json(content["example"]))
    return "\n".join(parts)


def _parameter(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    kind = schema.get("type", "")
    if "minimum" in schema:
        kind += f" {schema['minimum']} to {schema['maximum']}"
    if "enum" in schema:
        kind = " or ".join(schema["enum"])
    if "default" in schema:
        kind += f", {schema['default']} by default"
    text = parameter.get("description") or schema.get("description", "")
    where = f"{parameter['in']}{', required' if parameter['required'] else ''}"
    cells = f"<code>{escape(parameter['name'])}</code>", where, escape(kind), escape(text)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _json(value: Any) -> str:
    return f"<pre>{escape(msgspec.json.format(msgspec.json.encode(value)).decode())}</pre>"
