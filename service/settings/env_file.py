"""The file .env: NAME=value lines."""

from pathlib import Path


class SettingsError(ValueError):
    """Settings are wrong. Each of `problems` is a sentence with the variable, its value (never a secret) and what to
    change.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(path: Path) -> dict[str, str]:
    """The values in the file; none if there is no file. Nothing is expanded, so a password may contain `$` and `#`.

    Raises SettingsError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError([f"{path} cannot be read: {error}."]) from error
    except UnicodeDecodeError as error:
        # The error itself would quote a byte, perhaps of a password.
        raise SettingsError([f"{path} cannot be read: it is not UTF-8."]) from error
    values: dict[str, str] = {}
    problems: list[str] = []
    for number, line in enumerate(lines, start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.removeprefix("export ").partition("=")
        if not equals or not name.strip().isidentifier():
            problems.append(f"{path} line {number} cannot be read: write NAME=value, or # before a comment.")
            continue
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        values[name.strip()] = value
    if problems:
        raise SettingsError(problems)
    return values
