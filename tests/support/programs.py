"""Programs of the system that tests need."""

import os
import shutil

import pytest

_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def system_program(name: str) -> str:
    """The path of a program. If it is not installed, CI fails and other runs skip the test."""
    path = shutil.which(name, path=_PATH)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI has to test with {name}, which is not installed")
        pytest.skip(f"{name} is not installed")
    return path
