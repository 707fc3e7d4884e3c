"""The metric names that the dashboard and the alert conditions use."""

import json
import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs" / "newrelic"
_NAME = re.compile(r"(?:METRIC_FORMAT|metricTimesliceName (?:=|LIKE)) '([^']+)'")


def queries() -> list[str]:
    """Every NRQL query of docs/newrelic."""
    board = json.loads((DOCS / "dashboard.json").read_text())
    found = [
        query["query"]
        for page in board["pages"]
        for widget in page["widgets"]
        for query in widget["rawConfiguration"]["nrqlQueries"]
    ]
    alerts = re.findall(r'^ +query += "(SELECT .*)"$', (DOCS / "alerts.tf").read_text(), re.MULTILINE)
    return found + alerts


def asked(query: str) -> list[str]:
    return _NAME.findall(query)


def matching(asked_for: str, names: set[str]) -> set[str]:
    """Those of `names` that match a name with {placeholders} or %."""
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(asked_for)).replace("%", ".+")
    return {name for name in names if re.fullmatch(pattern, name)}
