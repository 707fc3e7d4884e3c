"""What holds for every function: a file, header and comment, a test file, a pinned search_path, no PUBLIC."""

import re
from pathlib import Path

import pytest

from tests.support.oracle import rows

ROOT = Path(__file__).parents[2]
FILES = {f"{path.parent.name}.{path.stem}": path for path in (ROOT / "db" / "functions").glob("*/*.sql")}

CATALOGUE = """
    SELECT n.nspname || '.' || p.proname AS name, p.prosecdef, p.provolatile::text, p.proconfig, l.lanname,
           obj_description(p.oid, 'pg_proc'), p.proacl::text, p.prorettype = 'trigger'::regtype, p.proretset
    FROM pg_proc AS p
    JOIN pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_language AS l ON l.oid = p.prolang
    WHERE n.nspname IN (
        'internal', 'ledger', 'board', 'rank_index', 'archive', 'past', 'player', 'submission', 'moderation', 'api'
    )
"""


async def test_a_file_a_function_and_a_function_a_file(db):
    names = [row[0] for row in rows(await db.fetch(CATALOGUE))]
    assert sorted(names) == sorted(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_files_have_a_header_replace_and_comment(name):
    text = FILES[name].read_text()
    assert text.startswith("-- Purpose:")
    assert f"CREATE OR REPLACE FUNCTION {name}(" in text
    assert f"COMMENT ON FUNCTION {name}(" in text
    assert not re.search(r"\bDROP (?!CONSTRAINT|INDEX)", text)  # migrations drop; a setting may be an index
    parameters = re.search(r"FUNCTION [\w.]+\((.*?)\)\s*\n?RETURNS|FUNCTION [\w.]+\((.*?)\) RETURNS", text, re.DOTALL)
    assert parameters
    if "p_" in (parameters.group(1) or parameters.group(2) or ""):
        assert "-- Args:" in text


async def test_every_function_has_a_comment_and_is_not_for_public(db):
    for name, _, _, _, _, comment, acl, *_ in rows(await db.fetch(CATALOGUE)):
        assert comment, name
        assert acl is not None, name
        assert not re.search(r"[{,]=X", acl), name


async def test_api_functions_are_security_definer_with_a_pinned_search_path(db):
    for name, definer, volatility, config, language, *_ in rows(await db.fetch(CATALOGUE)):
        if name.startswith("api."):
            assert definer, name
            assert language == "plpgsql", name
            assert "search_path=pg_catalog, pg_temp" in config, name
            reads = not re.search(
                r"\.submit|\.close_|\.end_|fold|fill_|rebuild|materialize|create|alter|delete|set_|clear_|revoke|note_"
                r"|probe_|void_|restore_|ban_|undo_|lift_|recompute_|start_|declare_|drop_|rename_|link_|erase_"
                r"|issue_|withdraw_|copy_",
                name,
            )
            assert (volatility != "v") == reads, name


async def test_whatever_runs_with_the_rights_of_the_owner_has_a_pinned_search_path(db):
    """Others run with that of their caller: the steps of a submission, and what the planner inlines."""
    definers = [row for row in rows(await db.fetch(CATALOGUE)) if row[1]]
    assert {"api.submit_scores", "ledger.tg_game_sessions__correct_totals"} < {row[0] for row in definers}
    for name, _, _, config, *_ in definers:
        assert "search_path=pg_catalog, pg_temp" in config, name


async def test_reads_can_be_inlined(db):
    """Rank reads are plain statements that become part of the calling statement's plan."""
    found = {row[0]: row[1:5] for row in rows(await db.fetch(CATALOGUE)) if row[4] == "sql" and row[8]}
    rank_reads = [
        "count_above",
        "count_above_one",
        "player_totals",
        "rows_above",
        "rows_below",
        "total_range",
    ]
    assert {f"rank_index.{name}" for name in rank_reads} | {"ledger.totals_of"} <= set(found)
    for name, (definer, volatility, config, _) in found.items():
        assert (definer, volatility, config) == (False, "s", None), name


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.startswith("api.")))
def test_every_api_function_has_tests(name):
    """A file of its own, or calls in the tests of its subject, such as those of tests/sql/players."""
    tests = ROOT / "tests" / "sql"
    if not (tests / "api" / f"test_{name.removeprefix('api.')}.py").exists():
        others = (path for path in tests.glob("*/test_*.py") if path.name != "test_bad_arguments.py")
        assert any(f"{name}(" in path.read_text() for path in others)


@pytest.mark.parametrize("path", sorted((ROOT / "db" / "migrations").glob("*.sql")), ids=lambda path: path.name)
def test_every_migration_can_be_rolled_back(path):
    if not path.name.endswith(".rollback.sql"):
        assert path.with_suffix(".rollback.sql").exists()


def test_every_api_function_is_in_the_docs():
    page = (ROOT / "docs" / "sql.md").read_text()
    assert [name for name in FILES if name.startswith("api.") and name not in page] == []
