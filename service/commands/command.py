"""What all commands share: the settings, errors as one line on standard error, and the exit status."""

import sys
from collections.abc import Callable

import psycopg

from service.errors import OperatorError
from service.settings import Settings, SettingsError, load, urls

_UNDEFINED = {"3F000", "42883"}  # no such schema, no such function


class UsageError(OperatorError):
    """An argument is missing or wrong; the message says what to write."""


def run(work: Callable[[Settings], int | None], *, interrupted: str = "") -> int:
    """Calls `work` with the settings. Returns the exit status: what `work` returns (None is 0), 1 after an error, 2 for
    a wrong setting or argument, 130 after Ctrl-C, which prints `interrupted`.
    """
    try:
        return work(load()) or 0
    except SettingsError as error:
        problems, status = error.problems, 2
    except UsageError as error:
        problems, status = [str(error)], 2
    except OperatorError as error:
        problems, status = [str(error)], 1
    except psycopg.Error as error:
        problems, status = [described(error)], 1
    except KeyboardInterrupt:
        print(f"interrupted{interrupted and f': {interrupted}'}", file=sys.stderr)
        return 130
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return status


def described(error: psycopg.Error) -> str:
    """The error in one line. Messages of the project's own functions (class LB) are for callers as they are."""
    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return urls.UNREADABLE  # what libpq says of an address that it cannot read may quote the password
    if error.sqlstate in _UNDEFINED:
        return "the database lacks this release's functions: start the service, or run make migrate"
    message = " ".join((error.diag.message_primary or str(error)).split())
    return message if (error.sqlstate or "").startswith("LB") else f"the database failed: {message}"
