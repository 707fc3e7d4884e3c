"""The examples of the README and docs/ print what the pages show, on the demo data of a first start."""

import contextlib
import json
import re
import shlex
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from service.background import KEYS_SECONDS
from tests.support import ROOT
from tests.support.service import Service, run

#: In the order in which they are tried: each page continues with the data of the one before.
PAGES = ("README.md", "docs/http.md", "docs/operations.md")
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Each command of the pages, with the output shown below it."""
    text = "".join(block for page in PAGES for block in CONSOLE.findall((ROOT / page).read_text())).replace("\\\n", "")
    return [split(part) for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]


def split(example: str) -> tuple[str, str]:
    """The command, whose quoted arguments may have several lines, and what it prints."""
    lines = example.splitlines()
    for count in range(1, len(lines) + 1):
        command = "\n".join(lines[:count])
        with contextlib.suppress(ValueError):  # a quotation is open
            shlex.split(command, comments=True)
            return command, trimmed("\n".join(lines[count:]))
    raise AssertionError(example)


def trimmed(text: str) -> str:
    """Without the trailing blanks that psql prints."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def curl(command: str, address: str, key: str) -> str:
    """What `curl -s [-X method] [-H header]... [-d data] url` prints. Once there is a key, each call has it."""
    words = shlex.split(command, comments=True)[1:]
    headers, data, url, method = {}, None, "", None
    while words:
        word = words.pop(0)
        if word == "-H":
            name, value = words.pop(0).split(": ", 1)
            headers[name] = value
        elif word == "-X":
            method = words.pop(0)
        elif word == "-d":
            data = words.pop(0).encode()
        elif word != "-s":
            url = word
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url.replace("localhost:8000", address), data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return trimmed(response.read().decode())


def psql(command: str, data_dir: Path) -> str:
    """What `echo SQL | make -s psql` prints."""
    sql = shlex.split(command)[1]
    result = run("service.commands.psql", data_dir=data_dir, text=sql)
    assert result.returncode == 0, result.stderr
    return trimmed(result.stdout)


def test_the_examples_print_what_the_pages_show(data_dir: Path, service: Callable[..., Service]) -> None:
    running = service(DEMO="1").ready()
    found = examples()
    assert len(found) == 22
    key = ticket = ""
    for command, printed in found:
        if command.startswith("KEY=$(make -s api-key NAME=studio SCOPES=admin)"):
            key = run("service.commands.api_keys", "create", "--", "studio", "admin", data_dir=data_dir).stdout.strip()
            time.sleep(2 * KEYS_SECONDS)
            continue
        command = command.replace("play1...", ticket)
        answer = curl(command, running.address, key) if command.startswith("curl") else psql(command, data_dir)
        ticket = json.loads(answer)["ticket"] if "/plays " in command else ticket
        assert answer == printed or not printed, command
    running.stop()
