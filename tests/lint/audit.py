"""Checks the installed packages for known vulnerabilities: pip-audit for Python, npm audit for the web page.

    python tests/lint/audit.py [--osv-url URL] [--registry URL]

Both ask a service on the network. If it is unreachable, or is a mirror without this data, the check is skipped with a
message and the exit status is 0. The exit status is 1 if there is a known vulnerability or a tool fails.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 120
_NETWORK = re.compile(r"requests\.exceptions\.|ServiceError|Timeout")

#: Vulnerabilities that do not affect us, by id: the reason, and when to check it again.
IGNORED: dict[str, str] = {}


class UnreachableError(Exception):
    """The service with the data did not answer; the message says why."""


class AuditError(Exception):
    """A tool failed, and not because of the network; the message says why."""


def main(arguments: list[str] | None = None) -> int:
    """Prints what was found; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="tests/lint/audit.py", description="Known vulnerabilities of installed packages."
    )
    parser.add_argument("--osv-url", help="used by pip-audit instead of api.osv.dev")
    parser.add_argument("--registry", help="used by npm audit instead of npm's own")
    options = parser.parse_args(arguments)
    found = []
    for name, audit in (
        ("pip-audit", lambda: python(options.osv_url)),
        ("npm audit", lambda: npm(options.registry)),
    ):
        try:
            checked, faults = audit()
        except UnreachableError as reason:
            print(f"{name}: skipped: {reason}")
            continue
        except AuditError as reason:
            found.append(f"{name}: it did not run: {reason}")
            continue
        print(f"{name}: {checked} packages, {len(faults)} known faults")
        found += faults
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


def python(osv_url: str | None) -> tuple[int, list[str]]:
    """The number of packages that were looked up, and a line for each vulnerability."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--timeout=10"]
    command += ["--vulnerability-service=osv", *([f"--osv-url={osv_url}"] if osv_url else [])]
    report = _report(command, ROOT)
    packages = [package for package in report["dependencies"] if "skip_reason" not in package]
    if not packages:
        raise UnreachableError("the service knows none of the packages")
    faults = [
        f"{package['name']} {package['version']}: {vuln['id']}, fixed in {', '.join(vuln['fix_versions']) or 'nothing'}"
        for package in packages
        for vuln in package["vulns"]
        if not IGNORED.keys() & {vuln["id"], *vuln["aliases"]}
    ]
    return len(packages), faults


def npm(registry: str | None) -> tuple[int, list[str]]:
    """The same for the packages that the web page is built from and with, for severity moderate or worse."""
    command = [
        str(ROOT / "webui" / "npm"),
        "audit",
        "--json",
        *([f"--registry={registry}"] if registry else []),
    ]
    report = _report(command, ROOT / "webui")
    if "vulnerabilities" not in report:
        # A message comes from the service or says that it did not answer; npm's own errors have a code.
        error = UnreachableError if "message" in report else AuditError
        raise error(_line(report.get("message") or str(report.get("error", report))))
    faults = {
        f"{via['name']} {via['range']}: {via['severity']}: {via['title']} {via['url']}"
        for package in report["vulnerabilities"].values()
        for via in package["via"]
        if isinstance(via, dict) and via["severity"] not in {"info", "low"} and via["url"] not in IGNORED
    }
    return report["metadata"]["dependencies"]["total"], sorted(faults)


def _report(command: list[str], folder: Path) -> dict[str, Any]:
    """The JSON that a tool prints, whatever its exit status is."""
    try:
        result = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise UnreachableError(f"no answer within {TIMEOUT_SECONDS} s") from None
    try:
        report = json.loads(result.stdout)
    except ValueError:
        last = _line(result.stderr.strip().rpartition("\n")[2])
        raise (UnreachableError if _NETWORK.search(last) else AuditError)(last) from None
    assert isinstance(report, dict), report
    return report


def _line(text: str) -> str:
    return text.strip().partition("\n")[0][:200] or "it printed nothing"


if __name__ == "__main__":
    sys.exit(main())
