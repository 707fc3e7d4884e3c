"""The configuration of the embedded PostgreSQL."""

import os
from collections.abc import Mapping

_MEGABYTE = 1024 * 1024


def render(settings: Mapping[str, str]) -> str:
    """The text of postgresql.conf."""
    lines = [
        "# Written by the service at every start: changes in this file are lost.",
        "# Use ALTER SYSTEM SET instead (make psql), which overrides this file.",
        *(f"{name} = '{_escape(value)}'" for name, value in settings.items()),
    ]
    return "\n".join([*lines, ""])


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def server_settings(memory: int) -> dict[str, str]:
    """The PostgreSQL settings for `memory` bytes, which the service and the cache share.

    Durability is not traded for speed: an acknowledged score is on disk.
    """
    shared_buffers = min(max(memory // 8, 128 * _MEGABYTE), 4096 * _MEGABYTE)
    maintenance = min(max(memory // 32, 64 * _MEGABYTE), 1024 * _MEGABYTE)
    work = min(max(memory // 512, 4 * _MEGABYTE), 64 * _MEGABYTE)
    settings = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": _kilobytes(shared_buffers),
        "effective_cache_size": _kilobytes(memory // 2),
        "maintenance_work_mem": _kilobytes(maintenance),
        "work_mem": _kilobytes(work),
        # The wheel has pglz only, which costs more than it saves: index builds of the bulk load took 17 s, not 5 s.
        "wal_compression": "off",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "max_connections": "100",
        # A short call gains nothing from compiled expressions, and compiling can take tens of milliseconds.
        "jit": "off",
        "random_page_cost": "1.1",
        # Folded rank deltas are dead rows within milliseconds, so vacuum has to look for them often.
        "autovacuum_naptime": "10s",
        "shared_preload_libraries": "pg_stat_statements",
        "cluster_name": "leaderboard",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_lock_waits": "on",
        # The log is kept, and must not name players whom api.erase_player erased: no errors of statements, which the
        # caller gets and the service logs, and no statements. FATAL and LOG are still logged.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
    }
    if _shared_memory_is_small():
        settings["dynamic_shared_memory_type"] = "mmap"
    return settings


def _shared_memory_is_small() -> bool:
    """Containers often get 64 MB of /dev/shm, too little for parallel queries; files are used instead."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return False
    return found.f_blocks * found.f_frsize < 256 * _MEGABYTE


def _kilobytes(size: int) -> str:
    return f"{size // 1024}kB"
