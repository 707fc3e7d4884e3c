"""The SQL is tested on the embedded server and, where it is installed, on the system's older one."""

import pytest

from tests.conftest import PostgresServer


@pytest.fixture(scope="session", params=["embedded", "system"])
def postgres(request: pytest.FixtureRequest) -> PostgresServer:
    server: PostgresServer = request.getfixturevalue(f"{request.param}_postgres")
    return server
