import pytest

# An assert in these modules fails with the values that it compared, as it does in tests.
pytest.register_assert_rewrite("tests.support")
