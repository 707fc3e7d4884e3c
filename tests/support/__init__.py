"""What the tests of several folders share. Fixtures are in the conftest.py files; everything else that one folder
would import from another is here (tests/lint/test_layout.py checks that).
"""

from pathlib import Path

import pytest

# A failing assert in these modules shows the compared values, as it does in test modules.
pytest.register_assert_rewrite("tests.support.api", "tests.support.oracle")

ROOT = Path(__file__).resolve().parents[2]
