"""The SQL is tested on servers with their default settings: the embedded version of PostgreSQL and, where it
is installed, the system's older one. The other folders use the embedded server as it comes.
"""

import pytest

from tests.support.databases import PostgresServer


@pytest.fixture(scope="session")
def postgres(default_postgres: PostgresServer) -> PostgresServer:
    return default_postgres


@pytest.fixture
async def plans(db):
    """The plans of every statement that runs inside of functions, as the server logs them."""
    found = []
    db.add_log_listener(lambda _, message: found.append(message.message))
    for setting in (
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_nested_statements = on",
        "auto_explain.log_level = notice",
        "client_min_messages = notice",
    ):
        if setting.startswith("auto_explain.log_min"):
            await db.execute("LOAD 'auto_explain'")
        await db.execute(f"SET {setting}")
    return found
