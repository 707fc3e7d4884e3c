from tests.sql.conftest import postgres

__all__ = ["postgres"]
