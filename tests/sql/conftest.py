"""The SQL is tested on servers with their default settings: the embedded version of PostgreSQL and, where it
is installed, the system's older one. The other folders use the embedded server as it comes.
"""

import pytest

from tests.conftest import PostgresServer


@pytest.fixture(scope="session", params=["stock", "system"])
def postgres(request: pytest.FixtureRequest) -> PostgresServer:
    server: PostgresServer = request.getfixturevalue(f"{request.param}_postgres")
    return server
