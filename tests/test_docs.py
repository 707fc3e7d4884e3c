"""The documentation matches the code: it has every setting, route, function, error code and package, and what it names
exists.
"""

import dataclasses
import re
import subprocess
from pathlib import Path

import pytest

from service.database.sqlstates import SQLSTATES
from service.http import routes
from service.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SQL = (ROOT / "docs" / "sql.md").read_text()
CODE = re.compile(r"^\| (LB\d{3}) \| (\w+) \| (\d{3}) \|$", re.MULTILINE)
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("setting", [field.name.upper() for field in dataclasses.fields(Settings)])
def test_every_setting_is_in_the_readme(setting):
    assert f"`{setting}`" in README


def test_the_design_says_who_uses_each_setting():
    section = (ROOT / "docs" / "LLD.md").read_text().partition("\n## Settings\n")[2].partition("\n## ")[0]
    named = re.findall(r"`([A-Z][A-Z_]+)`", section)
    assert sorted(named) == sorted(field.name.upper() for field in dataclasses.fields(Settings))


@pytest.mark.parametrize("path", sorted({route.path for route in routes.ROUTES} - {"/"}))
def test_every_route_is_in_the_readme(path):
    assert path in README


def test_the_error_codes_in_the_docs_are_those_of_the_service():
    documented = {sqlstate: (name, int(status)) for sqlstate, name, status in CODE.findall(SQL)}
    known = {
        sqlstate: (failure.code, failure.status) for sqlstate, failure in SQLSTATES.items() if sqlstate.startswith("LB")
    }
    assert documented == known


def test_every_function_of_api_is_described():
    names = [path.stem for path in (ROOT / "db" / "functions" / "api").glob("*.sql")]
    assert [name for name in names if f"`api.{name}(" not in SQL] == []


def test_every_package_is_explained():
    pinned = re.findall(r"^([\w-]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert [name for name in pinned if name not in README] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]*)(?:#([^):]+))?\)", page.read_text())
    files = {(page.parent / file if file else page, anchor) for file, anchor in links}
    assert [file for file, _ in files if not file.exists()] == []
    assert [(file.name, anchor) for file, anchor in files if anchor and anchor not in anchors(file)] == []


def anchors(page: Path) -> list[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL), re.M
    )
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_lines_wrap_at_120_columns(page):
    """Rows of tables and fenced blocks cannot wrap."""
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert [line for line in text.splitlines() if len(line) > 120 and not line.startswith("|")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_names_exists(page):
    """Paths (`service/batching.py`), names in a file (`service/batching.py: Batcher`), and tests (`test_something`)."""
    text = page.read_text()
    names = {(path, name) for path, name in re.findall(r"`([\w.-]+/[\w./-]*)(?:: (\w+))?`", text) if is_ours(path)}
    assert [path for path, _ in names if not (ROOT / path).exists()] == []
    assert [(path, name) for path, name in names if name and not defines(ROOT / path, name)] == []
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in tests] == []


def is_ours(path: str) -> bool:
    """Whether a path is to exist in the repository: not `NNNN_name.sql`, and nothing that git ignores."""
    ignored = (
        subprocess.run(["git", "check-ignore", path, f"{path}/"], cwd=ROOT, stdout=subprocess.DEVNULL).returncode == 0
    )
    return (ROOT / path.split("/")[0]).is_dir() and "NNNN" not in path and not ignored


def defines(path: Path, name: str) -> bool:
    return re.search(rf"^\s*(?:(?:async )?def|class) {name}\b", path.read_text(), re.MULTILINE) is not None


def test_every_top_level_entry_is_known():
    """The top level holds the project's folders and what its tools expect there, and nothing else."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    assert top <= {
        "db",
        "clients",
        "deploy",
        "service",
        "webui",
        "seed",
        "tests",
        "docs",
        "newrelic.ini",
        "yoyo.ini",
        "requirements.txt",
        "requirements-dev.txt",
        "README.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "LICENSE",
        "Makefile",
        "pyproject.toml",
        ".ci",
        ".gitignore",
        ".editorconfig",
        ".dockerignore",
        "Dockerfile",
        "compose.yaml",
        ".env.example",
    }
