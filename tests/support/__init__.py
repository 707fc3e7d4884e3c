"""What the tests of several folders share. Fixtures are in the conftest.py files; everything else that one folder
would import from another is here (tests/lint/test_layout.py checks that).
"""

from pathlib import Path

import pytest

# An assert in these modules fails with the values that it compared, as it does in tests.
pytest.register_assert_rewrite(__name__)

ROOT = Path(__file__).resolve().parents[2]
