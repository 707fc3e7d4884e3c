"""What a benchmark writes: Markdown tables, JSON, and with SAVE=1 its page and figures under docs/."""

import json
import re
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent.parent
_DOCS = _ROOT / "docs"
_RESULTS = Path(__file__).with_name("results")


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns are aligned for a terminal too; all but the first are aligned right."""
    widths = [max(len(line[column]) for line in (head, *lines)) for column in range(len(head))]

    def shown(cells: Sequence[str]) -> str:
        padded = [cells[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([shown(head), shown(rule), *(shown(line) for line in lines)])


def number(value: float) -> str:
    """A figure with three digits that mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def write(name: str, result: dict[str, Any], text: str, charts: dict[str, str], *, save: bool) -> Path:
    """Writes the result as JSON; returns its path.

    With `save` it goes into the part `name` of docs/figures/benchmarks.json. The charts in docs/figures and
    the part `name` of docs/benchmarks.md are written as well.
    """
    result = {"measured": datetime.now(UTC).strftime("%Y-%m-%d"), **result}
    if not save:
        _RESULTS.mkdir(exist_ok=True)
        path = _RESULTS / f"{name}.json"
        path.write_text(json.dumps(result, indent=1) + "\n")
        return path
    figures = _DOCS / "figures"
    path = figures / "benchmarks.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**kept, name: result}, indent=1) + "\n")
    for chart, svg in charts.items():
        (figures / f"{chart}.svg").write_text(svg)
    page = _DOCS / "benchmarks.md"
    pictures = "\n".join(f"![{chart}]({figures.name}/{chart}.svg)" for chart in charts)
    measured = textwrap.fill(f"Measured on {result['measured']}: {_machine(result['machine'])}.", 120)
    body = f"{measured}\n\n{pictures}\n\n{text}"
    page.write_text(replaced(page.read_text(), name, body))
    return path


def replaced(page: str, name: str, body: str) -> str:
    """The page with `body` between the markers of `name`. Raises ValueError if it has none."""
    begin, end = f"<!-- {name}: made by the tool -->", f"<!-- {name}: end -->"
    pattern = re.compile(re.escape(begin) + r".*?" + re.escape(end), re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise ValueError(f"docs/benchmarks.md needs {begin} and {end} once")
    return pattern.sub(lambda _: f"{begin}\n{body.strip()}\n{end}", page)


def _machine(machine: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in machine.items())
