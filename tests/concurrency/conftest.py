import pytest

from tests.support.databases import PostgresServer


@pytest.fixture(scope="session")
def postgres(default_postgres: PostgresServer) -> PostgresServer:
    return default_postgres
