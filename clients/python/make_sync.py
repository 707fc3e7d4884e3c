"""Makes the sync client from the async one: `python make_sync.py`. Both have the same code but for the words below."""

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent / "leaderboard_client"
FILES = ("client.py", "connection.py", "flushing.py", "streaming.py")

WORDS = {
    r"\basync (def|with|for)\b": r"\1",
    r"\bawait ": "",
    r"Awaitable\[T\]": "T",
    r"\bAwaitable, ": "",
    r"\bAsyncGenerator\[(.*), None\]": r"Generator[\1, None, None]",
    r"\bAsync(Client|Generator)\b": r"\1",
    r"\b__a(enter|exit)__\b": r"__\1__",
    r"\ba(read|close|closing|iter_bytes)\b": r"\1",
    r"\bleaderboard_client\.aio\b": "leaderboard_client.sync",
    r"\bmany tasks\b": "many threads",
}
NOTE = "# Made from leaderboard_client/aio/{name} by make_sync.py.\n"


def made_from(name: str) -> str:
    """The sync version of a file, formatted."""
    text = (PACKAGE / "aio" / name).read_text()
    for pattern, replacement in WORDS.items():
        text = re.sub(pattern, replacement, text)
    for command in (["check", "--select=I", "--fix", "--quiet"], ["format"]):
        run = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(PACKAGE / "sync" / name), "-"]
        text = subprocess.run(run, input=text, capture_output=True, text=True, check=True).stdout
    return NOTE.format(name=name) + text


if __name__ == "__main__":
    for name in FILES:
        (PACKAGE / "sync" / name).write_text(made_from(name))
