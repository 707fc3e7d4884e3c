"""The examples of the README and docs/ print what the pages show, on the demo data of a first start."""

import re
import shlex
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.support import ROOT
from tests.support.service import Service, run

#: In the order in which they are tried: each page continues with the data of the one before.
PAGES = ("README.md", "docs/http.md", "docs/operations.md")
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Each command of the pages, with the output shown below it."""
    text = "".join(block for page in PAGES for block in CONSOLE.findall((ROOT / page).read_text())).replace("\\\n", "")
    commands = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(command, trimmed(printed)) for command, _, printed in (part.partition("\n") for part in commands)]


def trimmed(text: str) -> str:
    """Without the trailing blanks that psql prints."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def curl(command: str, address: str) -> str:
    """What `curl -s [-H header]... [-d data] url` prints."""
    words = shlex.split(command)[1:]
    headers, data, url = {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, value = words.pop(0).split(": ", 1)
            headers[name] = value
        elif word == "-d":
            data = words.pop(0).encode()
        elif word != "-s":
            url = word
    request = urllib.request.Request(url.replace("localhost:8000", address), data, headers)
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
    assert len(found) == 8
    for command, printed in found:
        answer = curl(command, running.address) if command.startswith("curl") else psql(command, data_dir)
        assert answer == printed, command
    running.stop()
