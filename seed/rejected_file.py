"""The file of the lines that an import rejects."""

import csv
from collections.abc import Sequence
from pathlib import Path

from service.errors import OperatorError

#: The columns that the file of rejected lines has in addition.
ADDED = ("line", "reason")


class ImportFailedError(OperatorError):
    """Nothing was counted."""


class RejectedFile:
    """The file of rejected lines, with the columns of the imported file: once corrected, it can be imported itself. It
    gets its name when it is complete.
    """

    def __init__(self, path: Path) -> None:
        self._target = path.with_name(f"{path.name}.rejected.csv")
        self._partial = self._target.with_name(f"{self._target.name}.partial")
        self.header: Sequence[str] = ()

    def __enter__(self) -> "RejectedFile":
        try:
            self._file = self._partial.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise ImportFailedError(
                f"{self._partial}, for rejected lines, cannot be written: {error.strerror}"
            ) from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._partial.unlink(missing_ok=True)

    def begin(self, header: Sequence[str]) -> None:
        """`header`: the columns of the cells that follow."""
        self.header = header
        self._writer.writerow([*header, *ADDED])

    def write(self, cells: Sequence[object], number: int, reason: str) -> None:
        self._writer.writerow([*cells, number, reason])

    def publish(self) -> Path:
        self._file.flush()
        self._partial.replace(self._target)
        return self._target
