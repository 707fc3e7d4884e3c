"""What the three commands have in common: a folder, a time limit, progress on stderr, errors in one line."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from service.embedded import EmbeddedServerError
from service.settings import SettingsError
from tests.bench import load, machine
from tests.bench.answers import WrongAnswerError
from tests.bench.options import OptionError
from tests.bench.servers import ServerError
from tests.bench.steady import SteadyError

Say = Callable[[str], None]

_EXPECTED = (
    OptionError,
    SettingsError,
    load.LoadError,
    SteadyError,
    ServerError,
    EmbeddedServerError,
    WrongAnswerError,
    TimeoutError,
)


def run(benchmark: Callable[[Path, Say], int], longest_seconds: int) -> int:
    """Runs `benchmark` with a folder of its own and something to report with; returns its exit status."""
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {text}", file=sys.stderr, flush=True)

    try:
        with machine.bounded(longest_seconds), machine.data_folder() as folder:
            return benchmark(folder, say)
    except _EXPECTED as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
