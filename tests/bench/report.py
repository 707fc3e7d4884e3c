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


def write(
    name: str,
    result: dict[str, Any],
    text: str,
    charts: dict[str, str],
    *,
    save: bool,
    page: str = "benchmarks.md",
) -> Path:
    """Writes the result as JSON; returns its path.

    With `save` it goes into the part `name` of docs/figures/benchmarks.json. The charts in docs/figures and
    the part `name` of the page are written as well.
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
    pictures = "\n".join(f"![{chart}]({figures.name}/{chart}.svg)" for chart in charts)
    write_part(page, name, result, f"{pictures}\n\n{text}")
    return path


def saved(name: str) -> dict[str, Any]:
    """The part `name` of docs/figures/benchmarks.json."""
    result: dict[str, Any] = json.loads((_DOCS / "figures" / "benchmarks.json").read_text())[name]
    return result


def write_part(page: str, name: str, result: dict[str, Any], text: str) -> None:
    """Writes the part `name` of a page of docs, with the day and the machine of the result above it."""
    path = _DOCS / page
    measured = textwrap.fill(f"Measured on {result['measured']}: {_machine(result['machine'])}.", 120)
    path.write_text(replaced(path.read_text(), name, f"{measured}\n\n{text.strip()}"))


def replaced(page: str, name: str, body: str) -> str:
    """The page with `body` between the markers of `name`. Raises ValueError if it has none."""
    begin, end = f"<!-- {name}: made by the tool -->", f"<!-- {name}: end -->"
    pattern = re.compile(re.escape(begin) + r".*?" + re.escape(end), re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise ValueError(f"the page needs {begin} and {end} once")
    return pattern.sub(lambda _: f"{begin}\n{body.strip()}\n{end}", page)


def _machine(machine: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in machine.items())
