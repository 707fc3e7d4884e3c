from tests.cache.conftest import new_client, own_redis
from tests.http.conftest import assert_error, documented, make_key

__all__ = ["assert_error", "documented", "make_key", "new_client", "own_redis"]
