"""Full load: `wrk` with one of the scripts in wrk/, as many requests as its connections can get answered."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SCRIPTS = Path(__file__).with_name("wrk")
_PREFIX = "RESULT "
#: Answers that take longer count as errors: far above what even the slowest reference needs.
_ANSWER_SECONDS = 30


class LoadError(Exception):
    """wrk could not be run, or did not say what it measured."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk measured. `errors` counts by kind, and only what happened: empty is good."""

    seconds: float
    requests: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    errors: dict[str, int]

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


def require_wrk() -> str:
    """The path of wrk. Raises LoadError with what to do where there is none."""
    found = shutil.which("wrk")
    if found is None:
        raise LoadError("the program wrk is missing. On Debian or Ubuntu: apt-get install wrk")
    return found


def start(
    script: str, url: str, *, connections: int, seconds: int, players: int, seed: int, key: str = ""
) -> subprocess.Popen[str]:
    """Starts wrk for `seconds`: `script` is one of those in wrk/; each `seed` asks for other players. `key` is the API
    key that each request carries, if any.
    """
    threads = 1 if connections < 16 else 2
    command = [
        require_wrk(),
        *(f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{_ANSWER_SECONDS}s"),
        *("-s", str(_SCRIPTS / f"{script}.lua"), url, "--", str(players)),
    ]
    environment = {**os.environ, "SEED": str(seed), "API_KEY": key}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def finish(process: subprocess.Popen[str], seconds: int) -> Load:
    """Waits for a wrk that was started for `seconds` and reads its result. Raises LoadError."""
    with process:
        try:
            output, _ = process.communicate(timeout=seconds + _ANSWER_SECONDS + 10)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise LoadError(f"wrk ended with {process.returncode}: {output.strip()[-500:]}")
    return parse(output)


def parse(output: str) -> Load:
    """The line that `done` in wrk/common.lua wrote, as a Load. Raises LoadError."""
    lines = [line for line in output.splitlines() if line.startswith(_PREFIX)]
    if len(lines) != 1:
        raise LoadError(f"wrk printed no result: {output.strip()[-500:]}")
    found = json.loads(lines[0].removeprefix(_PREFIX))
    errors = {kind: count for kind, count in found["errors"].items() if count}
    if found["requests"] == 0:
        errors["no answers"] = 1
    return Load(found["seconds"], found["requests"], found["p50_ms"], found["p99_ms"], found["max_ms"], errors)
