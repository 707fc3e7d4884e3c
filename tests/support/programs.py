"""Programs of the system that tests need."""

import os
import shutil
from typing import NoReturn

import pytest

_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def missing(what: str) -> NoReturn:
    """CI fails, and other runs skip the test. `what`: what is missing and how to install it."""
    if os.environ.get("CI"):
        pytest.fail(f"CI has to run every test: {what}")
    pytest.skip(what)


def system_program(name: str) -> str:
    """The path of a program. If it is not installed, CI fails and other runs skip the test."""
    return shutil.which(name, path=_PATH) or missing(f"{name} is not installed")
