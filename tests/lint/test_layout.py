"""Test folders do not import each other, and nothing imports a test module: what several need is in tests/support."""

import ast

import pytest

from tests.support import ROOT

TESTS = ROOT / "tests"


def folder_of(module: str) -> str:
    """`sql` of tests.sql.api.test_top_players; empty for a module of tests/ itself."""
    _, folder, *rest = [*module.split("."), "", ""]
    return folder if any(rest) or (TESTS / folder).is_dir() else ""


def imports(module: str, source: str) -> set[str]:
    """The modules of tests/ that a module imports, by absolute names."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parent = ".".join(module.split(".")[: -node.level]) if node.level else ""
            base = ".".join(filter(None, (parent, node.module)))
            # `from tests import audit` names a module, `from tests.support import ROOT` something in one.
            found |= {f"{base}.{alias.name}" for alias in node.names} if base == "tests" else {base}
    return {name for name in found if name == "tests" or name.startswith("tests.")}


def forbidden(module: str, source: str) -> set[str]:
    """Imports of test modules, and of other folders' modules. tests/support itself imports from nowhere else."""
    allowed = {folder_of(module), "support"}
    return {name for name in imports(module, source) if folder_of(name) not in allowed or ".test_" in name}


def test_every_module_imports_its_own_folder_and_support() -> None:
    found = {}
    for path in TESTS.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[module] = forbidden(module, path.read_text())
    assert len(found) > 100
    assert {module: names for module, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("tests.cache.test_hits", "from tests.support.api import get", set()),
        ("tests.cache.test_hits", "from tests.cache.conftest import BreakableRedis", set()),
        ("tests.sql.api.test_boards", "from tests.sql.conftest import postgres", set()),
        ("tests.cache.test_hits", "from tests.cache.test_freshness import f", {"tests.cache.test_freshness"}),
        ("tests.cache.test_hits", "import tests.http.conftest", {"tests.http.conftest"}),
        ("tests.cache.test_hits", "def f():\n    from tests.http.test_top import fill", {"tests.http.test_top"}),
        ("tests.cache.test_hits", "from ..http.test_top import fill", {"tests.http.test_top"}),
        ("tests.cache.test_hits", "from tests import http", {"tests.http"}),
        ("tests.cache.test_hits", "from tests.conftest import client", {"tests.conftest"}),
        ("tests.support.api", "from tests.cache.conftest import get", {"tests.cache.conftest"}),
        ("tests.conftest", "from tests.sql.conftest import postgres", {"tests.sql.conftest"}),
    ],
)
def test_an_import_of_another_folder_is_found(module: str, source: str, found: set[str]) -> None:
    assert forbidden(module, source) == found
