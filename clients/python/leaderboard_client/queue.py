"""Scores that wait for the network, on disk: a folder with one JSON file a score.

A file is written under another name, flushed and renamed, so it is there as a whole or not at all, also after a power
failure. Several processes can share a folder: none of these steps needs a lock.
"""

import contextlib
import hashlib
import itertools
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from leaderboard_client.errors import ApiError, LeaderboardError, QueueFull

#: The service keeps keys for 7 days. A day is left for clocks that differ.
_KEY_LIFETIME = timedelta(days=6)
_counter = itertools.count()


@dataclass(frozen=True)
class QueuedScore:
    """A score in the queue, as it will be sent. `file` is its name in the folder."""

    key: str
    score: dict[str, Any]
    query: dict[str, Any] = field(default_factory=dict)
    #: Whether played_at comes from the client, not from the game.
    stamped: bool = False
    #: When an attempt began whose outcome is not certain; None: it surely has not counted yet.
    sent_at: str | None = None
    file: str = ""

    @property
    def player(self) -> Any:
        return self.score.get("user_id", self.score.get("player"))

    def is_too_old(self) -> bool:
        """Whether the service may have forgotten the key of an attempt that it may have counted."""
        return self.sent_at is not None and datetime.now(UTC) - datetime.fromisoformat(self.sent_at) > _KEY_LIFETIME


@dataclass(frozen=True)
class Refused:
    """A score that left the queue without being counted, and why."""

    score: QueuedScore
    error: LeaderboardError


@dataclass(frozen=True)
class Flushed:
    """What a flush did. `error` is why it stopped before the end; None: it tried all scores."""

    sent: int
    refused: list[Refused]
    left: int
    error: LeaderboardError | None


class FolderQueue:
    def __init__(self, folder: str | os.PathLike[str], limit: int) -> None:
        self._folder, self._limit = Path(folder), limit

    def add(self, score: QueuedScore) -> None:
        """When this returns, the score is on disk. Raises QueueFull, or OSError if the disk cannot take it."""
        if len(self) >= self._limit:
            raise QueueFull(f"the queue in {self._folder} holds {self._limit} scores: flush it, or raise queue_limit")
        digest = hashlib.sha256(score.key.encode()).hexdigest()[:16]
        self.write(replace(score, file=f"{time.time_ns() // 1_000_000}-{next(_counter):06}-{digest}.json"))

    def write(self, score: QueuedScore) -> None:
        """Also replaces a file."""
        content = asdict(score)
        path = self._folder / content.pop("file")
        text = json.dumps(content)
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}-{next(_counter)}.tmp")
        with temporary.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        self._keep_names()

    def remove(self, score: QueuedScore) -> None:
        (self._folder / score.file).unlink(missing_ok=True)

    def __len__(self) -> int:
        return len(self._files())

    def __iter__(self) -> Iterator[QueuedScore | Refused]:
        """The scores, oldest first. A file that cannot be read is put aside as *.unreadable."""
        for name in self._files():
            path = self._folder / name
            try:
                yield _read(path)
            except FileNotFoundError:  # another process sent it
                continue
            except (ValueError, TypeError, KeyError):
                aside = path.with_suffix(".unreadable")
                path.replace(aside)
                yield Refused(QueuedScore("", {}, file=name), LeaderboardError(f"{aside} is not a queued score"))

    def _files(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._folder) if name.endswith(".json"))
        except FileNotFoundError:
            return []

    def _keep_names(self) -> None:
        """Flushes the folder. Windows has no such call, and does not need it."""
        with contextlib.suppress(PermissionError):
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _read(path: Path) -> QueuedScore:
    """Fields that a later release may have added are left out."""
    content = json.loads(path.read_text())
    key, score = str(content["key"]), dict(content["score"])
    return QueuedScore(
        key, score, content.get("query", {}), content.get("stamped", False), content.get("sent_at"), path.name
    )


def is_refused_for_good(error: LeaderboardError) -> bool:
    """Whether the service will never accept the score. A wrong key or address is not the score's fault."""
    if not isinstance(error, ApiError) or error.code in ("not_found", "too_many_submissions"):
        return False
    return error.status in (400, 404, 409, 413, 422)
