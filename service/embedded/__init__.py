"""The servers of `make run`: PostgreSQL and Valkey as children of this process, with their data in DATA_DIR."""

from service.embedded.data_dir import DataDirInUseError, locked, owner_database, remove
from service.embedded.errors import EmbeddedServerError
from service.embedded.postgres import EmbeddedPostgres
from service.embedded.supervisor import Supervisor
from service.embedded.valkey import EmbeddedValkey

__all__ = [
    "DataDirInUseError",
    "EmbeddedPostgres",
    "EmbeddedServerError",
    "EmbeddedValkey",
    "Supervisor",
    "locked",
    "owner_database",
    "remove",
]
