"""The examples of docs/clients.md run as they are, against the service, and have the types that they promise."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT
from tests.support.node import MODULES, node, node_module

PYTHON = ROOT / "clients" / "python"
PAGE = (ROOT / "docs" / "clients.md").read_text()


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


async def output_of(*command: str, folder: Path, **environ: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


def test_each_has_ten_lines_at_most() -> None:
    found = [*examples("python"), *examples("html"), *examples("javascript")]
    assert len(found) == 4
    for example in found:
        assert len([line for line in example.splitlines() if line.strip()]) <= 10


@pytest.mark.parametrize("example", examples("python"), ids=["sync", "async"])
async def test_python(example: str, address: str, tmp_path: Path) -> None:
    script = tmp_path / "game.py"
    script.write_text(example.replace("http://localhost:8000", address))
    printed = await output_of(sys.executable, str(script), folder=tmp_path, PYTHONPATH=str(PYTHON))
    assert "1200" in printed or "2700" in printed
    types = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    assert "no issues found" in await output_of(*types, folder=tmp_path, MYPYPATH=str(PYTHON))


async def test_javascript(address: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "leaderboard-client").symlink_to(ROOT / "clients" / "javascript")
    (example,) = examples("javascript")
    script = tmp_path / "game.mts"
    script.write_text(example)
    script.with_suffix(".mjs").write_text(example.replace("http://localhost:8000", address))
    assert "total_score: 1200" in await output_of(node(), "game.mjs", folder=tmp_path)
    options = "--noEmit --strict --target es2023 --lib es2023,dom,dom.iterable --module nodenext --types node"
    types = subprocess.run(
        [node(), node_module("typescript/bin/tsc"), *options.split(), "--typeRoots", MODULES / "@types", script],
        capture_output=True,
        text=True,
    )
    assert types.returncode == 0, types.stdout
