"""What the tests of several folders share. Fixtures are in the conftest.py files; everything else that one folder
would import from another is here (tests/lint/test_layout.py checks that).
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
