"""The client for Godot 4: parsed, linted and held against the description of the API. No package has a Godot 4 that
could run it here.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from service import errors
from service.errors import Failure
from service.http import openapi
from tests.support import ROOT

FOLDER = ROOT / "clients" / "godot"
SOURCES = sorted(FOLDER.glob("*.gd"))
CLIENT = (FOLDER / "leaderboard_client.gd").read_text()


@pytest.mark.parametrize(
    "command", [["gdparse"], ["gdlint"], ["gdformat", "--check", "--line-length", "100"]], ids=lambda c: c[0]
)
def test_the_sources_are_clean(command: list[str]) -> None:
    assert len(SOURCES) == 4
    tool = Path(sys.executable).with_name(command[0])
    result = subprocess.run([tool, *command[1:], *SOURCES], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_makes_calls_that_there_are() -> None:
    api = next(iter(re.findall(r'^const API := "(.*)"$', CLIENT, re.MULTILINE)))
    called = {
        (method, path) for method, path in re.findall(r'_call\(HTTPClient\.METHOD_(\w+), "(/[a-z/]+)"', CLIENT)
    } | {("GET", path) for path in re.findall(r'(?:fetch\(|API \+ )"(/[a-z/%]+)"', CLIENT)}
    assert len(called) >= 10
    described = {
        (method.upper(), re.sub(r"\{\w+\}", "", path))
        for path, operations in openapi.document()["paths"].items()
        for method in operations
    }
    for method, path in called:
        assert (method, api + path.replace("%s", "")) in described, path


def test_it_knows_the_codes_of_the_service() -> None:
    codes = {failure.code for failure in vars(errors).values() if isinstance(failure, Failure)}
    known = set(re.findall(r'answer\.code == "(\w+)"', CLIENT))
    stream = (FOLDER / "leaderboard_stream.gd").read_text()
    known |= set(re.findall(r'^\t"(\w+)",$', stream, re.MULTILINE))
    assert len(known) >= 8
    assert known <= codes


def test_files_name_classes_and_no_class_is_named_twice() -> None:
    names = [name for source in SOURCES for name in re.findall(r"^class_name (\w+)$", source.read_text(), re.MULTILINE)]
    assert len(names) == len(set(names)) == len(SOURCES)
    used = set(re.findall(r"\bLeaderboard\w+", "".join(source.read_text() for source in SOURCES)))
    assert used == set(names)
